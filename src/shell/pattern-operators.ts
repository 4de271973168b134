/**
 * `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}` and `${x/p/r}` on values that are known in part.
 *
 *     x=$DIR-app.jar     ${x##*-} is "app.jar" whatever DIR holds; ${x#*-} depends on it
 */
import { isQuick, type Pattern, patternSource } from "./patterns.ts";
import { concat, knownText, type SymbolicValue, text } from "./symbolic.ts";

/** Takes the shortest (or, `greedy`, the longest) match off the front; `undefined` where that depends on unknown parts. */
export function removePrefix(value: SymbolicValue, pattern: Pattern, greedy: boolean): SymbolicValue | undefined {
  if (!isQuick(pattern)) return undefined;
  const known = knownText(value);
  if (known !== undefined) {
    const match = new RegExp(`^(?:${patternSource(pattern, !greedy)})`, "su").exec(known);
    return text(match === null ? known : known.slice(match[0].length));
  }
  const [first] = value;
  const head = first?.kind === "text" ? first.text : "";
  const fixed = knownText(pattern.filter((part) => part.kind === "text"));
  if (pattern.every((part) => part.kind === "text")) {
    if (fixed === undefined || head.length < fixed.length) return undefined;
    return head.startsWith(fixed) ? concat(text(head.slice(fixed.length)), value.slice(1)) : value;
  }
  return fixed === undefined || !isStarThenText(pattern) ? undefined : cutAfter(value, fixed, greedy);
}

/** The same at the end. */
export function removeSuffix(value: SymbolicValue, pattern: Pattern, greedy: boolean): SymbolicValue | undefined {
  if (!isQuick(pattern)) return undefined;
  const known = knownText(value);
  if (known !== undefined) return text(withoutSuffix(known, pattern, greedy));
  const last = value.at(-1);
  const tail = last?.kind === "text" ? last.text : "";
  const fixed = knownText(pattern.filter((part) => part.kind === "text"));
  if (pattern.every((part) => part.kind === "text")) {
    if (fixed === undefined || tail.length < fixed.length) return undefined;
    return tail.endsWith(fixed) ? concat(value.slice(0, -1), text(tail.slice(0, tail.length - fixed.length))) : value;
  }
  return fixed === undefined || !isTextThenStar(pattern) ? undefined : cutBefore(value, fixed, greedy);
}

/** The longest match at the end is the leftmost; the shortest is what the longest head leaves. */
function withoutSuffix(known: string, pattern: Pattern, greedy: boolean): string {
  const source = `(?:${patternSource(pattern)})$`;
  if (greedy) return known.slice(0, new RegExp(source, "su").exec(known)?.index ?? known.length);
  return new RegExp(`^(.*)${source}`, "su").exec(known)?.[1] ?? known;
}

function isStarThenText(pattern: Pattern): boolean {
  return pattern.length === 2 && pattern[0]?.text === "*" && pattern[0].kind === "glob" && pattern[1]?.kind === "text";
}

function isTextThenStar(pattern: Pattern): boolean {
  return pattern.length === 2 && pattern[0]?.kind === "text" && pattern[1]?.text === "*" && pattern[1].kind === "glob";
}

/** `#*text` needs its first place in the known head, `##*text` its last place in the known tail. */
function cutAfter(value: SymbolicValue, fixed: string, greedy: boolean): SymbolicValue | undefined {
  const part = greedy ? value.at(-1) : value[0];
  if (part?.kind !== "text") return undefined;
  const at = greedy ? part.text.lastIndexOf(fixed) : part.text.indexOf(fixed);
  if (at < 0) return undefined;
  return concat(text(part.text.slice(at + fixed.length)), greedy ? [] : value.slice(1));
}

/** `%text*` needs its last place in the known tail, `%%text*` its first place in the known head. */
function cutBefore(value: SymbolicValue, fixed: string, greedy: boolean): SymbolicValue | undefined {
  const part = greedy ? value[0] : value.at(-1);
  if (part?.kind !== "text") return undefined;
  const at = greedy ? part.text.indexOf(fixed) : part.text.lastIndexOf(fixed);
  if (at < 0) return undefined;
  return concat(greedy ? [] : value.slice(0, -1), text(part.text.slice(0, at)));
}

/** `/` replaces the first match, `//` all, `/#` one at the start, `/%` one at the end; known values only. */
export function replacePattern(
  value: SymbolicValue,
  pattern: Pattern,
  by: string,
  operator: string,
): SymbolicValue | undefined {
  const known = knownText(value);
  // An unquoted `&` in the replacement means the match since bash 5.2, and itself before.
  if (known === undefined || by.includes("&") || !isQuick(pattern)) return undefined;
  if (pattern.length === 0) return text(known);
  const source = `(?:${patternSource(pattern)})`;
  if (operator === "/%") {
    const left = withoutSuffix(known, pattern, true);
    return text(left === known ? known : left + by);
  }
  const anchored = operator === "/#" ? `^${source}` : source;
  return text(known.replace(new RegExp(anchored, operator === "//" ? "gsu" : "su"), () => by));
}
