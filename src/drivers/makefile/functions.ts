/**
 * The functions of make that only turn text into text.
 *
 *     $(patsubst %.c,%.o,a.c b.c)     "a.o b.o"
 *     $(addprefix bin/,app tool)      "bin/app bin/tool"
 *     $(dir $(CURDIR)/Makefile)       "‹CURDIR›/", the hole in front does not matter
 *
 * What each gives is written at https://www.gnu.org/software/make/manual/html_node/Functions.html. Those that look at variables,
 * files or commands are in expand.ts.
 */
import { posix } from "node:path";
import { hasHole } from "./holes.ts";

/** `undefined` where the result depends on what only a real run knows. */
type TextFunction = (...operands: readonly string[]) => string | undefined;

/** Words of a list: separated by blanks and line ends. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** Functions by name, with the most arguments that they take. */
export const TEXT_FUNCTIONS: ReadonlyMap<string, { readonly most: number; readonly apply: TextFunction }> = new Map<
  string,
  { readonly most: number; readonly apply: TextFunction }
>([
  ["addprefix", { most: 2, apply: (prefix = "", list = "") => eachWord(list, (word) => prefix + word) }],
  ["addsuffix", { most: 2, apply: (suffix = "", list = "") => eachWord(list, (word) => word + suffix) }],
  ["basename", { most: 1, apply: (list = "") => eachPath(list, (path) => path.replace(/\.[^./]*$/, "")) }],
  ["dir", { most: 1, apply: (list = "") => eachPath(list, directoryOf) }],
  ["filter", { most: 2, apply: known((patterns, list) => filtered(patterns, list, true)) }],
  ["filter-out", { most: 2, apply: known((patterns, list) => filtered(patterns, list, false)) }],
  ["findstring", { most: 2, apply: known((part, text) => (text.includes(part) ? part : "")) }],
  ["firstword", { most: 1, apply: (list = "") => wordsOf(list)[0] ?? "" }],
  ["join", { most: 2, apply: known(joined) }],
  ["lastword", { most: 1, apply: (list = "") => wordsOf(list).at(-1) ?? "" }],
  ["notdir", { most: 1, apply: (list = "") => eachPath(list, (path) => path.slice(path.lastIndexOf("/") + 1)) }],
  ["patsubst", { most: 3, apply: known((pattern, by, list) => substitutePattern(pattern, by, list)) }],
  ["sort", { most: 1, apply: known((list) => [...new Set(wordsOf(list))].sort().join(" ")) }],
  ["strip", { most: 1, apply: (list = "") => wordsOf(list).join(" ") }],
  ["subst", { most: 3, apply: known((from, to, text) => (from === "" ? text + to : text.replaceAll(from, () => to))) }],
  ["suffix", { most: 1, apply: known((list) => wordsOf(list).flatMap(suffixOf).join(" ")) }],
  ["word", { most: 2, apply: known((at, list) => wordsOf(list)[Number(at) - 1] ?? "") }],
  [
    "wordlist",
    {
      most: 3,
      apply: known((from, to, list) =>
        wordsOf(list)
          .slice(Number(from) - 1, Number(to))
          .join(" "),
      ),
    },
  ],
  ["words", { most: 1, apply: known((list) => String(wordsOf(list).length)) }],
]);

/** A function of three texts that has to see all of them. */
function known(apply: (a: string, b: string, c: string) => string): TextFunction {
  return (a = "", b = "", c = "") => (hasHole(a + b + c) ? undefined : apply(a, b, c));
}

function eachWord(list: string, change: (word: string) => string): string {
  return wordsOf(list).map(change).join(" ");
}

/** For functions that only look behind the last slash: a hole before it does not matter. */
function eachPath(list: string, change: (path: string) => string): string | undefined {
  const words = wordsOf(list);
  return words.some((word) => hasHole(word.slice(word.lastIndexOf("/") + 1))) ? undefined : words.map(change).join(" ");
}

function directoryOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "./";
}

function suffixOf(path: string): readonly string[] {
  return /\.[^./]*$/.exec(path) ?? [];
}

function filtered(patterns: string, list: string, wanted: boolean): string {
  const all = wordsOf(patterns);
  return wordsOf(list)
    .filter((word) => all.some((pattern) => stemOf(pattern, word) !== undefined) === wanted)
    .join(" ");
}

function joined(first: string, second: string): string {
  const [a, b] = [wordsOf(first), wordsOf(second)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? "") + (b[at] ?? "")).join(" ");
}

/** What `%` stands for where a pattern matches a word; "" for a pattern without `%` that is the word. */
export function stemOf(pattern: string, word: string): string | undefined {
  const percent = pattern.indexOf("%");
  if (percent < 0) return pattern === word ? "" : undefined;
  const [before, after] = [pattern.slice(0, percent), pattern.slice(percent + 1)];
  const fits = word.length >= before.length + after.length && word.startsWith(before) && word.endsWith(after);
  return fits ? word.slice(before.length, word.length - after.length) : undefined;
}

/** `$(patsubst pattern,by,list)`; a pattern without `%` has to be the whole word. */
export function substitutePattern(pattern: string, by: string, list: string): string {
  return eachWord(list, (word) => {
    const stem = stemOf(pattern, word);
    return stem === undefined ? word : by.replace("%", () => stem);
  });
}

/** A path without `.`, `..` and doubled slashes, for `abspath`. */
export function normalPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/\/$/, "") : normal;
}
