/**
 * Commands that make and unpack archives on the host, and hand them on.
 *
 *     docker cp x:/out - | tar xf - -C dist          what comes through the pipe, put into dist
 *     tar czf app.tgz -C out .                       an archive of what is in out
 *     cat app.tar | tar x                            the same archive
 *
 * What is not decided here: what a COPY or ADD makes of an archive (injection.ts), and what compresses it (compress-commands.ts).
 * zip is not followed, since ADD does not unpack it and few images can.
 */
import { posix } from "node:path";
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import type { Field } from "../../shell/symbolic.ts";
import { chosen, contentsOf, memberName, stripped } from "./archives.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { directoriesOf, done } from "./host-operands.ts";
import { type ArchiveNode, arrive, exists, type HostNode, type HostTree, look, place, touched } from "./host-tree.ts";
import { packListed } from "./name-lists.ts";
import { readTar, type TarCall } from "./tar-options.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, fieldKey } from "./values.ts";

/** Files of a directory that are looked at to see whether something is excluded from an archive. */
const MOST_FILES = 10_000;

/** Reads such a command; `undefined` where it is none, or not followed. */
export function readArchiveCommand(
  name: string,
  operands: readonly Field[],
  context: CommandContext,
): Done | undefined {
  switch (name) {
    case "tar":
    case "bsdtar":
      return readTarCommand(operands, context);
    case "cat":
      return passOn(operands, context);
    default:
      return undefined;
  }
}

/** `cat FILE` hands an archive on, and so does `cat` alone in a pipe. */
function passOn(operands: readonly Field[], context: CommandContext): Done | undefined {
  const [field, ...others] = operands;
  if (others.length > 0) return undefined;
  const named = field !== undefined && fieldKey(field) !== "-";
  const node = named ? look(context.world.host, absolutePath(context.shell.cwd, fieldKey(field))) : context.input;
  const isArchive =
    node !== undefined && (node.kind === "archive" || node.kind === "image" || (node.kind === "made" && node.saved));
  const piped = context.node.redirections.length === 0;
  if (!isArchive || !piped) return undefined;
  return { effects: [{ kind: "look", reads: [node] }], truth: true, output: undefined, stream: node };
}

function readTarCommand(operands: readonly Field[], context: CommandContext): Done | undefined {
  const call = readTar(operands.map(fieldKey));
  if (call === undefined) return undefined;
  if (call.listed !== undefined) return call.listed === "-" ? packListed(call, context) : undefined;
  return call.mode === "extract" ? unpack(call, context) : (pack(call, context) ?? packUnseen(call, context));
}

// ---- tar x

function unpack(call: TarCall, context: CommandContext): Done | undefined {
  const { host } = context.world;
  const named = call.archive !== undefined && call.archive !== "-";
  const from = named ? [absolutePath(context.shell.cwd, call.archive ?? "")] : [];
  const source = named ? look(host, from[0] ?? "") : context.input;
  const contents = source && contentsOf(host.files, source);
  const parts =
    contents &&
    chosen(
      host.files,
      contents,
      call.members.map(({ path }) => path),
    );
  const left = parts && withoutNames(host, parts, call.strip);
  if (source === undefined || left === undefined || call.excludes.length > 0) return undefined;
  const directory = absolutePath(context.shell.cwd, call.directory ?? ".");
  const tree = [...left].reduce(
    (all, [path, node]) => settleMember(all, posix.join(directory, path), touchedWith(source, node, context)),
    host,
  );
  const to = [...left.keys()].map((path) => posix.join(directory, path));
  const effect: Effect = { kind: "move", reads: [source], from, to, into: directoriesOf(host, to) };
  return done([effect], tree, context);
}

/** The commands that brought the archive here brought what is in it. */
function touchedWith(source: HostNode, node: HostNode, { step }: CommandContext): HostNode {
  const by = "by" in source ? source.by : [];
  return [...by, step].reduce((all, one) => ("by" in all && all.by.includes(one) ? all : touched(all, one)), node);
}

function settleMember(tree: HostTree, path: string, node: HostNode): HostTree {
  const merges = node.kind === "directory" || (node.kind === "image" && node.shape === "directory");
  return merges || exists(look(tree, path))
    ? arrive(tree, { path, name: "", contents: true, into: merges || undefined }, node).tree
    : place(tree, path, node);
}

/** Members with leading names left off: of `a/b/c` one leaves `b/c`; what is left of `a` itself is what is in it. */
function withoutNames(
  host: HostTree,
  parts: ReadonlyMap<string, HostNode>,
  count: number,
): ReadonlyMap<string, HostNode> | undefined {
  if (count === 0) return parts;
  const left = new Map<string, HostNode>();
  for (const [path, node] of parts) {
    const segments = path === "." ? [] : path.split("/");
    const inside = segments.length >= count ? node : stripped(host.files, node, count - segments.length);
    if (inside === undefined) return undefined;
    left.set(segments.slice(count).join("/") || ".", inside);
  }
  return left.size === parts.size ? left : undefined;
}

// ---- tar c

function pack(call: TarCall, context: CommandContext): Done | undefined {
  const { host } = context.world;
  const members = new Map<string, HostNode>();
  const reads: HostNode[] = [];
  const from: string[] = [];
  for (const { path: name, directory } of call.members) {
    const base = absolutePath(context.shell.cwd, directory ?? ".");
    const path = absolutePath(base, name);
    const node = look(host, path);
    if (!exists(node) || !excludesNothing(host, node, call.excludes)) return undefined;
    members.set(memberName(name), touched(node, context.step));
    reads.push(node);
    from.push(path);
  }
  if (members.size === 0) return undefined;
  const archive: ArchiveNode = { kind: "archive", members, packedOnHost: true, by: [context.step] };
  if (call.archive === undefined || call.archive === "-")
    return { effects: [{ kind: "move", reads, from, to: [] }], truth: true, stream: archive, world: context.world };
  const to = absolutePath(context.shell.cwd, call.archive);
  const effect: Effect = { kind: "move", reads, from, to: [to], into: directoriesOf(host, [to]) };
  return done([effect], place(host, to, archive), context);
}

/** An archive whose members are not known one by one, like files of the machine itself: the host has made it, and nothing else. */
function packUnseen(call: TarCall, context: CommandContext): Done | undefined {
  const { host } = context.world;
  if (call.archive === undefined || call.archive === "-") return undefined;
  const to = absolutePath(context.shell.cwd, call.archive);
  const reads = call.members
    .map(({ path, directory }) => look(host, absolutePath(absolutePath(context.shell.cwd, directory ?? "."), path)))
    .filter(exists);
  const made: HostNode = { kind: "made", shape: "file", presumed: false, by: [context.step] };
  return {
    ...done([{ kind: "foreign", name: "tar", reads, writes: [to] }], place(host, to, made), context),
    doubtful: true,
  };
}

/** Whether `--exclude` leaves nothing out of a member, as far as its names are known; what an image holds is not. */
function excludesNothing(host: HostTree, node: HostNode, excludes: readonly string[]): boolean {
  if (excludes.length === 0) return true;
  if (node.kind !== "checkout") return false;
  let left = MOST_FILES;
  for (const path of host.files.walk(node.path)) {
    left -= 1;
    const segments = path.split("/");
    const excluded = excludes.some((pattern) => segments.some((name) => matchesWildcard(memberName(pattern), name)));
    if (excluded || left === 0) return false;
  }
  return true;
}
