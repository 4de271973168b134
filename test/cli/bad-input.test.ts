import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout, makePipe, snapshot } from "../project/checkout.ts";
import { type Ran, restage } from "./run-restage.ts";

/** Nothing of this may reach a terminal, whatever the input. */
const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

function expectClean({ stdout, stderr }: Ran): void {
  expect(stdout + stderr).not.toMatch(RAW_CONTROL);
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(stderr).not.toContain("internal-error");
}

async function migrateAll(root: string, argv: readonly string[] = []): Promise<Ran> {
  const ran = await restage(["migrate", "--write", ...argv], { cwd: root, terminal: true, env: { NO_COLOR: "1" } });
  expectClean(ran);
  return ran;
}

interface Case {
  readonly what: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly argv?: readonly string[];
  readonly code: 1 | 2;
  readonly error: string;
}

const FAT = 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/index.js"]\n';
const SCRIPT = "#!/bin/sh\ndocker build -t a .\n";

const CASES: readonly Case[] = [
  {
    what: "a missing directory",
    files: {},
    argv: ["nowhere"],
    code: 2,
    error: 'error: the directory "nowhere" does not exist [project-missing]',
  },
  {
    what: "a missing Dockerfile",
    files: {},
    argv: ["--dockerfile", "nowhere"],
    code: 2,
    error: 'error: "nowhere" does not exist [file-missing]',
  },
  {
    what: "something that is no Dockerfile",
    files: { "README.md": "# Shop\n\nSells.\n" },
    argv: ["--dockerfile", "README.md"],
    code: 1,
    error: "README.md:1:1: error: ",
  },
  {
    what: "a script that builds nothing",
    files: { "run.sh": "#!/bin/sh\necho\n" },
    argv: ["--script", "run.sh"],
    code: 1,
    error: 'error: "run.sh" takes part in no container build [setup-missing]',
  },
  {
    what: "an empty Dockerfile",
    files: { Dockerfile: "" },
    code: 1,
    error: 'Dockerfile:1:1: error: "Dockerfile" is not a Dockerfile: it is empty [not-a-dockerfile]',
  },
  {
    what: "a binary Dockerfile",
    files: { Dockerfile: Buffer.from("FROM a\n\0\u001b[2J") },
    code: 1,
    error: 'Dockerfile:1:1: error: "Dockerfile" is a binary file [file-binary]',
  },
  {
    what: "a Dockerfile in Latin-1",
    files: { Dockerfile: Buffer.from("FROM a\n# größe\n", "latin1") },
    code: 1,
    error: 'Dockerfile:1:1: error: "Dockerfile" is not valid UTF-8: byte 0xF6 in line 2 [file-invalid-utf8]',
  },
  {
    what: "a Dockerfile in UTF-16",
    files: { Dockerfile: Buffer.from("\ufeffFROM a\n", "utf16le") },
    code: 1,
    error:
      'Dockerfile:1:1: error: "Dockerfile" is not valid UTF-8: it starts with the mark of UTF-16 [file-invalid-utf8]',
  },
  {
    what: "a Dockerfile with an escape sequence in it",
    files: { Dockerfile: "FROM a\nBOGUS \u001b[2J\u202e x\n" },
    code: 1,
    error: "Dockerfile:2:1: error: ",
  },
  {
    what: "a path that leaves the project",
    files: { Dockerfile: FAT },
    argv: ["--dockerfile", "../Dockerfile"],
    code: 2,
    error: 'error: "../Dockerfile" leads outside the project [file-outside]',
  },
  {
    what: "a Dockerfile given twice",
    files: { Dockerfile: FAT },
    argv: ["--dockerfile", "Dockerfile", "--dockerfile", "Dockerfile"],
    code: 2,
    error: 'error: the option "--dockerfile" is given twice [command-line-invalid]',
  },
  {
    what: "a directory given as a file",
    files: { "a/b": "" },
    argv: ["--dockerfile", "a"],
    code: 2,
    error: 'error: "a" is a directory, not a file [file-directory]',
  },
];

describe("nothing is written for", () => {
  test.each(CASES)("$what", async ({ files, argv = [], code, error }) => {
    const root = checkout(files);
    const before = snapshot(root);
    const ran = await migrateAll(root, argv);
    expect(ran.stderr).toContain(error);
    expect(ran.stderr).toContain("  help: ");
    expect(ran.code).toBe(code);
    expect(snapshot(root)).toEqual(before);
  });

  test("a Dockerfile that is a symlink out of the project", async () => {
    const root = checkout({});
    symlinkSync("/etc/passwd", join(root, "Dockerfile"));
    const ran = await migrateAll(root);
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining('"Dockerfile" leads outside the project [file-outside]'),
    ]);
    expect(snapshot(root)).toEqual({ Dockerfile: "-> /etc/passwd" });
  });

  test("a Dockerfile that cannot be read", async () => {
    const root = checkout({});
    makePipe(join(root, "Dockerfile"));
    const ran = await migrateAll(root, ["--dockerfile", "Dockerfile"]);
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining('"Dockerfile" cannot be read (it is not a regular file) [file-unreadable]'),
    ]);
  });
});

describe("huge input ends, without a crash:", () => {
  const long = "x".repeat(10_000_000);
  const nested = `${"$(".repeat(5000)}a${")".repeat(5000)}`;
  const quoted = `${'"$('.repeat(5000)}a${')"'.repeat(5000)}`;

  test.each([
    ["a line of 10 MB in a comment", { Dockerfile: FAT.replace("WORKDIR", `# ${long}\nWORKDIR`) }],
    ["a line of 10 MB in RUN", { Dockerfile: `FROM a\nRUN echo ${long}\nCMD a\n` }],
    ["half a million words in RUN", { Dockerfile: `FROM a\nRUN echo ${"a.b ".repeat(500_000)}\nCMD a\n` }],
    ["10 MB without an instruction", { Dockerfile: long }],
    ["a line of 10 MB in a script", { "build.sh": `${SCRIPT}# ${long}\n`, Dockerfile: FAT }],
    ["5,000 nested $( in RUN", { Dockerfile: `FROM a\nRUN echo ${nested}\nCMD a\n` }],
    ["5,000 nested $( in a script", { "build.sh": `${SCRIPT}echo ${nested}\n`, Dockerfile: FAT }],
    ["5,000 nested quoted $( in a script", { "build.sh": `${SCRIPT}echo ${quoted}\n`, Dockerfile: FAT }],
    ["100,000 instructions", { Dockerfile: `FROM a\n${"ENV a=b\n".repeat(100_000)}CMD a\n` }],
  ])("%s", { timeout: 60_000 }, async (_, files) => {
    const root = checkout(files);
    const ran = await restage(["migrate"], { cwd: root, terminal: true, env: { NO_COLOR: "1" } });
    expectClean(ran);
    expect([0, 1]).toContain(ran.code);
    for (const line of ran.stderr.split("\n")) expect(line.length).toBeLessThan(2000);
    expect(snapshot(root)).toEqual(snapshot(checkout(files)));
  });
});
