import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileChange } from "../../src/model/migration.ts";
import { checkout, commitAll, git, snapshot } from "../project/checkout.ts";
import { BEFORE, CHANGES, MIGRATION, REFUSED, result, run } from "./example-migration.ts";
import { migration, restage } from "./run-restage.ts";

const PATCH = `# restage: builder-script:build.sh: migrated
# Two stages take the place of one.
#
# Decisions (answer them in .restage.yml, under this id or "*"):
#   tests: gate (likely; or drop)
#     Do the tests stay a gate?
#
# Dockerfile
#       1-2  the build stage (Dockerfile:1)
#         3  diff --git a/x b/x --- a/x +++ b/x @@ -1 +1 @@ [guess]
diff --git a/Dockerfile b/Dockerfile
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,3 @@
-FROM node
+FROM node AS builder
 RUN a
+FROM node
#
# old/Dockerfile (deleted)
#         1  removed: its lines stand in Dockerfile
diff --git a/old/Dockerfile b/old/Dockerfile
deleted file mode 100644
--- a/old/Dockerfile
+++ /dev/null
@@ -1,1 +0,0 @@
-FROM b
#
# my docker/.dockerignore (new)
diff --git a/my docker/.dockerignore b/my docker/.dockerignore
new file mode 100644
--- /dev/null
+++ b/my docker/.dockerignore
@@ -0,0 +1,1 @@
+dist
\\ No newline at end of file
`;

describe("restage migrate", () => {
  test("prints a patch with its reasons, and writes nothing", async () => {
    const root = checkout(BEFORE);
    const before = snapshot(root);
    expect(await run([], root, MIGRATION)).toEqual({ code: 0, stdout: PATCH, stderr: "" });
    expect(snapshot(root)).toEqual(before);
  });

  test("prints what git applies, to the same end as --write", async () => {
    const [patched, written] = [checkout(BEFORE), checkout(BEFORE)];
    const { stdout } = await run([], patched, MIGRATION, migration({ verdict: "no-benefit" }));
    git(patched, "init", "-q");
    execFileSync("git", ["apply", "--check"], { cwd: patched, input: stdout });
    execFileSync("git", ["apply"], { cwd: patched, input: stdout });
    await run(["--write"], written, MIGRATION);
    expect(snapshot(patched)).toEqual(snapshot(written));
    expect(snapshot(written)["my docker/.dockerignore"]).toBe("644 dist");
  });

  test("colours the patch on a terminal only", async () => {
    const root = checkout(BEFORE);
    const options = { cwd: root, migrate: result(MIGRATION) };
    const plain = (text: string) => text.replace(/\u001b\[\d+m/g, "");
    const colored = await restage(["migrate"], { ...options, terminal: true });
    expect(colored.stdout).toContain("\u001b[32m+FROM node AS builder\u001b[39m");
    expect(plain(colored.stdout)).toBe(PATCH);
    expect((await restage(["migrate"], { ...options, terminal: true, env: { NO_COLOR: "1" } })).stdout).toBe(PATCH);
    expect((await restage(["migrate"], { ...options, terminal: true, env: { TERM: "dumb" } })).stdout).toBe(PATCH);
    expect(plain((await restage(["migrate"], { ...options, env: { FORCE_COLOR: "1" } })).stdout)).toBe(PATCH);
    expect((await restage(["migrate"], { ...options, env: { FORCE_COLOR: "1" } })).stdout).not.toBe(PATCH);
    expect((await restage(["migrate"], { ...options, terminal: true, env: { FORCE_COLOR: "0" } })).stdout).toBe(PATCH);
  });

  test("never sends the control characters of a file to a terminal", async () => {
    const after = "FROM a\u001b[2J\u009b1m\u202e\r\n";
    const changes = [{ path: "x\u001b[1m", action: "create", mode: "100644", after }] as const;
    const evil = migration({ id: "fat-dockerfile:x\u001b[1m", summary: "a\u0007b", changes });
    const shown = await restage(["migrate"], {
      cwd: checkout({}),
      terminal: true,
      env: { NO_COLOR: "1" },
      migrate: result(evil),
    });
    expect(shown.stdout).toContain("+FROM a\\x1b[2J\\x9b1m\\u202e\n");
    expect(shown.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const piped = await run([], checkout({}), evil);
    expect(piped.stdout).toContain(`+${after}`);
  });

  test("hides secrets in what it says, never in the diff", async () => {
    const secret = migration({
      changes: [{ path: "a", action: "create", mode: "100644", after: "ARG NPM_TOKEN=abc\n" }],
      explanation: [
        { path: "a", firstLine: 1, lastLine: 1, reason: "kept: ARG NPM_TOKEN=abc", confidence: "certain", because: [] },
      ],
    });
    const { stdout } = await run([], checkout({}), secret);
    expect(stdout).toContain("#         1  kept: ARG NPM_TOKEN=***\n");
    expect(stdout).toContain("+ARG NPM_TOKEN=abc\n");
  });

  test("says when there is nothing", async () => {
    expect(await run([], checkout({}))).toEqual({
      code: 0,
      stdout: "",
      stderr: "no Dockerfile and no build script was found\n",
    });
  });

  test("says what it refuses, with the place, and fails", async () => {
    const refused = await run([], checkout(BEFORE), REFUSED, MIGRATION);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toBe('bad/Dockerfile:1:1: error: "bad/Dockerfile" is a binary file [file-binary]\n');
    expect(refused.stdout).toContain("diff --git a/Dockerfile");
  });
});

describe("a patch from a folder below the top of its repository", () => {
  const below = async (argv: readonly string[], folder = "services/shop") => {
    const top = checkout(Object.fromEntries(Object.entries(BEFORE).map(([path, text]) => [`${folder}/${path}`, text])));
    git(top, "init", "-q");
    return { top, ran: await run(argv, join(top, folder), MIGRATION) };
  };

  test("comes with the way to apply it, which works", async () => {
    const { top, ran } = await below([], "my services/shop");
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      'count from "my services/shop", which is not the top of its repository [patch-below-top]',
    );
    const [, command = ""] = /apply it with "(.+)"\n/.exec(ran.stderr) ?? [];
    execFileSync("sh", ["-c", command], { cwd: join(top, "my services/shop"), input: ran.stdout });
    expect(snapshot(top)["my services/shop/Dockerfile"]).toContain("AS builder");
  });

  test("does so for --patch, and not where no patch is asked for", async () => {
    expect((await below(["--patch", "a.patch"])).ran.stderr).toContain("git apply --directory=services/shop");
    for (const argv of [["--check"], ["--json"], ["--write", "--force"]])
      expect((await below(argv)).ran.stderr).not.toContain("git apply");
  });
});

describe("restage migrate --write", () => {
  test("writes, says what, and undo takes it back", async () => {
    const root = checkout(BEFORE);
    const before = snapshot(root);
    expect(await run(["--write"], root, MIGRATION)).toEqual({
      code: 0,
      stdout: `builder-script:build.sh: migrated: Two stages take the place of one.
  modified  Dockerfile
  deleted   old/Dockerfile
  created   my docker/.dockerignore
`,
      stderr: '3 files written; "restage undo" restores what was there\n',
    });
    expect(await restage(["undo"], { cwd: root })).toEqual({
      code: 0,
      stdout: "restored  Dockerfile\nrestored  old/Dockerfile\nrestored  my docker/.dockerignore\n",
      stderr: "",
    });
    expect(snapshot(root)).toEqual(before);
    expect(await restage(["undo"], { cwd: root })).toEqual({
      code: 0,
      stdout: "",
      stderr: "nothing was written that could be taken back\n",
    });
  });

  test("writes nothing when a file changed between reading and writing", async () => {
    const root = checkout(BEFORE);
    const migrate = () => {
      writeFileSync(join(root, "Dockerfile"), "FROM other\n");
      return { migrations: [MIGRATION], diagnostics: [] };
    };
    const ran = await restage(["migrate", "--write"], { cwd: root, migrate });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('Dockerfile:1:1: error: "Dockerfile" changed after it was read [file-changed]\n');
    expect(ran.stderr).toContain("  help: run the command again, so that it starts from the file as it is now\n");
    expect(snapshot(root)).toEqual({ ...snapshot(checkout(BEFORE)), Dockerfile: "644 FROM other\n" });
  });

  test("leaves uncommitted changes alone, unless forced", async () => {
    const root = checkout(BEFORE);
    commitAll(root);
    writeFileSync(join(root, "Dockerfile"), "FROM mine\n");
    const changes = [{ ...CHANGES[0], before: "FROM mine\n" }] as readonly FileChange[];
    const refused = await run(["--write"], root, migration({ changes }));
    expect([refused.code, refused.stderr.split("\n")[0]]).toEqual([
      1,
      'Dockerfile:1:1: error: "Dockerfile" has changes that are not committed [file-uncommitted]',
    ]);
    expect((await run(["--write", "--force"], root, migration({ changes }))).code).toBe(0);
  });

  test("writes what can be migrated beside what is refused, and still fails", async () => {
    const root = checkout(BEFORE);
    expect((await run(["--write"], root, REFUSED, MIGRATION)).code).toBe(1);
    expect(existsSync(join(root, "old/Dockerfile"))).toBe(false);
  });

  test("takes an interrupted run back first; other commands refuse to read half of it", async () => {
    const root = checkout({ ...BEFORE, Dockerfile: "half\n" });
    mkdirSync(join(root, ".restage"));
    const journal = join(root, ".restage/journal.json");
    const changes = [{ path: "Dockerfile", before: BEFORE.Dockerfile, after: "half\n", temporary: ".restage-1.tmp" }];
    writeFileSync(journal, JSON.stringify({ version: 1, purpose: "apply", process: 1, changes, directories: [] }));
    utimesSync(journal, 1, 1);
    const reading = await run([], root, MIGRATION);
    expect([reading.code, reading.stdout]).toEqual([2, ""]);
    expect(reading.stderr).toContain('type "restage undo" to restore');
    expect(snapshot(root).Dockerfile).toBe("644 half\n");
    const writing = await run(["--write"], root, MIGRATION);
    expect(writing.code).toBe(0);
    expect(writing.stderr).toContain('warning: the files of an interrupted run in "." were restored');
    expect(snapshot(root)["old/Dockerfile"]).toBeUndefined();
  });
});

describe("restage migrate --patch", () => {
  test("puts the same patch into a file", async () => {
    const root = checkout(BEFORE);
    const ran = await run(["--patch", "a.patch"], root, MIGRATION);
    expect(ran).toEqual({
      code: 0,
      stdout: "builder-script:build.sh: migrated: Two stages take the place of one.\n",
      stderr: 'the patch is in "a.patch"\n',
    });
    expect(readFileSync(join(root, "a.patch"), "utf8")).toBe(PATCH);
    expect((await run(["--patch", "a.patch"], root, MIGRATION)).code).toBe(0);
  });

  test("to - is standard output without colours", async () => {
    const ran = await restage(["migrate", "--patch", "-"], {
      cwd: checkout(BEFORE),
      migrate: result(MIGRATION),
      env: { FORCE_COLOR: "1" },
    });
    expect(ran.stdout).toBe(PATCH);
  });

  test("writes over no file that is not a patch", async () => {
    const root = checkout(BEFORE);
    const ran = await run(["--patch", "Dockerfile"], root, MIGRATION);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('"Dockerfile" exists and is not a patch');
    expect(snapshot(root).Dockerfile).toBe(`644 ${BEFORE.Dockerfile}`);
  });

  test("makes no file when nothing changes", async () => {
    const root = checkout(BEFORE);
    const ran = await run(["--patch", "a.patch"], root, migration({ verdict: "no-benefit" }));
    expect([ran.code, ran.stderr]).toEqual([0, "nothing changes: no patch was written\n"]);
    expect(existsSync(join(root, "a.patch"))).toBe(false);
  });

  test("says when the name is that of a directory", async () => {
    const ran = await run(["--patch", "old"], checkout(BEFORE), MIGRATION);
    expect([ran.code, ran.stderr.split("\n")[0]]).toEqual([
      1,
      'error: "old" cannot be written (EISDIR) [write-denied]',
    ]);
  });

  test("says when the file cannot be written", async () => {
    const ran = await run(["--patch", "no/where.patch"], checkout(BEFORE), MIGRATION);
    expect([ran.code, ran.stderr.split("\n")[0]]).toEqual([
      1,
      'error: "no/where.patch" cannot be written (ENOENT) [write-denied]',
    ]);
  });
});

describe("restage migrate --check", () => {
  test.each([
    [
      "1 where something would change",
      [MIGRATION],
      1,
      "builder-script:build.sh: migrated: Two stages take the place of one.\n",
    ],
    ["0 where nothing would", [migration({ verdict: "no-benefit" })], 0, ""],
    ["1 where something is refused", [REFUSED], 1, ""],
  ] as const)("ends with %s", async (_, migrations, code, stdout) => {
    const root = checkout(BEFORE);
    const ran = await run(["--check"], root, ...migrations);
    expect([ran.code, ran.stdout]).toEqual([code, stdout]);
    expect(snapshot(root)).toEqual(snapshot(checkout(BEFORE)));
  });
});
