/**
 * Which files a build context leaves out:
 *
 *     const rules = ignoreRules("**\/*.map\n!keep.map\n");
 *     rules.ignores("dist/app.js.map" as ContextPath)       // true
 *
 * The Dockerfile and the ignore file itself are always sent to the engine, but COPY does not see them where a rule leaves them
 * out: so `ignores` makes no exception for them. How a file is read is from
 * https://github.com/moby/patternmatcher/blob/main/ignorefile/ignorefile.go, how it is found from
 * https://docs.docker.com/build/concepts/context/#filename-and-location
 */
import { posix } from "node:path";
import ignore from "@balena/dockerignore";
import { ANY, matchesSequence, type SequenceToken } from "../text/glob.ts";
import { type ContextPath, contextToHost, type HostPath } from "../text/paths.ts";
import type { Range } from "../text/source.ts";
import { matchesWildcard } from "./wildcards.ts";

/** One rule of an ignore file. */
export interface IgnorePattern {
  /** Cleaned as the engine does: without `!`, leading `/`, `./` and trailing `/`. */
  readonly pattern: string;
  /** Whether it brings paths back (`!pattern`). */
  readonly negated: boolean;
  /** The rule in the file, without surrounding white space. */
  readonly range: Range;
}

export interface IgnoreRules {
  readonly patterns: readonly IgnorePattern[];
  /** Whether a file of the context is left out. The context's root never is. */
  ignores(path: ContextPath): boolean;
}

/** Reads the text of an ignore file; an absent file is the empty text. */
export function ignoreRules(text: string): IgnoreRules {
  const patterns = readPatterns(text);
  const ignored = patterns.some(isSlow) ? inTurn(patterns) : together(patterns);
  return { patterns, ignores: (path) => path !== "." && patterns.length > 0 && ignored(path) };
}

function together(patterns: readonly IgnorePattern[]): (path: string) => boolean {
  const matcher = ignore.default({ ignorecase: false });
  for (const { pattern, negated } of patterns) matcher.add([(negated ? "!" : "") + protect(pattern)]);
  // The library's cache is a plain object, in which it finds an answer for every path named like a member of Object.prototype.
  Reflect.set(matcher, "_cache", Object.create(null));
  return (path) => matcher.ignores(path);
}

/** The library's regular expressions take for ever on many stars in one name; no rule that people wrote has so many. */
function isSlow({ pattern }: IgnorePattern): boolean {
  return pattern.split("/").some((name) => name.split("*").length > 5);
}

/** Each rule by itself, the last that matches wins. */
function inTurn(patterns: readonly IgnorePattern[]): (path: string) => boolean {
  const rules = patterns.map((rule) => {
    const plain = { ...rule, negated: false };
    return { negated: rule.negated, matches: isSlow(rule) ? stepwise(rule.pattern) : together([plain]) };
  });
  return (path) => rules.findLast(({ matches }) => matches(path))?.negated === false;
}

/** A rule also holds for what lies below a match; a final `**` stands for at least one name. */
function stepwise(pattern: string): (path: string) => boolean {
  const names: readonly SequenceToken<string>[] = pattern
    .split("/")
    .map((part) => (part === "**" ? ANY : (name: string) => matchesWildcard(part, name)));
  const tokens: readonly SequenceToken<string>[] = names.at(-1) === ANY ? [...names, () => true, ANY] : [...names, ANY];
  return (path) => matchesSequence(tokens, path.split("/"));
}

const BYTE_ORDER_MARK = "\uFEFF";

function readPatterns(text: string): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const pattern = readPattern(text.slice(start, end), start);
    if (pattern !== undefined) patterns.push(pattern);
    start = end + 1;
  }
  return patterns;
}

/** Only a `#` in the first column makes a comment. */
function readPattern(line: string, at: number): IgnorePattern | undefined {
  const rule = line.trim();
  if (line.startsWith("#") || rule === "") return undefined;
  const start = at + line.indexOf(rule);
  const negated = rule.startsWith("!");
  const pattern = clean(negated ? rule.slice(1).trim() : rule);
  if (pattern === "") return undefined;
  return { pattern, negated, range: { start, end: start + rule.length } };
}

function clean(pattern: string): string {
  if (pattern === "") return "";
  const normal = posix.normalize(pattern);
  const relative = normal.length > 1 && normal.startsWith("/") ? normal.slice(1) : normal;
  return relative.length > 1 && relative.endsWith("/") ? relative.slice(0, -1) : relative;
}

/** The library takes `#` for a comment and `!` for a negation wherever a pattern begins; here it is a name. */
function protect(pattern: string): string {
  return /^[#!]/.test(pattern) ? `[${pattern.slice(0, 1)}]${pattern.slice(1)}` : pattern;
}

/**
 * The ignore file of a build: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` at the context's root.
 * Only BuildKit knows the first. `undefined` where neither exists.
 */
export function ignoreFileOf(
  dockerfile: HostPath,
  context: HostPath,
  exists: (path: HostPath) => boolean,
): HostPath | undefined {
  const own = `${dockerfile}.dockerignore` as HostPath;
  if (exists(own)) return own;
  const shared = contextToHost(context, ".dockerignore" as ContextPath);
  return exists(shared) ? shared : undefined;
}
