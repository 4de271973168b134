/**
 * Writes docs/diagnostics/<code>.md from the catalog, and removes pages of codes that are gone:
 *
 *     npm run docs:diagnostics   # writes
 *     npm run check:docs         # ends with 1 when a page differs, and names it
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticCodes, diagnosticPage } from "../src/diagnostics/page.ts";

const FOLDER = "docs/diagnostics";

/** Page texts by file name. */
function wantedPages(): ReadonlyMap<string, string> {
  return new Map(diagnosticCodes().map((code) => [`${code}.md`, diagnosticPage(code)]));
}

function presentPages(): ReadonlyMap<string, string> {
  mkdirSync(FOLDER, { recursive: true });
  return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));
}

const wanted = wantedPages();
const present = presentPages();
const stale = [...new Set([...wanted.keys(), ...present.keys()])]
  .filter((name) => wanted.get(name) !== present.get(name))
  .sort();

if (process.argv.includes("--check")) {
  for (const name of stale)
    console.error(`${join(FOLDER, name)} is not what the catalog says: run npm run docs:diagnostics`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(join(FOLDER, name));
    else writeFileSync(join(FOLDER, name), text);
  }
  console.log(`${wanted.size} pages, ${stale.length} written or removed`);
}
