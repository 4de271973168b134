/**
 * Commands that put files somewhere on the host, as they are.
 *
 *     mkdir -p deploy/conf                     a directory
 *     cp -r src docker/api/                    the checkout's src now also stands in docker/api/src
 *     mv out/app deploy/server                 the artifact, under another name
 *     install -m 755 app deploy/bin/app        a copy with a mode of its own
 *     rsync -a --delete out/ deploy/           what is in out, poured into deploy
 *
 * What is not decided here: what becomes of these commands (dispositions.ts).
 */
import { posix } from "node:path";
import type { Field } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import {
  absolute,
  directoriesOf,
  done,
  gone,
  isDirectoryAt,
  made,
  readSource,
  readWords,
  type Words,
} from "./host-operands.ts";
import {
  arrive,
  exists,
  type HostNode,
  isMaybe,
  isPresumed,
  look,
  place,
  shapeOf,
  toCheckout,
  touched,
} from "./host-tree.ts";
import { withOutput } from "./output-redirections.ts";
import type { Effect } from "./trace.ts";
import { fieldKey, isPartlyUnknown } from "./values.ts";

const COPY_VALUES = { letters: "tS", names: ["target-directory", "suffix"] };
const INSTALL_VALUES = { letters: "tSmog", names: ["target-directory", "suffix", "mode", "owner", "group"] };
const RSYNC_VALUES = { letters: "ef", names: ["rsh", "exclude", "include", "filter", "exclude-from", "files-from"] };

/** Reads such a command; `undefined` where its words are not understood. */
export function readMovingCommand(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  switch (name) {
    case "mkdir":
      return makeDirectories(operands, context);
    case "cp":
    case "mv":
      return copyOrMove(name, readWords(operands, COPY_VALUES), context);
    case "ln":
      return link(readWords(operands, COPY_VALUES), context);
    case "install":
      return install(readWords(operands, INSTALL_VALUES), context);
    case "rsync":
      return synchronize(readWords(operands, RSYNC_VALUES), context);
    case "tee":
      return tee(readWords(operands, { letters: "", names: [] }), context);
    case "touch":
      return touch(readWords(operands, { letters: "drt", names: ["date", "reference", "time"] }).operands, context);
    default:
      return undefined;
  }
}

/** Every file that `tee` names holds what a pipe brings, as one behind `>` would; it goes on to standard output as well. */
function tee({ operands, flags }: Words, context: CommandContext): Done | undefined {
  const { input, step } = context;
  const operator = flags.has("a") || flags.has("append") ? ">>" : ">";
  const paths = operands.map((field) => absolute(field, context)).filter((path) => !path.startsWith("/dev/"));
  if (paths.length === 0) return undefined;
  const effects: Effect[] = [];
  let { host } = context.world;
  for (const path of paths) {
    const stream = operator === ">" ? input : undefined;
    const one = withOutput(host, { path, operator }, { stream, input }, step);
    effects.push(one.effect);
    host = one.host;
  }
  return {
    effects,
    truth: true,
    output: undefined,
    ...(input === undefined ? {} : { stream: input }),
    world: { ...context.world, host },
  };
}

/** Without `-p`, mkdir fails where something is: what a container may have put there was not. */
function makeDirectories(words: readonly Field[], context: CommandContext): Done {
  const { operands } = readWords(words, { letters: "m", names: ["mode"] });
  const mayBeThere = words.some((field) => /^(?:-[a-z]*p[a-z]*|--parents)$/.test(fieldKey(field)));
  const to = operands.map((field) => absolute(field, context));
  const host = to.reduce((tree, path) => {
    const there = look(tree, path);
    if (exists(there) && (mayBeThere || !isMaybe(there))) return tree;
    return place(tree, path, { kind: "directory", layers: [], entries: new Map(), by: [context.step] });
  }, context.world.host);
  return done([{ kind: "move", reads: [], from: [], to }], host, context);
}

/** Sources and destination of a command that has `-t DIR` and `-T`. */
interface Transfer {
  readonly sources: readonly Field[];
  readonly to: string;
  /** True where the destination is a directory by the way it is named, false where it is the new name. */
  readonly into: boolean | undefined;
}

function transfer({ flags, values, operands }: Words, context: CommandContext): Transfer | undefined {
  const directory = values.get("t") ?? values.get("target-directory");
  const destination = directory ?? operands.at(-1);
  const sources = directory === undefined ? operands.slice(0, -1) : operands;
  if (destination === undefined || sources.length === 0) return undefined;
  const to = absolute(destination, context);
  const node = look(context.world.host, to);
  // What is only taken to be in a directory from an image is a new name, unless it is written as a directory.
  const guessed = isPresumed(node) && shapeOf(context.files, node) === "unknown";
  const isName = flags.has("T") || flags.has("no-target-directory") || (guessed && !/\/$/.test(fieldKey(destination)));
  const into = directory !== undefined || sources.length > 1 ? true : isName ? false : guessed || undefined;
  return { sources, to, into };
}

function copyOrMove(name: "cp" | "mv", words: Words, context: CommandContext): Done | undefined {
  const found = transfer(words, context);
  return found && carry(found, words, context, name === "mv");
}

/** Puts each source where it goes, and takes it away from where it was if it moves. */
function carry({ sources, to, into }: Transfer, { flags }: Words, context: CommandContext, moves: boolean): Done {
  const reads: HostNode[] = [];
  const arrived: string[] = [];
  const from: string[] = [];
  let host = context.world.host;
  for (const source of sources) {
    const { path, contents } = readSource(host, fieldKey(source), context);
    const found = look(host, path);
    const node = exists(found) ? sure(touched(found, context.step)) : unknownSource(path, context);
    const name = flags.has("parents") ? withoutRoot(fieldKey(source)) : posix.basename(path);
    const moved = arrive(host, { path: to, name, contents, into: flags.has("parents") ? true : into }, node);
    host = moves ? place(moved.tree, path, gone(found, context.step)) : moved.tree;
    reads.push(found);
    from.push(path);
    arrived.push(moved.path);
  }
  const effect: Effect = {
    kind: "move",
    reads,
    from,
    to: arrived,
    into: directoriesOf(context.world.host, arrived),
    ...(moves ? { moves } : {}),
  };
  return done([effect], host, context);
}

/** What a command takes is there, or the script ends. */
function sure(node: HostNode): HostNode {
  if (node.kind !== "image") return node;
  const { maybe: _, ...told } = node;
  return { ...told, presumed: false };
}

function withoutRoot(key: string): string {
  return key.replace(/^(?:\.{0,2}\/)+/, "");
}

/** Directories in which programs leave files for a while. */
const SCRATCH = /^\/(?:tmp|var\/tmp|dev|run)(?:\/|$)/;

/** A file that nothing is known of; outside the checkout it is the machine's own. */
function unknownSource(path: string, { step }: CommandContext): HostNode {
  const node = made(step);
  const system = toCheckout(path) === undefined && !isPartlyUnknown(path) && !SCRATCH.test(path);
  return system && node.kind === "made" ? { ...node, system: path } : node;
}

/** A hard link is the file itself. A symbolic link is a thing of its own, whose target COPY does not follow inside a directory. */
function link(words: Words, context: CommandContext): Done | undefined {
  const { flags, operands } = words;
  const only = operands.length === 1 ? operands[0] : undefined;
  if (!flags.has("s") && !flags.has("symbolic")) return copyOrMove("cp", words, context);
  const target = only ?? operands[0];
  const destination = only === undefined ? operands.at(-1) : undefined;
  if (target === undefined) return undefined;
  const { host } = context.world;
  const name = posix.basename(fieldKey(target));
  const place_ = destination === undefined ? posix.join(context.shell.cwd, name) : absolute(destination, context);
  const path = isDirectoryAt(host, place_) && !flags.has("n") ? posix.join(place_, name) : place_;
  const effect: Effect = { kind: "move", reads: [], from: [], to: [path], makesFile: true };
  return done([{ ...effect, into: directoriesOf(host, [path]) }], place(host, path, made(context.step)), context);
}

/** `install` copies, makes directories with `-d`, and gives the mode 755 where it is told no other. */
function install(words: Words, context: CommandContext): Done | undefined {
  const { flags, values, operands } = words;
  if (flags.has("d") || flags.has("directory")) return makeDirectories(operands, context);
  const found = transfer(words, context);
  if (found === undefined) return undefined;
  const copied = carry(found, words, context, false);
  const mode = values.get("m") ?? values.get("mode");
  const [move] = copied.effects;
  const reads = move?.kind === "move" ? move.reads : [];
  const paths = move?.kind === "move" ? move.to : [];
  const effect: Effect = { kind: "mode", mode: mode === undefined ? "755" : fieldKey(mode), paths, reads };
  return { ...copied, effects: [...copied.effects, effect] };
}

/** Options of rsync that do not change which files arrive where. */
const RSYNC_FLAGS =
  /^(?:[avzrlptgoDhqPcuHAXWES]|archive|verbose|compress|recursive|links|perms|times|quiet|progress|checksum|update|delete|delete-after|partial|stats|human-readable|no-perms|no-owner|no-group|no-o|no-g|whole-file)$/;

/** A local rsync: `dir/` pours what is in it, `dir` goes into the destination, which is made where it is missing. */
function synchronize(words: Words, context: CommandContext): Done | undefined {
  const { flags, values, operands } = words;
  const destination = operands.at(-1);
  const remote = operands.some((field) => /^[^/‹]+:/.test(fieldKey(field)));
  if (destination === undefined || operands.length < 2 || remote || values.size > 0) return undefined;
  if (![...flags].every((flag) => RSYNC_FLAGS.test(flag))) return undefined;
  const to = absolute(destination, context);
  let host = context.world.host;
  const reads: HostNode[] = [];
  const arrived: string[] = [];
  const from: string[] = [];
  for (const source of operands.slice(0, -1)) {
    const key = fieldKey(source);
    const path = absolute(source, context);
    const found = look(host, path);
    const node = exists(found) ? touched(found, context.step) : unknownSource(path, context);
    const file = shapeOf(host.files, node) === "file" && !isDirectoryAt(host, to) && !/\/$/.test(fieldKey(destination));
    const moved = arrive(
      host,
      { path: to, name: posix.basename(path), contents: /\/\.?$/.test(key), into: !file },
      node,
    );
    host = moved.tree;
    reads.push(found);
    from.push(path);
    arrived.push(moved.path);
  }
  const into = directoriesOf(context.world.host, arrived);
  return done([{ kind: "move", reads, from, to: arrived, into }], host, context);
}

/** Makes empty files; what is there stays as it is. */
function touch(fields: readonly Field[], context: CommandContext): Done {
  const missing = fields
    .map((field) => absolute(field, context))
    .filter((path) => {
      const node = look(context.world.host, path);
      return !exists(node) || (node.kind !== "checkout" && "presumed" in node && node.presumed);
    });
  const host = missing.reduce(
    (tree, path) => place(tree, path, { kind: "made", shape: "file", presumed: false, by: [context.step] }),
    context.world.host,
  );
  const into = directoriesOf(context.world.host, missing);
  if (missing.length === 0) return { effects: [{ kind: "plain" }], truth: true, output: [] };
  return done([{ kind: "move", reads: [], from: [], to: missing, makesFile: true, into }], host, context);
}
