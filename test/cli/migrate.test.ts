import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileChange, Migration } from "../../src/model/migration.ts";
import { checkout, commitAll, git, snapshot } from "../project/checkout.ts";
import { migration, restage } from "./run-restage.ts";

const BEFORE = {
  Dockerfile: "FROM node\nRUN a\n",
  "build.sh": "#!/bin/sh\ndocker build .\n",
  "old/Dockerfile": "FROM b\n",
};

const CHANGES: readonly FileChange[] = [
  {
    path: "Dockerfile",
    action: "modify",
    mode: "100644",
    before: BEFORE.Dockerfile,
    after: "FROM node AS builder\nRUN a\nFROM node\n",
  },
  { path: "old/Dockerfile", action: "delete", mode: "100644", before: "FROM b\n" },
  { path: "my docker/.dockerignore", action: "create", mode: "100644", after: "dist" },
];

const MIGRATION = migration({
  id: "builder-script:build.sh",
  kind: "builder-script",
  changes: CHANGES,
  decisions: [
    {
      id: "tests",
      question: "Do the tests stay a gate?",
      chosen: "gate",
      confidence: "likely",
      because: [],
      options: [
        { value: "gate", label: "gate", consequence: "" },
        { value: "drop", label: "drop", consequence: "" },
      ],
    },
  ],
  explanation: [
    {
      path: "Dockerfile",
      firstLine: 1,
      lastLine: 2,
      reason: "the build stage",
      confidence: "certain",
      because: [{ path: "Dockerfile", line: 1, column: 1, text: "FROM node" }],
    },
    {
      path: "Dockerfile",
      firstLine: 3,
      lastLine: 3,
      reason: "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@",
      confidence: "guess",
      because: [],
    },
  ],
  removed: [{ path: "old/Dockerfile", firstLine: 1, lastLine: 1, reason: "its lines stand in Dockerfile" }],
});

const REFUSED = migration({
  id: "fat-dockerfile:bad/Dockerfile",
  verdict: "refused",
  summary: "It cannot be read.",
  diagnostics: [
    {
      code: "file-binary",
      severity: "error",
      message: '"bad/Dockerfile" is a binary file',
      path: "bad/Dockerfile",
      line: 1,
      column: 1,
    },
  ],
});

const result =
  (...migrations: readonly Migration[]) =>
  () => ({ migrations, diagnostics: [] });
const run = (argv: readonly string[], cwd: string, ...migrations: readonly Migration[]) =>
  restage(["migrate", ...argv], { cwd, migrate: result(...migrations) });

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

describe("restage migrate --json", () => {
  const parse = (text: string) => JSON.parse(text);

  test.each([
    ["a result", [], [MIGRATION], 0],
    ["nothing", [], [], 0],
    ["a refusal", [], [REFUSED], 1],
    ["--write", ["--write"], [MIGRATION], 0],
    ["--check", ["--check"], [MIGRATION], 1],
    ["--patch", ["--patch", "a.patch"], [MIGRATION], 0],
  ] as const)("prints one document for %s", async (_, argv, migrations, code) => {
    const ran = await run(["--json", ...argv], checkout(BEFORE), ...migrations);
    expect(parse(ran.stdout)).toMatchObject({ schema: 1, tool: { name: "restage" }, diagnostics: [] });
    expect(parse(ran.stdout).migrations.map(({ id }: Migration) => id)).toEqual(migrations.map(({ id }) => id));
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
  });

  test.each([
    [["migrate", "--json", "--bogus"], 2, "command-line-invalid"],
    [["migrate", "nowhere", "--json"], 2, "project-missing"],
    [["bogus", "--json"], 2, "command-line-invalid"],
    [["--json"], 2, "command-line-invalid"],
    [["migrate", "--json", "--patch", "-"], 2, "command-line-invalid"],
    [["migrate", "--json", "--dockerfile", "a", "--dockerfile", "b"], 2, "command-line-invalid"],
    [["migrate", "--json", "--answers", "nowhere.yml"], 2, "file-missing"],
  ] as const)("prints one document for %j", async (argv, code, diagnosticCode) => {
    const ran = await restage(argv, { cwd: checkout({}) });
    expect(parse(ran.stdout)).toMatchObject({
      schema: 1,
      migrations: [],
      diagnostics: [{ code: diagnosticCode, severity: "error" }],
    });
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
  });

  test("prints one document for a failure of our own, and no stack trace", async () => {
    const migrate = () => {
      throw new Error("boom");
    };
    const ran = await restage(["migrate", "--json"], { cwd: checkout({}), migrate });
    expect(parse(ran.stdout).diagnostics).toMatchObject([{ code: "internal-error", message: "restage failed: boom" }]);
    expect([ran.code, ran.stderr]).toEqual([1, ""]);
    const shown = await restage(["migrate"], { cwd: checkout({}), migrate });
    expect(shown.stderr).toBe(`error: restage failed: boom [internal-error]
  help: please report it with the file that caused it; RESTAGE_DEBUG=1 shows where it happened
`);
  });

  test("has a write that failed in the same document", async () => {
    const root = checkout({ ...BEFORE, Dockerfile: "other\n" });
    const ran = await run(["--json", "--write"], root, MIGRATION);
    expect(parse(ran.stdout)).toMatchObject({
      diagnostics: [{ code: "file-changed", path: "Dockerfile" }],
      migrations: [{ id: MIGRATION.id }],
    });
    expect(ran.code).toBe(1);
  });

  test("escapes what a terminal would act on", async () => {
    const ran = await run(["--json"], checkout({}), migration({ summary: "a\u009b\u202e\u001b" }));
    expect(ran.stdout).toContain('"a\\u009b\\u202e\\u001b"');
    expect(parse(ran.stdout).migrations[0].summary).toBe("a\u009b\u202e\u001b");
  });
});

describe("the answer is limited to", () => {
  const seen = async (argv: readonly string[], cwd: string) => {
    let only: unknown;
    const ran = await restage(["migrate", ...argv], {
      cwd,
      migrate: (_, options) => {
        only = options?.only;
        return { migrations: [MIGRATION], diagnostics: [] };
      },
    });
    return { ...ran, only };
  };

  test("a Dockerfile, seen from the working directory", async () => {
    const root = checkout(BEFORE);
    expect((await seen(["..", "--dockerfile", "Dockerfile"], join(root, "old"))).only).toEqual({
      dockerfile: "old/Dockerfile",
    });
    expect((await seen(["--dockerfile", join(root, "old/../Dockerfile")], root)).only).toEqual({
      dockerfile: "Dockerfile",
    });
    expect((await seen(["--script", "./build.sh"], root)).only).toEqual({ script: "build.sh" });
    expect((await seen([], root)).only).toBeUndefined();
  });

  test("the file behind a symlink", async () => {
    const root = checkout(BEFORE);
    symlinkSync("old/Dockerfile", join(root, "Dockerfile.link"));
    expect((await seen(["--dockerfile", "Dockerfile.link"], root)).only).toEqual({ dockerfile: "old/Dockerfile" });
    const link = join(mkdtempSync(join(tmpdir(), "restage-link-")), "shop");
    symlinkSync(root, link);
    expect((await seen([link, "--dockerfile", join(link, "Dockerfile")], root)).only).toEqual({
      dockerfile: "Dockerfile",
    });
    rmSync(join(link, ".."), { recursive: true });
  });

  test.each([
    ["file-missing", '"nowhere" does not exist', "nowhere"],
    ["file-missing", '"no/where" does not exist', "no/where"],
    ["file-directory", '"old" is a directory, not a file', "old"],
    ["file-outside", '"../x" leads outside the project', "../x"],
    ["file-outside", '"/etc/passwd" leads outside the project', "/etc/passwd"],
    ["file-outside", '"escape" leads outside the project', "escape"],
  ])("no file: %s", async (code, message, given) => {
    const root = checkout(BEFORE);
    symlinkSync("../../etc/passwd", join(root, "escape"));
    const ran = await seen(["--write", "--dockerfile", given], root);
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(`error: ${message} [${code}]\n`);
    expect(ran.stderr).toContain("  help: ");
  });

  test("a file that takes part in no build", async () => {
    const ran = await restage(["migrate", "--script", "build.sh"], { cwd: checkout(BEFORE), migrate: result() });
    expect([ran.code, ran.stderr.split("\n")[0]]).toEqual([
      1,
      'error: "build.sh" takes part in no container build [setup-missing]',
    ]);
  });
});

describe("answers", () => {
  const given = async (files: Readonly<Record<string, string>>, argv: readonly string[] = []) => {
    let answers: unknown;
    const ran = await restage(["migrate", ...argv], {
      cwd: checkout(files),
      migrate: (_, options) => {
        answers = options?.answers;
        return { migrations: [], diagnostics: [] };
      },
    });
    return { ...ran, answers };
  };

  test("come from .restage.yml, and from --answers over it", async () => {
    const config = 'answers:\n  "*": { tests: gate, base: "3.20" }\n';
    expect((await given({ ".restage.yml": config })).answers).toEqual({ "*": { tests: "gate", base: "3.20" } });
    const more = 'answers:\n  "*": { tests: drop }\n  a: { b: true, c: 3.20 }\n';
    expect((await given({ ".restage.yml": config, "more.yml": more }, ["--answers", "more.yml"])).answers).toEqual({
      "*": { tests: "drop", base: "3.20" },
      a: { b: "true", c: "3.20" },
    });
    expect((await given({})).answers).toEqual({});
  });

  test("that are wrong are shown at their place", async () => {
    const ran = await given({ ".restage.yml": 'answers:\n  "*":\n    tests: [gate]\n' });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toBe(`.restage.yml:3:5: error: the answer to "tests" is not a single value [config-invalid]
        tests: [gate]
        ^
  help: write it as "answers: { <setup id or *>: { <decision id>: <value> } }"
`);
    expect(readdirSync("/")).not.toContain(".restage");
  });

  test("outside the project are shown at their place too", async () => {
    const elsewhere = checkout({ "a.yml": "answer: {}\n" });
    const ran = await given({}, ["--answers", join(elsewhere, "a.yml")]);
    expect([ran.code, ran.stderr.split("\n").slice(0, 3)]).toEqual([
      2,
      [
        `${join(elsewhere, "a.yml")}:1:1: error: "answer" is not known here [config-invalid]`,
        "    answer: {}",
        "    ^",
      ],
    ]);
  });
});

describe("wrong usage", () => {
  test.each([
    [
      [],
      "no command is given",
      'type "restage migrate" to see what would change here, or "restage --help" for all commands',
    ],
    [["migrate", "--bogus"], 'the option "--bogus" is unknown', 'type "restage migrate --help" for the options'],
    [["bogus"], 'the command "bogus" is unknown', 'type "restage --help" for the commands'],
    [
      ["migrate", "--write", "--check"],
      'the options "--write" and "--check" exclude each other',
      'type "restage migrate --help" for the options',
    ],
    [
      ["migrate", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["migrate", "Dockerfile"],
      '"Dockerfile" is not a directory',
      `give the project's directory, and the file by an option: "restage migrate . --dockerfile Dockerfile"`,
    ],
    [
      ["undo", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["explain", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
    [
      ["scan", "nowhere"],
      'the directory "nowhere" does not exist',
      'give the directory that holds the project, for example "restage migrate ."',
    ],
  ])("%j ends with 2 and says how to go on", async (argv, message, help) => {
    const ran = await restage(argv, { cwd: checkout(BEFORE) });
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(`error: ${message} [`);
    expect(ran.stderr.endsWith(`  help: ${help}\n`)).toBe(true);
  });

  test("shows no control character of an argument", async () => {
    const ran = await restage(["migrate", "a\u001b[2Jb"], { cwd: "/", terminal: true, env: { NO_COLOR: "1" } });
    expect(ran.stderr).toContain('the directory "a\\x1b[2Jb" does not exist');
  });
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await restage(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});
