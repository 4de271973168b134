/** What the command line prints for each sample is what it writes, by git's own judgement; and what it writes can be taken back. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout, commitAll, git, snapshot } from "../project/checkout.ts";
import { restage } from "./run-restage.ts";

const SAMPLES = readdirSync("samples", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function sample(name: string): string {
  const root = checkout({});
  cpSync(join("samples", name, "before"), root, { recursive: true });
  commitAll(root);
  return root;
}

describe.each(SAMPLES)("sample %s", (name) => {
  test("is patched as it is written, and taken back", async () => {
    const [patched, written] = [sample(name), sample(name)];
    const before = snapshot(written);
    const { stdout, code } = await restage(["migrate"], { cwd: patched });
    if (stdout.includes("\ndiff --git ")) {
      execFileSync("git", ["apply", "--check", "--index"], { cwd: patched, input: stdout, stdio: "pipe" });
      execFileSync("git", ["apply", "--index"], { cwd: patched, input: stdout, stdio: "pipe" });
    }
    expect((await restage(["migrate", "--write"], { cwd: written })).code).toBe(code);
    expect(snapshot(written)).toEqual(snapshot(patched));
    await restage(["undo"], { cwd: written });
    expect(snapshot(written)).toEqual(before);
    expect(git(written, "status", "--porcelain")).toBe("");
  });
});
