/**
 * Every COPY and ADD of a Dockerfile as artifact flows, in file order:
 *
 *     COPY --from=builder /go/bin/app /usr/bin/     stage builder /go/bin/app    →  /usr/bin/app
 *     COPY dist /web                                context dist                 →  /web          (a directory's contents)
 *     COPY package*.json ./                         context package.json         →  /app/package.json
 *                                                   context package-lock.json    →  /app/package-lock.json
 *
 * Paths are absolute in images and relative in the context; variables have their values where these are known. What the
 * project and the Dockerfile do not tell (is `/src/server` of a stage a file?) is inferred from names last.
 * Left alone: RUN --mount, and COPY in ONBUILD, which moves nothing here.
 */
import { posix } from "node:path";
import {
  type CopyDestination,
  copyDestination,
  finalPlace,
  isArchiveName,
  type SourceType,
  sourceKind,
} from "../dockerfile/copy-semantics.ts";
import { ignoreFileOf, ignoreRules } from "../dockerfile/dockerignore.ts";
import { type ImageDefaults, readScopes, type StageScope, type StageScopes } from "../dockerfile/scope.ts";
import type { CopyInstruction, DockerfileDocument, Instruction, StageSyntax } from "../dockerfile/syntax.ts";
import { hasWildcard, matchesWildcard } from "../dockerfile/wildcards.ts";
import {
  type ContextPath,
  contextPath,
  contextToHost,
  type HostPath,
  hostToContext,
  imagePath,
} from "../text/paths.ts";
import type { MigrationFlow } from "./migration.ts";
import { isSystemDirectory, kindByName, type PathKind } from "./path-kind.ts";
import type { ProjectFiles } from "./project-files.ts";
import { kindOnHost, StageFiles } from "./stage-files.ts";

/** What a Dockerfile is read against. */
export interface FlowSurroundings {
  readonly files: ProjectFiles;
  /** The build context's directory. */
  readonly context: HostPath;
  /** What is known of a base image. */
  readonly baseImage?: (reference: string) => ImageDefaults | undefined;
  /** What the sources of an instruction are, where its author knows. */
  readonly typeOf?: (instruction: CopyInstruction) => PathKind | undefined;
}

/** A flow and the instruction that makes it. */
export interface DocumentFlow extends Omit<MigrationFlow, "confidence" | "because"> {
  readonly instruction: CopyInstruction;
}

export function flowsOf(document: DockerfileDocument, surroundings: FlowSurroundings): readonly DocumentFlow[] {
  const { baseImage } = surroundings;
  const scopes = readScopes(document, baseImage ? { baseImage } : {});
  const reader: Reader = { ...surroundings, document, scopes, ignores: ignoresOf(document, surroundings), stages: [] };
  return scopes.flatMap((scope, index) => {
    const stage = openStage(scope, index, reader);
    const flows = scope.stage.instructions.flatMap((instruction, at) =>
      readInstruction(instruction, at, stage, reader),
    );
    reader.stages.push(stage);
    return flows;
  });
}

/** The stage's name in lower case, or its position where it has none. */
export function stageName({ from }: StageSyntax, index: number): string {
  return from.name?.text.toLowerCase() ?? String(index);
}

/** Resolves what `--from` names: a stage above by name, the last of that name, or by number; `undefined` for an image. */
export function sourceStage<Named extends { readonly name: string }>(
  from: string,
  above: readonly Named[],
): Named | undefined {
  const named = above.findLast(({ name }) => name === from.toLowerCase());
  return named ?? (/^\d+$/.test(from) ? above[Number(from)] : undefined);
}

interface ReadStage {
  readonly name: string;
  readonly scopes: StageScopes;
  readonly files: StageFiles;
  readonly scratch: boolean;
}

interface Reader extends FlowSurroundings {
  readonly document: DockerfileDocument;
  readonly scopes: readonly StageScopes[];
  readonly ignores: (path: ContextPath) => boolean;
  /** Stages that are read, in order. */
  readonly stages: ReadStage[];
}

function ignoresOf({ source }: DockerfileDocument, { files, context }: FlowSurroundings): Reader["ignores"] {
  const path = ignoreFileOf(source.path, context, (candidate) => files.entry(candidate) !== undefined);
  const read = path === undefined ? undefined : files.read(path);
  return ignoreRules(read?.ok ? read.text : "").ignores;
}

function openStage(scopes: StageScopes, index: number, { stages, files }: Reader): ReadStage {
  const base = scopes.base.kind === "stage" ? stages[scopes.base.index] : undefined;
  const scratch = scopes.base.kind === "image" ? scopes.base.reference.value === "scratch" : base?.scratch === true;
  return { name: stageName(scopes.stage, index), scopes, files: new StageFiles(files, base?.files), scratch };
}

function readInstruction(
  instruction: Instruction,
  at: number,
  stage: ReadStage,
  reader: Reader,
): readonly DocumentFlow[] {
  if (instruction.kind === "copy" || instruction.kind === "add") return readCopy(instruction, at, stage, reader);
  const scope = stage.scopes.before(at);
  if (instruction.kind === "workdir") stage.files.learn(workdirText(stage, at + 1, reader), "directory");
  if (instruction.kind === "run" && instruction.command.form === "shell") {
    stage.files.learnCommand(instruction.command.command, (text) => {
      const { value, unknown } = scope.expand(text);
      return unknown.length === 0 && value.startsWith("/") ? value : undefined;
    });
  }
  return [];
}

/** The working directory before instruction `at`; where its value is unknown, the words of WORKDIR themselves. */
function workdirText(stage: ReadStage, at: number, reader: Reader): string {
  const { scopes } = stage;
  const known = scopes.before(at).workdir;
  if (known !== undefined) return known;
  const index = scopes.stage.instructions.slice(0, at).findLastIndex(({ kind }) => kind === "workdir");
  const instruction = scopes.stage.instructions[index];
  if (instruction?.kind === "workdir") {
    const { value } = scopes.before(index).expand(instruction.value);
    return /^[/$]/.test(value) ? value : posix.join(workdirText(stage, index, reader), value);
  }
  const base = scopes.base.kind === "stage" ? reader.stages[scopes.base.index] : undefined;
  return base ? workdirText(base, base.scopes.stage.instructions.length, reader) : "/";
}

type Origin =
  | { readonly kind: "stage"; readonly name: string; readonly stage: ReadStage }
  | { readonly kind: "image"; readonly name: string }
  | { readonly kind: "context"; readonly name: HostPath };

/** One source of a COPY, found. */
interface Arrival {
  readonly path: string;
  /** Absent for a pattern that the project does not resolve. */
  readonly type: SourceType | undefined;
  readonly host?: HostPath;
}

function readCopy(copy: CopyInstruction, at: number, stage: ReadStage, reader: Reader): readonly DocumentFlow[] {
  const scope = stage.scopes.before(at);
  const origin = originOf(copy, reader);
  const arrivals = copy.sources.flatMap(({ text }) => arrivalsOf(scope.expand(text).value, copy, origin, reader));
  const destination = destinationOf(copy, at, stage, reader);
  const isDirectory = (path: string) =>
    stage.files.kindOf(path) === "directory" || (!stage.scratch && isSystemDirectory(path));
  const attributes = { ...flagValue(copy, "chown", "owner", scope), ...flagValue(copy, "chmod", "mode", scope) };
  return arrivals.map((arrival) => {
    const path = landingPlace(arrival, destination, copy.sources.length > 1, isDirectory);
    learnArrival(stage.files, path, arrival, origin);
    const from = { kind: origin.kind, name: origin.name, path: arrival.path };
    const to = { dockerfile: reader.document.source.path, stage: stage.name, path };
    return { from, to, ...attributes, instruction: copy };
  });
}

function originOf(copy: CopyInstruction, { stages, context }: Reader): Origin {
  const from = copy.flags.find(({ name }) => name === "from")?.value;
  if (from === undefined) return { kind: "context", name: context };
  const stage = sourceStage(from, stages);
  return stage ? { kind: "stage", name: stage.name, stage } : { kind: "image", name: from };
}

function flagValue(
  { flags }: CopyInstruction,
  flag: string,
  as: "owner" | "mode",
  scope: StageScope,
): { readonly owner?: string; readonly mode?: string } {
  const value = flags.find(({ name }) => name === flag)?.value;
  return value === undefined ? {} : { [as]: scope.expand(value).value };
}

function destinationOf(copy: CopyInstruction, at: number, stage: ReadStage, reader: Reader): CopyDestination {
  const { value } = stage.scopes.before(at).expand(copy.destination.text);
  const workdir = workdirText(stage, at, reader);
  const known = workdir.startsWith("/")
    ? copyDestination(value, imagePath(workdir))
    : copyDestination(value, undefined);
  if (known && !value.startsWith("$")) return known;
  // What starts with an unknown variable is absolute in all likelihood, whatever the working directory.
  const path = value.startsWith("$") ? value : posix.join(workdir, value);
  return { path: imagePath(`/${path}`), directory: /(?:^|\/)\.?$/.test(value) };
}

function arrivalsOf(source: string, copy: CopyInstruction, origin: Origin, reader: Reader): readonly Arrival[] {
  const told = reader.typeOf?.(copy);
  if (origin.kind !== "context") return [imageArrival(source, origin, told)];
  const kind = sourceKind(copy.kind === "add" ? "ADD" : "COPY", source);
  if (kind === "local") return contextArrivals(source, copy.kind === "add", told, reader);
  return [{ path: source, type: kind === "git" ? "directory" : "file" }];
}

function imageArrival(source: string, origin: Origin, told: PathKind | undefined): Arrival {
  const path = posix.resolve("/", source);
  if (hasWildcard(path)) return { path, type: undefined };
  const written = /(?:^|\/)\.?$/.test(source) ? "directory" : undefined;
  const known = origin.kind === "stage" ? origin.stage.files.kindOf(path) : undefined;
  return { path, type: written ?? told ?? known ?? kindByName(path) ?? "file" };
}

function contextArrivals(
  source: string,
  unpacks: boolean,
  told: PathKind | undefined,
  reader: Reader,
): readonly Arrival[] {
  const path = contextPath(source);
  const matches = hasWildcard(source) ? wildcardMatches(path, reader) : [path];
  if (matches.length === 0) return [{ path, type: undefined }];
  const written = source.endsWith("/") ? "directory" : told;
  return matches.map((match) => {
    const host = contextToHost(reader.context, match);
    const kind = kindOnHost(host, reader.files) ?? written ?? kindByName(`/${match}`) ?? "file";
    return { path: match, type: unpacks && kind === "file" && isArchiveName(match) ? "archive" : kind, host };
  });
}

/** The context's paths that a pattern matches, what the ignore file leaves out excepted. */
function wildcardMatches(pattern: ContextPath, { files, context, ignores }: Reader): readonly ContextPath[] {
  const parts = pattern.split("/");
  let found: readonly HostPath[] = [context];
  for (const index of parts.keys()) {
    const prefix = parts.slice(0, index + 1).join("/");
    found = found.flatMap((directory) =>
      files
        .children(directory)
        .map((name) => contextToHost(directory, name as ContextPath))
        .filter((path) => matchesWildcard(prefix, hostToContext(context, path) ?? "")),
    );
  }
  return found.flatMap((path) => hostToContext(context, path) ?? []).filter((path) => !ignores(path));
}

/** A pattern lands in the receiving directory; of several sources each keeps its name. */
function landingPlace(
  { path, type }: Arrival,
  destination: CopyDestination,
  severalSources: boolean,
  isDirectory: (path: string) => boolean,
): string {
  if (type === undefined) return destination.path;
  const receiving = severalSources ? { ...destination, directory: true } : destination;
  return finalPlace({ path: path.replace(/^<<-?/, ""), type }, receiving, isDirectory).path;
}

/** Later COPYs from this stage find there what this one brought. */
function learnArrival(stage: StageFiles, path: string, { type, host, path: source }: Arrival, origin: Origin): void {
  if (type === "file") stage.learn(path, "file");
  else if (type === "directory" && origin.kind === "stage")
    stage.mount(path, { kind: "stage", stage: origin.stage.files, path: source });
  else if (type === "directory" && host !== undefined) stage.mount(path, { kind: "host", directory: host });
  else stage.learn(path, "directory");
}
