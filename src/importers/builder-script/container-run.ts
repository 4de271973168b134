/**
 * What running a command in a container does: to the mounts, to what is printed, and to the image that files are taken from.
 *
 *     docker run -v "$PWD:/src" b make            /⌂ may now hold what `make` left in /src of the derived image
 *     docker run b tar -cf - -C /out .            prints an archive of /out; the image is as before
 *     docker run --name x b make; docker cp …     x holds the files of the derived image
 *
 * What is not decided here: what the derived image's Dockerfile says (derived-build.ts), and whether anybody needs it.
 */
import { posix } from "node:path";
import { type ContainerCall, hasSwitch, optionValue } from "../../shell/container-cli.ts";
import { parseShell } from "../../shell/parse.ts";
import { type Field, type SymbolicValue, text } from "../../shell/symbolic.ts";
import { type HostPath, imagePath, isWithin } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import type { CommandContext, Inside } from "./command-context.ts";
import { type CommandLine, commandLine, lineFromInput } from "./container-command.ts";
import { type ImageConfig, imageConfig } from "./container-config.ts";
import { type Mount, mountsOf, outerMount } from "./container-mounts.ts";
import { isWork, workOf } from "./container-shell.ts";
import { onlyTests } from "./container-tests.ts";
import { makesFiles } from "./container-work.ts";
import { derivedBuild } from "./derived-build.ts";
import {
  asDirectory,
  checkoutSeen,
  containsImage,
  type DirectoryNode,
  exists,
  type HostNode,
  type HostTree,
  type ImageNode,
  look,
  place,
  rekeyed,
  type Step,
  shapeOf,
  touched,
} from "./host-tree.ts";
import { copiedFile } from "./image-files.ts";
import { asInStage, leftBy, printedBy, runsWhole } from "./mount-writes.ts";
import { openWords } from "./open-words.ts";
import { areTold, toldBy } from "./told-commands.ts";
import type { Build, Effect, Visit } from "./trace.ts";
import { fieldKey } from "./values.ts";
import type { Container, World } from "./world.ts";

/** What a command in a container comes to. */
export interface ContainerRun {
  /** The key of the image that has the container's files afterwards. */
  readonly image: string;
  /** Set where the command works, so that the image is another one. */
  readonly derived?: Build;
  readonly host: HostTree;
  /** What it prints, where that is known. */
  readonly stream?: HostNode;
  /** The command, where it prints files of which only the base image knows where they are. */
  readonly unplaced?: string;
  /** The commands that it runs, as far as they are known; absent where nothing is. */
  readonly visits?: readonly Visit[];
}

/** What a container starts from. */
export interface RunSource {
  readonly context: CommandContext;
  readonly call: ContainerCall;
  readonly image: string;
  readonly reference: string;
  readonly words: readonly Field[];
  readonly entrypoint: Field | undefined;
  readonly mounts: readonly Mount[];
}

/** `docker run IMAGE [COMMAND]`, waited for. */
export function runContainer(
  context: CommandContext,
  call: ContainerCall,
  image: string,
  reference: string,
): ContainerRun {
  const [, ...words] = call.operands;
  const mounts = mountsOf(call, context.shell.cwd);
  return runIn({ context, call, image, reference, words, entrypoint: optionValue(call, "entrypoint"), mounts });
}

/** `docker exec CONTAINER COMMAND`, and the command of a created container that is started and waited for. */
export function runInContainer(
  context: CommandContext,
  call: ContainerCall,
  container: Container,
  words: readonly Field[],
  entrypoint: Field | undefined,
): ContainerRun {
  const { image, reference, mounts } = container;
  return runIn({ context, call, image, reference, words, entrypoint, mounts });
}

function runIn(source: RunSource): ContainerRun {
  const { context, image, mounts } = source;
  const { world } = context;
  const config = imageConfig(world.builds, image);
  const workdir = workdirOf(source, config.workdir);
  const words = openWords(context, source.call, source.words, { mounts, workdir });
  const said = commandLine(words, source.entrypoint, config, context.script.settable?.values);
  const line = isInteractive(source.call) ? lineFromInput(said, inputText(context)) : said;
  const unchanged: ContainerRun = { image, host: world.host };
  if (line === undefined || isIdle(line)) return unchanged;
  const isProject =
    mounts.some(({ volume }) => !volume) && !mounts.some((mount) => containsImage(look(world.host, mount.source)));
  if (isProject && onlyTests(line.text)) return unchanged;
  const { start, inside } = runLine(line, workdir, source);
  if (inside.stream?.kind === "archive" && isLoose(inside.stream))
    return unpacked(source, { line, config, start, inside, members: inside.stream.members });
  const loose = [inside.stream, ...mounts.map(({ target }) => look(inside.world.host, target))].some(isLoose);
  const carries = inside.stream !== undefined && !loose;
  const whole = loose || runsWhole({ start, inside, mounts, workdir }, (visit) => isWork(visit, mounts, carries));
  const work = whole ? line.text : workOf(line, inside.visits, mounts, carries).work;
  if (work === undefined) return { image, ...outOf(source, { start, inside, whole }, image, undefined) };
  const output = carries || !isPrinted(context) ? undefined : outputPath(context);
  const { visits } = inside;
  const told = areTold(visits) ? { told: toldBy(visits) } : {};
  const derived = derivedBuild({ ...source, config, line, work, ...(output === undefined ? {} : { output }), ...told });
  const left = outOf({ ...source, derived }, { start, inside, whole }, derived.id, output);
  return { image: derived.id, derived, visits, ...left };
}

/** Only with `-i` does a container see the standard input of the call; a terminal is for people. */
function isInteractive({ options }: ContainerCall): boolean {
  return options.some(({ name }) => name === "interactive") && !options.some(({ name }) => name === "tty");
}

function inputText({ stdin }: CommandContext): string | undefined {
  const parts = stdin?.input.value.map((part) => (part.kind === "text" ? part.text : undefined)) ?? [undefined];
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** Where a stage unpacks what a command prints. */
const UNPACKED = "/tmp/unpacked";

/** tar finds out by itself how a file is compressed, and not what comes through a pipe. */
const COMPRESSES =
  /\btar\s+-?[a-zA-Z]*[jJzZ]|--(?:auto-compress|bzip2|gzip|lz\w+|xz|zstd)\b|\b(?:bzip2|gzip|xz|zstd)\b/;

/** An archive of files by names that count from such a directory: the stage unpacks it to where COPY can name them. */
function unpacked(
  source: RunSource,
  {
    line,
    config,
    start,
    inside,
    members,
  }: ReadLine & {
    readonly line: CommandLine;
    readonly config: ImageConfig;
    readonly members: ReadonlyMap<string, HostNode>;
  },
): ContainerRun {
  const { image, context } = source;
  if (COMPRESSES.test(line.text) || line.interpreter !== undefined)
    return { image, ...outOf(source, { start, inside, whole: false }, image, undefined), unplaced: line.text };
  const work = `mkdir -p ${UNPACKED} && ( ${line.text} ) | tar -xf - -C ${UNPACKED}`;
  const derived = derivedBuild({ ...source, config, line, work });
  const at = (name: string, node: HostNode): ImageNode => ({
    kind: "image",
    image: derived.id,
    path: imagePath(posix.join(UNPACKED, name)),
    shape: node.kind === "image" ? node.shape : "unknown",
    presumed: false,
    by: [context.step],
  });
  const stream: HostNode = {
    kind: "archive",
    members: new Map([...members].map(([name, node]) => [name, at(name, node)])),
    by: [context.step],
  };
  return { image: derived.id, derived, host: context.world.host, stream };
}

/** Stands for the working directory that only the base image knows: a RUN starts in it, but no COPY can name it. */
const BASE_WORKDIR = "/‹WORKDIR›";

/** Whether files are known by a path that counts from such a directory, so that the stage has to put them elsewhere itself. */
function isLoose(node: HostNode | undefined): boolean {
  switch (node?.kind) {
    case "image":
      return isWithin(node.path, BASE_WORKDIR);
    case "directory":
      return [...node.layers, ...node.entries.values()].some(isLoose);
    case "archive":
      return [...node.members.values()].some(isLoose);
    default:
      return false;
  }
}

/** Programs that only keep a container open, or do nothing. */
const IDLE = /^(?:(?:\/bin\/)?(?:sh|bash|ash|true|cat)|:|sleep(?:\s+\S+)?|tail\s+-f\s+\S+)$/;

function isIdle({ text: line, interpreter, unread }: CommandLine): boolean {
  return unread !== true && interpreter === undefined && IDLE.test(line);
}

function workdirOf({ call }: RunSource, own: string | undefined): string {
  const field = optionValue(call, "workdir");
  return field === undefined ? (own ?? BASE_WORKDIR) : posix.resolve(own ?? BASE_WORKDIR, fieldKey(field));
}

/** Stands for the image while the line is read, until it is known whether it is a derived one. */
const HERE = "‹this container›";

/** A line that was read, with the files that the container saw before. */
interface ReadLine {
  readonly start: HostTree;
  readonly inside: Inside;
}

function runLine(line: CommandLine, cwd: string, { context, image, mounts }: RunSource): ReadLine {
  const { files, world, step } = context;
  const root: ImageNode = {
    kind: "image",
    image: HERE,
    path: imagePath("/"),
    shape: "directory",
    presumed: false,
    by: [step],
  };
  const start = mounts.reduce<HostTree>(
    (tree, mount) => {
      const node = look(world.host, mount.source);
      const shown: HostNode = exists(node) ? node : { kind: "directory", layers: [], entries: new Map(), by: [step] };
      return place(tree, mount.target, shown);
    },
    { files, root },
  );
  const source = sourceFile(context.script.source.path, line.text);
  const { statements, problems } = parseShell(line.text);
  const usual = line.holes.flatMap((hole) => (hole.usual === undefined ? [] : [[hole.name, hole.value] as const]));
  const variables = new Map<string, SymbolicValue>([["HOME", text("/root")], ...usual]);
  const inner = { host: start, containers: new Map(), images: new Map(), builds: new Map() };
  const settled = (host: HostTree, path: string, moved: boolean): HostTree =>
    mounts.some(({ target }) => isWithin(path, target)) ? host : inImage(host, path, moved);
  const checkoutAt = checkoutIn(start, world.builds.get(image));
  const begin = { world: inner, cwd, variables, settled, checkoutAt };
  return { start, inside: context.inside({ source, statements, problems, variables: new Map(usual) }, begin) };
}

/** What was copied or moved to a place outside of all mounts is the image's own there; archives go by what is in them. */
function inImage(host: HostTree, path: string, moved: boolean): HostTree {
  const node = look(host, path);
  const copied = node.kind === "image" || node.kind === "checkout";
  const own = node.kind === "image" && node.image === HERE && node.path === path && node.compressed === undefined;
  if (own || !(copied || (moved && node.kind === "directory"))) return host;
  const shape = shapeOf(host.files, node);
  return place(host, path, { kind: "image", image: HERE, path: imagePath(path), shape, presumed: false, by: node.by });
}

/** What a container sees of the checkout: what is mounted, and what its image copied. */
function checkoutIn(start: HostTree, build: Build | undefined): (path: string) => HostPath | undefined {
  return (path) => {
    const copied = (): HostPath | undefined => {
      const file = copiedFile(build, imagePath(path));
      return file && checkoutSeen(file.node);
    };
    return checkoutSeen(look(start, path)) ?? copied();
  };
}

/** Whether somebody takes what the command prints. */
function isPrinted({ piped, node }: CommandContext): boolean {
  return (
    piped ||
    node.redirections.some(({ operator, fileDescriptor }) => /^>>?\|?$/.test(operator) && (fileDescriptor ?? 1) === 1)
  );
}

/** A file in the derived image for output that is not known, named like the one that the host makes of it. */
function outputPath({ node }: CommandContext): string {
  const target = node.redirections.find(({ operator }) => operator.startsWith(">"))?.target?.text ?? "output";
  const name = posix.basename(target.replace(/["'$\\{}()]/g, "")) || "output";
  return `/tmp/${name}`;
}

/** The mounts and the output afterwards; `worked` where commands that are not followed may have written. */
function outOf(
  source: RunSource & { readonly derived?: Build },
  { start, inside, whole }: ReadLine & { readonly whole: boolean },
  image: string,
  output: string | undefined,
): Pick<ContainerRun, "host" | "stream"> {
  const { context, mounts } = source;
  const worked = image !== source.image;
  const step = context.step;
  const host = mounts.reduce((tree, mount) => {
    if (mount.readOnly || outerMount(mount, mounts) !== undefined) return tree;
    const before = look(context.world.host, mount.source);
    const left = look(inside.world.host, mount.target);
    const at = { image, path: mount.target, step };
    const seen = whole ? asInStage(start, look(start, mount.target), left, at) : rekeyed(left, HERE, image);
    const isOfContainer = (id: string): boolean => context.world.builds.get(id)?.derived !== undefined;
    const after = worked ? leftBy(seen, at, isOfContainer) : seen;
    if (!worked && after === before) return tree;
    if (worked && before.kind === "checkout" && context.files.entry(before.path)?.kind !== "directory") return tree;
    const all: ImageNode = {
      kind: "image",
      image,
      path: mount.target,
      shape: "directory",
      presumed: false,
      by: [step],
    };
    if (whole && after !== before && !holdsCheckout(before)) return place(tree, mount.source, all);
    const { derived } = source;
    const complete = derived !== undefined && makesFiles(derived) && hasAll(derived, mount);
    const there: ImageNode = complete ? { ...all, all: true } : all;
    return place(tree, mount.source, worked ? written(before, ofImage(after, there), there) : after);
  }, context.world.host);
  const printed: HostNode | undefined =
    output === undefined
      ? inside.stream && through(printedBy(rekeyed(inside.stream, HERE, image), worked ? image : undefined), step)
      : { kind: "image", image, path: imagePath(output), shape: "file", presumed: false, by: [step] };
  return { host, ...(printed === undefined ? {} : { stream: printed }) };
}

/** What a container prints out of a volume, or a mount, has gone through it. */
function through(node: HostNode, step: Step): HostNode {
  return !("by" in node) || node.by.includes(step) ? node : touched(node, step);
}

/** Whether the stage copies what the mount holds, to where the mount is. */
function hasAll({ derived }: Build, { source }: Mount): boolean {
  return [...(derived?.roots.values() ?? [])].includes(source);
}

/**
 * A mount that a command wrote to: where nothing of the checkout is in it and the line put nothing there by itself, it is what the
 * derived image has in its place; else that counts where nothing else is known to be.
 */
function written(before: HostNode, after: HostNode, all: ImageNode): HostNode {
  if (after === before && !holdsCheckout(before)) return all;
  if (after.kind === "image" && after.image === all.image && after.path === all.path) return all;
  if (!exists(before) && after.kind === "directory" && after.entries.size === 0 && after.layers.length === 0)
    return all;
  const base: DirectoryNode = asDirectory(after);
  return after.kind === "directory"
    ? base
    : { ...base, layers: [{ ...all, presumed: true, maybe: true }, ...base.layers] };
}

/** What a line made by itself is a file of the derived image, and so is a directory that holds nothing else. */
function ofImage(node: HostNode, place: ImageNode): HostNode {
  if (node.kind === "made" && !node.presumed) return { ...place, shape: node.shape };
  if (node.kind !== "directory") return node;
  const entries = [...node.entries].map(([name, entry]) => {
    const path = imagePath(name, place.path);
    return [name, ofImage(entry, { ...place, path })] as const;
  });
  const isOwn = ([name, entry]: readonly [string, HostNode]): boolean =>
    entry.kind === "image" && entry.image === place.image && entry.path === imagePath(name, place.path);
  if (node.layers.length === 0 && entries.length > 0 && entries.every(isOwn)) return place;
  const layers = node.layers.map((layer) => ofImage(layer, place));
  return { ...node, entries: new Map(entries), layers: [{ ...place, presumed: true, maybe: true }, ...layers] };
}

function holdsCheckout(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].some(holdsCheckout);
  return node.kind === "checkout" || node.kind === "made";
}

/** Whether a call waits for the container to end. */
export function waits(call: ContainerCall): boolean {
  return !hasSwitch(call, "detach");
}

/** The effect of a run whose command works: its image is another one. */
export function derivation(run: ContainerRun | undefined, container: Step): readonly Effect[] {
  return run?.derived === undefined ? [] : [{ kind: "derive", build: run.derived, container }];
}

/** What was built, with the image that a run made. */
export function withDerived({ builds }: World, run: ContainerRun | undefined): World["builds"] {
  return run?.derived === undefined ? builds : new Map(builds).set(run.derived.id, run.derived);
}
