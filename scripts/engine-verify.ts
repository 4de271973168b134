/**
 * Runs `restage verify` on every sample that can be built, with a real engine, and holds it to what `sample.json` says:
 *
 *     fat-go                   verified          0.9 %
 *     repair-development-…     verified         21.8 %   repaired: module-missing
 *
 * and on plans that were broken by hand, each of which has to be found, with its true reason. At the end nothing with the label
 * of restage may be left in the engine.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { MigrationDocument } from "../src/model/json.ts";
import type { Verification } from "../src/model/verification.ts";
import type { Sample } from "./samples.ts";

const CLI = resolve("dist/bin/restage.cjs");
const SIZE_OF_BUILDERS = 1.02;

/** A plan that lacks something, and what the verification has to say. */
interface Broken {
  readonly sample: string;
  readonly what: string;
  readonly file: string;
  readonly edit: readonly [RegExp, string];
  readonly says: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    sample: "fat-node-typescript",
    what: "without its libraries",
    file: "Dockerfile",
    edit: [/^COPY --from=dependencies .*\n/m, ""],
    says: /Cannot find module|does not resolve|node_modules/,
  },
  {
    sample: "script-node",
    what: "without a variable",
    file: "Dockerfile",
    edit: [/^ENV NODE_ENV=production\n/m, ""],
    says: /ENV NODE_ENV is gone/,
  },
  {
    sample: "fat-go",
    what: "without its program",
    file: "Dockerfile",
    edit: [/^COPY --from=builder .*\n/m, ""],
    says: /\/bin\/server/,
  },
  {
    sample: "fat-frontend",
    what: "with another owner",
    file: "Dockerfile",
    edit: [/^COPY --from=builder /m, "COPY --from=builder --chown=33:33 "],
    says: /it belonged to 0:0, and belongs to 33:33/,
  },
];

interface Result {
  readonly verification: Verification | string;
  /** The changed files of the plan that was verified last, by path. */
  readonly plan: ReadonlyMap<string, string>;
}

function verify(folder: string, words: readonly string[]): Result {
  const argv = [CLI, "verify", "--yes", "--json", ...words];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folder, encoding: "utf8", maxBuffer: 1e9 });
  try {
    const document = JSON.parse(stdout) as MigrationDocument;
    const [found] = document.migrations.filter(({ verification }) => verification !== undefined);
    const changes = (found?.changes ?? []).flatMap(({ path, after }) =>
      after === undefined ? [] : [[path, after] as const],
    );
    return { verification: found?.verification ?? "nothing-to-verify", plan: new Map(changes) };
  } catch {
    return { verification: stderr.trim() || "no answer", plan: new Map() };
  }
}

/** What is wrong with the result of one sample. */
function problemsOf({ facts, directory }: Sample, { verification: result, plan }: Result): readonly string[] {
  const { verdict = "verified", repairs = [], share = SIZE_OF_BUILDERS } = facts.verify ?? {};
  if (typeof result === "string") return result === verdict ? [] : [result];
  const wrong = result.verdict === verdict ? [] : [`${result.verdict}: ${result.summary}`, ...findingsOf(result)];
  const repaired = result.rounds.flatMap(({ causes }) => causes.map(({ kind }) => kind));
  const unrepaired = repairs.filter((kind) => !repaired.includes(kind));
  const large = result.images.filter(({ size: { bytes } }) => bytes.after > share * bytes.before);
  return [
    ...wrong,
    ...unrepaired.map((kind) => `"${kind}" was not repaired`),
    ...unlike(join(directory, "repaired"), plan),
    ...large.map(({ size: { bytes } }) => `${bytes.after} bytes are more than ${share} of ${bytes.before}`),
  ];
}

/** `repaired` holds the files of the plan that a repair has to end with. */
function unlike(folder: string, plan: ReadonlyMap<string, string>): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    plan.get(name) === readFileSync(join(folder, name), "utf8") ? [] : [`the repaired ${name} is another one`],
  );
}

function findingsOf({ images }: Verification): readonly string[] {
  return images
    .flatMap(({ configuration, files, libraries, behaviour }) => [configuration, files, libraries, behaviour])
    .flatMap(({ findings }) =>
      findings.flatMap(({ level, what, why }) => (level === "problem" ? [`${what}: ${why}`] : [])),
    )
    .slice(0, 10);
}

function sizesOf(result: Verification | string): string {
  if (typeof result === "string") return "";
  const shares = result.images.map(({ size: { bytes } }) => `${((100 * bytes.after) / bytes.before).toFixed(1)} %`);
  return shares.join(", ");
}

/** Samples whose builds are measured, cold and after a change; those of the others find the cache of the build before. */
const TIMED = new Set(["fat-go", "script-go"]);

/** Whether `restage verify` finds of a sample what it should; a sample that cannot be built is passed over. */
export function verifySampleByTool(sample: Sample, scratch: string, networks: readonly string[]): boolean {
  const { build, verify: expected } = sample.facts;
  if (build.before === undefined || (build.after === undefined && expected === undefined)) return true;
  const folder = join(scratch, `${sample.name}-verify`);
  cpSync(join(sample.directory, "before"), folder, { recursive: true });
  commitAll(folder);
  const repair = expected?.repairs === undefined ? [] : ["--repair"];
  const cached = TIMED.has(sample.name) ? [] : ["--cached"];
  const result = verify(folder, [...networks, ...repair, ...cached]);
  const problems = problemsOf(sample, result);
  const { verification } = result;
  const verdict = typeof verification === "string" ? verification : verification.verdict;
  console.log(`verify ${sample.name.padEnd(34)} ${verdict.padEnd(18)} ${sizesOf(verification)}`);
  for (const problem of problems) console.log(`--- FAILED: ${sample.name}: ${problem}`);
  return problems.length === 0;
}

/** The number of broken plans that are not found to be. */
export function brokenPlansMissed(names: readonly string[], networks: readonly string[]): number {
  const scratch = mkdtempSync(join(tmpdir(), "restage-broken-"));
  const missed = BROKEN.filter(({ sample }) => isWanted(sample, names)).filter(
    (broken) => !isFound(broken, scratch, networks),
  );
  rmSync(scratch, { recursive: true, force: true });
  return missed.length;
}

/** Users have clean checkouts, and some tools write down whether they were. */
function commitAll(folder: string): void {
  const identity = ["-c", "user.name=restage", "-c", "user.email=restage@example.org"];
  const steps = [
    ["init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "--message", "before"],
  ];
  for (const words of steps) spawnSync("git", words, { cwd: folder });
}

function isWanted(name: string, names: readonly string[]): boolean {
  return names.length === 0 || names.includes(name);
}

/** Whether a plan that was broken is found to be, and why. */
function isFound({ sample, what, file, edit, says }: Broken, scratch: string, networks: readonly string[]): boolean {
  const before = join(scratch, `${sample}-whole`);
  const after = join(scratch, `${sample}-broken`);
  for (const folder of [before, after]) cpSync(join("samples", sample, "before"), folder, { recursive: true });
  const diff = readFileSync(join("samples", sample, "after", "changes.diff"), "utf8");
  spawnSync("git", ["init", "--quiet"], { cwd: after });
  spawnSync("git", ["apply"], { cwd: after, input: diff });
  const whole = readFileSync(join(after, file), "utf8");
  writeFileSync(join(after, file), whole.replace(...edit));
  const { verification: result } = verify(before, [...networks, "--cached", "--after", after]);
  const text = typeof result === "string" ? result : [result.summary, ...findingsOf(result)].join("\n");
  const found = typeof result !== "string" && result.verdict !== "verified" && says.test(text);
  console.log(`verify ${`${sample} ${what}`.padEnd(53)} ${found ? "found" : `NOT FOUND: ${text}`}`);
  return found;
}

/** Everything in the engine with our label. */
export function labelled(): readonly string[] {
  const list = (...words: readonly string[]): readonly string[] =>
    spawnSync("docker", [...words, "--quiet", "--filter", "label=org.restage"], { encoding: "utf8" }).stdout.split(
      "\n",
    );
  return [...list("ps", "--all"), ...list("images"), ...list("volume", "ls")].filter((id) => id !== "");
}

/** Nothing with our label may be left that was not there before, and that is a failure like any other. */
export function leftovers(before: readonly string[]): number {
  const left = labelled().filter((id) => !before.includes(id));
  if (left.length > 0) console.log(`--- FAILED: left behind in the engine: ${left.join(" ")}`);
  return left.length;
}
