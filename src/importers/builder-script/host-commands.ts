/**
 * Commands that change the host's files, and the ones that are not followed.
 *
 *     cp -r src docker/api/      move: the checkout's src now also stands in docker/api/src
 *     rm -rf dist                remove
 *     tar -xf app.tar app        move, when the archive's members are known
 *     openssl dgst … app         foreign: reads what came out of an image
 */
import { posix } from "node:path";
import type { Field } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import {
  ABSENT,
  arrive,
  containsImage,
  exists,
  type HostNode,
  type HostTree,
  look,
  place,
  shapeOf,
  touched,
} from "./host-tree.ts";
import type { Effect, RemovedPath } from "./trace.ts";
import { absolutePath, fieldKey } from "./values.ts";
import type { World } from "./world.ts";

/** Commands that only say or look: they neither make files nor need one that came out of an image. */
const LOOKING: ReadonlySet<string> = new Set([
  "cat",
  "clear",
  "date",
  "df",
  "du",
  "echo",
  "env",
  "file",
  "find",
  "grep",
  "hash",
  "head",
  "id",
  "ls",
  "printenv",
  "printf",
  "set",
  "sha256sum",
  "shopt",
  "sleep",
  "sort",
  "stat",
  "tail",
  "tee",
  "tput",
  "trap",
  "tree",
  "type",
  "ulimit",
  "umask",
  "uname",
  "wait",
  "wc",
  "which",
  "whoami",
]);

/** Options of cp, mv, install and ln that take a value as the next word. */
const VALUE_OPTIONS: ReadonlySet<string> = new Set(["-t", "-S", "-m", "-o", "-g", "--target-directory", "--suffix"]);

export function readHostCommand(name: string, operands: readonly Field[], context: CommandContext): Done {
  switch (name) {
    case "mkdir":
      return makeDirectories(paths(operands), context);
    case "cp":
    case "mv":
      return copyOrMove(name, operands, context);
    case "rm":
    case "rmdir":
    case "unlink":
      return remove(paths(operands), context);
    case "chmod":
      return changeMode(operands, context);
    case "tar":
      return unpack(operands, context) ?? foreign(name, operands, context);
    default:
      return onlyLooks(name, operands) ? looks(name, operands, context) : foreign(name, operands, context);
  }
}

/** `find` looks too, unless it is told to do something with what it finds. */
function onlyLooks(name: string, operands: readonly Field[]): boolean {
  const acts =
    name === "find" && operands.some((field) => /^-(?:delete|exec|execdir|ok|okdir|fprintf?)$/.test(fieldKey(field)));
  return LOOKING.has(name) && !acts;
}

/** Operands without options and their values. */
function paths(operands: readonly Field[]): readonly Field[] {
  let options = true;
  return operands.filter((field, index) => {
    const key = fieldKey(field);
    const before = operands[index - 1];
    if (options && key === "--") {
      options = false;
      return false;
    }
    const value = before !== undefined && VALUE_OPTIONS.has(fieldKey(before));
    return !(options && key.startsWith("-") && key !== "-") && !(options && value);
  });
}

function absolute(field: Field, { shell }: CommandContext): string {
  return absolutePath(shell.cwd, fieldKey(field));
}

function done(effects: readonly Effect[], host: HostTree, { world }: CommandContext): Done {
  const next: World = { ...world, host };
  return { effects, truth: true, output: [], world: next };
}

function makeDirectories(fields: readonly Field[], context: CommandContext): Done {
  const to = fields.map((field) => absolute(field, context));
  const host = to.reduce((tree, path) => {
    if (exists(look(tree, path))) return tree;
    return place(tree, path, { kind: "directory", layers: [], entries: new Map(), by: [context.step] });
  }, context.world.host);
  return done([{ kind: "move", reads: [], from: [], to }], host, context);
}

function copyOrMove(name: "cp" | "mv", operands: readonly Field[], context: CommandContext): Done {
  const target = operands.findIndex((field) => /^(?:-t|--target-directory)$/.test(fieldKey(field)));
  const all = paths(operands);
  const destination = target >= 0 ? operands[target + 1] : all.at(-1);
  const sources = target >= 0 ? all : all.slice(0, -1);
  if (destination === undefined || sources.length === 0) return foreign(name, operands, context);
  const to = absolute(destination, context);
  const reads: HostNode[] = [];
  const arrived: string[] = [];
  let host = context.world.host;
  for (const source of sources) {
    const { path, contents } = readSource(host, fieldKey(source), context);
    const found = look(host, path);
    const node = exists(found) ? touched(found, context.step) : made(context.step);
    reads.push(found);
    const moved = arrive(host, { path: to, name: posix.basename(path), contents }, node);
    host = name === "mv" ? place(moved.tree, path, gone(found)) : moved.tree;
    arrived.push(moved.path);
  }
  const from = sources.map((source) => absolute(source, context));
  const into = arrived.map((path) => look(context.world.host, posix.dirname(path)));
  return done([{ kind: "move", reads, from, to: arrived, into }], host, context);
}

/** `dir/.` and, where the names in it are not known, `dir/*` stand for what is in the directory. */
function readSource(host: HostTree, key: string, { shell }: CommandContext): { path: string; contents: boolean } {
  const [, before] = /^(.*)\/(?:\.|\*)$/.exec(key) ?? [];
  if (before !== undefined && shapeOf(host.files, look(host, absolutePath(shell.cwd, before))) !== "file") {
    return { path: absolutePath(shell.cwd, before), contents: true };
  }
  return { path: absolutePath(shell.cwd, key), contents: key === "." };
}

function made(step: number): HostNode {
  return { kind: "made", shape: "unknown", presumed: false, by: [step] };
}

/** What is left where something was taken away; remembers whether the checkout had it. */
function gone(node: HostNode): HostNode {
  return node.kind === "checkout" ? { kind: "absent", removed: true } : ABSENT;
}

function remove(fields: readonly Field[], context: CommandContext): Done {
  const removed: RemovedPath[] = fields.map((field) => {
    const path = absolute(field, context);
    return { field, path, node: look(context.world.host, path) };
  });
  const host = removed.reduce(
    (tree, { path, node }) => (exists(node) ? place(tree, path, gone(node)) : tree),
    context.world.host,
  );
  return done([{ kind: "remove", paths: removed }], host, context);
}

function changeMode(operands: readonly Field[], context: CommandContext): Done {
  const [mode, ...targets] = operands.filter((field) => !/^-(?:R|v|c|f|-.*)$/.test(fieldKey(field)));
  const recursive = operands.some((field) => /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(fieldKey(field)));
  const absolutes = targets.map((field) => absolute(field, context));
  const reads = absolutes.map((path) => look(context.world.host, path));
  const host = absolutes.reduce((tree, path) => {
    const node = look(tree, path);
    return node.kind === "image" || node.kind === "made" ? place(tree, path, touched(node, context.step)) : tree;
  }, context.world.host);
  return done(
    [
      {
        kind: "mode",
        mode: mode === undefined ? "" : `${recursive ? "-R " : ""}${fieldKey(mode)}`,
        paths: absolutes,
        reads,
      },
    ],
    host,
    context,
  );
}

/** `tar x` of an archive whose members are known. */
function unpack(operands: readonly Field[], context: CommandContext): Done | undefined {
  const { extracts, archive, directory, members } = readTar(operands.map(fieldKey));
  if (!extracts) return undefined;
  const { host } = context.world;
  const source =
    archive === undefined || archive === "-" ? context.input : look(host, absolutePath(context.shell.cwd, archive));
  if (source?.kind !== "archive") return undefined;
  const into = absolutePath(context.shell.cwd, directory ?? ".");
  const chosen = members.length === 0 ? [...source.members.keys()] : members.map((name) => posix.normalize(name));
  if (!chosen.every((name) => source.members.has(name.split("/")[0] ?? ""))) return undefined;
  let tree = host;
  for (const name of chosen) {
    const node = look(
      { files: host.files, root: { kind: "directory", layers: [], entries: source.members, by: [] } },
      `/${name}`,
    );
    tree =
      name === "."
        ? arrive(tree, { path: into, name, contents: true }, touched(source.members.get(name) ?? node, context.step))
            .tree
        : place(tree, posix.join(into, name), touched(node, context.step));
  }
  const from = archive === undefined ? [] : [absolutePath(context.shell.cwd, archive)];
  return done(
    [{ kind: "move", reads: [source], from, to: chosen.map((name) => posix.join(into, name)) }],
    tree,
    context,
  );
}

interface TarCall {
  readonly extracts: boolean;
  readonly archive: string | undefined;
  readonly directory: string | undefined;
  readonly members: readonly string[];
}

/** Old-style (`xzf FILE`) and dashed options of tar, as far as extracting needs them. */
function readTar(words: readonly string[]): TarCall {
  const [first = "", ...rest] = words;
  const all = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...rest] : words;
  const members: string[] = [];
  let extracts = false;
  let archive: string | undefined;
  let directory: string | undefined;
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at] ?? "";
    if (word.startsWith("--")) {
      if (/^--(?:extract|get)$/.test(word)) extracts = true;
      else if (word.startsWith("--file=")) archive = word.slice(7);
      else if (word.startsWith("--directory=")) directory = word.slice(12);
      else if (!/^--(?:verbose|gzip|xz|bzip2)$/.test(word)) return { extracts: false, archive, directory, members };
    } else if (word.startsWith("-") && word !== "-") {
      for (const letter of word.slice(1)) {
        if (letter === "x") extracts = true;
        else if (letter === "f") archive = all[++at];
        else if (letter === "C") directory = all[++at];
        else if (!/[vzjJpmo]/.test(letter)) return { extracts: false, archive, directory, members };
      }
    } else members.push(word);
  }
  return { extracts, archive, directory, members };
}

/** A command that only looks; what it prints about an artifact into a file is made of the artifact. */
function looks(name: string, operands: readonly Field[], context: CommandContext): Done {
  const reads = SAYING.has(name) ? [] : readsOf(operands, context).filter(containsImage);
  const plain: Done = { effects: [{ kind: "plain" }], truth: true, doubtful: true, output: undefined };
  if (reads.length === 0) return plain;
  const writes = context.node.redirections.some(
    ({ operator, target }) => /^&?>/.test(operator) && target?.text !== "/dev/null" && operator !== ">&",
  );
  return writes ? foreign(name, operands, context) : { ...plain, effects: [{ kind: "look", reads }] };
}

/** Commands whose words are no paths. */
const SAYING: ReadonlySet<string> = new Set([
  "date",
  "echo",
  "env",
  "printf",
  "set",
  "shopt",
  "sleep",
  "trap",
  "type",
  "ulimit",
  "umask",
  "uname",
  "wait",
  "which",
]);

/** A command that is not followed: what its words name is taken to be read. */
function foreign(name: string, operands: readonly Field[], context: CommandContext): Done {
  const program = context.fields.filter((field) => fieldKey(field).includes("/")).slice(0, 1);
  const reads = readsOf([...program, ...operands], context);
  return { effects: [{ kind: "foreign", name, reads, writes: [] }], truth: true, doubtful: true };
}

function readsOf(operands: readonly Field[], context: CommandContext): readonly HostNode[] {
  const here = operands.some((field) => fieldKey(field) === "." || fieldKey(field) === "*") ? [""] : [];
  return [...here, ...operands.flatMap((field) => pathsNamed(fieldKey(field)))]
    .map((path) => look(context.world.host, absolutePath(context.shell.cwd, path)))
    .filter(exists);
}

/** A word, and what stands after `=`, `:` or `@` in it. */
function pathsNamed(word: string): readonly string[] {
  const parts = word.split(/[=:@,]/).filter((part) => part !== "" && part !== "." && part !== "..");
  return [...new Set([word, ...parts])].filter((part) => !part.startsWith("-") && part !== "." && part !== "");
}
