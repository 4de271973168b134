/**
 * The members of a JSON object, with their places.
 *
 *     { "a": 1, "b": { "c": 2 } }        a at 2–7 with its comma, b at 10–27
 *
 * For files that are valid JSON; of others it returns what it could read. Not decided here: what a value is.
 */
import type { Range } from "../text/source.ts";

export interface JsonMember {
  readonly name: string;
  /** The value, with its quotes or brackets. */
  readonly value: Range;
  /** Name, value, and the comma behind them. */
  readonly whole: Range;
  readonly comma?: Range;
}

/** The members of the object at, or behind, an offset. */
export function membersOf(text: string, from: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  const open = text.indexOf("{", from);
  let at = open < 0 ? text.length : skipBlanks(text, open + 1);
  while (text[at] === '"') {
    const start = at;
    const key = valueEnd(text, at);
    const colon = skipBlanks(text, key);
    if (text[colon] !== ":") break;
    const value = { start: skipBlanks(text, colon + 1), end: valueEnd(text, skipBlanks(text, colon + 1)) };
    const next = skipBlanks(text, value.end);
    const comma = text[next] === "," ? { start: next, end: next + 1 } : undefined;
    const whole = { start, end: comma?.end ?? value.end };
    members.push({ name: text.slice(start + 1, key - 1), value, whole, ...(comma === undefined ? {} : { comma }) });
    if (comma === undefined) break;
    at = skipBlanks(text, comma.end);
  }
  return members;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at += 1;
  return at;
}

/** Where a value ends: behind its closing quote or bracket, or in front of what ends a number. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (depth === 0 && /[\s,:]/.test(character)) return at;
    if (depth < 0) return at;
    if (depth === 0 && /["}\]]/.test(text[at] ?? "")) return at + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
