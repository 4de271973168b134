/**
 * The repositories of a batch, each with a name that is a safe file name and nobody else's:
 *
 *     repos.txt      ../shop          shop        paths are relative to the list
 *                    # a comment
 *                    /srv/git/shop    shop-2
 *
 * With `nul`, paths end at NUL bytes and may hold anything else, line ends and `#` included.
 */
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { errorCode } from "../project/read.ts";

export interface BatchItem {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** As the list has it. */
  readonly given: string;
}

export type BatchInput =
  | { readonly ok: true; readonly items: readonly BatchItem[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** `input` is a directory, which is one repository, or a list of them. */
export function readInput(cwd: string, input: string, { nul }: { readonly nul: boolean }): BatchInput {
  const file = resolve(cwd, input);
  try {
    if (statSync(file).isDirectory()) return { ok: true, items: named([input], cwd) };
    const text = readFileSync(file, "utf8");
    const entries = nul ? text.split("\0").filter((entry) => entry !== "") : lines(text);
    const url = entries.find((entry) => /^(?:[a-z+]+:\/\/|[\w.-]+@[\w.-]+:(?=[\w~/.-]+\.git$))/i.test(entry));
    if (url !== undefined) return { ok: false, diagnostic: diagnostic("batch-url", { url }) };
    return { ok: true, items: named(entries, dirname(file)) };
  } catch (error) {
    return { ok: false, diagnostic: diagnostic("batch-input-unreadable", { path: input, detail: errorCode(error) }) };
  }
}

function lines(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function named(entries: readonly string[], base: string): readonly BatchItem[] {
  const taken = new Set<string>();
  return entries.map((given) => {
    const path = resolve(base, given);
    const name = freeName(safeName(basename(path)), taken);
    taken.add(name.toLowerCase());
    return { name, path, given };
  });
}

/** Letters, digits, `.`, `_` and `-`; not hidden, and not longer than file systems take with an ending. */
function safeName(text: string): string {
  const safe = text
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 100);
  return safe === "" ? "repository" : safe;
}

/** File systems may not tell letters by their case. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted.toLowerCase())) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`.toLowerCase())) return `${wanted}-${number}`;
}
