import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { FileChange } from "../../src/model/migration.ts";
import { fileDiff, unifiedDiff } from "../../src/text/diff.ts";

const created: string[] = [];
afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A scratch repository with the files as they are before the changes. */
function repository(changes: readonly FileChange[]): string {
  const root = mkdtempSync(join(tmpdir(), "restage-diff-"));
  created.push(root);
  git(root, ["init", "-q"]);
  git(root, ["config", "core.autocrlf", "false"]);
  for (const { path, before, mode } of changes) {
    if (before === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), before);
    if (mode === "100755") chmodSync(join(root, path), 0o755);
  }
  git(root, ["add", "-A"]);
  return root;
}

function git(root: string, args: readonly string[], input = ""): string {
  const options = { cwd: root, input, encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync("git", ["-c", "apply.whitespace=nowarn", ...args], options);
}

/** Applies the diff with git and compares every file, existence and mode. */
function expectApplies(changes: readonly FileChange[], diff = unifiedDiff(changes)): void {
  const root = repository(changes);
  git(root, ["apply", "--check", "-"], diff);
  git(root, ["apply", "--index", "-"], diff);
  for (const { path, after, mode } of changes) {
    const file = join(root, path);
    expect(existsSync(file), path).toBe(after !== undefined);
    if (after === undefined) continue;
    expect(readFileSync(file, "utf8")).toBe(after);
    expect((statSync(file).mode & 0o100) !== 0).toBe(mode === "100755");
  }
}

function modify(path: string, before: string, after: string, mode: FileChange["mode"] = "100644"): FileChange {
  return { path, action: "modify", mode, before, after };
}

function create(path: string, after: string, mode: FileChange["mode"] = "100644"): FileChange {
  return { path, action: "create", mode, after };
}

function remove(path: string, before: string, mode: FileChange["mode"] = "100644"): FileChange {
  return { path, action: "delete", mode, before };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join("");

const APPLICABLE: readonly (readonly [string, readonly FileChange[]])[] = [
  ["a changed line", [modify("Dockerfile", "FROM node:20\nRUN a\n", "FROM node:20 AS builder\nRUN a\n")]],
  ["a new file", [create("docker/Dockerfile", "FROM scratch\n")]],
  ["a new executable", [create("build.sh", "#!/bin/sh\n", "100755")]],
  ["a new empty file", [create(".dockerignore", "")]],
  ["a deleted file", [remove("Dockerfile.build", "FROM a\n")]],
  ["a deleted executable", [remove("old.sh", "#!/bin/sh\n", "100755")]],
  ["a deleted empty file", [remove("empty", "")]],
  ["a file that becomes empty", [modify("Dockerfile", "FROM a\n", "")]],
  ["an empty file that gets text", [modify("Dockerfile", "", "FROM a\n")]],
  ["an executable that stays one", [modify("build.sh", "a\n", "b\n", "100755")]],
  ["no newline at the end, before", [modify("a", "x\ny", "x\ny\n")]],
  ["no newline at the end, after", [modify("a", "x\ny\n", "x\nz")]],
  ["no newline at the end, both", [modify("a", "x\ny", "z\ny")]],
  ["a new file without a newline", [create("a", "x")]],
  ["CRLF", [modify("a", "x\r\ny\r\nz\r\n", "x\r\nw\r\nz\r\n")]],
  ["from LF to CRLF", [modify("a", "x\ny\n", "x\r\ny\r\n")]],
  ["a lone carriage return", [modify("a", "x\ry\nz\n", "x\ry\nw\n")]],
  ["a byte-order mark", [modify("a", "\uFEFFFROM a\n", "\uFEFFFROM b\n")]],
  [
    "a path with spaces",
    [modify("my docker/the Dockerfile", "a\n", "b\n"), create("a b", "c\n"), remove("d e", "f\n")],
  ],
  ["a path with quotes and a backslash", [modify('a"b\\c', "a\n", "b\n")]],
  ["a path beyond ASCII", [modify("größe/Dockerfile", "a\n", "b\n"), create("日本/語", "c\n")]],
  ["a path with a tab", [modify("a\tb", "a\n", "b\n")]],
  ["a path that looks like a prefix", [modify("a/b/a/b", "a\n", "b\n")]],
  [
    "lines that look like a diff",
    [modify("a", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "diff --git a/q b/q\n@@ -1 +1 @@\n")],
  ],
  ["two hunks", [modify("a", numbered(0, 40), `x\n${numbered(1, 39)}y\n`)]],
  ["more differences than are sought", [modify("a", numbered(0, 4000), numbered(5000, 9000))]],
  [
    "more differences, with an equal frame",
    [
      modify(
        "a",
        `${numbered(0, 9)}${numbered(100, 3000)}end\nof\nit`,
        `${numbered(0, 9)}${numbered(5000, 7000)}end\nof\nit`,
      ),
    ],
  ],
  [
    "everything at once",
    [
      modify("Dockerfile", "FROM a\n", "FROM b\n"),
      create("new/deep/file", "x"),
      remove("Dockerfile.prod", "FROM c\r\n"),
      create("empty", ""),
    ],
  ],
];

describe("git applies the diff of", () => {
  test.each(APPLICABLE)("%s", (_, changes) => expectApplies(changes));

  test("any two texts", { timeout: 60_000 }, () => {
    const line = fc.constantFrom("a\n", "b\n", "c\r\n", "\n", " \n", "\\ No newline at end of file\n", "d");
    const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(""));
    fc.assert(
      fc.property(text, text, (before, after) =>
        expectApplies([modify("file", before, after), create("other", after)]),
      ),
      { numRuns: 40 },
    );
  });
});

describe("unifiedDiff", () => {
  test("says nothing about a file that stays the same", () => {
    expect(unifiedDiff([modify("Dockerfile", "FROM a\n", "FROM a\n")])).toBe("");
  });

  test("shows three lines around a change", () => {
    expect(fileDiff(modify("Dockerfile", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))).toBe(
      [
        "diff --git a/Dockerfile b/Dockerfile",
        "--- a/Dockerfile",
        "+++ b/Dockerfile",
        "@@ -2,7 +2,7 @@",
        " 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
      ].join("\n"),
    );
  });

  test("takes text between its files that git ignores", () => {
    const changes = [modify("a", "1\n", "2\n"), remove("b", "1"), create("c", "")];
    const explained = changes.map((change) => `# ${change.path}: because\n#\n\n${fileDiff(change)}`).join("");
    expectApplies(changes, `# first\n${explained}# last\n`);
  });

  test("has a bounded cost for a line of ten million characters", () => {
    const long = "x".repeat(10_000_000);
    const before = `FROM a\n# ${long}\nRUN b\n`;
    expect(fileDiff(modify("Dockerfile", before, before.replace("RUN b", "RUN c")))).toContain("+RUN c\n");
  });
});
