/**
 * The commands of an execline script (https://skarnet.org/software/execline/grammar.html), as a shell text:
 *
 *     foreground { mkdir -p /run/web }     mkdir -p /run/web
 *     cd /app s6-setuidgid web ./serve     cd /app
 *                                          ./serve
 *
 * Each command of execline takes the rest of the line as the program that follows it. Only the common ones are known: a script with
 * another one, or with substitution, is not read.
 */
import { quoteWords } from "../../shell/quote.ts";

type Token = { readonly kind: "word"; readonly text: string } | { readonly kind: "open" | "close" };

/** How many words each takes, itself not counted, before the program that follows it; options come before those. */
const PREFIXES: Readonly<Record<string, number>> = {
  cd: 1,
  emptyenv: 0,
  exec: 0,
  export: 2,
  fdclose: 1,
  fdmove: 2,
  "s6-cd": 1,
  "s6-setuidgid": 1,
  umask: 1,
  unexport: 1,
  "with-contenv": 0,
};
/** Take blocks of commands before the program that follows. */
const BLOCKS = /^(?:foreground|background|if|ifelse|ifte|ifthenelse|loopwhilex)$/;
/** Options of those with a value. */
const VALUED = /^-[ax]$/;

/** The programs of a script, one a line; `undefined` where one cannot be told. */
export function executed(text: string): string | undefined {
  const tokens = tokensOf(text.replace(/^#!.*\n?/, ""));
  if (tokens === undefined || tokens.some((one) => one.kind === "word" && one.text.includes("$"))) return undefined;
  return programs(tokens)?.join("\n");
}

function tokensOf(text: string): readonly Token[] | undefined {
  const found: Token[] = [];
  const pattern = /\s+|#[^\n]*|"((?:[^"\\]|\\.)*)"|([^\s"#]+)|(.)/g;
  for (const [, quoted, bare, other] of text.matchAll(pattern)) {
    if (other !== undefined) return undefined;
    if (quoted !== undefined) found.push({ kind: "word", text: quoted.replace(/\\(.)/g, "$1") });
    else if (bare === "{" || bare === "}") found.push({ kind: bare === "{" ? "open" : "close" });
    else if (bare !== undefined) found.push({ kind: "word", text: bare });
  }
  return found;
}

function programs(tokens: readonly Token[]): readonly string[] | undefined {
  const [first, ...rest] = tokens;
  if (first === undefined) return [];
  if (first.kind !== "word") return undefined;
  if (BLOCKS.test(first.text)) return blockPrograms(afterOptions(rest));
  const length = Object.hasOwn(PREFIXES, first.text) ? PREFIXES[first.text] : undefined;
  if (length === undefined) {
    const words = tokens.flatMap((one) => (one.kind === "word" ? [one.text] : []));
    return words.length === tokens.length ? [quoteWords(words)] : undefined;
  }
  const own = afterOptions(rest);
  const [directory] = own;
  const next = programs(own.slice(length));
  if (next === undefined) return undefined;
  const moves = /^(?:s6-)?cd$/.test(first.text) && directory?.kind === "word";
  return moves ? [quoteWords(["cd", directory.text]), ...next] : next;
}

function afterOptions(tokens: readonly Token[]): readonly Token[] {
  const [first] = tokens;
  if (first?.kind !== "word" || !first.text.startsWith("-")) return tokens;
  return afterOptions(tokens.slice(VALUED.test(first.text) ? 2 : 1));
}

/** `{ first } { second } rest`. */
function blockPrograms(tokens: readonly Token[]): readonly string[] | undefined {
  if (tokens[0]?.kind !== "open") return programs(tokens);
  let depth = 0;
  const end = tokens.findIndex((one) => {
    depth += one.kind === "open" ? 1 : one.kind === "close" ? -1 : 0;
    return depth === 0;
  });
  const inner = programs(tokens.slice(1, end < 0 ? tokens.length : end));
  const after = end < 0 ? undefined : blockPrograms(tokens.slice(end + 1));
  return inner === undefined || after === undefined ? undefined : [...inner, ...after];
}
