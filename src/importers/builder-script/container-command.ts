/**
 * What a container runs, as one line for the shell inside it.
 *
 *     docker run b sh -c "cd /src && make"          cd /src && make
 *     docker run --entrypoint go b build -o /x      go build -o /x
 *     docker run b        (CMD tar -cf - .)         tar -cf - .
 *     docker run -e V=$V b make "V=$V"              make "V=$V"       with V as a build argument
 *
 * A part that only the host's run knows becomes a variable of that line, and a build argument brings its value.
 * What is not decided here: what the line does (container-shell.ts).
 */
import type { CommandForm } from "../../dockerfile/syntax.ts";
import { quoteField } from "../../shell/quote.ts";
import { type Field, fieldText, type SymbolicValue, type UnknownPart } from "../../shell/symbolic.ts";
import type { ImageConfig } from "./container-config.ts";

/** A value of the host that the line needs. `written` is the shell text that gives it there. */
export interface Hole {
  readonly name: string;
  readonly written: string;
  readonly value: SymbolicValue;
}

/** `interpreter` is set where another program than `/bin/sh -c`, or one with more options, reads the line. */
export interface CommandLine {
  readonly text: string;
  readonly holes: readonly Hole[];
  readonly interpreter?: readonly string[];
}

/** Shells whose `-c` takes a line that `/bin/sh` reads the same way, as long as it holds nothing of bash alone. */
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(ba|da|a)?sh$/;

/** The line; `undefined` where the container runs nothing that is known. */
export function commandLine(
  words: readonly Field[],
  entrypoint: Field | undefined,
  config: ImageConfig,
): CommandLine | undefined {
  if (entrypoint !== undefined) {
    const own = fieldText(entrypoint) === "" ? [] : [entrypoint];
    return ofFields([...own, ...words]);
  }
  if (config.entrypoint?.form === "shell") return ofShellForm(config.entrypoint.command);
  const before = config.entrypoint === undefined ? [] : fieldsOf(config.entrypoint.words);
  if (words.length > 0) return ofFields([...before, ...words]);
  return ofDefault(before, config.cmd);
}

function ofDefault(before: readonly Field[], cmd: CommandForm | undefined): CommandLine | undefined {
  if (cmd === undefined) return ofFields(before);
  if (cmd.form === "exec") return ofFields([...before, ...fieldsOf(cmd.words)]);
  return before.length === 0
    ? ofShellForm(cmd.command)
    : ofFields([...before, ...fieldsOf(["/bin/sh", "-c", cmd.command])]);
}

function ofShellForm(command: string): CommandLine {
  return { text: command.trim(), holes: [] };
}

function fieldsOf(words: readonly string[]): readonly Field[] {
  return words.map((text) => ({ parts: [{ kind: "text", text }], range: { start: 0, end: 0 } }));
}

function ofFields(fields: readonly Field[]): CommandLine | undefined {
  const [program, ...others] = fields;
  if (program === undefined) return undefined;
  const inner = shellLine(program, others);
  if (inner !== undefined) return inner;
  const holes = new Map<string, Hole>();
  return { text: fields.map((field) => quoteField(withHoles(field, holes))).join(" "), holes: [...holes.values()] };
}

/** `sh -c LINE`, `bash -exc LINE`. */
function shellLine(program: Field, others: readonly Field[]): CommandLine | undefined {
  const name = fieldText(program);
  const at = others.findIndex((field) => /^-[a-z]*c$/.test(fieldText(field) ?? ""));
  const options = others.slice(0, at + 1).map((field) => fieldText(field) ?? "");
  const line = others[at + 1];
  if (name === undefined || !SHELL.test(name) || at < 0 || line === undefined) return undefined;
  if (!options.every((option) => option.startsWith("-"))) return undefined;
  const holes = new Map<string, Hole>();
  const text = withHoles(line, holes).parts.map((part) =>
    part.kind === "unknown" ? `\${${part.name ?? ""}}` : part.text,
  );
  const whole = { text: text.join("").trim(), holes: [...holes.values()] };
  const rest = others.slice(at + 2);
  const letters = options.join("").replace(/[-c]/g, "");
  if (rest.length > 0 || !/^[eux]*$/.test(letters) || needsBash(whole.text)) {
    return { ...whole, interpreter: [name, ...options] };
  }
  return letters === "" ? whole : { ...whole, text: `set -${letters}; ${whole.text}` };
}

/** Whether a line holds something that a plain `sh` reads otherwise. */
function needsBash(line: string): boolean {
  return /\[\[|\bsource\b|\bpipefail\b|<\(|>\(|&>|\$'|\w=\(|\{\w*,|\bfunction\b|\bshopt\b|<<</.test(line);
}

/** The field with a name for every part that only the host knows. */
function withHoles(field: Field, holes: Map<string, Hole>): Field {
  return {
    ...field,
    parts: field.parts.map((part) => {
      if (part.kind !== "unknown") return part;
      const hole = holeFor(part, holes);
      return { kind: "unknown", source: `\${${hole.name}}`, name: hole.name, splits: false };
    }),
  };
}

/** A name for a value: the variable's own, that of the make variable, or a new one. */
function holeFor(part: UnknownPart, holes: Map<string, Hole>): Hole {
  const written = part.name === undefined ? part.source : `\${${part.name}}`;
  const known = [...holes.values()].find((hole) => hole.written === written);
  if (known !== undefined) return known;
  const base = part.name ?? /^\$[({](\w+)[)}]$/.exec(part.source)?.[1] ?? "HOST_VALUE";
  const wanted = /^[A-Za-z_]\w*$/.test(base) ? base : `HOST_${base.replace(/\W/g, "_")}`;
  let name = wanted;
  for (let count = 2; holes.has(name); count += 1) name = `${wanted}_${count}`;
  const hole = { name, written, value: [part] };
  holes.set(name, hole);
  return hole;
}
