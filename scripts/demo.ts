/**
 * Shows both kinds of legacy build on their way to one multi-stage Dockerfile: runs `restage migrate` on a copy of two samples.
 * Nothing is written to the checkout. Ends with 1 when a run fails or prints no diff.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const CLI = resolve("dist/bin/restage.cjs");
const SHOWN = [
  {
    sample: "fat-node-typescript",
    what: "A fat Dockerfile: compiler, sources and development dependencies are shipped",
  },
  {
    sample: "script-node",
    what: "The builder pattern: a script, two Dockerfiles, docker create / cp / rm between them",
  },
];

/** A heading; bold where the terminal shows colours. */
function heading(text: string): string {
  const rule = "═".repeat(text.length);
  const bold = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return bold ? `\n\u001b[1m${text}\n${rule}\u001b[0m` : `\n${text}\n${rule}`;
}

/** Runs the command line in `folder`, printing straight to our own terminal. */
function migrateIn(folder: string): boolean {
  console.log("$ restage migrate\n");
  const { status } = spawnSync(process.execPath, [CLI, "migrate"], { cwd: folder, stdio: "inherit" });
  return status === 0;
}

const scratch = mkdtempSync(join(tmpdir(), "restage-demo-"));
const results = SHOWN.map(({ sample, what }) => {
  const folder = join(scratch, sample);
  cpSync(join("samples", sample, "before"), folder, { recursive: true });
  console.log(heading(what));
  return migrateIn(folder);
});
rmSync(scratch, { recursive: true, force: true });

console.log("\nNothing was written. In your own project: restage migrate, then restage migrate --write.");
process.exitCode = results.every((ok) => ok) ? 0 : 1;
