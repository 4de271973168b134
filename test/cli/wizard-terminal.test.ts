/** The wizard on a real terminal: what a user sees and presses, from the first screen to the last. The screens are kept beside this file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkout, snapshot } from "../project/checkout.ts";
import { KEYS, TerminalSession } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-wizard-"));
const PROGRAM = join(folder, "restage.cjs");
const sessions: TerminalSession[] = [];

beforeAll(() => {
  cpSync("dist/bin", folder, { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.kill();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(cwd: string, columns: number, env: Readonly<Record<string, string>> = {}, words = ""): TerminalSession {
  const session = new TerminalSession(`'${process.execPath}' '${PROGRAM}' ${words}`, { cwd, columns, env });
  sessions.push(session);
  return session;
}

function sample(name: string): string {
  const root = mkdtempSync(join(folder, "sample-"));
  cpSync(join("samples", name, "before"), root, { recursive: true });
  return root;
}

const { enter, down, interrupt } = KEYS;
const MENU = "what now?";
const BASE = "Which image does the runtime stage start from?";
const SEVERAL = {
  "a/Dockerfile": 'FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /tide .\nCMD ["/tide"]\n',
  "a/go.mod": "module example.com/tide\n",
  "a/main.go": "package main\n\nfunc main() {}\n",
  "b/Dockerfile": 'FROM gcc:12\nCOPY . .\nRUN gcc -o /ebb ebb.c\nCMD ["/ebb"]\n',
  "b/ebb.c": "int main(void) {}\n",
  "c/Dockerfile": 'FROM debian:12\nCMD ["true"]\n',
  "d/Dockerfile": "FROM rust:1.80\nWORKDIR /flood\nCOPY . .\nRUN cargo frobnicate\nCMD cargo run\n",
  "d/Cargo.toml": '[package]\nname = "flood"\n',
  "e/Dockerfile": 'FROM node:20\nCOPY . .\nCMD ["node", "x.js"]\n',
  "e/x.js": "",
};

describe.each([
  [80, {}],
  [200, {}],
  [80, { NO_COLOR: "1" }],
])("at %i columns with %j", (columns, env) => {
  const name = `${columns}${"NO_COLOR" in env ? "-no-color" : ""}`;

  test("a fat Dockerfile: its questions, its diff, and it is written", async () => {
    const root = sample("fat-go");
    const session = start(root, columns, env);
    await session.walk([
      [BASE, down, down, enter],
      [MENU, enter],
      ["more line", enter],
      [MENU, down, enter],
    ]);
    const { code, screen } = await session.end();
    expect(code).toBe(0);
    expect(readFileSync(join(root, "Dockerfile"), "utf8")).toContain("FROM scratch AS production\n");
    await expect(screen).toMatchFileSnapshot(`transcripts/fat-go-${name}.txt`);
    expect(screen.split("\n").every((line) => line.length <= columns)).toBe(true);
    expect(/\u001b\[[\d;]*3[0-7]m/.test(session.raw)).toBe(!("NO_COLOR" in env));
  });
});

test("a builder script: its stages, and left as it was", async () => {
  const root = sample("script-go");
  const before = snapshot(root);
  const session = start(root, 80);
  await session.walk([[MENU, down, down, down, down, down, down, down, enter]]);
  const { code, screen } = await session.end();
  expect(code).toBe(0);
  await expect(screen).toMatchFileSnapshot("transcripts/script-go.txt");
  expect(snapshot(root)).toEqual(before);
});

test("what is refused says why, and there is nothing to apply", async () => {
  const session = start(sample("refused-development-server"), 80);
  await session.walk([["Nothing to apply.", enter]]);
  const { code, screen } = await session.end();
  expect(code).toBe(0);
  await expect(screen).toMatchFileSnapshot("transcripts/refused.txt");
});

test("five setups: one of them, back to the list, and out", async () => {
  const root = checkout(SEVERAL);
  const before = snapshot(root);
  const session = start(root, 80);
  await session.walk([
    ["Which one?", down, down, enter],
    ["Nothing to apply.", enter],
    ["Which one?", enter],
    [BASE, down, down, down, down, enter],
    ["Which one?", down, down, down, down, down, enter],
  ]);
  const { code, screen } = await session.end();
  expect(code).toBe(0);
  await expect(screen).toMatchFileSnapshot("transcripts/five-setups.txt");
  expect(snapshot(root)).toEqual(before);
});

test.each([
  ["at the first question", []],
  [
    "in the diff",
    [
      [BASE, enter],
      [MENU, enter],
    ],
  ],
] as const)("Ctrl-C %s leaves everything as it was, and says so", async (_, steps) => {
  const root = sample("fat-go");
  const before = snapshot(root);
  const session = start(root, 80);
  await session.walk(steps);
  await session.until(steps.length === 0 ? BASE : "more line");
  session.send(interrupt);
  const { code, screen } = await session.end();
  expect(code).toBe(130);
  expect(screen).toContain("Left. Nothing was changed.");
  expect(snapshot(root)).toEqual(before);
});

test("plain: numbers are typed, and nothing moves the cursor", async () => {
  const root = sample("fat-go");
  const session = start(root, 80, {}, "--plain");
  await session.walk([
    ["Number, 1 to 5:", "9\r"],
    ["Number, 1 to 5:", "2\r"],
    ["Number, 1 to 8:", "8\r"],
  ]);
  const { code, screen } = await session.end();
  expect(code).toBe(0);
  await expect(screen).toMatchFileSnapshot("transcripts/plain.txt");
  expect(session.raw).not.toMatch(/\u001b\[\d*[AF]/);
});
