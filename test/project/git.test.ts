import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hideChanges } from "../../src/project/git.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-git-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(root: string, ...words: readonly string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  return spawnSync("git", [...identity, ...words], { cwd: root, encoding: "utf8" }).stdout;
}

let count = 0;
/** A clean repository, and a copy of it in which a file is changed, one is gone and one is new. */
function copies(): { readonly original: string; readonly copy: string } {
  count += 1;
  const original = join(folder, `original-${count}`);
  spawnSync("git", ["init", "--quiet", original]);
  for (const name of ["Dockerfile", "build.sh", "other.txt"]) writeFileSync(join(original, name), "old\n");
  git(original, "add", "--all");
  git(original, "commit", "--quiet", "--message", "old");
  const copy = join(folder, `copy-${count}`);
  cpSync(original, copy, { recursive: true });
  writeFileSync(join(copy, "Dockerfile"), "new\n");
  rmSync(join(copy, "build.sh"));
  writeFileSync(join(copy, "new [1].txt"), "new\n");
  return { original, copy };
}

const PATHS = ["Dockerfile", "build.sh", "new [1].txt"];

describe("changes in a copy are hidden", () => {
  test("so that git finds it clean, and everything as it is", () => {
    const { original, copy } = copies();
    expect(git(copy, "status", "--porcelain").split("\n").length).toBeGreaterThan(3);
    hideChanges(copy, PATHS);
    expect(git(copy, "status", "--porcelain")).toBe("");
    expect(readFileSync(join(copy, "Dockerfile"), "utf8")).toBe("new\n");
    expect(git(original, "status", "--porcelain")).toBe("");
  });

  test("but for those of other files", () => {
    const { copy } = copies();
    writeFileSync(join(copy, "other.txt"), "new\n");
    hideChanges(copy, PATHS);
    expect(git(copy, "status", "--porcelain")).toBe(" M other.txt\n");
  });

  test("not where the copy's .git names the user's own repository", () => {
    const { original, copy } = copies();
    renameSync(join(copy, ".git"), join(folder, `elsewhere-${count}`));
    writeFileSync(join(copy, ".git"), `gitdir: ${join(original, ".git")}\n`);
    hideChanges(copy, PATHS);
    expect(git(original, "ls-files", "-v")).not.toContain("h Dockerfile");
  });
});
