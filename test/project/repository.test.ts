import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderInRepository } from "../../src/project/repository.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "restage-repository-")));
mkdirSync(join(top, "shop/.git"), { recursive: true });
mkdirSync(join(top, "shop/services/api"), { recursive: true });
mkdirSync(join(top, "worktree"));
writeFileSync(join(top, "worktree/.git"), "gitdir: ../shop/.git/worktrees/w\n");
mkdirSync(join(top, "alone"));
afterAll(() => rmSync(top, { recursive: true }));

test.each([
  ["the top", "shop", ""],
  ["a folder below it", "shop/services/api", "services/api"],
  ["a worktree, whose .git is a file", "worktree", ""],
  ["no repository", "alone", ""],
])("%s", (_what, folder, expected) => {
  expect(folderInRepository(join(top, folder))).toBe(expected);
});
