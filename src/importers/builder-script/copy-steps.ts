/**
 * A COPY of the final Dockerfile, written anew where what it copies now comes from a stage.
 *
 *     COPY app /srv/               ← docker cp x:/go/bin/server ./app
 *     COPY --from=builder /go/bin/server /srv/app
 *
 *     COPY . .                     ← docker cp x:/app/dist ./dist
 *     COPY . .                       stays, and after it
 *     COPY --from=builder /app/dist dist
 *
 * What is not decided here: in which stage the COPY stands.
 */
import { posix } from "node:path";
import type { CopyOrigin, StageStep } from "../../model/plan.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { contextPath, type HostPath, hostToContext, imagePath } from "../../text/paths.ts";
import type { ImageNode, Shape, Step } from "./host-tree.ts";
import { shapeInStage } from "./image-facts.ts";
import type { Piece } from "./injection.ts";
import type { LinkedCopy, LinkedSource } from "./links.ts";

/** What is known of the image that a path comes out of. */
export interface FlowOrigin {
  readonly origin: CopyOrigin;
  /** Why the path's owner may not be root. */
  readonly foreignOwner: string | undefined;
  readonly shape: (path: ImageNode["path"]) => { readonly shape: Shape; readonly sure: boolean };
}

/** What the writer of COPYs has to ask. */
export interface CopyWorld {
  readonly origin: (image: string) => FlowOrigin;
  /** The place of a command in the script, for provenance. */
  readonly because: (steps: readonly Step[]) => readonly Provenance[];
  /** The build context of the result, and what to put before a source to reach the old context from there. */
  readonly context: HostPath;
  readonly prefix: string;
  /** Called where the shape of a path had to be guessed; gives the answer to go by. */
  readonly guessShape: (path: ImageNode["path"], likely: Shape, because: readonly Provenance[]) => Shape;
  /** Whether the final image has a directory at a path for sure. */
  readonly isDirectory: (path: string) => boolean;
}

type Part =
  | { readonly kind: "context"; readonly source: LinkedSource }
  | { readonly kind: "flow"; readonly piece: Extract<Piece, { kind: "flow" }>; readonly name: string }
  | { readonly kind: "staged"; readonly piece: Extract<Piece, { kind: "staged" }>; readonly name: string };

/** The steps that take the place of a COPY or ADD; the instruction itself where nothing changes. */
export function copySteps(copy: LinkedCopy, world: CopyWorld): readonly StageStep[] {
  const parts = copy.sources.flatMap(partsOf);
  const own = provenance(copy.ref.document.source, copy.ref.instruction.range);
  if (parts.every((part) => part.kind === "context")) return [contextStep(copy, copy.sources, world, own)];
  const steps: StageStep[] = [];
  for (const group of grouped(parts)) {
    const first = steps.length === 0;
    if (group[0]?.kind === "context") {
      const sources = group.flatMap((part) => (part.kind === "context" ? [part.source] : []));
      steps.push(contextStep(copy, sources, world, own, first));
    } else {
      for (const part of group) {
        if (part.kind === "flow") steps.push(flowStep(copy, part, world, own));
        if (part.kind === "staged") steps.push(stagedStep(copy, part, world, own));
      }
    }
  }
  return withComments(joined(steps), copy);
}

function partsOf(source: LinkedSource): readonly Part[] {
  return source.injections.flatMap((injection) => {
    const { name, unstaged = false } = injection;
    if (unstaged)
      return injection.pieces.flatMap((piece): Part[] => {
        if (piece.kind === "flow") return [{ kind: "flow", piece, name }];
        return piece.kind === "staged" ? [{ kind: "staged", piece, name }] : [];
      });
    const own = injection.pieces.some((piece) => piece.kind !== "flow" && piece.kind !== "removed");
    const flows = injection.pieces.flatMap((piece): Part[] =>
      piece.kind === "flow" ? [{ kind: "flow", piece, name }] : [],
    );
    return [...(own ? [{ kind: "context", source } as const] : []), ...flows];
  });
}

/** Runs of parts of one kind, in order; one source stands in a run once. */
function grouped(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const group = groups.at(-1);
    const again =
      part.kind === "context" && group?.some((other) => other.kind === "context" && other.source === part.source);
    if (again) continue;
    if (group?.[0]?.kind === part.kind) group.push(part);
    else groups.push([part]);
  }
  return groups;
}

/** What the context still brings: the instruction as it is, or with other sources. */
function contextStep(
  copy: LinkedCopy,
  sources: readonly LinkedSource[],
  world: CopyWorld,
  own: Provenance,
  first = true,
): StageStep {
  const { instruction } = copy.ref;
  const whole = sources.length === copy.sources.length && first;
  if (whole && (world.prefix === "" || sources.length === 0)) {
    return {
      kind: "original",
      source: copy.ref,
      reason: "This comes from the build context, as before.",
      because: [own],
      confidence: "certain",
    };
  }
  const reason =
    world.prefix === ""
      ? "This part comes from the build context, as before."
      : `The build context is now "${world.context}", so the path starts there.`;
  return {
    kind: "copy",
    copy: {
      keyword: instruction.kind === "add" ? "ADD" : "COPY",
      from: { kind: "context", directory: world.context },
      sources: sources.map((source) => prefixed(source.written, world.prefix)),
      destination: instruction.destination.text,
      flags: flagsOf(copy),
    },
    source: copy.ref,
    reason,
    because: [own],
    confidence: "certain",
  };
}

/** A context path seen from a directory further up. */
export function prefixed(source: string, prefix: string): string {
  if (prefix === "") return source;
  const path = source.includes("$") ? source.replace(/^(?:\.?\/)+/, "") : contextPath(source);
  const whole = posix.join(prefix, path);
  return source.endsWith("/") ? `${whole}/` : whole;
}

function flagsOf(copy: LinkedCopy): readonly string[] {
  const { document, instruction } = copy.ref;
  return instruction.flags
    .filter((flag) => flag.name !== "from")
    .map((flag) => document.source.text.slice(flag.range.start, flag.range.end));
}

function flowStep(
  copy: LinkedCopy,
  { piece, name }: Extract<Part, { kind: "flow" }>,
  world: CopyWorld,
  own: Provenance,
): StageStep {
  const { origin, foreignOwner, shape } = world.origin(piece.node.image);
  const because = [...world.because(piece.node.by), own];
  const { destination, type } = landing(copy, piece, name, world, shape, because);
  const flags = flagsOf(copy);
  const keepsOwner = piece.packed?.keepsOwner === true;
  const needsOwner = foreignOwner !== undefined && !keepsOwner && !flags.some((flag) => flag.startsWith("--chown"));
  const owner = needsOwner
    ? ` It gets the owner that it had when it went over the host ("${foreignOwner}" gives it another).`
    : "";
  return {
    kind: "copy",
    copy: {
      keyword: "COPY",
      from: origin,
      sources: [piece.node.path],
      destination,
      flags: needsOwner ? [...flags, "--chown=0:0"] : flags,
      ...(type === "unknown" ? {} : { type }),
    },
    reason: `"${piece.node.path}" comes straight from the stage that makes it, not over the host.${owner}`,
    because,
    // What a container may have written into a mount is taken to be its work.
    confidence: piece.node.maybe === true ? "likely" : "certain",
  };
}

/** A file of the checkout from where it truly is, to where it went by way of the place that the script put it in. */
function stagedStep(
  copy: LinkedCopy,
  { piece, name }: Extract<Part, { kind: "staged" }>,
  world: CopyWorld,
  own: Provenance,
): StageStep {
  const written = copy.ref.instruction.destination.text;
  const { path } = piece.node;
  const keepsName = piece.shape === "directory" || posix.basename(path) === name || !landsInside(copy, world);
  const destination =
    piece.inside === "" ? (keepsName ? written : inside(written, name)) : insideOf(written, piece.inside);
  return {
    kind: "copy",
    copy: {
      keyword: "COPY",
      from: { kind: "context", directory: world.context },
      sources: [hostToContext(world.context, path) ?? path],
      destination,
      flags: flagsOf(copy),
      type: piece.shape === "directory" ? "directory" : "file",
    },
    reason: "The script put this into the context from here; now it is copied without that.",
    because: [...world.because(piece.node.by), own],
    confidence: "certain",
  };
}

/** The destination that puts a path where it went over the host, under the name that it had there. */
function landing(
  copy: LinkedCopy,
  piece: Extract<Piece, { kind: "flow" }>,
  name: string,
  world: CopyWorld,
  shapeOf: FlowOrigin["shape"],
  because: readonly Provenance[],
): { readonly destination: string; readonly type: Shape } {
  const written = copy.ref.instruction.destination.text;
  const told = piece.node.shape === "unknown" ? shapeOf(piece.node.path) : { shape: piece.node.shape, sure: true };
  if (piece.inside !== "") return { destination: insideOf(written, piece.inside), type: told.shape };
  const pattern = /[*?[]/.test(piece.node.path);
  if (pattern && landsInside(copy, world) && !/(?:^|\/)\.?$/.test(written))
    return { destination: `${written}/`, type: told.sure ? told.shape : "unknown" };
  if (pattern || posix.basename(piece.node.path) === name)
    return { destination: written, type: told.sure ? told.shape : "unknown" };
  if (!landsInside(copy, world)) return { destination: written, type: told.sure ? told.shape : "unknown" };
  const shape = told.sure ? told.shape : world.guessShape(piece.node.path, told.shape, because);
  return shape === "directory"
    ? { destination: written, type: shape }
    : { destination: inside(written, name), type: "file" };
}

/** Whether a file that is copied there keeps its own name. */
function landsInside(copy: LinkedCopy, world: CopyWorld): boolean {
  const { destination, scope, sources } = copy;
  if (sources.length > 1 || /(?:^|\/)\.?$/.test(destination)) return true;
  const path = destination.startsWith("/")
    ? imagePath(destination)
    : scope.workdir && imagePath(destination, scope.workdir);
  if (path === undefined) return isMadeBeside(copy);
  const stage = copy.ref.document.stages[copy.stage];
  const told = stage === undefined ? undefined : shapeInStage(stage, path);
  return world.isDirectory(path) || (told?.sure === true && told.shape === "directory");
}

/** A place below a destination; what a pattern matches goes into the directory that it stands in. */
function insideOf(destination: string, path: string): string {
  const name = posix.basename(path);
  if (!/[*?[]/.test(name)) return inside(destination, path);
  const directory = posix.dirname(path) === "." ? destination : inside(destination, posix.dirname(path));
  return directory.endsWith("/") ? directory : `${directory}/`;
}

/** Where only the base image knows the working directory, a relative path is the same one for RUN and COPY all the same. */
function isMadeBeside({ destination, ref, stage }: LinkedCopy): boolean {
  const instructions = ref.document.stages[stage]?.instructions ?? [];
  const moved = instructions.some(({ kind }) => kind === "workdir");
  const before = ref.document.stages[stage];
  if (moved || before === undefined) return false;
  const told = shapeInStage(before, imagePath(destination));
  return told.sure && told.shape === "directory";
}

function inside(destination: string, name: string): string {
  if (destination === "." || destination === "./" || destination === "") return `./${name}`;
  return destination.endsWith("/") ? `${destination}${name}` : `${destination.replace(/\/\.$/, "")}/${name}`;
}

/** Neighbours that differ in their source alone become one COPY, where the destination is a directory for sure. */
function joined(steps: readonly StageStep[]): readonly StageStep[] {
  const result: StageStep[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    if (last?.kind === "copy" && step.kind === "copy" && mayJoin(last.copy, step.copy)) {
      const copy = { ...last.copy, sources: [...last.copy.sources, ...step.copy.sources] };
      result[result.length - 1] = { ...last, copy, because: [...last.because, ...step.because] };
    } else result.push(step);
  }
  return result;
}

function mayJoin(a: Extract<StageStep, { kind: "copy" }>["copy"], b: typeof a): boolean {
  return (
    a.from.kind === "stage" &&
    b.from.kind === "stage" &&
    a.from.stage === b.from.stage &&
    a.destination === b.destination &&
    a.destination.endsWith("/") &&
    a.type === b.type &&
    a.flags.join(" ") === b.flags.join(" ")
  );
}

/** The first step keeps the comments of the instruction that it takes the place of. */
function withComments(steps: readonly StageStep[], copy: LinkedCopy): readonly StageStep[] {
  return steps.map((step, index) => {
    if (step.kind !== "copy") return step;
    const { source: _, ...rest } = step;
    return index === 0 ? { ...rest, source: copy.ref } : rest;
  });
}
