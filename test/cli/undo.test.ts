import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FileChange } from "../../src/model/migration.ts";
import { checkout, snapshot } from "../project/checkout.ts";
import { migration, restage } from "./run-restage.ts";

const CHANGE: FileChange = {
  path: "Dockerfile",
  action: "modify",
  mode: "100644",
  before: "FROM a\n",
  after: "FROM b\n",
};
const migrate = () => ({ migrations: [migration({ changes: [CHANGE] })], diagnostics: [] });

function leaveInterrupted(root: string): void {
  mkdirSync(join(root, ".restage"));
  const journal = join(root, ".restage/journal.json");
  const changes = [{ path: "Dockerfile", before: "FROM a\n", after: "FROM b\n", temporary: ".restage-1.tmp" }];
  writeFileSync(journal, JSON.stringify({ version: 1, purpose: "apply", process: 1, changes, directories: [] }));
  utimesSync(journal, 1, 1);
}

test("undo restores the files of an interrupted run", async () => {
  const root = checkout({ Dockerfile: "FROM b\n" });
  leaveInterrupted(root);
  const ran = await restage(["undo"], { cwd: root });
  expect(ran).toEqual({ code: 0, stdout: "restored the files of an interrupted run\n", stderr: "" });
  expect(snapshot(root)).toEqual({ Dockerfile: "644 FROM a\n" });
});

test("undo says when an interrupted run cannot be taken back", async () => {
  const root = checkout({ Dockerfile: "FROM mine\n" });
  leaveInterrupted(root);
  for (const argv of [["undo"], ["migrate", "--write"]]) {
    const ran = await restage(argv, { cwd: root, migrate });
    expect(ran.stderr).toContain('"Dockerfile" changed since restage wrote it [undo-changed]');
    expect(ran.code).not.toBe(0);
  }
  expect(snapshot(root)).toEqual({ Dockerfile: "644 FROM mine\n" });
});

test("undo touches nothing when a file changed since", async () => {
  const root = checkout({ Dockerfile: "FROM a\n" });
  await restage(["migrate", "--write"], { cwd: root, migrate });
  writeFileSync(join(root, "Dockerfile"), "FROM mine\n");
  const ran = await restage(["undo"], { cwd: root });
  expect([ran.code, ran.stdout, ran.stderr]).toEqual([
    1,
    "",
    `Dockerfile:1:1: error: "Dockerfile" changed since restage wrote it [undo-changed]
  help: take your later changes back first, or restore the file by hand: "git diff" shows them
`,
  ]);
});

test("undo works from elsewhere", async () => {
  const root = checkout({ Dockerfile: "FROM a\n" });
  await restage(["migrate", root, "--write"], { cwd: "/", migrate });
  expect(snapshot(root)).toEqual({ Dockerfile: "644 FROM b\n" });
  await restage(["undo", root], { cwd: "/" });
  expect(snapshot(root)).toEqual({ Dockerfile: "644 FROM a\n" });
});
