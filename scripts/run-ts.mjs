/**
 * Runs a TypeScript file of this repository with its arguments, on every Node that the package supports:
 *
 *     node scripts/run-ts.mjs bench/main.ts --files 1000
 *
 * Node 20 does not strip types, so the file and what it imports from this repository are bundled first; packages are not.
 */
import { mkdirSync, renameSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const CACHE = fileURLToPath(new URL("../node_modules/.cache/restage", import.meta.url));
const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node scripts/run-ts.mjs FILE.ts [ARGUMENT…]");
  process.exit(2);
}

mkdirSync(CACHE, { recursive: true });
const outfile = join(CACHE, `${basename(entry, ".ts")}.mjs`);
// Another process may run the same file at this moment, and must not read half of it.
const part = `${outfile}.${process.pid}`;
await build({
  entryPoints: [resolve(entry)],
  outfile: part,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
renameSync(part, outfile);
process.argv = [process.execPath, resolve(entry), ...rest];
await import(pathToFileURL(outfile).href);
