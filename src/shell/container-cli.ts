/**
 * Recognises calls of container command lines among a command's words.
 *
 *     sudo docker -H $HOST container create --name x -eA=b "$APP:build" sh
 *     └ prefix [sudo], program "docker", globals [host=$HOST], verb "create", options [name=x, env=A=b], operands [$APP:build, sh]
 *
 * Words may be unknown in part. `docker compose` is recognised, its words are not analysed. What is not decided here: what a call does.
 */
import type { Range } from "../text/source.ts";
import { prefixLength } from "./command-prefix.ts";
import type { OptionIndex } from "./container-options/table.ts";
import {
  type ContainerProgram,
  isGroup,
  isKnownVerb,
  mostOperands,
  optionsOf,
  stopsAtOperand,
  verbOf,
} from "./container-verbs.ts";
import {
  type Field,
  fieldText,
  fieldValue,
  knownText,
  leadingText,
  mayVanish,
  withFallbacks,
  withoutLeading,
} from "./symbolic.ts";

export type { ContainerProgram } from "./container-verbs.ts";

export interface ContainerOption {
  /** The long name without dashes; for an option that is not known what stands after the dashes. */
  readonly name: string;
  /** Absent for a switch; `false` for `--rm=false`. */
  readonly value?: Field;
  /** The option's word and that of its value; options of one cluster (`-it`) share it. */
  readonly span: Range;
  /** False where no table has the option, so that the next word may be its value. */
  readonly known: boolean;
}

export interface ContainerCall {
  readonly program: ContainerProgram;
  /** The verb by its one name ("rm" for `docker container rm`, "volume create"); absent where it is missing or unknown. */
  readonly verb?: string;
  /** `container`, `image`, `buildx` … where it was written. */
  readonly group?: string;
  /** `sudo -E`, `env A=b` and the like before the program. */
  readonly prefix: readonly Field[];
  /** Options before the verb. */
  readonly globals: readonly ContainerOption[];
  /** In the order in which they are written. */
  readonly options: readonly ContainerOption[];
  /** What is left: for `run` and `create` the image and the command's words. */
  readonly operands: readonly Field[];
  /** Unquoted unknown words that are taken for options, such as `$BUILD_ARGS`. */
  readonly unresolved: readonly Field[];
  /** From the program's word to the last. */
  readonly callSpan: Range;
}

/** Reads the words of a simple command; `undefined` where they call no container program. */
export function recognizeContainerCall(fields: readonly Field[]): ContainerCall | undefined {
  const start = programIndex(fields);
  const first = fields[start];
  const last = fields.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { program, sure } = programOf(first);
  if (program === undefined) return undefined;
  const words = fields.slice(start + 1);
  const base = { program, prefix: fields.slice(0, start), callSpan: { start: first.range.start, end: last.range.end } };
  const call = program === "docker-compose" ? composeCall(words) : readCall(program, words);
  if (!sure && (call.verb === undefined || !isKnownVerb(program, call.verb))) return undefined;
  return { ...base, ...call };
}

/** Where the program may stand: after prefixes, and after words such as an unknown `$SUDO` that may be prefixes or nothing. */
function programIndex(fields: readonly Field[]): number {
  const at = prefixLength(fields);
  const field = fields[at];
  if (field === undefined || !mayVanish(field) || programOf(field).program !== undefined) return at;
  const next = at + 1 + programIndex(fields.slice(at + 1));
  const found = fields[next];
  return found !== undefined && programOf(found).sure ? next : at;
}

/** The value of the last option of that name, which is the one that counts for options that hold one value. */
export function optionValue(call: ContainerCall, name: string): Field | undefined {
  return call.options.findLast((option) => option.name === name)?.value;
}

/** The values of all options of that name, in order. */
export function optionValues(call: ContainerCall, name: string): readonly Field[] {
  return call.options.flatMap((option) => (option.name === name && option.value !== undefined ? [option.value] : []));
}

/** Whether a switch is on: given, and not as `--name=false`. */
export function hasSwitch(call: ContainerCall, name: string): boolean {
  const option = call.options.findLast((candidate) => candidate.name === name);
  if (option === undefined) return false;
  return option.value === undefined || !/^(?:false|f|0)$/i.test(fieldText(option.value) ?? "");
}

const PROGRAMS: Readonly<Record<string, ContainerProgram>> = {
  buildah: "buildah",
  docker: "docker",
  "docker-compose": "docker-compose",
  nerdctl: "nerdctl",
  podman: "podman",
  "podman-remote": "podman",
};

/** Names that scripts give to a variable that holds the program: `$DOCKER`, `$DOCKER_CMD`, `$CONTAINER_ENGINE`. */
const PROGRAM_VARIABLE =
  /^(?:(docker|podman|nerdctl|buildah)(?:_?(?:bin|binary|cli|cmd|command|exe|exec|path))?|(?:oci|container)_?(?:bin|cli|cmd|command|engine|exe|program|runtime|tool))$/i;

/** The program that a word names. Not `sure` where only a variable's name tells. */
function programOf(field: Field): { readonly program?: ContainerProgram; readonly sure: boolean } {
  const text = knownText(withFallbacks(fieldValue(field)));
  if (text !== undefined) {
    const name = text.replace(/^.*[/\\]/, "").replace(/\.exe$/, "");
    return Object.hasOwn(PROGRAMS, name) ? { program: PROGRAMS[name] ?? "docker", sure: true } : { sure: false };
  }
  const [part, ...others] = field.parts;
  if (part?.kind !== "unknown" || others.length > 0) return { sure: false };
  const found = /^\$\((?:which|command -v|type -P) (\S+)\)$/.exec(part.source)?.[1];
  if (found !== undefined && Object.hasOwn(PROGRAMS, found))
    return { program: PROGRAMS[found] ?? "docker", sure: true };
  const named = PROGRAM_VARIABLE.exec(part.name ?? "");
  return named === null
    ? { sure: false }
    : { program: PROGRAMS[named[1]?.toLowerCase() ?? ""] ?? "docker", sure: false };
}

type CallBody = Omit<ContainerCall, "program" | "prefix" | "callSpan">;

function composeCall(words: readonly Field[]): CallBody {
  return { verb: "compose", globals: [], options: [], operands: words, unresolved: [] };
}

function readCall(program: ContainerProgram, words: readonly Field[]): CallBody {
  const globals = readOptions(words, optionsOf(program, ""), { stopAtOperand: true, guess: true });
  const [verbField, ...rest] = globals.operands;
  const word = verbField === undefined ? undefined : fieldText(verbField);
  const before = globals.options;
  if (word === undefined)
    return { globals: before, options: [], operands: globals.operands, unresolved: globals.unresolved };
  if (word === "compose") return { ...composeCall(rest), globals: before };
  if (!isGroup(program, word)) return { globals: before, ...readVerb(program, undefined, word, rest) };
  const group = readOptions(rest, optionsOf(program, word === "buildx" ? "buildx stop" : ""), {
    stopAtOperand: true,
    guess: true,
  });
  const [subField, ...operands] = group.operands;
  const sub = subField === undefined ? undefined : fieldText(subField);
  if (sub === undefined) return { group: word, globals: before, options: [], operands: group.operands, unresolved: [] };
  return { globals: [...before, ...group.options], group: word, ...readVerb(program, word, sub, operands) };
}

function readVerb(
  program: ContainerProgram,
  group: string | undefined,
  word: string,
  words: readonly Field[],
): Pick<ContainerCall, "options" | "operands" | "unresolved"> & { readonly verb: string } {
  const verb = verbOf(group, word);
  const most = mostOperands(program, verb);
  const stopAtOperand = stopsAtOperand(program, verb);
  const read = readOptions(words, optionsOf(program, verb), { stopAtOperand, guess: most === undefined });
  const { operands, extra } = withinLimit(read.operands, most);
  return { verb, options: read.options, operands, unresolved: [...read.unresolved, ...extra] };
}

/** Takes unknown words that may be options out, as long as there are more operands than the verb takes. */
function withinLimit(
  operands: readonly Field[],
  most: number | undefined,
): { operands: readonly Field[]; extra: readonly Field[] } {
  let surplus = most === undefined ? 0 : operands.length - most;
  const extra = operands.filter((field) => {
    if (surplus <= 0 || !mayVanish(field)) return false;
    surplus -= 1;
    return true;
  });
  return { operands: operands.filter((field) => !extra.includes(field)), extra };
}

interface Reading {
  /** The first operand ends the options. */
  readonly stopAtOperand: boolean;
  /** Unknown words with names such as `$RUN_ARGS` are options, not operands. */
  readonly guess: boolean;
}

interface OptionsRead {
  readonly options: readonly ContainerOption[];
  readonly operands: readonly Field[];
  readonly unresolved: readonly Field[];
}

/** Reads words as pflag does (https://pkg.go.dev/github.com/spf13/pflag), which all of these programs use. */
function readOptions(words: readonly Field[], index: OptionIndex, how: Reading): OptionsRead {
  const options: ContainerOption[] = [];
  const operands: Field[] = [];
  const unresolved: Field[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const field = words[at];
    if (field === undefined) break;
    const lead = leadingText(field);
    if (lead === "--" && field.parts.length === 1)
      return { options, operands: [...operands, ...words.slice(at + 1)], unresolved };
    if (/^--?$/.test(lead) && field.parts.length > 1) unresolved.push(field);
    else if (lead.startsWith("-") && lead !== "-") {
      const read = lead.startsWith("--")
        ? readLong(field, words[at + 1], index)
        : readShort(field, words[at + 1], index);
      options.push(...read.options);
      at += read.tookNext ? 1 : 0;
    } else if (how.guess && at < words.length - 1 && mayVanish(field) && namesOptions(field)) unresolved.push(field);
    else if (how.stopAtOperand) return { options, operands: words.slice(at), unresolved };
    else operands.push(field);
  }
  return { options, operands, unresolved };
}

/** Whether an unknown word that is not the last goes by a name that people give to options. */
function namesOptions(field: Field): boolean {
  const pattern = /arg|flag|opt|param|env|label|volumes|mounts/i;
  return field.parts.every((part) => part.kind === "unknown" && pattern.test(part.source));
}

interface OptionRead {
  readonly options: readonly ContainerOption[];
  readonly tookNext: boolean;
}

function readLong(field: Field, next: Field | undefined, index: OptionIndex): OptionRead {
  const lead = leadingText(field);
  const equals = lead.indexOf("=");
  const typed = equals < 0 ? lead : lead.slice(0, equals);
  const spec = index.get(typed);
  const option = { name: spec?.name ?? typed.slice(2), known: spec !== undefined };
  if (equals >= 0) {
    return { options: [{ ...option, value: withoutLeading(field, equals + 1), span: field.range }], tookNext: false };
  }
  return withNext(option, spec?.takesValue === true, field, next);
}

/** A cluster such as `-itd`, `-eA=b` or `-t name`: the first letter that takes a value ends it. */
function readShort(field: Field, next: Field | undefined, index: OptionIndex): OptionRead {
  const lead = leadingText(field);
  const options: ContainerOption[] = [];
  for (let at = 1; at < lead.length; at += 1) {
    const spec = index.get(`-${lead[at]}`);
    const option = { name: spec?.name ?? lead.slice(at, at + 1), known: spec !== undefined };
    const rest = withoutLeading(field, at + 1 + (lead[at + 1] === "=" ? 1 : 0));
    const ends = spec?.takesValue === true || lead[at + 1] === "=";
    if (ends && hasMore(field, at))
      return { options: [...options, { ...option, value: rest, span: field.range }], tookNext: false };
    if (ends) {
      const read = withNext(option, true, field, next);
      return { options: [...options, ...read.options], tookNext: read.tookNext };
    }
    options.push({ ...option, span: field.range });
  }
  return { options, tookNext: false };
}

function hasMore(field: Field, at: number): boolean {
  return leadingText(field).length > at + 1 || field.parts.length > 1;
}

function withNext(
  option: { readonly name: string; readonly known: boolean },
  takesValue: boolean,
  field: Field,
  next: Field | undefined,
): OptionRead {
  if (!takesValue || next === undefined) return { options: [{ ...option, span: field.range }], tookNext: false };
  const span = { start: field.range.start, end: next.range.end };
  return { options: [{ ...option, value: next, span }], tookNext: true };
}
