/**
 * Writes what restage makes of every sample (or of those named) to samples/<name>/after:
 *
 *     npm run goldens            # all of them
 *     npm run goldens script-go  # this one
 *
 * A golden is what a reviewer approved: read the difference before you commit it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { migrate } from "../src/migrate.ts";
import { memoryProject } from "../src/project/memory.ts";
import { goldenFiles, readSamples, readTree, TERMINAL } from "./samples.ts";

const names = process.argv.slice(2);

/** What the command line says of a project that it refuses. */
function refusal(project: string): string {
  const env = { ...process.env, NO_COLOR: "1" };
  const { stdout, stderr } = spawnSync(process.execPath, [resolve("dist/bin/restage.cjs"), "migrate"], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return `${stdout}${stderr}`;
}

for (const sample of readSamples()) {
  if (names.length > 0 && !names.includes(sample.name)) continue;
  const { migrations } = migrate(memoryProject(readTree(join(sample.directory, "before")), "before"));
  const after = join(sample.directory, "after");
  rmSync(after, { recursive: true, force: true });
  for (const [path, { text, mode }] of Object.entries(goldenFiles(migrations))) {
    mkdirSync(dirname(join(after, path)), { recursive: true });
    writeFileSync(join(after, path), text, { mode: mode === "100755" ? 0o755 : 0o644 });
  }
  if (migrations.some((migration) => migration.verdict === "refused")) {
    writeFileSync(join(after, TERMINAL), refusal(join(sample.directory, "before")));
  }
  console.log(`${sample.name.padEnd(34)} ${migrations.map((m) => `${m.id} ${m.verdict}`).join(", ")}`);
}
