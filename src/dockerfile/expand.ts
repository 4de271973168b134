/**
 * Variables in the operands of instructions, as the builder expands them:
 *
 *     expandWord("${APP:-/app}/bin", lookup, "\\")      // { value: "/srv/bin", unknown: [] } with APP=/srv
 *     expandWord("$GOPATH/bin", lookup, "\\")           // { value: "$GOPATH/bin", unknown: ["GOPATH"] } where nobody knows it
 *
 * Quotes and escapes are taken away on the way. RUN, CMD and ENTRYPOINT are not expanded by the builder but by a shell: their
 * text is none of this file's business. `scope.ts` says what a variable is at an instruction.
 * Source: https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
import { LexError, type LexResult, type Lookup, lexWords, UNKNOWN } from "./lex.ts";

export { type Lookup, UNKNOWN } from "./lex.ts";

/** The escape character of a file. */
export type EscapeCharacter = "\\" | "`";

export interface Expansion {
  /** The expanded text; where a variable is unknown, the reference as it is written. Exact only if `unknown` is empty. */
  readonly value: string;
  /** The variables whose value is unknown, each once. */
  readonly unknown: readonly string[];
  /** Why the builder rejects the text: an unclosed quote, `${X?message}` without X. The value is then the text itself. */
  readonly problem?: string;
}

/** Expands one operand; white space in it is kept. */
export function expandWord(text: string, lookup: Lookup, escapeWith: EscapeCharacter): Expansion {
  const { problem, result } = lex(text, lookup, escapeWith);
  if (result === undefined) return { value: text, unknown: [], problem: problem ?? "" };
  return { value: result.value, unknown: result.unknown };
}

/** Expands a text and splits it at unquoted white space, as EXPOSE does. */
export function expandWords(
  text: string,
  lookup: Lookup,
  escapeWith: EscapeCharacter,
): Omit<Expansion, "value"> & { readonly words: readonly string[] } {
  const { problem, result } = lex(text, lookup, escapeWith);
  if (result === undefined) return { words: [text], unknown: [], problem: problem ?? "" };
  return { words: result.words, unknown: result.unknown };
}

/** The text without quotes and escapes, variables left as they are written. */
export function unquote(text: string, escapeWith: EscapeCharacter): string {
  return expandWord(text, referencesOnly, escapeWith).value;
}

/** The variables that a text refers to, each once, in order; those in the words of `${A:-$B}` too. */
export function variableNames(text: string, escapeWith: EscapeCharacter): readonly string[] {
  return lex(text, referencesOnly, escapeWith).result?.names ?? [];
}

const referencesOnly: Lookup = () => UNKNOWN;

function lex(
  text: string,
  lookup: Lookup,
  escapeWith: EscapeCharacter,
): { readonly result?: LexResult; readonly problem?: string } {
  try {
    return { result: lexWords(text, { escape: escapeWith, lookup }) };
  } catch (error) {
    if (error instanceof LexError) return { problem: error.message };
    throw error;
  }
}
