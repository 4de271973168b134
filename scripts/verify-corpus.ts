/**
 * Verifies public repositories with a real engine, and prints a row of a table for each:
 *
 *     npm run verify:corpus -- FILE.jsonl --mirror DIR [--alias PROGRAM] [--only ID,…] [--build-network host] [--smallest] [--break]
 *
 *     | case | verdict | before | after | share | rounds | why |
 *
 * With --break, what was verified is applied and broken again and again, by one line of what ships at a time (a COPY out of another
 * stage, an install of packages, an ENV); a row says whether `restage verify` noticed, and by what.
 *
 * A line of FILE names `repo`, `commit`, and `dockerfile` or `driver`. PROGRAM is called with each Dockerfile, old and new, and
 * may tag stand-ins for base images. What is not decided here: what is right; the verdicts are those of `restage verify --json`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import type { MigrationDocument } from "../src/model/json.ts";
import type { ImageVerification, Verification } from "../src/model/verification.ts";
import { hostPath, ROOT } from "../src/text/paths.ts";

interface Case {
  readonly id: string;
  readonly repo: string;
  readonly commit: string;
  readonly dockerfile?: string;
  readonly driver?: string;
  /** The directory that is all the build needs; absent for the whole repository. */
  readonly context?: string;
  readonly build_network?: string;
  readonly run_env?: Readonly<Record<string, string>>;
  readonly expected?: string;
}

const CLI = resolve("dist/bin/restage.cjs");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mirror: { type: "string", default: "../.mirror" },
    alias: { type: "string" },
    only: { type: "string" },
    "build-network": { type: "string", default: "host" },
    "run-network": { type: "string", default: "none" },
    keep: { type: "string" },
    break: { type: "boolean", default: false },
    smallest: { type: "boolean", default: false },
  },
});

const SMALLEST = values.smallest ? ["--smallest"] : [];

function restage(folder: string, args: readonly string[]): MigrationDocument | string {
  const { stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  try {
    return JSON.parse(stdout) as MigrationDocument;
  } catch {
    return stderr.trim().split("\n").slice(-3).join(" ") || "no answer";
  }
}

function checkOut({ repo, commit, context = "." }: Case, folder: string): boolean {
  const mirror = resolve(values.mirror, repo.replace("/", "+"), "repo");
  if (!existsSync(mirror)) return false;
  mkdirSync(folder, { recursive: true });
  const archive = spawnSync("git", ["-C", mirror, "archive", commit, ...(context === "." ? [] : [context])], {
    maxBuffer: 2e9,
  });
  return archive.status === 0 && spawnSync("tar", ["-x", "-C", folder], { input: archive.stdout }).status === 0;
}

/** Stand-ins for what the Dockerfiles of the project name, as they are and as they would be. */
function aliasBases(folder: string, document: MigrationDocument): void {
  if (values.alias === undefined) return;
  const scratch = mkdtempSync(join(tmpdir(), "restage-alias-"));
  for (const [index, migration] of document.migrations.entries()) {
    const old = migration.stages.map(({ dockerfile }) => join(folder, dockerfile));
    const sources = migration.sources.flatMap(({ path, role }) => (role === "dockerfile" ? [join(folder, path)] : []));
    const written = migration.changes.flatMap(({ path, after }, at) => {
      if (after === undefined || !/^(?:FROM|from)\s/m.test(after)) return [];
      const file = join(scratch, `${index}-${at}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, after);
      return path === "" ? [] : [file];
    });
    const files = [...new Set([...sources, ...old, ...written])].filter((file) => existsSync(file));
    const { stderr } = spawnSync(values.alias, files, { encoding: "utf8" });
    if (stderr !== "") console.error(stderr.trim());
  }
  rmSync(scratch, { recursive: true });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Everything that is wrong, shortest first; a table has room for two. */
function reasons(verification: Verification): string {
  const problems = verification.images.flatMap((image) =>
    [image.configuration, image.files, image.libraries, image.behaviour].flatMap(({ findings }) =>
      findings.flatMap(({ level, what }) => (level === "problem" ? [what] : [])),
    ),
  );
  const shown = problems.length === 0 && verification.verdict !== "verified" ? [verification.summary] : problems;
  return shown.slice(0, 2).join("; ").replaceAll("|", "/");
}

function row(one: Case, verdict: string, image?: ImageVerification, verification?: Verification): string {
  const bytes = image?.size.bytes;
  const share = bytes && bytes.before > 0 ? `${((100 * bytes.after) / bytes.before).toFixed(1)} %` : "";
  const sizes = bytes ? [megabytes(bytes.before), megabytes(bytes.after)] : ["", ""];
  const rounds = verification === undefined ? "" : String(verification.rounds.length);
  const why = verification === undefined ? "" : reasons(verification);
  return `| ${[one.id, verdict, ...sizes, share, rounds, why].join(" | ")} |`;
}

function verifyCase(one: Case, scratch: string): readonly string[] {
  const folder = join(scratch, one.id.replace(/[^\w.-]/g, "-"));
  if (!checkOut(one, folder)) return [row(one, "not there")];
  const file = one.dockerfile === undefined ? ["--script", one.driver ?? ""] : ["--dockerfile", one.dockerfile];
  const planned = restage(folder, ["migrate", "--json", ...SMALLEST, ...file]);
  if (typeof planned === "string") return [row(one, planned)];
  const offered = planned.migrations.filter(({ changes }) => changes.length > 0);
  if (offered.length === 0) {
    const [first] = planned.migrations;
    return [row(one, first === undefined ? "nothing found" : `${first.verdict}: ${first.summary}`)];
  }
  aliasBases(folder, planned);
  const settings = join(scratch, "settings.yml");
  writeFileSync(settings, JSON.stringify({ verify: { probe: { env: one.run_env ?? {} } } }));
  const networks = ["--build-network", values["build-network"], "--run-network", values["run-network"]];
  const words = ["verify", "--yes", "--json", "--repair", "--answers", settings, ...SMALLEST, ...networks, ...file];
  const document = restage(folder, words);
  if (typeof document === "string") return [row(one, document)];
  if (values.keep !== undefined) {
    mkdirSync(values.keep, { recursive: true });
    writeFileSync(join(values.keep, `${one.id.replace(/[^\w.-]/g, "-")}.json`), JSON.stringify(document, undefined, 1));
  }
  const [verified] = document.migrations.filter(({ verification }) => verification?.verdict === "verified");
  const broken = values.break && verified !== undefined ? brokenRows(one, verified, scratch, settings, networks) : [];
  const rows = document.migrations.flatMap(({ verification }) => {
    if (verification === undefined) return [];
    const images = verification.images.length === 0 ? [undefined] : verification.images;
    return images.map((image) => row(one, verification.verdict, image, verification));
  });
  if (rows.length > 0) return [...rows, ...broken];
  return [row(one, document.diagnostics[0]?.message ?? "nothing verified")];
}

/** Verifies the migrated state without one of its lines, for each line that has to be missed. */
function brokenRows(
  one: Case,
  { changes, outputs }: MigrationDocument["migrations"][number],
  scratch: string,
  settings: string,
  networks: readonly string[],
): readonly string[] {
  const [output] = outputs;
  const change = changes.find(({ path }) => path === output?.dockerfile);
  if (output === undefined || change?.after === undefined) return [];
  const whole = change.after;
  return linesToBreak(whole, output.target).map(({ start, end }) => {
    const before = join(scratch, "before");
    const after = join(scratch, "broken");
    for (const folder of [before, after]) {
      rmSync(folder, { recursive: true, force: true });
      checkOut(one, folder);
    }
    for (const each of changes) {
      if (each.after === undefined) rmSync(join(after, each.path), { force: true });
      else writeFileSync(join(after, each.path), each.after);
    }
    writeFileSync(join(after, change.path), whole.slice(0, start) + whole.slice(end));
    const file = one.dockerfile === undefined ? ["--script", one.driver ?? ""] : ["--dockerfile", one.dockerfile];
    const words = [
      "verify",
      "--yes",
      "--json",
      "--after",
      after,
      "--answers",
      settings,
      ...SMALLEST,
      ...networks,
      ...file,
    ];
    const document = restage(before, words);
    const found = typeof document === "string" ? undefined : document.migrations[0]?.verification;
    const verdict = found?.verdict ?? "no answer";
    const line = whole
      .slice(start, end)
      .replace(/\\\n\s*/g, "")
      .trim()
      .slice(0, 60)
      .replaceAll("|", "/");
    const why = found === undefined ? String(document) : reasons(found);
    return `| ${one.id} without \`${line}\` | ${verdict} | | | | | ${why} |`;
  });
}

function linesToBreak(text: string, target: string): readonly { readonly start: number; readonly end: number }[] {
  const stage = parseDockerfile({ path: hostPath("Dockerfile") ?? ROOT, text }).stages.find(
    ({ from }) => from.name?.text === target,
  );
  return (stage?.instructions ?? []).flatMap((instruction) => {
    const { kind, flags, range, rest } = instruction;
    const copies = kind === "copy" && flags.some(({ name }) => name === "from");
    const installs = kind === "run" && /\b(?:apt-get|apk|npm|yarn|pip)\b.*\b(?:install|add|i)\b/s.test(rest.text);
    return copies || installs || kind === "env" ? [{ start: range.start, end: range.end + 1 }] : [];
  });
}

const scratch = mkdtempSync(join(tmpdir(), "restage-corpus-"));
console.log(
  "| case | verdict | before, MB | after, MB | share | rounds | why |\n| --- | --- | --- | --- | --- | --- | --- |",
);
for (const file of positionals) {
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const one = JSON.parse(line) as Case;
    if (values.only !== undefined && !values.only.split(",").includes(one.id)) continue;
    for (const text of verifyCase(one, scratch)) console.log(text);
  }
}
rmSync(scratch, { recursive: true, force: true });
