/**
 * Brace expansion of literal text.
 *
 *     {api,web}     api, web
 *     {1..3}        1, 2, 3
 *     {a,$b}        not taken apart
 *
 * https://www.gnu.org/software/bash/manual/html_node/Brace-Expansion.html. What stands around the braces is for the caller to join.
 */

/** More words than people write in braces. */
const MOST_WORDS = 200;

/** The words that braces stand for; `undefined` where they nest, hold quotes or expansions, or are too many. */
export function braceWords(written: string): readonly string[] | undefined {
  const inner = /^\{([^{}"'`$\\]*)\}$/.exec(written)?.[1];
  if (inner === undefined) return undefined;
  const words = inner.includes(",") ? inner.split(",") : sequence(inner);
  return words !== undefined && words.length <= MOST_WORDS && !/[*?[]/.test(inner) ? words : undefined;
}

function sequence(inner: string): readonly string[] | undefined {
  const [, from, to, step = "1"] = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner) ?? [];
  if (from === undefined || to === undefined || /^-?0\d/.test(from)) return undefined;
  const by = Math.max(1, Math.abs(Number(step)));
  const count = Math.floor(Math.abs(Number(to) - Number(from)) / by) + 1;
  if (count > MOST_WORDS) return undefined;
  const direction = Number(to) < Number(from) ? -by : by;
  return Array.from({ length: count }, (_, index) => String(Number(from) + index * direction));
}
