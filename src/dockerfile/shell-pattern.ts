/**
 * The patterns of `${X#p}`, `${X%p}` and `${X/p/r}`: `?` is one character, `*` any number, `\` escapes these.
 *
 *     trimPattern("a.b.c", "*.", "start", false)    // "b.c"
 *     replacePattern("a-b-c", "-", "+", true)       // "a+b+c"
 *
 * Bracket expressions are plain text, as in BuildKit.
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go (`convertShellPatternToRegex`)
 */

type Token = { readonly kind: "any" } | { readonly kind: "one" } | { readonly kind: "text"; readonly text: string };

/** `undefined` where BuildKit rejects an escape. */
function tokens(pattern: string): readonly Token[] | undefined {
  const result: Token[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i] ?? "";
    if (character === "*") result.push({ kind: "any" });
    else if (character === "?") result.push({ kind: "one" });
    else if (character !== "\\") result.push({ kind: "text", text: character });
    else if (characters[i + 1] !== "}" && characters[i + 1] !== "/") {
      const escaped = characters[i + 1];
      if (escaped !== "*" && escaped !== "?" && escaped !== "\\") return undefined;
      result.push({ kind: "text", text: escaped });
      i += 1;
    }
  }
  return result;
}

/** Lengths, in characters from `from` on, that the tokens can match; `longest` picks one of them. */
function matchLength(
  text: readonly string[],
  from: number,
  pattern: readonly Token[],
  longest: boolean,
): number | undefined {
  let ends = new Set([from]);
  for (const token of pattern) ends = step(text, ends, token);
  if (ends.size === 0) return undefined;
  const end = [...ends].reduce((a, b) => (longest ? Math.max(a, b) : Math.min(a, b)));
  return end - from;
}

function step(text: readonly string[], ends: ReadonlySet<number>, token: Token): Set<number> {
  if (token.kind === "any") return fromSmallest(text, ends);
  const next = new Set<number>();
  for (const end of ends) {
    const character = text[end];
    const fits = token.kind === "one" ? character !== undefined && character !== "\n" : character === token.text;
    if (fits) next.add(end + 1);
  }
  return next;
}

/** `*` matches no line feed, like Go's `.`: from each end on, up to the next one. */
function fromSmallest(text: readonly string[], ends: ReadonlySet<number>): Set<number> {
  const next = new Set<number>();
  for (const start of [...ends].sort((a, b) => a - b)) {
    for (let end = start; end <= text.length && !(end > start && next.has(end)); end += 1) {
      next.add(end);
      if (text[end] === "\n") break;
    }
  }
  return next;
}

/** Takes the pattern's shortest (or longest) match away from one side; `undefined` where the pattern is invalid. */
export function trimPattern(
  value: string,
  pattern: string,
  side: "start" | "end",
  longest: boolean,
): string | undefined {
  const parsed = tokens(pattern);
  if (parsed === undefined) return undefined;
  const text = side === "start" ? [...value] : [...value].reverse();
  const length = matchLength(text, 0, side === "start" ? parsed : [...parsed].reverse(), longest) ?? 0;
  const rest = text.slice(length);
  return (side === "start" ? rest : rest.reverse()).join("");
}

/** Replaces the first match of a pattern, or all; `*` takes as much as it can. `undefined` where the pattern is invalid. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string | undefined {
  const parsed = tokens(pattern);
  if (parsed === undefined) return undefined;
  const text = [...value];
  const out: string[] = [];
  let at = 0;
  let open = true;
  while (at <= text.length) {
    const length = open ? matchLength(text, at, parsed, true) : undefined;
    if (length !== undefined) out.push(replacement);
    if (length !== undefined && !all) open = false;
    if (length === undefined || length === 0) out.push(text[at] ?? "");
    at += length === undefined || length === 0 ? 1 : length;
  }
  return out.join("");
}
