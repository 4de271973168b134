/** One migration that changes, deletes and creates a file, and one that is refused, for tests of what the command line makes of them. */
import type { FileChange, Migration } from "../../src/model/migration.ts";
import { migration, restage } from "./run-restage.ts";

/** A project before its migration. */
export const BEFORE = {
  Dockerfile: "FROM node\nRUN a\n",
  "build.sh": "#!/bin/sh\ndocker build .\n",
  "old/Dockerfile": "FROM b\n",
};

export const CHANGES: readonly FileChange[] = [
  {
    path: "Dockerfile",
    action: "modify",
    mode: "100644",
    before: BEFORE.Dockerfile,
    after: "FROM node AS builder\nRUN a\nFROM node\n",
  },
  { path: "old/Dockerfile", action: "delete", mode: "100644", before: "FROM b\n" },
  { path: "my docker/.dockerignore", action: "create", mode: "100644", after: "dist" },
];

export const MIGRATION = migration({
  id: "builder-script:build.sh",
  kind: "builder-script",
  changes: CHANGES,
  decisions: [
    {
      id: "tests",
      question: "Do the tests stay a gate?",
      chosen: "gate",
      confidence: "likely",
      because: [],
      options: [
        { value: "gate", label: "gate", consequence: "" },
        { value: "drop", label: "drop", consequence: "" },
      ],
    },
  ],
  explanation: [
    {
      path: "Dockerfile",
      firstLine: 1,
      lastLine: 2,
      reason: "the build stage",
      confidence: "certain",
      because: [{ path: "Dockerfile", line: 1, column: 1, text: "FROM node" }],
    },
    {
      path: "Dockerfile",
      firstLine: 3,
      lastLine: 3,
      reason: "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@",
      confidence: "guess",
      because: [],
    },
  ],
  removed: [{ path: "old/Dockerfile", firstLine: 1, lastLine: 1, reason: "its lines stand in Dockerfile" }],
});

export const REFUSED = migration({
  id: "fat-dockerfile:bad/Dockerfile",
  verdict: "refused",
  summary: "It cannot be read.",
  diagnostics: [
    {
      code: "file-binary",
      severity: "error",
      message: '"bad/Dockerfile" is a binary file',
      path: "bad/Dockerfile",
      line: 1,
      column: 1,
    },
  ],
});

export const result =
  (...migrations: readonly Migration[]) =>
  () => ({ migrations, diagnostics: [] });
/** `restage migrate` with a pipeline that answers with `migrations`. */
export const run = (argv: readonly string[], cwd: string, ...migrations: readonly Migration[]) =>
  restage(["migrate", ...argv], { cwd, migrate: result(...migrations) });
