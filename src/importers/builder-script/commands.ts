/**
 * What one command does to the abstract world.
 *
 *     cd api            the shell's directory
 *     docker cp …       container-commands.ts
 *     mv a b            host-commands.ts
 *     make              make-call.ts, where the project has the Makefile
 */
import { posix } from "node:path";
import { prefixLength } from "../../shell/command-prefix.ts";
import { recognizeContainerCall } from "../../shell/container-cli.ts";
import { type Field, fieldValue, knownText, mayVanish, type SymbolicValue, text } from "../../shell/symbolic.ts";
import { readCall } from "./called-scripts.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { type Truth, testTruth } from "./conditions.ts";
import { readContainerCommand } from "./container-commands.ts";
import { hiddenCall, runsFunction, unread, unreadByXargs } from "./engine-calls.ts";
import { foreignProgram } from "./foreign-programs.ts";
import { readHostCommand } from "./host-commands.ts";
import { containsImage, type HostNode, look, place } from "./host-tree.ts";
import { readInputBuiltin } from "./input-builtins.ts";
import { readMake, unreadMake } from "./make-call.ts";
import { readPackageCall } from "./package-calls.ts";
import { printedText } from "./text-commands.ts";
import { absolutePath, fieldKey, keyOf } from "./values.ts";
import { declared } from "./variables.ts";
import { assigned, type Shell } from "./world.ts";

export function readCommand(context: CommandContext): Done {
  const call = recognizeContainerCall(context.fields);
  if (call !== undefined) {
    const done = readContainerCommand(context, call);
    const given = unreadByXargs(call);
    return given === undefined ? done : { ...done, effects: [...done.effects, given] };
  }
  const fields = withoutPrefix(context.fields);
  const [head, ...operands] = fields;
  const name = head === undefined ? "" : posix.basename(fieldKey(head));
  return (
    readBuiltin(name, operands, context) ??
    readPackageCall(name, operands, context) ??
    readInputBuiltin(name, operands, context) ??
    readCall(fields, context) ??
    readProgram(name, fields, context)
  );
}

/** `sudo -E`, `env A=b`, `time` and the like run what follows; `xargs` adds words that are not known. */
function withoutPrefix(fields: readonly Field[]): readonly Field[] {
  const length = prefixLength(fields);
  const adds = fields.slice(0, length).some((field) => fieldKey(field) === "xargs");
  const builtin = fields[0] !== undefined && fieldKey(fields[0]) === "builtin" ? 1 : length;
  return adds || length >= fields.length ? fields : fields.slice(builtin);
}

/** Programs that do nothing but print what their words come to. */
const ONLY_PRINTS = /^(?:basename|dirname|echo|printf|pwd|readlink|realpath|seq)$/;

/** Any other program: what it prints, and what it does to files. */
function readProgram(name: string, fields: readonly Field[], context: CommandContext): Done {
  const [, ...operands] = fields;
  const done = readHostCommand(name, operands, context);
  const { shell, stdin } = context;
  const hidden =
    hiddenCall(name, fields, stdin === undefined ? "" : keyOf(stdin.input.value)) ??
    (runsFunction(name, operands, shell.functions, (called) => functionText(called, shell))
      ? unread(fields)
      : undefined) ??
    foreignProgram(name, operands, context);
  if (hidden !== undefined) return { ...done, effects: [...done.effects, hidden] };
  const output = printedText(name, operands, fields, context.scope, context);
  if (ONLY_PRINTS.test(name)) return { ...PLAIN, output };
  if (output === undefined) return done;
  const reads = done.effects.some((effect) => "reads" in effect && effect.reads.length > 0);
  return reads ? { ...done, output } : { ...PLAIN, output };
}

function functionText(name: string, { functions }: Shell): string {
  const { definition, script } = functions.get(name) ?? {};
  return definition === undefined
    ? ""
    : (script?.source.text.slice(definition.range.start, definition.range.end) ?? "");
}

function readBuiltin(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  const { shell } = context;
  switch (name) {
    case "[":
      return test(operands.slice(0, -1), context);
    case "test":
      return test(operands, context);
    case "cd":
      return changeDirectory(operands, context);
    case "pushd":
      return pushDirectory(operands, context);
    case "popd":
      return popDirectory(context);
    case "true":
    case ":":
      return PLAIN;
    case "false":
      return { ...PLAIN, truth: false };
    case "exit":
    case "return":
      return { ...PLAIN, truth: statusOf(operands[0]), leaving: name };
    case "break":
    case "continue":
      return { ...PLAIN, leaving: name };
    case "export":
    case "local":
    case "declare":
    case "typeset":
    case "readonly":
      return { ...PLAIN, shell: declared(name, operands, context.node, shell) };
    case "unset":
      return { ...PLAIN, shell: without(shell, operands.map(fieldKey)) };
    case "set":
      return setOptions(operands, shell);
    case "shift":
      return shift(operands[0], shell);
    case "mktemp":
      return makeTemporary(operands, context);
    case "make":
    case "gmake":
      return readMake(operands, context) ?? unreadMake(operands, context);
    default:
      return undefined;
  }
}

/** What `exit 1` answers for the script or function that it leaves. */
function statusOf(operand: Field | undefined): Truth {
  if (operand === undefined) return true;
  const status = knownText(fieldValue(operand));
  return status === undefined ? undefined : Number(status) === 0;
}

function shift(operand: Field | undefined, { positional }: Shell): Done {
  const count = operand === undefined ? 1 : Number(knownText(fieldValue(operand)) ?? Number.NaN);
  if (positional === undefined || !Number.isInteger(count))
    return { ...PLAIN, truth: positional === undefined ? true : undefined };
  return count > positional.length
    ? { ...PLAIN, truth: false }
    : { ...PLAIN, shell: { positional: positional.slice(count) } };
}

/** `set -a` exports what is assigned from here on; words behind the options become `$1` and so on. */
function setOptions(operands: readonly Field[], shell: Shell): Done {
  const words = operands.map(fieldKey);
  let exportsAll = shell.exportsAll;
  for (const [index, word] of words.entries()) {
    if (word === "--" || !/^[-+]\w/.test(word)) {
      const named = words[index - 1] !== undefined && /^[-+]\w*o$/.test(words[index - 1] ?? "");
      if (named) {
        if (word === "allexport") exportsAll = words[index - 1]?.startsWith("-") ?? false;
        continue;
      }
      const rest = operands.slice(word === "--" ? index + 1 : index);
      return { ...PLAIN, shell: { exportsAll, positional: rest.some(mayVanish) ? undefined : rest.map(fieldValue) } };
    }
    if (/^[-+][a-z]*a/i.test(word)) exportsAll = word.startsWith("-");
  }
  return { ...PLAIN, shell: { exportsAll } };
}

/** A fresh file or directory, somewhere outside the checkout. */
function makeTemporary(operands: readonly Field[], { world, step }: CommandContext): Done {
  const tag = `mktemp ${step}`;
  const directory = operands.some((field) => /^-\w*d\w*$|^--directory$/.test(fieldKey(field)));
  const node: HostNode = directory
    ? { kind: "directory", layers: [], entries: new Map(), by: [step] }
    : { kind: "made", shape: "file", presumed: false, by: [step] };
  const host = place(world.host, absolutePath("/", `‹${tag}›`), node);
  return { ...PLAIN, output: [{ kind: "unknown", source: "$(mktemp)", tag }], world: { ...world, host } };
}

function test(operands: readonly Field[], { world, shell }: CommandContext): Done {
  const truth = testTruth(operands, { host: world.host, cwd: shell.cwd });
  const files = operands.filter((_, index) => /^-[defhLrswx]$/.test(operandKey(operands[index - 1])));
  const reads = files.map((field) => look(world.host, absolutePath(shell.cwd, fieldKey(field)))).filter(containsImage);
  return reads.length === 0 ? { ...PLAIN, truth } : { ...PLAIN, truth, effects: [{ kind: "look", reads }] };
}

function operandKey(field: Field | undefined): string {
  return field === undefined ? "" : fieldKey(field);
}

function changeDirectory(operands: readonly Field[], { shell, world }: CommandContext): Done {
  const target = operands.map(fieldKey).find((key) => !/^-(?:[LPe]+|-)$/.test(key));
  if (target === undefined) return { ...PLAIN, shell: { cwd: "/‹$HOME›" } };
  if (target === "-") return { ...PLAIN, shell: { cwd: keyOf(previousDirectory(shell)) } };
  const variables = assigned(shell, "OLDPWD", text(shell.cwd));
  const cwd = absolutePath(shell.cwd, target);
  const node = look(world.host, cwd);
  // A directory that only an extraction makes has to be there for what is done in it.
  const artifact =
    node.kind === "image" ||
    (node.kind === "directory" && node.layers.some(({ kind }) => kind === "image") && node.layers.every(containsImage));
  const effects = artifact ? [{ kind: "foreign", name: "cd", reads: [node], writes: [] } as const] : PLAIN.effects;
  return { ...PLAIN, effects, shell: { cwd, variables } };
}

function previousDirectory(shell: Shell): SymbolicValue {
  const value = shell.variables.get("OLDPWD");
  return value === undefined || value === "unset" ? text(shell.cwd) : value;
}

function without(shell: Shell, names: readonly string[]): Pick<Shell, "variables" | "lists"> {
  const variables = new Map(shell.variables);
  const lists = new Map(shell.lists);
  for (const name of names) {
    variables.set(name, "unset");
    lists.delete(name);
  }
  return { variables, lists };
}

function pushDirectory(operands: readonly Field[], context: CommandContext): Done {
  const { cwd, directories } = context.shell;
  const plain = operands.filter((field) => !/^-|^\+\d+$/.test(fieldKey(field)));
  // Without an operand it swaps the two directories on top.
  const [top, ...others] = directories;
  if (plain.length === 0)
    return top === undefined ? PLAIN : { ...PLAIN, shell: { cwd: top, directories: [cwd, ...others] } };
  const done = changeDirectory(plain, context);
  return { ...done, shell: { ...done.shell, directories: [cwd, ...directories] } };
}

function popDirectory({ shell }: CommandContext): Done {
  const [top, ...others] = shell.directories;
  return top === undefined ? { ...PLAIN, truth: undefined } : { ...PLAIN, shell: { cwd: top, directories: others } };
}
