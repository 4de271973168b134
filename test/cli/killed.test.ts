/**
 * `restage migrate --write`, killed at any instant: after the next start every file is as it was, or every file is as it will be. The
 * instants are spread over the writing by a fixed seed, and some over the whole run.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recover } from "../../src/project/transaction.ts";
import { checkout, snapshot } from "../project/checkout.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-killed-"));
const PROGRAM = join(folder, "restage.cjs");
const FILES = 60;
const INSTANTS = 50;

beforeAll(() => {
  cpSync("dist/bin", folder, { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Many Dockerfiles, so that the writing takes a while. */
const TREE = Object.fromEntries(
  Array.from({ length: FILES }, (_, at) => {
    const text = `FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /tide${at} .\nCMD ["/tide${at}"]\n`;
    return [
      [`s${at}/Dockerfile`, text],
      [`s${at}/go.mod`, "module example.com/tide\n"],
      [`s${at}/main.go`, "package main\n\nfunc main() {}\n"],
    ] as const;
  }).flat(),
);

/** Numbers from 0 to 1, the same on each run (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Kills the program `delay` after it starts, or after its journal stands there. */
async function killed(root: string, delay: number, inWriting: boolean): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, "migrate", "--write"], { cwd: root, stdio: "ignore" });
  const ended = new Promise<void>((done) => child.on("close", () => done()));
  const journal = join(root, ".restage", "journal.json");
  while (inWriting && child.exitCode === null && !existsSync(journal)) await sleep(0);
  await sleep(delay);
  child.kill("SIGKILL");
  await ended;
}

test(`killed at ${INSTANTS} instants, the files are all old or all new after the next start`, {
  timeout: 240_000,
}, async () => {
  const whole = checkout(TREE);
  const old = snapshot(whole);
  const begun = Date.now();
  expect(spawnSync(process.execPath, [PROGRAM, "migrate", "--write"], { cwd: whole }).status).toBe(0);
  const took = Date.now() - begun;
  const written = snapshot(whole);
  expect(written).not.toEqual(old);
  const next = numbers(20261127);
  const counts = { old: 0, new: 0, torn: 0 };
  for (let at = 0; at < INSTANTS; at++) {
    const root = checkout(TREE);
    const inWriting = at % 5 !== 0;
    await killed(root, next() * (inWriting ? 60 : took), inWriting);
    const left = snapshot(root);
    const sameAs = (other: Readonly<Record<string, string>>): boolean => JSON.stringify(left) === JSON.stringify(other);
    if (!sameAs(old) && !sameAs(written)) counts.torn += 1;
    recover(root, Date.now());
    const after = snapshot(root);
    const isNew = JSON.stringify(after) === JSON.stringify(written);
    expect(isNew ? written : after).toEqual(isNew ? after : old);
    counts[isNew ? "new" : "old"] += 1;
    rmSync(root, { recursive: true, force: true });
  }
  // Some of the instants fell between two files, or the test would have shown nothing.
  expect(counts.torn).toBeGreaterThan(3);
});
