import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { MigrateResult } from "../../src/model/json.ts";
import { toDocument, toJson } from "../../src/model/json.ts";
import type { Migration } from "../../src/model/migration.ts";

const schema: unknown = JSON.parse(readFileSync(new URL("../../schema/migration.v1.json", import.meta.url), "utf8"));
const validate = new Ajv2020.default({ strict: true, strictRequired: false, allErrors: true }).compile(
  schema as object,
);

const migration: Migration = {
  id: "builder-script:build.sh",
  kind: "builder-script",
  verdict: "migrated",
  summary: "Two builds become one.",
  sources: [{ path: "build.sh", role: "driver" }],
  stages: [{ name: "builder", role: "build", from: "golang:1.22", fromKind: "image", dockerfile: "Dockerfile" }],
  outputs: [{ dockerfile: "Dockerfile", target: "production", replaces: "Dockerfile.prod", tags: ["app"] }],
  flows: [
    {
      from: { kind: "stage", name: "builder", path: "/bin/app" },
      to: { dockerfile: "Dockerfile", stage: "production", path: "/app" },
      owner: "0:0",
      mode: "0755",
      confidence: "certain",
      because: [{ path: "build.sh", line: 4, column: 1, text: "docker cp x:/bin/app ." }],
    },
  ],
  decisions: [
    {
      id: "tests",
      question: "What becomes of the tests?",
      chosen: "gate",
      options: [{ value: "gate", label: "A gate", consequence: "Failing tests fail the build." }],
      confidence: "likely",
      because: [],
    },
  ],
  diagnostics: [
    {
      code: "write-through-link",
      severity: "warning",
      message: "a",
      help: "b",
      path: "Dockerfile",
      line: 1,
      column: 1,
    },
  ],
  changes: [
    { path: "Dockerfile", action: "modify", mode: "100644", before: "FROM a\n", after: "FROM b\n" },
    { path: "Dockerfile.prod", action: "delete", mode: "100644", before: "" },
    { path: "x", action: "create", mode: "100755", after: "" },
  ],
  diff: "diff --git …",
  explanation: [{ path: "Dockerfile", firstLine: 1, lastLine: 1, reason: "Kept.", confidence: "certain", because: [] }],
  removed: [{ path: "Dockerfile", firstLine: 1, lastLine: 1, reason: "Edited." }],
};

function documentWith(parts: Partial<Migration>): MigrateResult {
  return { diagnostics: [], migrations: [{ ...migration, ...parts }] };
}

test("a document reads back equal", () => {
  const result = documentWith({});
  expect(JSON.parse(toJson(result, "1.2.3"))).toEqual(toDocument(result, "1.2.3"));
});

test("nothing found is a document too", () => {
  const document = toDocument({ migrations: [], diagnostics: [] }, "1.2.3");
  expect(document).toEqual({ schema: 1, tool: { name: "restage", version: "1.2.3" }, diagnostics: [], migrations: [] });
  expect(validate(document)).toBe(true);
});

describe("the schema", () => {
  test("takes a full document", () => {
    expect(validate(toDocument(documentWith({}), "1.2.3")) || validate.errors).toBe(true);
  });

  const wrong: readonly (readonly [name: string, parts: Partial<Migration>])[] = [
    ["a refusal without an error", { verdict: "refused", changes: [], diff: "", diagnostics: [] }],
    ["a refusal with changes", { verdict: "refused" }],
    ["a setup without benefit and with a diff", { verdict: "no-benefit", changes: [] }],
    ["an absolute path", { removed: [{ path: "/etc/passwd", firstLine: 1, lastLine: 1, reason: "x" }] }],
    ["a path that leaves the project", { removed: [{ path: "../x", firstLine: 1, lastLine: 1, reason: "x" }] }],
    ["a line 0", { removed: [{ path: "x", firstLine: 0, lastLine: 1, reason: "x" }] }],
    [
      "a created file that was there",
      { changes: [{ path: "x", action: "create", mode: "100644", before: "", after: "" }] },
    ],
    [
      "a deleted file that is there",
      { changes: [{ path: "x", action: "delete", mode: "100644", before: "", after: "" }] },
    ],
    ["an id of no kind", { id: "build.sh" }],
  ];

  test.each(wrong)("takes no %s", (_name, parts) => {
    expect(validate(toDocument(documentWith(parts), "1.2.3"))).toBe(false);
  });
});
