/**
 * Checks every migration that is offered in the given project directories, in scratch copies:
 *
 *     npm run check:offers -- DIR…
 *
 *     acme+shop        2 offered    ok
 *     acme+till        1 offered    build.sh: still names "Dockerfile.build", which is deleted
 *
 * The diff has to apply with git at the top of a repository, what it writes has to hold (offer-checks.ts), base images that it adds
 * have to be known to exist (tag-checks.ts), and a second run on the result has to find nothing more to do. Our own invariants need no check here: what breaks them is refused. Ends with 1 on
 * any failure.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { migrate } from "../src/migrate.ts";
import type { Migration } from "../src/model/migration.ts";
import { openProject } from "../src/project/read.ts";
import { problemsOf } from "./offer-checks.ts";
import { tagProblems } from "./tag-checks.ts";

function offersIn(directory: string): readonly Migration[] {
  const opened = openProject(directory);
  if (!opened.ok) throw new Error(`${directory} cannot be opened`);
  return migrate(opened.files).migrations.filter(({ changes }) => changes.length > 0);
}

function git(folder: string, args: readonly string[], input = ""): string | undefined {
  const { status, stderr } = spawnSync("git", [...args], { cwd: folder, input, encoding: "utf8" });
  return status === 0 ? undefined : `git ${args.join(" ")}: ${stderr.trim().split("\n")[0] ?? ""}`;
}

/** Base images that a migration names and nothing shows to exist. */
function unknownTags(directory: string, { changes, outputs, sources }: Migration): readonly string[] {
  const files = sources.map(({ path }) => join(directory, path)).filter((path) => existsSync(path));
  const old = [
    ...files.map((path) => readFileSync(path, "utf8")),
    ...changes.flatMap(({ before }) => (before === undefined ? [] : [before])),
  ];
  const dockerfiles = new Set(outputs.map(({ dockerfile }) => dockerfile));
  return changes.flatMap(({ path, after }) =>
    after === undefined || !dockerfiles.has(path) ? [] : tagProblems(path, after, old),
  );
}

/** What is wrong with the offers of one project. */
function checkProject(directory: string): { readonly offered: number; readonly problems: readonly string[] } {
  const offers = offersIn(directory);
  if (offers.length === 0) return { offered: 0, problems: [] };
  const folder = mkdtempSync(join(scratch, "project-"));
  cpSync(directory, folder, { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, ".git"), { recursive: true, force: true });
  git(folder, ["init", "--quiet"]);
  const applied = offers.flatMap(
    ({ diff }) => git(folder, ["apply", "--check"], diff) ?? git(folder, ["apply"], diff) ?? [],
  );
  const tags = offers.flatMap((offer) => unknownTags(directory, offer));
  const again = applied.length > 0 ? [] : offersIn(folder).map(({ id }) => `a second run offers "${id}"`);
  rmSync(folder, { recursive: true });
  return { offered: offers.length, problems: [...offers.flatMap(problemsOf), ...tags, ...applied, ...again] };
}

const scratch = mkdtempSync(join(tmpdir(), "restage-offers-"));
const directories = process.argv.slice(2).map((directory) => resolve(directory));
let failed = 0;
let offered = 0;
for (const directory of directories) {
  const result = checkProject(directory);
  offered += result.offered;
  if (result.problems.length > 0) failed += 1;
  const verdict = result.problems.length === 0 ? "ok" : result.problems.join("\n    ");
  console.log(`${basename(directory).padEnd(48)} ${String(result.offered).padStart(3)} offered    ${verdict}`);
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${directories.length} projects, ${offered} migrations offered, ${failed} projects with problems`);
process.exitCode = failed > 0 || directories.length === 0 ? 1 : 0;
