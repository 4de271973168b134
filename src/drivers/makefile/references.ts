/**
 * Where a text refers to variables and calls functions.
 *
 *     docker build -t $(IMAGE):$V .     text, a reference to IMAGE, text, a reference to V, text
 *     echo $$HOME                       text, a dollar, text
 *
 * Parentheses count inside a reference, as in make (https://www.gnu.org/software/make/manual/html_node/Reference.html).
 */
import type { Range } from "../../text/source.ts";

export type Token =
  | ({ readonly kind: "text" } & Range)
  /** `$$` */
  | ({ readonly kind: "dollar" } & Range)
  /** `body` is what stands between the parentheses, or the one character behind the dollar. */
  | ({ readonly kind: "reference"; readonly body: string } & Range);

/** The tokens of a text from `start` to `end`, in order and without gaps. */
export function tokensOf(text: string, start = 0, end = text.length): readonly Token[] {
  const tokens: Token[] = [];
  let from = start;
  const flush = (at: number): void => {
    if (at > from) tokens.push({ kind: "text", start: from, end: at });
  };
  for (let at = text.indexOf("$", start); at >= 0 && at + 1 < end; at = text.indexOf("$", from)) {
    flush(at);
    const token = tokenAt(text, at, end);
    tokens.push(token);
    from = token.end;
  }
  flush(end);
  return tokens;
}

function tokenAt(text: string, at: number, end: number): Token {
  const next = text[at + 1] ?? "";
  if (next === "$") return { kind: "dollar", start: at, end: at + 2 };
  if (next !== "(" && next !== "{") return { kind: "reference", body: next, start: at, end: at + 2 };
  const close = closing(text, at + 1, end);
  return { kind: "reference", body: text.slice(at + 2, close), start: at, end: Math.min(close + 1, end) };
}

/** The place of the bracket that closes the one at `open`; `end` where there is none. */
function closing(text: string, open: number, end: number): number {
  const opens = text[open];
  const closes = opens === "(" ? ")" : "}";
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (text[at] === opens) depth++;
    else if (text[at] === closes && --depth === 0) return at;
  }
  return end;
}

/** The first place of one of the characters outside of references, or -1. */
export function findOutside(text: string, characters: RegExp, start = 0): number {
  for (const token of tokensOf(text, start)) {
    if (token.kind !== "text") continue;
    const at = text.slice(token.start, token.end).search(characters);
    if (at >= 0) return token.start + at;
  }
  return -1;
}

/** The words between two places, separated by blanks outside of references. */
export function wordRanges(text: string, start: number, end: number): readonly Range[] {
  const words: { start: number; end: number }[] = [];
  const grow = (from: number, to: number): void => {
    const last = words.at(-1);
    if (last?.end === from) last.end = to;
    else words.push({ start: from, end: to });
  };
  for (const token of tokensOf(text, start, end)) {
    if (token.kind !== "text") grow(token.start, token.end);
    else
      for (const match of text.slice(token.start, token.end).matchAll(/[^ \t]+/g))
        grow(token.start + match.index, token.start + match.index + match[0].length);
  }
  return words;
}

/** Splits a function's arguments at commas that stand in no bracket; the last of at most `most` keeps its commas. */
export function splitArguments(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < text.length && parts.length < most - 1; at++) {
    const character = text[at];
    if (character === "(" || character === "{") depth++;
    else if (character === ")" || character === "}") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
