/**
 * Wildcards in the sources of COPY and ADD, as Go's `filepath.Match` reads them:
 *
 *     matchesWildcard("dist/*.js", "dist/a.js")      // true; `*` and `?` never match a slash
 *     matchesWildcard("[a-c]?", "b1")                // true
 *
 * Source: https://pkg.go.dev/path/filepath#Match
 */
import { ANY, matchesSequence, type SequenceToken } from "../text/glob.ts";

/** Whether a source is a pattern: it holds an unescaped `*`, `?` or `[`. */
export function hasWildcard(source: string): boolean {
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === "\\") at += 1;
    else if (character === "*" || character === "?" || character === "[") return true;
  }
  return false;
}

/** Whether a path matches a pattern; false for a pattern that Go calls malformed. */
export function matchesWildcard(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, i) => matchesPart(part, given[i] ?? ""));
}

type Token = SequenceToken<string>;

function matchesPart(part: string, name: string): boolean {
  const tokens = readTokens(part);
  return tokens !== undefined && matchesSequence(tokens, [...name]);
}

/** `undefined` for a malformed pattern. */
function readTokens(part: string): readonly Token[] | undefined {
  const characters = [...part];
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === "*") tokens.push(ANY);
    else if (character === "?") tokens.push(() => true);
    else if (character === "[") {
      const range = readRange(characters, at + 1);
      if (range === undefined) return undefined;
      tokens.push(range.token);
      at = range.end;
    } else {
      if (character === "\\") at += 1;
      const text = characters[at];
      if (text === undefined) return undefined;
      tokens.push((given) => given === text);
    }
  }
  return tokens;
}

/** Reads `^a-cx]` from behind the bracket; `end` is the closing bracket's place. */
function readRange(characters: readonly string[], from: number): { token: Token; end: number } | undefined {
  const negated = characters[from] === "^";
  const ranges: (readonly [string, string])[] = [];
  let at = negated ? from + 1 : from;
  while (ranges.length === 0 || characters[at] !== "]") {
    const low = readBound(characters, at);
    if (low === undefined) return undefined;
    const high = characters[low.next] === "-" ? readBound(characters, low.next + 1) : low;
    if (high === undefined) return undefined;
    ranges.push([low.character, high.character]);
    at = high.next;
  }
  const token = (given: string) => ranges.some(([low, high]) => low <= given && given <= high) !== negated;
  return { token, end: at };
}

function readBound(characters: readonly string[], at: number): { character: string; next: number } | undefined {
  const first = characters[at];
  if (first === undefined || first === "-" || first === "]") return undefined;
  if (first !== "\\") return { character: first, next: at + 1 };
  const escaped = characters[at + 1];
  return escaped === undefined ? undefined : { character: escaped, next: at + 2 };
}
