/**
 * Shell patterns against text: `*`, `?`, `[a-z]`, `[!a]`.
 *
 *     matchesPattern([{ kind: "glob", text: "*" }, { kind: "text", text: ".tar" }], "a.tar")     // true
 *
 * As in `case` and `${x%pattern}`, where `*` also stands for `/`. File names are matched elsewhere.
 */
import { ANY, matchesSequence, type SequenceToken } from "../text/glob.ts";
import type { GlobPart, TextPart } from "./symbolic.ts";

/** A pattern whose parts are all known. */
export type Pattern = readonly (TextPart | GlobPart)[];

export function matchesPattern(pattern: Pattern, text: string): boolean {
  return matchesSequence(pattern.flatMap(tokensOf), [...text]);
}

function tokensOf(part: TextPart | GlobPart): readonly SequenceToken<string>[] {
  if (part.kind === "text") return [...part.text].map((wanted) => (given: string) => given === wanted);
  if (part.text === "*") return [ANY];
  const one = new RegExp(`^(?:${globSource(part.text, false)})$`, "su");
  return part.text === "?" || bracketSource(part.text) !== undefined
    ? [(given) => one.test(given)]
    : [...part.text].map((wanted) => (given: string) => given === wanted);
}

/** More stars than any script that people wrote has; a regular expression of them could run for ever. */
const MOST_STARS = 6;

/** Whether `patternSource` gives something that is quickly matched. */
export function isQuick(pattern: Pattern): boolean {
  return pattern.filter((part) => part.kind === "glob" && part.text === "*").length <= MOST_STARS;
}

/** The pattern as the source of a regular expression; `lazy` makes `*` take as little as it can. */
export function patternSource(pattern: Pattern, lazy = false): string {
  return pattern.map((part) => (part.kind === "text" ? escapeRegExp(part.text) : globSource(part.text, lazy))).join("");
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function globSource(glob: string, lazy: boolean): string {
  if (glob === "*") return lazy ? ".*?" : ".*";
  if (glob === "?") return ".";
  return bracketSource(glob) ?? escapeRegExp(glob);
}

/** A bracket expression; character classes such as `[[:alpha:]]` by their POSIX names in the C locale. */
function bracketSource(glob: string): string | undefined {
  const inner = /^\[([!^]?)(\]?[\s\S]*)\]$/.exec(glob);
  if (!inner) return undefined;
  const body = (inner[2] ?? "")
    .replace(/[\\[\]^]/g, "\\$&")
    .replace(/\\\[:(\w+):\\\]/g, (whole, name: string) => CLASSES[name] ?? whole);
  const source = `[${inner[1] === "" ? "" : "^"}${body}]`;
  return compiles(source) ? source : undefined;
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "A-Za-z0-9",
  alpha: "A-Za-z",
  blank: " \\t",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\s",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

function compiles(source: string): boolean {
  try {
    new RegExp(source, "su");
    return true;
  } catch {
    return false;
  }
}
