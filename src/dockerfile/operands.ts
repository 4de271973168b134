/**
 * How the operands of an instruction are told apart; offsets count in the text that is given.
 *
 *     separatedWords("a  b", 0)            a at 0, b at 3          COPY, ADD, FROM, EXPOSE, VOLUME
 *     quotedWords(`A="b c" D=e`, 0, "\\")  A="b c" at 0, D=e at 8  ENV, ARG, LABEL
 *     jsonWords(`["a", "b"]`)              a and b                 the exec form
 *
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/line_parsers.go
 */
import { isSpace, nextSeparator, skipSeparators, skipSpaces } from "./white-space.ts";

/** A word and where it stands. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words between ASCII white space; quotes mean nothing. */
export function separatedWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let start = skipSeparators(text, 0);
  while (start < text.length) {
    const end = nextSeparator(text, start);
    words.push({ text: text.slice(start, end), start, end });
    start = skipSeparators(text, end);
  }
  return words;
}

/** Words between white space that is neither quoted nor escaped; quotes and escapes stay in the words. */
export function quotedWords(text: string, escapeWith: string): readonly Word[] {
  const words: Word[] = [];
  let start = skipSpaces(text, 0, text.length);
  while (start < text.length) {
    const after = quotedWordEnd(text, start, escapeWith);
    // An escape character at the very end escapes nothing and is dropped.
    const end = after > text.length ? text.length - 1 : after;
    if (end > start) words.push({ text: text.slice(start, end), start, end });
    start = skipSpaces(text, after, text.length);
  }
  return words;
}

/** Where the word at `start` ends; beyond the text when its last character is an escape. */
function quotedWordEnd(text: string, start: number, escapeWith: string): number {
  let quote = "";
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (quote === "" && isSpace(text.charCodeAt(at))) return at;
    if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    if (character === escapeWith && quote !== "'") at += 1;
    at += 1;
  }
  return at;
}

/** The strings of a JSON array; `"shell"` when the text is no JSON array, `"mixed"` when not all of it are strings. */
export function jsonWords(text: string): readonly string[] | "shell" | "mixed" {
  const start = skipSpaces(text, 0, text.length);
  if (text[start] !== "[") return "shell";
  try {
    const parsed: unknown = JSON.parse(text.slice(start));
    if (!Array.isArray(parsed)) return "shell";
    return parsed.every((item) => typeof item === "string") ? parsed : "mixed";
  } catch {
    return "shell";
  }
}

/** Where the strings of a JSON array of strings stand, their quotes included. */
export function jsonWordPlaces(text: string, words: readonly string[]): readonly Word[] {
  const places: Word[] = [];
  let at = 0;
  for (const word of words) {
    const start = text.indexOf('"', at);
    at = jsonStringEnd(text, start);
    places.push({ text: word, start, end: at });
  }
  return places;
}

function jsonStringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
