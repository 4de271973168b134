/**
 * What one command does to the abstract world.
 *
 *     cd api            the shell's directory
 *     docker cp …       container-commands.ts
 *     mv a b            host-commands.ts
 *     make              foreign: what it reads is remembered, what it makes is not known
 */
import { posix } from "node:path";
import type { ScriptText } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { recognizeContainerCall } from "../../shell/container-cli.ts";
import { parseShell } from "../../shell/parse.ts";
import { type Field, fieldValue, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import { type HostPath, hostPath } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { type CommandContext, type Done, PLAIN } from "./command-context.ts";
import { testTruth } from "./conditions.ts";
import { readContainerCommand } from "./container-commands.ts";
import { readHostCommand } from "./host-commands.ts";
import { containsImage, look, toCheckout } from "./host-tree.ts";
import { readPackageCall } from "./package-calls.ts";
import { absolutePath, fieldKey, isPartlyUnknown, keyOf } from "./values.ts";
import { assigned, type Shell } from "./world.ts";

export function readCommand(context: CommandContext): Done {
  const call = recognizeContainerCall(context.fields);
  if (call !== undefined) return readContainerCommand(context, call);
  const [head, ...operands] = withoutPrefix(context.fields);
  const name = head === undefined ? "" : posix.basename(fieldKey(head));
  return (
    readBuiltin(name, operands, context) ??
    readPackageCall(name, operands, context) ??
    readHostCommand(name, operands, context)
  );
}

/** `sudo`, `command` and the like run what follows. */
function withoutPrefix(fields: readonly Field[]): readonly Field[] {
  const [head, next] = fields;
  const name = head === undefined ? "" : fieldKey(head);
  const plain = next !== undefined && !fieldKey(next).startsWith("-");
  return plain && /^(?:sudo|command|builtin|time|nohup|exec)$/.test(name) ? fields.slice(1) : fields;
}

function readBuiltin(name: string, operands: readonly Field[], context: CommandContext): Done | undefined {
  const { shell } = context;
  switch (name) {
    case "[":
      return test(operands.slice(0, -1), context);
    case "test":
      return test(operands, context);
    case "cd":
    case "pushd":
      return changeDirectory(operands, context);
    case "pwd":
      return { ...PLAIN, output: text(shell.cwd) };
    case "true":
    case ":":
      return PLAIN;
    case "false":
      return { ...PLAIN, truth: false };
    case "exit":
    case "return":
    case "break":
    case "continue":
      return { ...PLAIN, leaving: name };
    case "export":
    case "local":
    case "declare":
    case "typeset":
    case "readonly":
      return declare(operands, context);
    case "unset":
      return { ...PLAIN, shell: { variables: without(shell, operands.map(fieldKey)) } };
    case "shift":
      return shell.positional === undefined ? PLAIN : { ...PLAIN, shell: { positional: shell.positional.slice(1) } };
    case ".":
    case "source":
      return readSourced(operands[0], context);
    default:
      return readText(name, operands, context);
  }
}

/** Commands that turn text into text. */
function readText(name: string, operands: readonly Field[], { shell }: CommandContext): Done | undefined {
  const [first, second] = operands.map(fieldKey).filter((key) => !key.startsWith("-"));
  switch (name) {
    case "echo":
      return { ...PLAIN, output: joined(operands.filter((field) => !/^-[neE]+$/.test(fieldKey(field)))) };
    case "printf":
      return { ...PLAIN, output: first === "%s" && operands[1] !== undefined ? fieldValue(operands[1]) : undefined };
    case "dirname":
      return { ...PLAIN, output: first === undefined ? undefined : ofKey(posix.dirname(first)) };
    case "basename":
      return { ...PLAIN, output: first === undefined ? undefined : ofKey(posix.basename(first, second)) };
    case "readlink":
    case "realpath":
      return { ...PLAIN, output: first === undefined ? undefined : ofKey(absolutePath(shell.cwd, first)) };
    default:
      return undefined;
  }
}

/** A value for text made from a key; the unknown parts of a key keep their braces out of it. */
function ofKey(key: string): SymbolicValue | undefined {
  return isPartlyUnknown(key) ? undefined : text(key);
}

function joined(fields: readonly Field[]): SymbolicValue {
  return fields.flatMap((field, index) => [...(index === 0 ? [] : text(" ")), ...fieldValue(field)]);
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
  const target = operands.map(fieldKey).find((key) => !/^-[LPe]$/.test(key));
  if (target === undefined) return { ...PLAIN, shell: { cwd: "/‹$HOME›" } };
  if (target === "-") return { ...PLAIN, shell: { cwd: keyOf(previousDirectory(shell)) } };
  const variables = assigned(shell, "OLDPWD", text(shell.cwd));
  const cwd = absolutePath(shell.cwd, target);
  const node = look(world.host, cwd);
  // A directory that only an extraction makes has to be there for what is done in it.
  const artifact =
    node.kind === "image" ||
    (node.kind === "directory" && node.layers.some(({ kind }) => kind === "image") && node.layers.every(containsImage));
  const effects = artifact ? [{ kind: "foreign", name: "", reads: [node], writes: [] } as const] : PLAIN.effects;
  return { ...PLAIN, effects, shell: { cwd, variables } };
}

function previousDirectory(shell: Shell): SymbolicValue {
  const value = shell.variables.get("OLDPWD");
  return value === undefined || value === "unset" ? text(shell.cwd) : value;
}

/** `export NAME=value`, `local NAME`. */
function declare(operands: readonly Field[], { shell }: CommandContext): Done {
  let variables = shell.variables;
  for (const field of operands) {
    const [first] = field.parts;
    const [, name, rest] = /^([A-Za-z_]\w*)\+?=(.*)$/s.exec(first?.kind === "text" ? first.text : "") ?? [];
    if (name === undefined || rest === undefined) continue;
    const value = fieldValue({ ...field, parts: [{ kind: "text", text: rest }, ...field.parts.slice(1)] });
    variables = new Map(variables).set(name, value);
  }
  return { ...PLAIN, shell: { variables } };
}

function without(shell: Shell, names: readonly string[]): Shell["variables"] {
  const variables = new Map(shell.variables);
  for (const name of names) variables.set(name, "unset");
  return variables;
}

/** A sourced file of the checkout runs here; any other may set anything, which unknown variables stand for. */
function readSourced(field: Field | undefined, { world, shell, files }: CommandContext): Done {
  const key = field === undefined ? undefined : knownText(fieldValue(field));
  if (key === undefined) return PLAIN;
  const node = look(world.host, absolutePath(shell.cwd, key));
  const path = toCheckout(absolutePath(shell.cwd, key));
  if (node.kind !== "checkout" || path === undefined || hostPath(path) === undefined) return PLAIN;
  const script = scriptAt(files, node.path);
  return script === undefined ? PLAIN : { ...PLAIN, called: { units: [script], apart: false } };
}

const SCRIPTS = new WeakMap<ProjectFiles, Map<HostPath, ScriptText | undefined>>();

/** A script of the project, parsed once however often it is called, so that its commands stay the same ones. */
export function scriptAt(files: ProjectFiles, path: HostPath): ScriptText | undefined {
  const known = SCRIPTS.get(files) ?? new Map<HostPath, ScriptText | undefined>();
  SCRIPTS.set(files, known);
  if (known.has(path)) return known.get(path);
  const read = files.read(path);
  const { statements, problems } = parseShell(read.ok ? read.text : "");
  const script = read.ok ? { source: sourceFile(path, read.text), statements, problems } : undefined;
  known.set(path, script);
  return script;
}
