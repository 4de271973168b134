/**
 * Builds and runs every sample with a real container engine, as it was and as restage leaves it:
 *
 *     script-go                before  903.1 MB  ok     after   12.4 MB  ok
 *
 * A sample passes when both images build and do what its sample.json says, by the real commands, and when `restage verify` finds
 * what it should (engine-verify.ts), right after, so that it builds with the cache of those builds. Two lanes run side by side, in a
 * process each. Needs `docker` and an engine; without one nothing is verified, which is said loudly, and the
 * exit code is 0 (1 with `--require`).
 */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { verifySplits } from "./engine-split.ts";
import { brokenPlansMissed, labelled, leftovers, verifySampleByTool } from "./engine-verify.ts";
import { type Behaviour, readSamples, type Sample } from "./samples.ts";

interface Outcome {
  readonly ok: boolean;
  readonly megabytes?: string;
  readonly log: string;
}

/** Names the directory that is there while a server of some process runs. */
const LOCK = "RESTAGE_ENGINE_LOCK";

type Answer = { readonly status: number; readonly body: string };

const NO_ENGINE = `
##############################################################
#  NOTHING WAS VERIFIED: no container engine answers here.   #
#  The samples were neither built nor run.                   #
##############################################################
`;

function docker(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync("docker", args, { encoding: "utf8" });
}

/** Where an engine has no bridge network, builds and containers share the host's. */
function hasBridge(): boolean {
  return docker("network", "ls", "--format", "{{.Driver}}").stdout.split("\n").includes("bridge");
}

/** A folder with a `docker` that builds and runs on the host's network: scripts of samples call plain `docker build`. */
function dockerOnHostNetwork(folder: string): NodeJS.ProcessEnv {
  const real = spawnSync("sh", ["-c", "command -v docker"], { encoding: "utf8" }).stdout.trim();
  const wrapper = `#!/bin/sh
[ "$1 $2" = "image build" ] && shift
case "$1" in build | create | run) verb=$1; shift; exec '${real}' "$verb" --network host "$@" ;; esac
exec '${real}' "$@"
`;
  writeFileSync(join(folder, "docker"), wrapper);
  chmodSync(join(folder, "docker"), 0o755);
  return { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` };
}

/** The address at which a started container answers. */
function addressOf(container: string, port: number, bridge: boolean): string {
  if (!bridge) return `127.0.0.1:${port}`;
  return docker("port", container, `${port}/tcp`).stdout.split("\n")[0]?.trim() ?? "";
}

async function fetchAnswer(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(2000) });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}

/** Asks until the server is up, at most for 15 seconds. */
async function ask(url: string): Promise<Answer | undefined> {
  for (let tries = 0; tries < 75; tries++) {
    const answer = await fetchAnswer(url);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return undefined;
}

function answersAs(want: Exclude<Behaviour, { readonly stdout: string }>, got: Answer | undefined): boolean {
  if (got === undefined || got.status !== want.status) return false;
  return (
    (want.body === undefined || got.body === want.body) &&
    (want.contains === undefined || got.body.includes(want.contains))
  );
}

async function checkServer(
  image: string,
  want: Exclude<Behaviour, { readonly stdout: string }>,
  bridge: boolean,
): Promise<Outcome> {
  const network = bridge ? ["-p", `127.0.0.1::${want.port}`] : ["--network", "host"];
  const started = docker("run", "-d", ...network, image);
  const container = started.stdout.trim();
  if (started.status !== 0) return { ok: false, log: started.stderr };
  const got = await ask(`http://${addressOf(container, want.port, bridge)}${want.path}`);
  const logs = docker("logs", container);
  docker("rm", "-f", container);
  return { ok: answersAs(want, got), log: `answer: ${JSON.stringify(got)}\n${logs.stdout}${logs.stderr}` };
}

function checkOutput(image: string, stdout: string): Outcome {
  const ran = docker("run", "--rm", "--network", "none", image);
  return { ok: ran.status === 0 && ran.stdout === stdout, log: `${ran.stdout}${ran.stderr}` };
}

/** Without a bridge, servers share the ports of the host, so that only one of all processes runs at a time. */
async function alone<Value>(action: () => Promise<Value>): Promise<Value> {
  const lock = process.env[LOCK];
  if (lock === undefined) return action();
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { recursive: true });
  }
}

function megabytesOf(image: string): string {
  const bytes = Number(docker("image", "inspect", "--format", "{{.Size}}", image).stdout);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function buildAndRun(
  folder: string,
  command: string,
  sample: Sample,
  env: NodeJS.ProcessEnv,
  bridge: boolean,
): Promise<Outcome> {
  const built = spawnSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8" });
  if (built.status !== 0) return { ok: false, log: `${built.stdout}${built.stderr}` };
  const { image, run } = sample.facts;
  const outcome = "stdout" in run ? checkOutput(image, run.stdout) : await alone(() => checkServer(image, run, bridge));
  const megabytes = megabytesOf(image);
  docker("rmi", "-f", image);
  return { ...outcome, megabytes };
}

/** A scratch copy of a sample's project; with `migrated`, its golden diff applied by git. */
function checkOut(sample: Sample, folder: string, migrated: boolean): Outcome {
  cpSync(join(sample.directory, "before"), folder, { recursive: true });
  if (!migrated) return { ok: true, log: "" };
  spawnSync("git", ["init", "--quiet"], { cwd: folder });
  const diff = readFileSync(join(sample.directory, "after", "changes.diff"), "utf8");
  const applied = spawnSync("git", ["apply"], { cwd: folder, input: diff, encoding: "utf8" });
  return { ok: applied.status === 0, log: applied.stderr };
}

async function verifySide(
  sample: Sample,
  side: "before" | "after",
  scratch: string,
  env: NodeJS.ProcessEnv,
  bridge: boolean,
) {
  const command = sample.facts.build[side];
  // The plan without an engine is known not to work there, which is what its verification is about.
  if (command === undefined || (side === "after" && sample.facts.verify?.repairs !== undefined)) return undefined;
  const folder = join(scratch, `${sample.name}-${side}`);
  const checkedOut = checkOut(sample, folder, side === "after");
  return checkedOut.ok ? buildAndRun(folder, command, sample, env, bridge) : checkedOut;
}

function cell(side: string, outcome: Outcome | undefined): string {
  if (outcome === undefined) return "";
  return `${side} ${(outcome.megabytes ?? "").padStart(10)}  ${(outcome.ok ? "ok" : "FAILED").padEnd(8)}`;
}

async function verifySamples(samples: readonly Sample[], sides: readonly ("before" | "after")[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "restage-engine-"));
  const bridge = hasBridge();
  const env = bridge ? process.env : dockerOnHostNetwork(scratch);
  let failures = 0;
  for (const sample of samples) {
    const outcomes = [];
    for (const side of sides) outcomes.push({ side, outcome: await verifySide(sample, side, scratch, env, bridge) });
    console.log(`${sample.name.padEnd(34)} ${outcomes.map(({ side, outcome }) => cell(side, outcome)).join("  ")}`);
    for (const { side, outcome } of outcomes) {
      if (outcome === undefined || outcome.ok) continue;
      failures += 1;
      console.log(`--- ${sample.name}, ${side}:\n${outcome.log.trimEnd().split("\n").slice(-40).join("\n")}\n---`);
    }
    if (sides.length > 1 && !verifySampleByTool(sample, scratch, networksFor(bridge))) failures += 1;
  }
  rmSync(scratch, { recursive: true, force: true });
  return failures;
}

/** Builds share the host's network where there is no bridge. */
function networksFor(bridge: boolean): readonly string[] {
  return bridge ? [] : ["--build-network", "host", "--run-network", "none"];
}

const LANES = ["a", "b"] as const;
type Lane = (typeof LANES)[number];

/** Drivers give names to containers, and two samples may make an image of one name: those run one after the other. */
function groupOf({ name, facts }: Sample, drivers: ReadonlySet<string>): string {
  const image = imageOf(facts.image);
  return isDockerfile(name) && !drivers.has(image) ? image : "drivers";
}

/** `tide` is `tide:latest`. */
function imageOf(name: string): string {
  return name.replace(/:latest$/, "");
}

function isDockerfile(name: string): boolean {
  return /^(?:fat|multi-stage|repair|no-benefit)\b/.test(name);
}

/** An image of a compiler takes about as long to build and to read as four of a driver's; what is only planned takes nothing. */
function weightOf({ name, facts: { build } }: Sample): number {
  if (build.before === undefined) return 0;
  return isDockerfile(name) ? 4 : 1;
}

/** The samples of a lane: whole groups, the heaviest first, each to the lane with less to do. */
function samplesOf(lane: Lane): readonly Sample[] {
  const groups = new Map<string, Sample[]>();
  const samples = readSamples();
  const drivers = new Set(samples.filter(({ name }) => !isDockerfile(name)).map(({ facts }) => imageOf(facts.image)));
  for (const sample of samples) {
    const group = groupOf(sample, drivers);
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  const weight = (samples: readonly Sample[]): number => samples.reduce((sum, sample) => sum + weightOf(sample), 0);
  const lanes: Record<Lane, Sample[]> = { a: [], b: [] };
  for (const group of [...groups.values()].sort((one, other) => weight(other) - weight(one)))
    lanes[weight(lanes.a) <= weight(lanes.b) ? "a" : "b"].push(...group);
  return lanes[lane];
}

/** What fails in a lane; with names, only of those samples. */
async function failuresIn(lane: Lane, names: readonly string[], options: readonly string[]): Promise<number> {
  const samples = samplesOf(lane).filter(({ name }) => names.length === 0 || names.includes(name));
  const onlyBefore = options.includes("--before");
  const failures = await verifySamples(samples, onlyBefore ? ["before"] : ["before", "after"]);
  console.log(
    failures === 0 ? `engine: all ${samples.length} samples of lane ${lane} verified` : `engine: ${failures} FAILED`,
  );
  if (lane === "b") return failures + (names.length > 0 ? 0 : splitsFailing(options));
  return failures + (onlyBefore ? 0 : brokenPlansMissed(names, networksFor(hasBridge())));
}

/** Projects that split-and-recover takes apart: a few, or with `--idioms` one for every idiom. */
function splitsFailing(options: readonly string[]): number {
  const scratch = mkdtempSync(join(tmpdir(), "restage-split-"));
  const failures = verifySplits(options, scratch, hasBridge() ? process.env : dockerOnHostNetwork(scratch));
  console.log(failures === 0 ? "engine: all split projects verified" : `engine: ${failures} split projects FAILED`);
  return failures;
}

/** Both lanes at once; the number of those that fail, and of what they leave behind in the engine. */
async function bothLanes(words: readonly string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "restage-lanes-"));
  const before = labelled();
  const env = { ...process.env, [LOCK]: join(scratch, "lock") };
  const own = ["scripts/run-ts.mjs", "scripts/engine-tests.ts"];
  const ends = LANES.map(
    (lane) =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [...own, ...words, `--lane=${lane}`], { env, stdio: "inherit" });
        child.on("close", resolve);
      }),
  );
  const failed = (await Promise.all(ends)).filter((status) => status !== 0);
  rmSync(scratch, { recursive: true, force: true });
  return failed.length + leftovers(before);
}

const options = process.argv.slice(2);
const names = options.filter((option) => !option.startsWith("--"));
const own = LANES.find((lane) => options.includes(`--lane=${lane}`));
const onlySplits = options.some((option) => /^--(?:splits|idioms|idiom=.*)$/.test(option));
if (docker("version").status !== 0) {
  console.log(NO_ENGINE);
  process.exitCode = options.includes("--require") ? 1 : 0;
} else if (onlySplits) process.exitCode = splitsFailing(options) === 0 ? 0 : 1;
else {
  const failures = own === undefined ? await bothLanes(options) : await failuresIn(own, names, options);
  process.exitCode = failures === 0 ? 0 : 1;
}
