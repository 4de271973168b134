/**
 * One logical line as a typed instruction:
 *
 *     COPY --from=builder /bin/app /app       { kind: "copy", form: "shell", sources: ["/bin/app"], destination: "/app" }
 *
 * What BuildKit rejects is a rejection here too, with its place. Meaning (variables, working directories, images) is not
 * decided here.
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go
 */
import type { Range } from "../text/source.ts";
import { flagProblem, readFlags } from "./flags.ts";
import { durationProblem, retriesProblem } from "./healthcheck-flags.ts";
import { isHeredocWord } from "./heredocs.ts";
import { logicalFrom, sourceRange } from "./lines.ts";
import { jsonWordPlaces, jsonWords, quotedWords, separatedWords, type Word } from "./operands.ts";
import type {
  CmdInstruction,
  CommandForm,
  EnvInstruction,
  FromInstruction,
  Heredoc,
  Instruction,
  KeyValue,
  ListInstruction,
  LogicalText,
  Operand,
  RunInstruction,
  ValueInstruction,
} from "./syntax.ts";
import { nextSeparator, skipSeparators, skipSpaces, trimmedEnd } from "./white-space.ts";

/** What is known of a line before its operands are looked at. */
export interface InstructionLine {
  readonly logical: LogicalText;
  readonly range: Range;
  readonly leading: Range;
  readonly heredocs: readonly Heredoc[];
  readonly escape: "\\" | "`";
}

/**
 * Why a line is no instruction, and the range to blame. `recovered` is what stands there all the same, where that is plain: a
 * FROM with words too many still begins a stage, and without it every later line would seem to stand in the wrong one.
 */
export class Rejection extends Error {
  readonly range: Range;
  readonly recovered: Instruction | undefined;

  constructor(message: string, range: Range, recovered?: Instruction) {
    super(message);
    this.range = range;
    this.recovered = recovered;
  }
}

type Base = Pick<Instruction, "keyword" | "range" | "leading" | "flags" | "logical" | "rest" | "heredocs">;

/**
 * What all kinds have in common, and what reading the operands needs. Each kind is written out as one object literal below:
 * spreading the common part instead costs three quarters of the whole parse (`npm run bench`).
 */
interface Draft extends Base {
  /** The keyword in lower case. */
  readonly name: string;
  readonly escape: "\\" | "`";
}

type Reader = (draft: Draft) => Instruction;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["add", (draft) => readCopy(draft, "add")],
  ["arg", (draft) => pairsOf(draft, "arg", readArguments(draft))],
  ["cmd", (draft) => readCommand(draft, "cmd")],
  ["copy", (draft) => readCopy(draft, "copy")],
  ["entrypoint", (draft) => readCommand(draft, "entrypoint")],
  ["env", (draft) => pairsOf(draft, "env", readPairs(draft))],
  ["expose", (draft) => listOf(draft, "expose", atLeastOne(draft, splitWords(draft)))],
  ["from", readFrom],
  ["healthcheck", readHealthcheck],
  ["label", (draft) => pairsOf(draft, "label", readPairs(draft))],
  ["maintainer", (draft) => readValue(draft, "maintainer")],
  ["onbuild", readOnbuild],
  ["run", (draft) => readCommand(draft, "run")],
  ["shell", readShell],
  ["stopsignal", (draft) => readValue(draft, "stopsignal")],
  ["user", (draft) => readValue(draft, "user")],
  ["volume", readVolume],
  ["workdir", (draft) => readValue(draft, "workdir")],
]);

/** Reads a line as an instruction; throws a Rejection where BuildKit would not build it. */
export function readInstruction(line: InstructionLine): Instruction {
  const { text } = line.logical;
  const start = skipSpaces(text, 0, text.length);
  const end = keywordEnd(text, start);
  const keyword = text.slice(start, end);
  const name = keyword.toLowerCase();
  const reader = READERS.get(name);
  if (reader === undefined) throw new Rejection(unknownKeyword(keyword), sourceRange(line.logical, start, end));

  const { flags, end: offset } = readFlags(line.logical, end, line.escape);
  const rest = text.slice(offset, trimmedEnd(text, offset, text.length));
  const { logical, range, leading, heredocs, escape: escapeWith } = line;
  const instruction = reader({
    keyword,
    range,
    leading,
    flags,
    logical,
    rest: { text: rest, offset },
    heredocs,
    name,
    escape: escapeWith,
  });
  if (flags.length > 0) checkFlags(instruction, name);
  return instruction;
}

/** The keyword of a line in lower case, without reading more of it. */
export function keywordOf(logical: LogicalText, from = 0): string {
  const start = skipSpaces(logical.text, from, logical.text.length);
  return logical.text.slice(start, keywordEnd(logical.text, start)).toLowerCase();
}

/** Whether the operands of a line are a JSON array of strings. */
export function hasExecForm(logical: LogicalText, escapeWith: string): boolean {
  const start = skipSpaces(logical.text, 0, logical.text.length);
  const { end } = readFlags(logical, keywordEnd(logical.text, start), escapeWith);
  return Array.isArray(jsonWords(logical.text.slice(end, trimmedEnd(logical.text, end, logical.text.length))));
}

function keywordEnd(text: string, start: number): number {
  const end = nextSeparator(text, start);
  return end < text.length ? end : trimmedEnd(text, start, end);
}

const LONGEST_SHOWN = 40;

function unknownKeyword(keyword: string): string {
  if (keyword === "") return "a continuation continues into nothing";
  const shown = keyword.length > LONGEST_SHOWN ? `${keyword.slice(0, LONGEST_SHOWN)}…` : keyword;
  return `"${shown}" is no Dockerfile instruction`;
}

function checkFlags(instruction: Instruction, name: string): void {
  // `HEALTHCHECK --anything NONE` builds: BuildKit looks at the flags of the other form only.
  if (instruction.kind === "healthcheck" && instruction.command === undefined) return;
  const problem = flagProblem(name, instruction.flags);
  if (problem !== undefined) throw new Rejection(problem.message, problem.flag.range);
}

function shout(draft: Draft): string {
  return draft.name.toUpperCase();
}

function keywordRange({ logical, keyword }: Draft): Range {
  const start = skipSpaces(logical.text, 0, logical.text.length);
  return sourceRange(logical, start, start + keyword.length);
}

function reject(draft: Draft, message: string, word?: Word): never {
  throw new Rejection(message, word === undefined ? keywordRange(draft) : rangeOf(draft, word.start, word.end));
}

function rangeOf({ logical, rest }: Draft, start: number, end: number): Range {
  return sourceRange(logical, rest.offset + start, rest.offset + end);
}

function operand(draft: Draft, word: Word): Operand {
  return { text: word.text, range: rangeOf(draft, word.start, word.end) };
}

function operands(draft: Draft, words: readonly Word[]): readonly Operand[] {
  return words.map((word) => operand(draft, word));
}

function splitWords(draft: Draft): readonly Word[] {
  return separatedWords(draft.rest.text);
}

function atLeastOne<T>(draft: Draft, list: readonly T[]): readonly T[] {
  return list.length > 0 ? list : reject(draft, `${shout(draft)} has no argument`);
}

function readValue(draft: Draft, kind: ValueInstruction["kind"]): Instruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  if (rest.text === "") return reject(draft, `${shout(draft)} has no argument`);
  return { kind, keyword, range, leading, flags, logical, rest, heredocs, value: rest.text };
}

function listOf(draft: Draft, kind: ListInstruction["kind"], words: readonly Word[]): Instruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  return { kind, keyword, range, leading, flags, logical, rest, heredocs, operands: operands(draft, words) };
}

function pairsOf(draft: Draft, kind: EnvInstruction["kind"], pairs: readonly KeyValue[]): Instruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  return { kind, keyword, range, leading, flags, logical, rest, heredocs, pairs };
}

/** The strings of the exec form; `undefined` for the shell form. */
function execWords(draft: Draft, text: string): readonly string[] | undefined {
  const words = jsonWords(text);
  if (words === "mixed") reject(draft, `the array of ${shout(draft)} holds something other than strings`);
  return words === "shell" ? undefined : words;
}

function readCommand(draft: Draft, kind: (RunInstruction | CmdInstruction)["kind"]): Instruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  const command = commandForm(draft, rest.text);
  return { kind, keyword, range, leading, flags, logical, rest, heredocs, command };
}

function commandForm(draft: Draft, text: string): CommandForm {
  const words = execWords(draft, text);
  return words === undefined ? { form: "shell", command: text } : { form: "exec", words };
}

function readCopy(draft: Draft, kind: "copy" | "add"): Instruction {
  const exec = execWords(draft, draft.rest.text);
  const words = exec === undefined ? splitWords(draft) : jsonWordPlaces(draft.rest.text, exec);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    return reject(draft, `${shout(draft)} needs a source and a destination`);
  }
  if (isHeredocWord(destination.text)) {
    return reject(draft, `${shout(draft)} cannot have a heredoc as its destination`, destination);
  }
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  const form = exec === undefined ? "shell" : "exec";
  const sources = operands(draft, words.slice(0, -1));
  return {
    kind,
    keyword,
    range,
    leading,
    flags,
    logical,
    rest,
    heredocs,
    form,
    sources,
    destination: operand(draft, destination),
  };
}

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

function readFrom(draft: Draft): Instruction {
  const words = splitWords(draft);
  const [image, as, name] = words;
  if (image === undefined) return reject(draft, "FROM has no argument");
  if (as === undefined) return fromOf(draft, image, undefined);
  const named = as.text.toLowerCase() === "as" && name !== undefined && STAGE_NAME.test(name.text.toLowerCase());
  const recovered = fromOf(draft, image, named ? name : undefined);
  if (name === undefined || words.length !== 3 || as.text.toLowerCase() !== "as") {
    const problem = `FROM takes an image, or an image, "AS" and a name`;
    throw new Rejection(problem, rangeOf(draft, as.start, as.end), recovered);
  }
  if (!named)
    throw new Rejection(`"${name.text}" is no name for a build stage`, rangeOf(draft, name.start, name.end), recovered);
  return recovered;
}

function fromOf(draft: Draft, image: Word, name: Word | undefined): FromInstruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  const base = operand(draft, image);
  if (name === undefined) return { kind: "from", keyword, range, leading, flags, logical, rest, heredocs, image: base };
  const as = operand(draft, name);
  return { kind: "from", keyword, range, leading, flags, logical, rest, heredocs, image: base, name: as };
}

function readVolume(draft: Draft): Instruction {
  const exec = execWords(draft, draft.rest.text);
  const words = atLeastOne(draft, exec === undefined ? splitWords(draft) : jsonWordPlaces(draft.rest.text, exec));
  const empty = words.find((word) => word.text.trim() === "");
  if (empty !== undefined) return reject(draft, "VOLUME has an empty path", empty);
  return listOf(draft, "volume", words);
}

function readShell(draft: Draft): Instruction {
  const words = execWords(draft, draft.rest.text);
  if (words === undefined) return reject(draft, "SHELL takes a JSON array of strings only");
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  return { kind: "shell", keyword, range, leading, flags, logical, rest, heredocs, words: atLeastOne(draft, words) };
}

/** `KEY=value …`, or the old form `KEY value` where the first word has no `=`. */
function readPairs(draft: Draft): readonly KeyValue[] {
  const words = atLeastOne(draft, quotedWords(draft.rest.text, draft.escape));
  const [first] = words;
  if (first !== undefined && !first.text.includes("=")) return [oldPair(draft)];
  return words.map((word) => {
    const pair = keyValue(draft, word);
    return pair.value === undefined ? reject(draft, `"${word.text}" has no "="`, word) : pair;
  });
}

function oldPair(draft: Draft): KeyValue {
  const separator = nextSeparator(draft.rest.text, 0);
  if (separator === draft.rest.text.length) return reject(draft, `${shout(draft)} "${draft.rest.text}" has no value`);
  const value = draft.rest.text.slice(skipSeparators(draft.rest.text, separator));
  const range = rangeOf(draft, 0, draft.rest.text.length);
  return { key: draft.rest.text.slice(0, separator), value, range };
}

function keyValue(draft: Draft, word: Word): KeyValue {
  const range = rangeOf(draft, word.start, word.end);
  const equals = word.text.indexOf("=");
  if (equals === 0) reject(draft, `${shout(draft)} "${word.text}" has no name`, word);
  if (equals < 0) return { key: word.text, range };
  return { key: word.text.slice(0, equals), value: word.text.slice(equals + 1), range };
}

function readArguments(draft: Draft): readonly KeyValue[] {
  return atLeastOne(draft, quotedWords(draft.rest.text, draft.escape)).map((word) => keyValue(draft, word));
}

function readHealthcheck(draft: Draft): Instruction {
  const [, type = "", command = ""] = /^(\S*)\s*(.*)$/s.exec(draft.rest.text) ?? [];
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  const base = { kind: "healthcheck", keyword, range, leading, flags, logical, rest, heredocs } as const;
  switch (type.toUpperCase()) {
    case "":
      return reject(draft, "HEALTHCHECK has no argument");
    case "NONE":
      return command === "" ? base : reject(draft, "HEALTHCHECK NONE takes no argument");
    case "CMD":
      return { ...base, command: healthcheckCommand(draft, command) };
    default:
      return reject(draft, `HEALTHCHECK takes "CMD" or "NONE", not "${type}"`);
  }
}

function healthcheckCommand(draft: Draft, text: string): CommandForm {
  const command = commandForm(draft, text);
  const empty = command.form === "exec" ? command.words.length === 0 : command.command === "";
  if (empty) reject(draft, "HEALTHCHECK CMD has no command");
  for (const flag of draft.flags) {
    const message = flag.name === "retries" ? retriesProblem(flag.value) : durationProblem(flag);
    if (message !== undefined) throw new Rejection(message, flag.range);
  }
  return command;
}

const NO_TRIGGERS: readonly string[] = ["onbuild", "from", "maintainer"];

function readOnbuild(draft: Draft): Instruction {
  const { keyword, range, leading, flags, logical, rest, heredocs } = draft;
  if (rest.text === "") return reject(draft, "ONBUILD has no instruction");
  const name = keywordOf(logical, rest.offset);
  if (NO_TRIGGERS.includes(name)) return reject(draft, `ONBUILD cannot trigger ${name.toUpperCase()}`);
  const own = logicalFrom(logical, rest.offset);
  const start = own.toSource(0);
  const places = { leading: { start, end: start }, range: { start, end: range.end } };
  const trigger = readInstruction({ ...places, logical: own, heredocs, escape: draft.escape });
  return { kind: "onbuild", keyword, range, leading, flags, logical, rest, heredocs, trigger };
}
