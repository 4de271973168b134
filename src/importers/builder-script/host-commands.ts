/**
 * Commands on the host's files: which family a command belongs to, and the commands that are not followed.
 *
 *     cp -r src docker/api/      moving-commands.ts
 *     rm -rf dist                removing-commands.ts
 *     sed -i s/a/b/ dist/app     changing-commands.ts
 *     tar -xf app.tar app        archive-commands.ts
 *     gunzip app.gz              compress-commands.ts
 *     ls dist                    looks, and changes nothing
 *     openssl dgst … app         foreign: reads what came out of an image
 */
import { posix } from "node:path";
import type { Field } from "../../shell/symbolic.ts";
import { readArchiveCommand } from "./archive-commands.ts";
import { readChangingCommand } from "./changing-commands.ts";
import { readCloningCommand } from "./cloning-commands.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { readCompressCommand } from "./compress-commands.ts";
import { checkoutSeen, containsImage, exists, type HostNode, look, place, toCheckout } from "./host-tree.ts";
import { readMovingCommand } from "./moving-commands.ts";
import { readNameList } from "./name-lists.ts";
import { readRemovingCommand } from "./removing-commands.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** Commands that only say or look: they neither make files nor need one that came out of an image. */
const LOOKING: ReadonlySet<string> = new Set([
  "basename",
  "cat",
  "clear",
  // Only `command -v`: with a command behind it that one is read.
  "command",
  "cut",
  "date",
  "df",
  "dirname",
  "du",
  "echo",
  "env",
  "expr",
  "file",
  "find",
  "grep",
  "hash",
  "head",
  "hostname",
  "id",
  "ls",
  "nproc",
  "printenv",
  "printf",
  "pwd",
  "readlink",
  "realpath",
  "seq",
  "set",
  "sha256sum",
  "shopt",
  "sleep",
  "sort",
  "stat",
  "tail",
  "tee",
  "tput",
  "tr",
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

/** What a command does to the host's files. The families of commands that change them have files of their own. */
export function readHostCommand(name: string, operands: readonly Field[], context: CommandContext): Done {
  return readFollowed(name, operands, context) ?? readOther(name, operands, context);
}

/** Commands whose changes are followed; `undefined` where this is none, or its words are not understood. */
function readFollowed(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  switch (name) {
    case "rm":
    case "rmdir":
    case "unlink":
      return readRemovingCommand(operands, context);
    default:
      return (
        readMovingCommand(name, operands, context) ??
        readChangingCommand(name, operands, context) ??
        readArchiveCommand(name, operands, context) ??
        readCompressCommand(name, operands, context) ??
        readNameList(name, operands, context) ??
        readCloningCommand(name, operands, context)
      );
  }
}

function readOther(name: string, operands: readonly Field[], context: CommandContext): Done {
  if (asks(name, operands)) return { effects: [{ kind: "plain" }], truth: true, doubtful: true, output: undefined };
  return onlyLooks(name, operands) ? looks(name, operands, context) : foreign(name, operands, context);
}

/** Words with which a command that looks writes to files as well. */
const ACTING: ReadonlyMap<string, RegExp> = new Map([
  ["find", /^-(?:delete|exec|execdir|fls|fprint0?|fprintf|ok|okdir)$/],
  ["sort", /^(?:-[a-zA-Z]*o|--output)/],
  ["tee", /^[^-]/],
  ["tree", /^-o$/],
]);

function onlyLooks(name: string, operands: readonly Field[]): boolean {
  const acts = ACTING.get(name);
  const writes = operands.map(fieldKey).some((word) => acts?.test(word) === true && !/^\/dev\//.test(word));
  return LOOKING.has(name) && !writes;
}

/** Programs of which some verbs only ask for something that is no file of the project: what `git describe` names is a revision. */
const ASKING: ReadonlyMap<string, RegExp> = new Map([
  [
    "git",
    /^(?:branch|config|describe|fetch|log|ls-files|name-rev|remote|rev-list|rev-parse|show|status|symbolic-ref|tag)$/,
  ],
  ["go", /^(?:env|list|version)$/],
]);

function asks(name: string, operands: readonly Field[]): boolean {
  const [verb] = operands.map(fieldKey).filter((word) => !word.startsWith("--git-dir") && word !== "--no-pager");
  return verb !== undefined && ASKING.get(name)?.test(verb) === true;
}

/** A command that only looks; what it prints about an artifact into a file is made of the artifact. */
function looks(name: string, operands: readonly Field[], context: CommandContext): Done {
  const files = name === "grep" ? withoutPattern(operands) : operands;
  const named = SAYING.has(name) ? [] : readsOf(files, context);
  const reads = [...named, ...inputOf(context)].filter((node) => containsImage(node) || isSavedImage(node));
  const plain: Done = { effects: [{ kind: "plain" }], truth: true, doubtful: true, output: undefined };
  if (reads.length === 0) return plain;
  const writes = context.node.redirections.some(
    ({ operator, target }) => /^&?>/.test(operator) && target?.text !== "/dev/null" && operator !== ">&",
  );
  return writes ? foreign(name, operands, context) : { ...plain, effects: [{ kind: "look", reads }] };
}

function isSavedImage(node: HostNode): boolean {
  return node.kind === "made" && node.saved !== undefined;
}

/** The first operand of `grep` is what it looks for, not where. */
function withoutPattern(operands: readonly Field[]): readonly Field[] {
  const pattern = operands.findIndex((field) => !fieldKey(field).startsWith("-"));
  return operands.filter((_, index) => index !== pattern);
}

/** Commands whose words are no paths. */
const SAYING: ReadonlySet<string> = new Set([
  "basename",
  "command",
  "date",
  "dirname",
  "echo",
  "env",
  "expr",
  "hostname",
  "nproc",
  "printf",
  "pwd",
  "readlink",
  "realpath",
  "seq",
  "set",
  "shopt",
  "sleep",
  "tr",
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
  const reads = [...readsOf([...program, ...operands], context), ...inputOf(context)];
  const runs = program.some((field) =>
    isTakenOut(look(context.world.host, absolutePath(context.shell.cwd, fieldKey(field)))),
  );
  const told = runs && !readsOf(operands, context).some(containsImage) ? "" : name;
  const writes = changedInPlace(name, operands.map(fieldKey)).map((path) => absolutePath(context.shell.cwd, path));
  const makes = filesMade(operands, context);
  const made: HostNode = { kind: "made", shape: "file", presumed: true, by: [context.step] };
  const host = makes.reduce((tree, path) => place(tree, path, made), context.world.host);
  return {
    effects: [{ kind: "foreign", name: told, reads, writes, ...(makes.length === 0 ? {} : { makes }) }],
    truth: true,
    doubtful: true,
    ...(makes.length === 0 ? {} : { world: { ...context.world, host } }),
  };
}

/** Options of compilers and others that name the file to write. */
const OUTPUT = /^(?:-o|-out|--out|--output)$/;

/**
 * Files that a command is told by name and that are not there yet, in a directory that the script made: `gcc -o bin/app main.c` leaves one
 * that the next build may copy with the whole directory. Without such an option a path counts only beside artifacts.
 */
function filesMade(operands: readonly Field[], { world, shell }: CommandContext): readonly string[] {
  const words = operands.map(fieldKey);
  return words.flatMap((word, index) => {
    const isOutput = OUTPUT.test(words[index - 1] ?? "");
    if (!isOutput && (word.startsWith("-") || !word.includes("/"))) return [];
    if (isPartlyUnknown(word) || word.includes("://")) return [];
    const path = absolutePath(shell.cwd, word);
    const above = look(world.host, posix.dirname(path));
    // In a container the stage makes them, and has them.
    const isOwn = toCheckout(path) !== undefined && above.kind === "directory" && checkoutSeen(above) === undefined;
    return isOwn && (isOutput || containsImage(above)) && !exists(look(world.host, path)) ? [path] : [];
  });
}

/** A program that was taken out of an image by itself; running it does not change it. */
function isTakenOut(node: HostNode): boolean {
  return node.kind === "image" && (!node.presumed || node.only?.met === true);
}

/** Files that a command changes where they stand; only those that its words name. */
function changedInPlace(name: string, words: readonly string[]): readonly string[] {
  const files = words.filter((word) => !word.startsWith("-"));
  switch (name) {
    case "sed":
    case "perl": {
      const edits = words.some((word) => /^(?:-[a-zA-Z]*i|--in-place)/.test(word));
      const scripted = words.some((word) => /^-[a-zA-Z]*[ef]$|^--(?:expression|file)/.test(word));
      // A script behind `-e` is no path of the project either way.
      return edits ? files.slice(scripted ? 0 : 1) : [];
    }
    case "dos2unix":
    case "unix2dos":
    case "truncate":
      return files;
    default:
      return [];
  }
}

/** What a command reads on standard input. */
function inputOf({ input }: CommandContext): readonly HostNode[] {
  return input === undefined ? [] : [input];
}

function readsOf(operands: readonly Field[], context: CommandContext): readonly HostNode[] {
  const here = operands.some((field) => fieldKey(field) === "." || fieldKey(field) === "*") ? [""] : [];
  return [...here, ...operands.flatMap((field) => pathsNamed(fieldKey(field)))]
    .map((path) => look(context.world.host, absolutePath(context.shell.cwd, path)))
    .filter(exists);
}

/** A word, and what stands after `=`, `:` or `@` in it. An address names no file of the host. */
function pathsNamed(word: string): readonly string[] {
  if (/^(?:-[\w-]*=?)?[a-z][a-z\d+.-]*:\/\//i.test(word) && !/\bfile:/i.test(word)) return [];
  const parts = word.split(/[=:@,]/).filter((part) => part !== "" && part !== "." && part !== "..");
  return [...new Set([word, ...parts])].filter((part) => !part.startsWith("-") && part !== "." && part !== "");
}
