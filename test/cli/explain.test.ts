import { expect, test } from "vitest";
import { checkout } from "../project/checkout.ts";
import { migration, restage } from "./run-restage.ts";

const EXPLAINED = migration({
  changes: [
    {
      path: "Dockerfile",
      action: "modify",
      mode: "100644",
      before: "FROM a\r\n",
      after: "FROM a AS builder\r\nRUN b\r\n\r\nFROM c\u001b[2J\r\n",
    },
    { path: "Dockerfile.prod", action: "delete", mode: "100644", before: "FROM c\nCMD x\n" },
  ],
  explanation: [
    {
      path: "Dockerfile",
      firstLine: 1,
      lastLine: 2,
      reason: "the compiler stays here",
      confidence: "certain",
      because: [{ path: "Dockerfile", line: 1, column: 1, text: "FROM a" }],
    },
    { path: "Dockerfile", firstLine: 4, lastLine: 4, reason: "the final image", confidence: "likely", because: [] },
  ],
  removed: [
    { path: "Dockerfile", firstLine: 1, lastLine: 1, reason: "it has a name now" },
    { path: "Dockerfile.prod", firstLine: 1, lastLine: 1, reason: "it is the last stage now" },
    { path: "Dockerfile.prod", firstLine: 2, lastLine: 2, reason: "it is the last stage now" },
  ],
});

test("explain shows each line with its reason, and what is gone", async () => {
  const ran = await restage(["explain"], {
    cwd: checkout({}),
    migrate: () => ({ migrations: [EXPLAINED], diagnostics: [] }),
  });
  expect(ran).toEqual({
    code: 0,
    stdout: `fat-dockerfile:Dockerfile: migrated
Two stages take the place of one.

Dockerfile
    1   FROM a AS builder
    2   RUN b
        └ 1-2: the compiler stays here
          Dockerfile:1:1  FROM a
    3
    4   FROM c\\x1b[2J
        └ the final image [likely]
    1 - FROM a
        └ removed: it has a name now

Dockerfile.prod (deleted)
    1 - FROM c
    2 - CMD x
        └ removed: it is the last stage now
`,
    stderr: "",
  });
});

test("explain fails where a build is refused, and says why", async () => {
  const refused = migration({
    verdict: "refused",
    diagnostics: [
      {
        code: "file-binary",
        severity: "error",
        message: '"Dockerfile" is a binary file',
        path: "Dockerfile",
        line: 1,
        column: 1,
      },
    ],
  });
  const ran = await restage(["explain"], {
    cwd: checkout({}),
    migrate: () => ({ migrations: [refused], diagnostics: [] }),
  });
  expect([ran.code, ran.stderr]).toEqual([1, 'Dockerfile:1:1: error: "Dockerfile" is a binary file [file-binary]\n']);
  expect(ran.stdout).toContain("fat-dockerfile:Dockerfile: refused");
});

test("explain says when there is nothing", async () => {
  const ran = await restage(["explain"], { cwd: checkout({}), migrate: () => ({ migrations: [], diagnostics: [] }) });
  expect(ran).toEqual({ code: 0, stdout: "", stderr: "no Dockerfile and no build script was found\n" });
});
