/**
 * The documentation page of a diagnostic, docs/diagnostics/<code>.md, made from the catalog:
 *
 *     # file-binary
 *
 *     Error: `"‹path›" is a binary file`
 *     …
 *
 * Only the catalog is edited by hand; a test and the continuous integration compare the pages with it.
 */
import { CATALOG, type DiagnosticCode } from "./catalog.ts";
import type { CatalogEntry } from "./entry.ts";

/** All codes, sorted. */
export function diagnosticCodes(): readonly DiagnosticCode[] {
  return (Object.keys(CATALOG) as DiagnosticCode[]).sort();
}

const SEVERITIES = {
  error: "Error: nothing is written for the setup that it belongs to.",
  warning: "Warning: the result stands, and should be looked at.",
  assumption: "Assumption: something is taken for granted that you may confirm or change.",
} as const;

/** The whole page as Markdown, ending in a newline. */
export function diagnosticPage(code: DiagnosticCode): string {
  const row = CATALOG[code] as CatalogEntry<unknown>;
  const help = row.help === undefined ? [] : [">", `> help: ${sample(row.help)}`];
  const said = [`> ${sample(row.message)}`, ...help];
  return [`# ${code}`, "", SEVERITIES[row.severity], "", ...said, "", row.explain.trim(), ""].join("\n");
}

/** A message with `‹name›` in the place of each argument, and `…` for a text that is looked up by one. */
function sample(write: (args: unknown) => string): string {
  const args = new Proxy({}, { get: (_, name) => placeholder(`‹${String(name)}›`) });
  return write(args).replaceAll("undefined", "…");
}

/** Stands for an argument of any type: in a text its name, as a list or an object again itself. */
function placeholder(name: string): unknown {
  const self: unknown = new Proxy(() => self, {
    get: (_, property) => {
      if (property === Symbol.toPrimitive) return () => name;
      if (property === Symbol.iterator) return () => [self][Symbol.iterator]();
      if (property === "length") return 1;
      return property === "toString" ? () => name : self;
    },
  });
  return self;
}
