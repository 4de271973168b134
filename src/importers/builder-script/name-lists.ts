/**
 * Archives of the files that `find` finds in an image by their names.
 *
 *     find . -name app -print0 | xargs -0 tar -c       members: whatever is called "app" below the directory
 *     find . -name '*.so' | tar -c -T -                the same, read from standard input
 *     find . -name '*.so' -exec tar -cf - {} +         the same, without a pipe
 *
 * Which files those are only the image knows, so such a directory answers for a path by its last name alone (host-tree.ts).
 * What is not decided here: tests of `find` other than names, and lists of what is on the host; they are not followed.
 */
import type { Field } from "../../shell/symbolic.ts";
import { memberName } from "./archives.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { directoriesOf, done } from "./host-operands.ts";
import { type ArchiveNode, type HostNode, look, place, touched } from "./host-tree.ts";
import { readTar, type TarCall } from "./tar-options.ts";
import { absolutePath, fieldKey } from "./values.ts";

/** Reads `find` and `xargs` as far as they list files of an image for an archive; `undefined` where they do something else. */
export function readNameList(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  const words = operands.map(fieldKey);
  if (name === "find") return readFind(words, context);
  return name === "xargs" ? readXargs(words, context) : undefined;
}

/** What a call of `tar` packs whose members are the names on standard input. */
export function packListed(call: TarCall, context: CommandContext): Done | undefined {
  const list = context.input;
  return list?.kind === "archive" && list.listing === true ? packed(call, list, context) : undefined;
}

// ---- find

interface Search {
  readonly starts: readonly string[];
  readonly names: readonly string[];
  /** The command of `-exec … {} +`, its own words alone. */
  readonly command?: readonly string[];
}

function readFind(words: readonly string[], context: CommandContext): Done | undefined {
  const search = readSearch(words);
  const list = search && listOf(search, context);
  if (search === undefined || list === undefined) return undefined;
  const [program, ...options] = search.command ?? [];
  if (program === undefined) {
    const taken = context.piped && context.node.redirections.length === 0;
    return taken ? { effects: [lookedAt(list)], truth: true, stream: list } : undefined;
  }
  const call = program === "tar" ? readTar(options) : undefined;
  return call && packed(call, list, context);
}

/** `[START…] [-type f] -name A [-o -name B…]`, in parentheses where an action follows several names. */
function readSearch(words: readonly string[]): Search | undefined {
  const first = words.findIndex((word) => /^[-(!]/.test(word));
  if (first < 0) return undefined;
  const starts = first === 0 ? ["."] : words.slice(0, first);
  const rest = words.slice(first);
  const typed = rest[0] === "-type" && rest[1] === "f" ? rest.slice(2) : rest;
  const open = typed[0] === "(";
  const close = open ? typed.indexOf(")") : typed.findIndex((word) => /^-(?:print0?|exec)$/.test(word));
  const end = close < 0 ? typed.length : close;
  const names = namesOf(typed.slice(open ? 1 : 0, end));
  const action = actionOf(typed.slice(open ? end + 1 : end));
  if (names === undefined || action === undefined || (open && close < 0)) return undefined;
  const binds = open || names.length === 1 || (typed === rest && end === typed.length);
  return binds ? { starts, names, ...action } : undefined;
}

/** `-name A -o -name B`; patterns of `-name` are those of the shell, on the last name. */
function namesOf(words: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  for (let at = 0; at < words.length; at += 3) {
    const name = words[at + 1];
    const or = words[at + 2];
    if (words[at] !== "-name" || name === undefined || /[‹\\]/.test(name)) return undefined;
    if (or !== undefined && or !== "-o" && or !== "-or") return undefined;
    names.push(name);
  }
  return names.length === 0 || words.length % 3 !== 2 ? undefined : names;
}

function actionOf(words: readonly string[]): { readonly command?: readonly string[] } | undefined {
  if (words.length === 0 || (words.length === 1 && /^-print0?$/.test(words[0] ?? ""))) return {};
  const [exec, ...command] = words;
  return exec === "-exec" && command.slice(-2).join(" ") === "{} +" ? { command: command.slice(0, -2) } : undefined;
}

/** The list, where all starts are directories of an image. */
function listOf({ starts, names }: Search, { world, shell, step }: CommandContext): ArchiveNode | undefined {
  const members = new Map<string, HostNode>();
  for (const start of starts) {
    const node = look(world.host, absolutePath(shell.cwd, start));
    if (node.kind !== "image" || node.shape === "file" || node.only !== undefined) return undefined;
    members.set(memberName(start), { ...node, shape: "directory", only: { names, met: false } });
  }
  return { kind: "archive", members, listing: true, by: [step] };
}

function lookedAt(list: ArchiveNode): Done["effects"][number] {
  return { kind: "look", reads: [...list.members.values()] };
}

// ---- xargs and tar

/** `xargs -0 tar -c`: what is listed becomes the last words of the call. */
function readXargs(words: readonly string[], context: CommandContext): Done | undefined {
  const first = words.findIndex((word) => !/^(?:-0|-r|-0r|-r0|--null|--no-run-if-empty)$/.test(word));
  if (first < 0 || words[first] !== "tar") return undefined;
  const call = readTar(words.slice(first + 1));
  return call === undefined || call.listed !== undefined ? undefined : packListed(call, context);
}

function packed(call: TarCall, list: ArchiveNode, context: CommandContext): Done | undefined {
  const { world, shell, step } = context;
  const plain = call.members.length === 0 && call.excludes.length === 0 && call.directory === undefined;
  if (call.mode !== "create" || !plain) return undefined;
  const members = new Map([...list.members].map(([name, node]) => [name, touched(node, step)]));
  const archive: ArchiveNode = { kind: "archive", members, by: [step] };
  const reads = [...list.members.values()];
  if (call.archive === undefined || call.archive === "-")
    return { effects: [{ kind: "move", reads, from: [], to: [] }], truth: true, stream: archive, world };
  const to = absolutePath(shell.cwd, call.archive);
  const into = directoriesOf(world.host, [to]);
  return done([{ kind: "move", reads, from: [], to: [to], into }], place(world.host, to, archive), context);
}
