/**
 * The program as a process of its own: what only a real terminal, pipe, user or signal can show. The files are those of the package.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkout, makePipe, snapshot } from "../project/checkout.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-bundle-"));
const PROGRAM = join(folder, "restage.cjs");

beforeAll(() => {
  cpSync("dist/bin", folder, { recursive: true });
  chmodSync(folder, 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly cwd?: string;
  readonly uid?: number;
}

function restage(argv: readonly string[], options: Options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return { status, stdout, stderr };
}

const FAT = 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]\n';
/** Something that is migrated. */
const GO = {
  Dockerfile:
    'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\nENTRYPOINT ["/server"]\n',
  "go.mod": "module example.org/shop\n\ngo 1.22\n",
  "main.go": "package main\n\nfunc main() {}\n",
};
const COMMANDS = { "a.sh": "#!/bin/sh\n" };

test.each([
  [["--version"], 0],
  [["--help"], 0],
  [["migrate", "."], 0],
  [["scan"], 0],
  [["explain"], 0],
  [["undo"], 0],
  [[], 2],
  [["bogus"], 2],
  [["migrate", "nowhere"], 2],
])("restage %j ends with %i", (argv, code) => {
  const { status, stdout, stderr } = restage(argv, { cwd: checkout(COMMANDS) });
  expect(status).toBe(code);
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
});

test("a pipe gets no colours, whatever the terminal", () => {
  expect(restage(["--help"]).stdout + restage(["scan"], { cwd: checkout(COMMANDS) }).stdout).not.toContain("\u001b");
});

test("a document of megabytes arrives whole in a pipe", () => {
  const root = checkout({ ...GO, Dockerfile: `${"# größe\n".repeat(200_000)}${GO.Dockerfile}` });
  const { stdout } = restage(["migrate", "--json"], { cwd: root });
  expect(stdout.length).toBeGreaterThan(3_000_000);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, migrations: [{ verdict: "migrated" }] });
});

test("a reader that goes away is no error", () => {
  const root = checkout({ Dockerfile: `${FAT}${"# x\n".repeat(200_000)}` });
  const piped = '"$0" "$1" migrate --json 2>"$2" | head -c 1';
  execFileSync("sh", ["-c", piped, process.execPath, PROGRAM, join(root, "errors")], { cwd: root });
  expect(snapshot(root).errors).toBe("644 ");
});

test.runIf(process.platform === "linux")("a full disk is an error, without a stack trace", () => {
  const { status, stderr } = spawnSync("sh", ["-c", '"$0" "$1" --help >/dev/full', process.execPath, PROGRAM], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([1, "error: the output cannot be written (ENOSPC)\n"]);
});

test("an interrupt ends it at once", async () => {
  const root = checkout({ Dockerfile: FAT });
  makePipe(join(root, "answers"));
  const waiting = 'exec "$0" "$1" migrate --write --answers /dev/stdin <>answers';
  const child = spawn("sh", ["-c", waiting, process.execPath, PROGRAM], { cwd: root });
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill("SIGINT");
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on("exit", (...ended) => resolve(ended)),
  );
  expect(signal === "SIGINT" || code === 130).toBe(true);
});

test.each([
  [["--answers", "pipe"], '"pipe" cannot be read (it is not a regular file) [file-unreadable]'],
  [["--patch", "pipe"], '"pipe" exists and is not a patch [patch-not-replaced]'],
])("nobody waits for a pipe: %j", (argv, message) => {
  const root = checkout(GO);
  makePipe(join(root, "pipe"));
  expect(restage(["migrate", ...argv], { cwd: root }).stderr).toContain(message);
});

test("answers may come through a pipe that the shell opens", () => {
  const piped = `printf '"*": { x: y }' | "$0" "$1" migrate --answers /dev/stdin`;
  const { stderr, status } = spawnSync("sh", ["-c", piped, process.execPath, PROGRAM], {
    cwd: checkout(GO),
    encoding: "utf8",
  });
  expect([stderr, status]).toEqual(["", 0]);
});

/** Nobody: root may read and write everything, so that a test as root would show nothing. */
const user = process.getuid?.() === 0 ? { uid: 65534 } : {};

describe("without permission", () => {
  const locked = (root: string, path: string, mode: number) => {
    chmodSync(root, 0o777);
    chmodSync(join(root, path), mode);
    return root;
  };

  test("to read a Dockerfile, it is refused", () => {
    const root = locked(checkout({ Dockerfile: FAT }), "Dockerfile", 0o000);
    const { status, stderr } = restage(["migrate", "--write"], { cwd: root, ...user });
    expect(stderr).toContain('Dockerfile:1:1: error: "Dockerfile" cannot be read (EACCES) [file-unreadable]');
    expect(stderr).toContain('help: make it a readable file: "chmod u+r Dockerfile"');
    expect(status).toBe(1);
  });

  test("to read the directory, usage is wrong", () => {
    const root = checkout({});
    mkdirSync(join(root, "locked"));
    const { status, stderr } = restage(["migrate", "locked"], { cwd: locked(root, "locked", 0o000), ...user });
    expect([status, stderr.split("\n")[0]]).toEqual([
      2,
      'error: the directory "locked" cannot be read [project-unreadable]',
    ]);
  });

  test("to write into the directory, nothing is written", () => {
    const files = Object.fromEntries(Object.entries(GO).map(([path, text]) => [`shop/${path}`, text]));
    const root = locked(checkout(files), "shop", 0o555);
    const before = snapshot(root);
    const { status, stdout, stderr } = restage(["migrate", "shop", "--write"], { cwd: root, ...user });
    expect(stderr).toContain("cannot be written (it is read-only) [write-denied]");
    expect(stderr).toContain("help: make it and its directory writable");
    expect([status, stdout]).toEqual([1, expect.stringContaining("fat-dockerfile:Dockerfile: migrated")]);
    expect(snapshot(root)).toEqual(before);
  });
});
