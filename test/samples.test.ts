/**
 * Every sample, end to end: what restage makes of `before` is what a reviewer approved in `after`.
 * When a change here is wanted, run `npm run goldens` and read the difference.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { applyChanges, type FileTree, goldenFiles, readSamples, readTree, TERMINAL } from "../scripts/samples.ts";
import { migrate } from "../src/migrate.ts";
import { toDocument } from "../src/model/json.ts";
import type { Migration } from "../src/model/migration.ts";
import { memoryProject } from "../src/project/memory.ts";
import { VERSION } from "../src/version.ts";

const CLI = resolve("dist/bin/restage.cjs");
const scratch = mkdtempSync(join(tmpdir(), "restage-samples-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
  JSON.parse(readFileSync("schema/migration.v1.json", "utf8")),
);

const run = (tree: FileTree): readonly Migration[] => migrate(memoryProject(tree, "before")).migrations;

const withLineEnds = (tree: FileTree): FileTree =>
  Object.fromEntries(
    Object.entries(tree).map(([path, file]) => [path, { ...file, text: file.text.replaceAll("\n", "\r\n") }]),
  );

const backwards = (tree: FileTree): FileTree => Object.fromEntries(Object.entries(tree).reverse());

/** What must not depend on line ends. */
const planOf = (migration: Migration) => ({
  verdict: migration.verdict,
  stages: migration.stages,
  flows: migration.flows.map(({ from, to, owner, mode }) => ({ from, to, owner, mode })),
  decisions: migration.decisions.map(({ id, chosen }) => ({ id, chosen })),
});

/** Writes files to a folder of their own. */
function writeFiles(name: string, tree: FileTree): string {
  const folder = mkdtempSync(join(scratch, `${name}-`));
  for (const [path, { text, mode }] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode === "100755" ? 0o755 : 0o644);
  }
  return folder;
}

/** Applies a diff with git at the top of a scratch repository: below one, git skips files silently. */
function applyWithGit(folder: string, diff: string): FileTree {
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  execFileSync("git", ["apply", "--check"], { cwd: folder, input: diff });
  execFileSync("git", ["apply"], { cwd: folder, input: diff });
  rmSync(join(folder, ".git"), { recursive: true });
  return readTree(folder);
}

function restage(folder: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

const SAMPLES = readSamples();
const MIGRATED = SAMPLES.filter((sample) => sample.facts.build.after !== undefined);
const REFUSED = SAMPLES.filter((sample) => sample.name.startsWith("refused-"));

describe.each(SAMPLES)("sample $name", ({ name, directory }) => {
  const before = readTree(join(directory, "before"));

  it("gives its golden", () => {
    const { [TERMINAL]: _said, ...golden } = readTree(join(directory, "after"));
    expect(goldenFiles(run(before))).toEqual(golden);
  });

  it("gives the same with its files listed in another order", () => {
    expect(run(backwards(before))).toEqual(run(before));
  });

  it("gives the same plan with CRLF", () => {
    expect(run(withLineEnds(before)).map(planOf)).toEqual(run(before).map(planOf));
  });

  it("changes nothing when its own result is migrated", () => {
    const after = applyChanges(
      before,
      run(before).flatMap((migration) => migration.changes),
    );
    const again = run(after);
    expect(again.flatMap((migration) => migration.changes)).toEqual([]);
    if (!name.startsWith("refused-"))
      expect(new Set(again.map((migration) => migration.verdict))).toEqual(new Set(["no-benefit"]));
  });

  it("prints JSON that the schema accepts, and the library's own answer", () => {
    const { stdout } = restage(writeFiles(name, before), "migrate", "--json");
    const document = JSON.parse(stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    const own = toDocument({ migrations: run(before), diagnostics: [] }, VERSION);
    expect(document.migrations).toEqual(JSON.parse(JSON.stringify(own.migrations)));
  });

  it("has a README that says what is legacy and what changes", () => {
    expect(readFileSync(join(directory, "README.md"), "utf8")).toMatch(
      /^# .+\n[\s\S]+## What is legacy\n[\s\S]+## What (changes|restage says)\n/,
    );
  });
});

describe.each(MIGRATED)("the patch of $name", ({ name, directory }) => {
  const before = readTree(join(directory, "before"));

  it("is taken by git apply and makes exactly the changes", () => {
    const migrations = run(before);
    const applied = applyWithGit(writeFiles(name, before), migrations.map((migration) => migration.diff).join(""));
    expect(applied).toEqual(
      applyChanges(
        before,
        migrations.flatMap((migration) => migration.changes),
      ),
    );
  });

  it("is what the command line prints: git takes that too", () => {
    const folder = writeFiles(name, before);
    const { stdout, status } = restage(folder, "migrate");
    expect(status).toBe(0);
    expect(applyWithGit(folder, stdout)).toEqual(
      applyChanges(
        before,
        run(before).flatMap((migration) => migration.changes),
      ),
    );
  });

  it("is what --write applies and undo takes back", () => {
    const folder = writeFiles(name, before);
    expect(restage(folder, "migrate", "--write").status).toBe(0);
    expect(withoutRecord(readTree(folder))).toEqual(
      applyChanges(
        before,
        run(before).flatMap((migration) => migration.changes),
      ),
    );
    expect(restage(folder, "undo").status).toBe(0);
    expect(withoutRecord(readTree(folder))).toEqual(before);
  });
});

/** Without what `undo` needs to know. */
function withoutRecord(tree: FileTree): FileTree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith(".restage/")));
}

describe.each(REFUSED)("$name", ({ name, directory }) => {
  const before = readTree(join(directory, "before"));

  it("is refused with a place and help, and nothing is written", () => {
    const folder = writeFiles(name, before);
    const { status, stderr, stdout } = restage(folder, "migrate");
    expect([status, `${stdout}${stderr}`]).toEqual([1, readFileSync(join(directory, "after", TERMINAL), "utf8")]);
    expect(restage(folder, "migrate", "--write").status).toBe(1);
    expect(readTree(folder)).toEqual(before);
  });
});

it("together show every kind of setup and verdict", () => {
  const kinds = new Set(
    SAMPLES.flatMap((sample) => run(readTree(join(sample.directory, "before"))).map((m) => `${m.kind} ${m.verdict}`)),
  );
  expect([...kinds].sort()).toEqual([
    "builder-script migrated",
    "builder-script refused",
    "fat-dockerfile migrated",
    "fat-dockerfile no-benefit",
    "fat-dockerfile refused",
    "multi-stage migrated",
  ]);
});
