/**
 * What the sources of a build's COPY and ADD instructions stand for, and which images its stages start from.
 *
 *     Dockerfile:3  COPY app /srv/     ← docker cp x:/out/app .     one flow out of the image that x was made from
 *     Dockerfile:1  FROM base:local    ← docker build -t base:local the image of another build
 *
 * What is not decided here: whether anything speaks against joining the builds.
 */
import { sourceKind } from "../../dockerfile/copy-semantics.ts";
import { ignoreFileOf } from "../../dockerfile/dockerignore.ts";
import { UNKNOWN } from "../../dockerfile/expand.ts";
import { type ImageDefaults, readScopes, type StageScope } from "../../dockerfile/scope.ts";
import type {
  CopyInstruction,
  DockerfileDocument,
  Instruction,
  InstructionFlag,
  InstructionRef,
} from "../../dockerfile/syntax.ts";
import { describeBase } from "../../ecosystems/base-images.ts";
import { imagePath } from "../../text/paths.ts";
import { compiles } from "./container-work.ts";
import { fromReferences } from "./from-references.ts";
import { toCheckout } from "./host-tree.ts";
import { type Injection, injection, injectionsOf, workedContext } from "./injection.ts";
import type { Build } from "./trace.ts";
import { unstaged } from "./unstaging.ts";
import { imageKey, settledText } from "./values.ts";

/** A build whose Dockerfile was read. */
export interface FoundBuild extends Build {
  readonly file: Extract<Build["file"], { kind: "found" }>;
  readonly context: string;
}

/** One COPY or ADD from the context. */
export interface LinkedCopy {
  readonly ref: InstructionRef<CopyInstruction>;
  readonly stage: number;
  /** The destination with variables and quotes gone. */
  readonly destination: string;
  readonly scope: StageScope;
  readonly sources: readonly LinkedSource[];
}

export interface LinkedSource {
  /** With variables and quotes gone. */
  readonly text: string;
  readonly written: string;
  readonly injections: readonly Injection[];
}

/** A build with what flows into it. */
export interface LinkedBuild {
  readonly build: FoundBuild;
  readonly document: DockerfileDocument;
  /** The index of the stage that the build makes. */
  readonly target: number;
  readonly copies: readonly LinkedCopy[];
  /** By stage: the build or image whose result it starts from, where the script made it. */
  readonly bases: ReadonlyMap<number, string>;
  /** COPY --from and RUN --mount from images that the script made. */
  readonly references: ReadonlyMap<Instruction, string>;
  /** Stages that only name the image of another build, and arguments that only chose it (local-bases.ts). */
  readonly aliases: ReadonlySet<number>;
  readonly retired: ReadonlySet<string>;
  /** Set where a variable of the call chooses the Dockerfile, so that each of them keeps its path. */
  readonly chosen?: true;
}

/** Links a build; `undefined` where the target is none of its stages. */
export function linkBuild(build: FoundBuild): LinkedBuild | undefined {
  const { document } = build.file;
  const target = targetStage(document, build.target);
  if (target === undefined) return undefined;
  const bases = new Map<number, string>();
  const references = new Map<Instruction, string>();
  const copies: LinkedCopy[] = [];
  const scopes = readScopes(document, { baseImage: baseDefaults, buildArgs: buildArguments(build) });
  const named = fromReferences(document, build);
  const madeBefore = (reference: string | undefined, index: number): string | undefined => {
    if (reference === undefined || isStageName(document, index, reference)) return undefined;
    const image = build.images.get(imageKey(reference));
    return image === build.id ? undefined : image;
  };
  for (const [index, stage] of document.stages.entries()) {
    const base = madeBefore(named[index], index);
    if (base !== undefined) bases.set(index, base);
    for (const [place, instruction] of stage.instructions.entries()) {
      const from = instruction.flags.find((flag) => flag.name === "from")?.value;
      const [image] = instruction.flags.flatMap((flag) => madeBefore(stageReference(flag), index) ?? []);
      if (image !== undefined) references.set(instruction, image);
      const scope = scopes[index]?.before(place);
      if (scope !== undefined && from === undefined && (instruction.kind === "copy" || instruction.kind === "add")) {
        copies.push(linkCopy(build, scope, index, instruction));
      }
    }
  }
  return { build, document, target, copies, bases, references, aliases: new Set(), retired: new Set() };
}

/** What `--from=x` and `--mount=…,from=x` name: a stage or an image. */
export function stageReference(flag: InstructionFlag): string | undefined {
  if (flag.name === "from") return flag.value;
  return flag.name === "mount" ? /(?:^|,)from=([^,]+)/.exec(flag.value ?? "")?.[1] : undefined;
}

function isStageName(document: DockerfileDocument, before: number, name: string): boolean {
  return document.stages.slice(0, before).some((stage) => stage.from.name?.text.toLowerCase() === name.toLowerCase());
}

/** The stage that `--target` names, by name or number; the last one without it. */
export function targetStage(document: DockerfileDocument, target: string | undefined): number | undefined {
  if (document.stages.length === 0) return undefined;
  if (target === undefined) return document.stages.length - 1;
  const named = document.stages.findIndex((stage) => stage.from.name?.text.toLowerCase() === target.toLowerCase());
  if (named >= 0) return named;
  const number = /^\d+$/.test(target) ? Number(target) : -1;
  return number >= 0 && number < document.stages.length ? number : undefined;
}

/** What rules keep out of the context would come along in a directory of an image. */
function hasIgnoreFile({ file, context, host }: FoundBuild): boolean {
  const directory = toCheckout(context);
  return (
    directory === undefined ||
    ignoreFileOf(file.path, directory, (path) => host.files.entry(path)?.kind === "file") !== undefined
  );
}

function linkCopy(build: FoundBuild, scope: StageScope, index: number, instruction: CopyInstruction): LinkedCopy {
  const { document } = build.file;
  const sources = instruction.sources
    .filter((operand) => sourceKind(instruction.kind === "copy" ? "COPY" : "ADD", operand.text) === "local")
    .map((operand) => {
      const text = scope.expand(operand.text).value;
      const root = build.derived?.roots.get(operand.text);
      // A build that compiles by itself takes the sources, whatever a container made beside them.
      const isPlain = root === undefined && !hasIgnoreFile(build) && !compiles(document);
      const worked = isPlain ? workedContext(build, text) : undefined;
      const injections =
        worked !== undefined
          ? [worked]
          : root === undefined
            ? injectionsOf(build.host, build.context, text).map((found) => unstaged(build, instruction, text, found))
            : [injection(build.host, root, true)];
      return { text, written: operand.text, injections };
    });
  const destination = scope.expand(instruction.destination.text).value;
  return { ref: { document, instruction }, stage: index, destination, scope, sources };
}
/** The arguments of the call, as far as their values are known. */
export function buildArguments(build: Build): Readonly<Record<string, string | typeof UNKNOWN>> {
  return Object.fromEntries(
    build.args.map(({ name, value }) => [name, (value === undefined ? undefined : settledText(value)) ?? UNKNOWN]),
  );
}

/** What is known of a base image's configuration. */
export function baseDefaults(reference: string): ImageDefaults | undefined {
  const base = describeBase(reference);
  if (!base.known) return undefined;
  return { env: base.environment, workdir: imagePath(base.workdir ?? "/"), user: base.user ?? "" };
}
