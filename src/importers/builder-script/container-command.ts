/**
 * What a container runs, as one line for the shell inside it.
 *
 *     docker run b sh -c "cd /src && make"          cd /src && make
 *     docker run --entrypoint go b build -o /x      go build -o /x
 *     docker run b        (CMD tar -cf - .)         tar -cf - .
 *     docker run -i b sh <<END                      the lines up to END
 *     docker run -e V=$V b make "V=$V"              make "V=$V"       with V as a build argument
 *
 * A part that only the host's run knows, or that callers of the driver can set, becomes a variable of that line, and a build argument
 * brings its value.
 * What is not decided here: what the line does (container-shell.ts).
 */
import type { CommandForm } from "../../dockerfile/syntax.ts";
import { quoteField } from "../../shell/quote.ts";
import { quotesAfter } from "../../shell/quotes.ts";
import { type Field, fieldText, type SymbolicValue, text, type UnknownPart } from "../../shell/symbolic.ts";
import type { ImageConfig } from "./container-config.ts";

/** A value of the host that the line needs. `written` is the shell text that gives it there. */
export interface Hole {
  readonly name: string;
  readonly written: string;
  readonly value: SymbolicValue;
  /** What it is where nothing brings a value; absent where only a run knows. */
  readonly usual?: string;
}

/** `interpreter` is set where another program than `/bin/sh -c`, or one with more options, reads the line. */
export interface CommandLine {
  readonly text: string;
  readonly holes: readonly Hole[];
  readonly interpreter?: readonly string[];
  /** True where a shell reads what it does on standard input, and that is not known. */
  readonly unread?: true;
}

/** A shell with nothing to do but what comes on standard input. */
const READS_INPUT = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh((?: -[eux]+)*)(?: -s| -l)*(?: -)?$/;

/** The line of a shell that reads its commands on standard input: those, where they are known. */
export function lineFromInput(line: CommandLine | undefined, input: string | undefined): CommandLine | undefined {
  const [, options] = (line?.interpreter === undefined && READS_INPUT.exec(line?.text ?? "")) || [];
  if (line === undefined || options === undefined) return line;
  if (input === undefined) return { ...line, unread: true };
  const letters = options.replace(/[ -]/g, "");
  const text = `${letters === "" ? "" : `set -${letters}\n`}${input.trim()}`;
  return needsBash(text) ? { ...line, unread: true } : { text, holes: [] };
}

/** Shells whose `-c` takes a line that `/bin/sh` reads the same way, as long as it holds nothing of bash alone. */
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(ba|da|a)?sh$/;

/** The line; `undefined` where the container runs nothing that is known. `usual`: values of variables in the words. */
export function commandLine(
  words: readonly Field[],
  entrypoint: Field | undefined,
  config: ImageConfig,
  usual: ReadonlyMap<string, string> = new Map(),
): CommandLine | undefined {
  const holes = new Holes(config, usual);
  if (entrypoint !== undefined) {
    const own = fieldText(entrypoint) === "" ? [] : [entrypoint];
    return ofFields([...own, ...words], holes);
  }
  if (config.entrypoint?.form === "shell") return ofShellForm(config.entrypoint.command);
  const before = config.entrypoint === undefined ? [] : fieldsOf(config.entrypoint.words);
  if (words.length > 0) return ofFields([...before, ...words], holes);
  return ofDefault(before, config.cmd, holes);
}

function ofDefault(before: readonly Field[], cmd: CommandForm | undefined, holes: Holes): CommandLine | undefined {
  if (cmd === undefined) return ofFields(before, holes);
  if (cmd.form === "exec") return ofFields([...before, ...fieldsOf(cmd.words)], holes);
  return before.length === 0
    ? ofShellForm(cmd.command)
    : ofFields([...before, ...fieldsOf(["/bin/sh", "-c", cmd.command])], holes);
}

function ofShellForm(command: string): CommandLine {
  return { text: command.trim(), holes: [] };
}

function fieldsOf(words: readonly string[]): readonly Field[] {
  return words.map((word) => ({ parts: [{ kind: "text", text: word }], range: { start: 0, end: 0 } }));
}

function ofFields(fields: readonly Field[], holes: Holes): CommandLine | undefined {
  const [program, ...others] = fields;
  if (program === undefined) return undefined;
  const inner = shellLine(program, others, holes);
  if (inner !== undefined) return inner;
  return { text: fields.map((field) => quoteField(holes.in(field))).join(" "), holes: holes.all };
}

/** `sh -c LINE`, `bash -exc LINE`. */
function shellLine(program: Field, others: readonly Field[], holes: Holes): CommandLine | undefined {
  const name = fieldText(program);
  const at = others.findIndex((field) => /^-[a-z]*c$/.test(fieldText(field) ?? ""));
  const options = others.slice(0, at + 1).map((field) => fieldText(field) ?? "");
  const line = others[at + 1];
  if (name === undefined || !SHELL.test(name) || at < 0 || line === undefined) return undefined;
  if (!options.every((option) => option.startsWith("-"))) return undefined;
  const whole = { text: shellText(holes.in(line)).trim(), holes: holes.all };
  const rest = others.slice(at + 2);
  const letters = options.join("").replace(/[-c]/g, "");
  if (rest.length > 0 || !/^[eux]*$/.test(letters) || needsBash(whole.text)) {
    return { ...whole, interpreter: [name, ...options] };
  }
  return letters === "" ? whole : { ...whole, text: `set -${letters}; ${whole.text}` };
}

/** A line with its variables. The host put values between any quotes; the shell inside does not look for variables between single ones. */
function shellText({ parts }: Field): string {
  let line = "";
  for (const part of parts) {
    if (part.kind !== "unknown") line += part.text;
    else {
      const variable = `\${${part.name ?? ""}}`;
      line += quotesAfter(undefined, line).state === "single" ? `'"${variable}"'` : variable;
    }
  }
  return line;
}

/** Whether a line holds something that a plain `sh` reads otherwise. */
function needsBash(line: string): boolean {
  return /\[\[|\bsource\b|\bpipefail\b|<\(|>\(|&>|\$'|\w=\(|\{\w*,|\bfunction\b|\bshopt\b|<<</.test(line);
}

/** The variables of one line. */
class Holes {
  readonly #holes = new Map<string, Hole>();
  readonly #config: ImageConfig;
  readonly #usual: ReadonlyMap<string, string>;

  constructor(config: ImageConfig, usual: ReadonlyMap<string, string>) {
    this.#config = config;
    this.#usual = usual;
  }

  get all(): readonly Hole[] {
    return [...this.#holes.values()];
  }

  /** The field with a name for every part that only the host knows. */
  in(field: Field): Field {
    return {
      ...field,
      parts: field.parts.map((part) => {
        if (part.kind !== "unknown") return part;
        const hole = this.#for(part);
        return { kind: "unknown", source: `\${${hole.name}}`, name: hole.name, splits: part.splits };
      }),
    };
  }

  /** A name for a value: the variable's own, that of the make variable, or a new one. */
  #for(part: UnknownPart): Hole {
    const written = part.name === undefined ? part.source : `\${${part.name}}`;
    const known = this.all.find((hole) => hole.written === written);
    if (known !== undefined) return known;
    const base = part.name ?? /^\$[({](\w+)[)}]$/.exec(part.source)?.[1] ?? "HOST_VALUE";
    const wanted = /^[A-Za-z_]\w*$/.test(base) && !this.#isInImage(base) ? base : `HOST_${base.replace(/\W/g, "_")}`;
    let name = wanted;
    for (let count = 2; this.#holes.has(name); count += 1) name = `${wanted}_${count}`;
    const usual = part.name === undefined ? undefined : this.#usual.get(part.name);
    const hole = { name, written, ...(usual === undefined ? { value: [part] } : { value: text(usual), usual }) };
    this.#holes.set(name, hole);
    return hole;
  }

  /** ENV of an image goes before ARG (https://docs.docker.com/reference/dockerfile/#using-arg-variables). */
  #isInImage(name: string): boolean {
    return this.#config.environment(name) !== undefined;
  }
}
