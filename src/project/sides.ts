/**
 * The two states that a verification compares:
 *
 *     nothing applied            before: the checkout             after: what the plan makes of it
 *     migrated by restage        before: what that replaced       after: the working tree as it stands
 *     --before REF               before: that state in git
 *     --after DIR                after: that directory
 *
 * All are directories; those that are not the user's own are made in the scratch directory. Nothing of the checkout is changed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { findRecord } from "./journal.ts";
import type { Scratch } from "./scratch.ts";

export interface Sides {
  readonly before: string;
  /** Absent where the plan is what comes after. */
  readonly after?: string;
  /** Which states these are, for people. */
  readonly told: string;
}

/** A clause where a state cannot be had. */
export type SidesResult =
  | { readonly ok: true; readonly sides: Sides }
  | { readonly ok: false; readonly problem: string };

export interface WantedSides {
  readonly before?: string | undefined;
  /** Absolute. */
  readonly after?: string | undefined;
}

export function readSides(root: string, scratch: Scratch, { before, after }: WantedSides): SidesResult {
  if (before !== undefined) {
    const folder = scratch.fresh("before");
    const problem = checkOut(root, before, folder, scratch.fresh("index"));
    if (problem !== undefined) return { ok: false, problem };
    const sides = {
      before: folder,
      after: after ?? root,
      told: `before is "${before}", after is ${after ?? "the working tree"}`,
    };
    return { ok: true, sides };
  }
  if (after !== undefined) return { ok: true, sides: { before: root, after, told: `after is "${after}"` } };
  const record = findRecord(root);
  if (record === undefined || record.journal === "broken" || record.journal.purpose !== "apply")
    return { ok: true, sides: { before: root, told: "before is the checkout, after is the plan" } };
  const folder = scratch.copyOf(root);
  for (const { path, before: text, beforeMode } of record.journal.changes) {
    const file = join(folder, path);
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text, beforeMode === undefined ? {} : { mode: beforeMode });
  }
  const told = "before is what the last migration replaced, after is the working tree as it stands";
  return { ok: true, sides: { before: folder, after: root, told } };
}

/** Writes a state of git into a directory, by an index of its own, so that the user's is not touched. */
function checkOut(root: string, reference: string, folder: string, index: string): string | undefined {
  if (reference.startsWith("-")) return `"${reference}" is no commit, branch or tag`;
  const git = (...args: readonly string[]) =>
    spawnSync("git", ["-C", root, ...args], { encoding: "utf8", env: { ...process.env, GIT_INDEX_FILE: index } });
  const top = git("rev-parse", "--show-toplevel");
  if (top.status !== 0) return "the project is in no git repository";
  const prefix = relative(top.stdout.trim(), root).split(sep).join("/");
  const tree = git("rev-parse", "--verify", "--quiet", `${reference}:${prefix}`);
  if (tree.status !== 0) return `"${reference}" is no commit, branch or tag that has the project`;
  mkdirSync(folder);
  const read = git("read-tree", tree.stdout.trim());
  const written = read.status === 0 ? git("checkout-index", "--all", `--prefix=${folder}/`) : read;
  return written.status === 0 ? undefined : written.stderr.trim();
}
