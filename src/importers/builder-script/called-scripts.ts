/**
 * Commands that run other commands: scripts of the checkout, sourced files, and text.
 *
 *     ./build-builder.sh dev          the script, in a shell of its own, with $1
 *     bash -e scripts/build.sh        the same
 *     . ./versions.env                its variables hold from here on
 *     sh -c 'docker build .'          the text
 *     eval "$COMMAND"                 the text, where it is known
 *     bash -s dev <<'END'             the here-document
 *
 * Only files of the checkout are read, and of those only shell scripts.
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { parseShell } from "../../shell/parse.ts";
import { parseMapped } from "../../shell/parse-mapped.ts";
import {
  describeField,
  type Field,
  fieldText,
  fieldValue,
  knownText,
  type SymbolicValue,
  text,
} from "../../shell/symbolic.ts";
import { evaluateValue } from "../../shell/values.ts";
import { mappedText } from "../../text/mapped.ts";
import { type HostPath, hostPath } from "../../text/paths.ts";
import { type SourceFile, sourceFile } from "../../text/source.ts";
import { type CommandContext, type Done, PLAIN, type ScriptCall } from "./command-context.ts";
import { mayCall, unread } from "./engine-calls.ts";
import { look, toCheckout } from "./host-tree.ts";
import type { InputText } from "./standard-input.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

/** What a command calls; `undefined` where it runs nothing that is read. `fields` begin with the command's name. */
export function readCall(fields: readonly Field[], context: CommandContext): Done | undefined {
  const [head, ...operands] = fields;
  const name = head === undefined ? undefined : fieldText(head);
  if (head === undefined) return undefined;
  if (name === "." || name === "source") return readSourced(operands, context);
  if (name === "eval") return readEval(operands, context);
  if (name !== undefined && SHELLS.test(name)) return readShell(operands, context);
  return fieldKey(head).includes("/") ? runScript(head, operands, context, false) : undefined;
}

const SHELLS = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z|k)?sh$/;

/** `sh [options] script arguments` and `sh -c text name arguments`. */
function readShell(operands: readonly Field[], context: CommandContext): Done | undefined {
  let at = 0;
  for (;;) {
    const option = operands[at];
    if (option === undefined) return runInput([], context);
    const word = fieldKey(option);
    if (!/^[-+]\w/.test(word) && !word.startsWith("--")) break;
    if (/^-\w*c$/.test(word)) return runText(operands[at + 1], operands.slice(at + 3), context);
    if (/^-\w*s$/.test(word)) return runInput(operandsBehind(operands.slice(at + 1)), context);
    at += /^[-+]\w*o$/.test(word) ? 2 : 1;
  }
  const script = operands[at];
  return script === undefined ? undefined : runScript(script, operands.slice(at + 1), context, true);
}

/** What is left of `sh -s` for `$1` and so on. */
function operandsBehind(words: readonly Field[]): readonly Field[] {
  const first = words.findIndex((word) => !/^[-+]\w/.test(fieldKey(word)));
  const plain = first < 0 ? [] : words.slice(first);
  return plain[0] !== undefined && fieldKey(plain[0]) === "--" ? plain.slice(1) : plain;
}

/** A shell without a script reads its commands from standard input (POSIX, "sh"). */
function runInput(operands: readonly Field[], context: CommandContext): Done | undefined {
  const input = context.stdin?.input;
  const known = input === undefined ? undefined : knownText(input.value);
  if (input === undefined || known === undefined) return undefined;
  const unit = writtenUnit(input, known) ?? textUnit(known, context);
  if (unit === undefined) return undefined;
  return called(context, {
    units: [unit],
    apart: true,
    positional: operands.map(fieldValue),
    variables: prefixVariables(context),
  });
}

const INPUTS = new WeakMap<SourceFile, Map<number, ScriptText | undefined>>();

/** Commands that stand in a here-document as the shell reads them, so that they can be changed where they are. */
function writtenUnit({ range, script }: InputText, commands: string): ScriptText | undefined {
  if (range === undefined || script === undefined || script.write !== undefined || script.rewritable === false)
    return undefined;
  const { source } = script;
  if (source.text.slice(range.start, range.end) !== commands || commands.length > LONGEST_TEXT) return undefined;
  const known = INPUTS.get(source) ?? new Map<number, ScriptText | undefined>();
  INPUTS.set(source, known);
  if (!known.has(range.start)) {
    const { statements, problems } = parseMapped(mappedText([{ text: commands, from: range }]), source.text);
    known.set(range.start, problems.length > 0 ? undefined : { source, statements });
  }
  return known.get(range.start);
}

function runScript(word: Field, operands: readonly Field[], context: CommandContext, named: boolean): Done | undefined {
  const path = checkoutFile(word, context);
  const script = path === undefined ? undefined : scriptAt(context.files, path);
  if (script === undefined || (!named && !isShellScript(script))) return undefined;
  return called(context, {
    units: [script],
    apart: true,
    positional: operands.map(fieldValue),
    variables: new Map([...scriptNames(word, context), ...prefixVariables(context)]),
  });
}

/** Under which name a script knows itself: that which it is called by, which in a container is none of the host's. */
function scriptNames(word: Field, { shell }: CommandContext): ReadonlyMap<string, SymbolicValue> {
  const path = text(absolutePath(shell.cwd, fieldKey(word)));
  return new Map([
    ["0", path],
    ["BASH_SOURCE", path],
  ]);
}

function called(context: CommandContext, call: ScriptCall): Done {
  return { ...PLAIN, effects: [{ kind: "plain" }], output: undefined, world: context.world, called: call };
}

/** By its first line; a file without one, by its name. */
function isShellScript({ source }: ScriptText): boolean {
  const [, program] = /^#!\s*(?:\S*\/)?(?:env\s+(?:-S\s+)?)?(\S+)/.exec(source.text) ?? [];
  return program === undefined ? /\.(?:sh|bash)$/.test(source.path) : SHELLS.test(program.replace(/^.*\//, ""));
}

/** A checkout file that a word names, from the working directory. */
function checkoutFile(word: Field, { shell, world, checkoutAt }: CommandContext): HostPath | undefined {
  const key = fieldKey(word);
  if (isPartlyUnknown(key)) return undefined;
  const absolute = absolutePath(shell.cwd, key);
  const node = look(world.host, absolute);
  // Files of the checkout also stand in images that copied them.
  const copied = node.kind === "image" && toCheckout(absolute) === undefined ? checkoutAt(absolute) : undefined;
  const path = node.kind === "checkout" ? node.path : copied;
  return path !== undefined && world.host.files.entry(path)?.kind === "file" ? path : undefined;
}

/** `A=b ./x.sh` and `env A=b ./x.sh`: variables of the called script alone. */
function prefixVariables({ node, fields, scope }: CommandContext): ReadonlyMap<string, SymbolicValue> {
  const variables = new Map<string, SymbolicValue>();
  for (const { name, value } of node.assignments)
    if (value !== undefined) variables.set(name, evaluateValue(value, scope));
  for (const field of fields) {
    const [first, ...rest] = field.parts;
    const [, name, start] = /^([A-Za-z_]\w*)=(.*)$/s.exec(first?.kind === "text" ? first.text : "") ?? [];
    if (name === undefined) {
      if (/^(?:cross-env|env|sudo|-\w+)$/.test(fieldText(field) ?? "")) continue;
      break;
    }
    variables.set(name, fieldValue({ ...field, parts: [{ kind: "text", text: start ?? "" }, ...rest] }));
  }
  return variables;
}

// ---- sourced files

/** A sourced file of the checkout runs here; any other may set anything, which unknown variables stand for. */
function readSourced([word, ...operands]: readonly Field[], context: CommandContext): Done {
  if (word === undefined) return PLAIN;
  const absolute = absolutePath(context.shell.cwd, fieldKey(word));
  const path = checkoutFile(word, context);
  const script = path === undefined || hostPath(path) === undefined ? undefined : scriptAt(context.files, path);
  if (script !== undefined) {
    const positional = operands.length === 0 ? {} : { positional: operands.map(fieldValue) };
    return called(context, { units: [script], apart: false, ...positional });
  }
  if (toCheckout(absolute) !== undefined) return PLAIN;
  return { ...PLAIN, effects: [{ kind: "unread", what: "source", text: describeField(word) }] };
}

// ---- text

/** Longer text is no command that someone wrote down in a string. */
const LONGEST_TEXT = 20_000;

function readEval(operands: readonly Field[], context: CommandContext): Done {
  const words = operands.map(fieldValue).map(knownText);
  const whole = words.every((word) => word !== undefined) ? words.join(" ") : undefined;
  const unit = whole === undefined ? undefined : textUnit(whole, context);
  if (unit !== undefined) return called(context, { units: [unit], apart: false });
  const written = operands.map(describeField).join(" ");
  const effects = mayCall(written) ? [unread(context.fields)] : PLAIN.effects;
  return { ...PLAIN, effects, output: undefined, doubtful: true };
}

function runText(word: Field | undefined, operands: readonly Field[], context: CommandContext): Done | undefined {
  const known = word === undefined ? undefined : fieldText(word);
  const unit = known === undefined ? undefined : textUnit(known, context);
  if (unit === undefined) return undefined;
  const positional = operands.map(fieldValue);
  return called(context, { units: [unit], apart: true, positional, variables: prefixVariables(context) });
}

const TEXTS = new WeakMap<CommandContext["node"], Map<string, ScriptText | undefined>>();

/** Text as commands, all of which stand for the whole command that runs them; the same ones each time. */
function textUnit(commands: string, { node, script }: CommandContext): ScriptText | undefined {
  const known = TEXTS.get(node) ?? new Map<string, ScriptText | undefined>();
  TEXTS.set(node, known);
  if (known.has(commands)) return known.get(commands);
  const parsed =
    commands.length > LONGEST_TEXT
      ? undefined
      : parseMapped(mappedText([{ text: commands, from: node.range }]), script.source.text);
  const unit =
    parsed === undefined || parsed.problems.length > 0
      ? undefined
      : { source: script.source, statements: parsed.statements, rewritable: false };
  known.set(commands, unit);
  return unit;
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
