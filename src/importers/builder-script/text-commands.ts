/**
 * What commands print that turn text into text, where the text is known.
 *
 *     basename "$PWD"                       the last name of the working directory
 *     echo "$tag" | tr / -                  the tag with other separators
 *     cat VERSION                           what the file holds now: a default, since the file may change
 *     git rev-parse --show-toplevel         the checkout
 *
 * `undefined`: only the real run knows. What a command reads and writes besides is decided in host-commands.ts.
 */
import { posix } from "node:path";
import { runPureCommand } from "../../shell/pure-commands.ts";
import type { Scope } from "../../shell/scope.ts";
import { concat, type Field, fieldValue, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import type { CommandContext } from "./command-context.ts";
import { CHECKOUT } from "./host-tree.ts";
import { fileText } from "./standard-input.ts";
import { absolutePath, fieldKey, isPartlyUnknown, settledText } from "./values.ts";

/** The standard output of a command, final line end included where that is known. */
export function printedText(
  name: string,
  operands: readonly Field[],
  fields: readonly Field[],
  scope: Scope,
  context: CommandContext,
): SymbolicValue | undefined {
  const pure = runPureCommand(fields, scope);
  if (pure !== undefined) return pure;
  const words = operands.map(fieldKey);
  const [first, second] = words.filter((key) => !key.startsWith("-"));
  switch (name) {
    case "echo":
      return withLineEnd(joined(operands.filter((field) => !/^-[neE]+$/.test(fieldKey(field)))));
    case "printf":
      return words[0] === "%s" && operands[1] !== undefined ? fieldValue(operands[1]) : undefined;
    case "dirname":
      return first === undefined ? undefined : ofKey(posix.dirname(first));
    case "basename":
      return first === undefined ? undefined : ofKey(posix.basename(first, second));
    case "readlink":
    case "realpath":
      return first === undefined ? undefined : ofKey(absolutePath(context.shell.cwd, first));
    case "git":
      return words.join(" ") === "rev-parse --show-toplevel" ? text(CHECKOUT) : undefined;
    case "cat":
      return concatenated(operands, context);
    case "seq":
      return sequence(words);
    case "cut":
    case "head":
    case "sed":
    case "tr":
      return filtered(name, words, context);
    default:
      return undefined;
  }
}

function withLineEnd(value: SymbolicValue): SymbolicValue {
  return concat(value, text("\n"));
}

/** A value for text made from a key; the unknown parts of a key keep their braces out of it. */
function ofKey(key: string): SymbolicValue | undefined {
  return isPartlyUnknown(key) ? undefined : text(key);
}

function joined(fields: readonly Field[]): SymbolicValue {
  return fields.flatMap((field, index) => [...(index === 0 ? [] : text(" ")), ...fieldValue(field)]);
}

/** Of a file of the checkout the text is what a run sees until someone changes the file. */
function concatenated(operands: readonly Field[], { stdin, world, shell }: CommandContext): SymbolicValue | undefined {
  const [operand, ...others] = operands;
  if (operand === undefined || fieldKey(operand) === "-") return others.length === 0 ? stdin?.input.value : undefined;
  if (others.length > 0) return undefined;
  const known = fileText(world.host, absolutePath(shell.cwd, fieldKey(operand)));
  if (known === undefined || known.length > LONGEST_CONTENT) return undefined;
  const source = `$(cat ${fieldKey(operand)})`;
  return [{ kind: "unknown", source, fallback: text(known.replace(/\n+$/, "")) }];
}

/** A file that is longer holds no version, name or path. */
const LONGEST_CONTENT = 4096;

const MOST_NUMBERS = 500;

function sequence(words: readonly string[]): SymbolicValue | undefined {
  if (words.length === 0 || words.length > 3 || !words.every((word) => /^-?\d+$/.test(word))) return undefined;
  const numbers = words.map(Number);
  const [first, step, last] =
    numbers.length === 3 ? numbers : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : [1, 1, numbers[0]];
  if (first === undefined || step === undefined || last === undefined || step === 0) return undefined;
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > MOST_NUMBERS) return undefined;
  return text(Array.from({ length: count }, (_, index) => `${first + index * step}\n`).join(""));
}

// ---- filters

function filtered(name: string, words: readonly string[], { stdin }: CommandContext): SymbolicValue | undefined {
  const value = stdin?.input.value;
  const given = value === undefined ? undefined : settledText(value);
  const result = given === undefined ? undefined : FILTERS[name]?.(given, words);
  if (value === undefined || result === undefined) return undefined;
  // What is made of a default is one too.
  return knownText(value) !== undefined
    ? text(result)
    : [{ kind: "unknown", source: `$(${name})`, fallback: text(result) }];
}

const FILTERS: Readonly<Record<string, (given: string, words: readonly string[]) => string | undefined>> = {
  cut: (given, words) => {
    const { d: delimiter = "\t", f: field } = shortOptions(words, "df");
    if (field === undefined || !/^\d+$/.test(field) || delimiter.length !== 1) return undefined;
    return eachLine(given, (line) =>
      line.includes(delimiter) ? (line.split(delimiter)[Number(field) - 1] ?? "") : line,
    );
  },
  head: (given, words) => {
    const count = /^-(?:n ?)?(\d+)$/.exec(words.join(" "))?.[1];
    return count === undefined
      ? undefined
      : given
          .split(/(?<=\n)/)
          .slice(0, Number(count))
          .join("");
  },
  sed: (given, words) => {
    const script = words.filter((word) => !/^-[Ee]$/.test(word));
    const [only, ...others] = script;
    const [, separator, pattern, by, flags] =
      /^s([/|,#:@])((?:(?!\1)[^\\.*[\]^$+?(){}|])*)\1((?:(?!\1)[^\\&])*)\1(g?)$/.exec(only ?? "") ?? [];
    if (separator === undefined || others.length > 0 || pattern === undefined || pattern === "") return undefined;
    return eachLine(given, (line) =>
      flags === "g" ? line.replaceAll(pattern, () => by ?? "") : line.replace(pattern, () => by ?? ""),
    );
  },
  tr: (given, words) => {
    const [first = "", second] = words;
    if (first === "-d" && second !== undefined) {
      const gone = characters(second);
      return gone === undefined ? undefined : [...given].filter((char) => !gone.includes(char)).join("");
    }
    const from = characters(first);
    const to = characters(second ?? "");
    if (from === undefined || to === undefined || to.length === 0 || words.length !== 2) return undefined;
    return [...given].map((char) => translated(char, from, to)).join("");
  },
};

function translated(char: string, from: readonly string[], to: readonly string[]): string {
  const at = from.lastIndexOf(char);
  return at < 0 ? char : (to[Math.min(at, to.length - 1)] ?? char);
}

/** A set of `tr`: plain characters, ranges of letters or digits, and the commonest classes and escapes. */
function characters(set: string): readonly string[] | undefined {
  const plain = set
    .replace("[:upper:]", "A-Z")
    .replace("[:lower:]", "a-z")
    .replace("[:digit:]", "0-9")
    .replace(/\\n/g, "\n")
    .replace(/\\t/g, "\t");
  if (/^-|[\\[]/.test(plain)) return undefined;
  return (
    plain.match(/[A-Za-z0-9]-[A-Za-z0-9]|[\s\S]/g)?.flatMap((one) => (one.length === 3 ? rangeOf(one) : [one])) ?? []
  );
}

function rangeOf(range: string): readonly string[] {
  const [from = 0, to = 0] = [range.charCodeAt(0), range.charCodeAt(2)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String.fromCharCode(from + index));
}

function eachLine(given: string, change: (line: string) => string): string {
  const lines = given.split("\n");
  const last = lines.at(-1) === "" ? lines.pop() : undefined;
  return [...lines.map(change), ...(last === undefined ? [] : [last])].join("\n");
}

/** `-d: -f2` and `-d : -f 2`. */
function shortOptions(words: readonly string[], letters: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 1) {
    const [, letter, value] = /^-(\w)([\s\S]*)$/.exec(words[at] ?? "") ?? [];
    if (letter === undefined || !letters.includes(letter)) return {};
    found[letter] = value === "" || value === undefined ? (words[++at] ?? "") : value;
  }
  return found;
}
