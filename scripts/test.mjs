/**
 * Runs the tests and ends with one plain line that both people and machines can read:
 *
 *     512 passed, 0 failed, 0 skipped
 *
 * The counts come from vitest's own JSON report; the exit code is vitest's. Arguments go to vitest (`--coverage`, a file …).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const vitest = join(dirname(require.resolve("vitest/package.json")), "vitest.mjs");
const folder = mkdtempSync(join(tmpdir(), "restage-test-"));
const report = join(folder, "report.json");

/** What the report counts; `undefined` when the run died before it was written. */
function counts() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return undefined;
  }
}

// CI measures the coverage of the same run that it counts.
const words = process.argv.slice(2);
const coverage = process.env.CI === "true" && words.length === 0 ? ["--coverage"] : [];
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", ...words, ...coverage, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  { stdio: "inherit" },
);
const result = counts();
rmSync(folder, { recursive: true });

if (result === undefined) {
  console.error("the tests did not finish: vitest wrote no report");
  process.exit(status || 1);
}
const skipped = result.numPendingTests + result.numTodoTests;
const brokenFiles = result.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
).length;
console.log(`${result.numPassedTests} passed, ${result.numFailedTests + brokenFiles} failed, ${skipped} skipped`);
process.exit(status ?? 1);
