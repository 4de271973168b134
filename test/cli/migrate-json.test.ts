import { describe, expect, test } from "vitest";
import type { Migration } from "../../src/model/migration.ts";
import { checkout } from "../project/checkout.ts";
import { BEFORE, MIGRATION, REFUSED, run } from "./example-migration.ts";
import { migration, restage } from "./run-restage.ts";

describe("restage migrate --json", () => {
  const parse = (text: string) => JSON.parse(text);

  test.each([
    ["a result", [], [MIGRATION], 0],
    ["nothing", [], [], 0],
    ["a refusal", [], [REFUSED], 1],
    ["--write", ["--write"], [MIGRATION], 0],
    ["--check", ["--check"], [MIGRATION], 1],
    ["--patch", ["--patch", "a.patch"], [MIGRATION], 0],
  ] as const)("prints one document for %s", async (_, argv, migrations, code) => {
    const ran = await run(["--json", ...argv], checkout(BEFORE), ...migrations);
    expect(parse(ran.stdout)).toMatchObject({ schema: 1, tool: { name: "restage" }, diagnostics: [] });
    expect(parse(ran.stdout).migrations.map(({ id }: Migration) => id)).toEqual(migrations.map(({ id }) => id));
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
  });

  test.each([
    [["migrate", "--json", "--bogus"], 2, "command-line-invalid"],
    [["migrate", "nowhere", "--json"], 2, "project-missing"],
    [["bogus", "--json"], 2, "command-line-invalid"],
    [["--json"], 2, "command-line-invalid"],
    [["migrate", "--json", "--patch", "-"], 2, "command-line-invalid"],
    [["migrate", "--json", "--dockerfile", "a", "--dockerfile", "b"], 2, "command-line-invalid"],
    [["migrate", "--json", "--answers", "nowhere.yml"], 2, "file-missing"],
  ] as const)("prints one document for %j", async (argv, code, diagnosticCode) => {
    const ran = await restage(argv, { cwd: checkout({}) });
    expect(parse(ran.stdout)).toMatchObject({
      schema: 1,
      migrations: [],
      diagnostics: [{ code: diagnosticCode, severity: "error" }],
    });
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
  });

  test("prints one document for a failure of our own, and no stack trace", async () => {
    const migrate = () => {
      throw new Error("boom");
    };
    const ran = await restage(["migrate", "--json"], { cwd: checkout({}), migrate });
    expect(parse(ran.stdout).diagnostics).toMatchObject([{ code: "internal-error", message: "restage failed: boom" }]);
    expect([ran.code, ran.stderr]).toEqual([1, ""]);
    const shown = await restage(["migrate"], { cwd: checkout({}), migrate });
    expect(shown.stderr).toBe(`error: restage failed: boom [internal-error]
  help: please report it with the file that caused it; RESTAGE_DEBUG=1 shows where it happened
`);
  });

  test("has a write that failed in the same document", async () => {
    const root = checkout({ ...BEFORE, Dockerfile: "other\n" });
    const ran = await run(["--json", "--write"], root, MIGRATION);
    expect(parse(ran.stdout)).toMatchObject({
      diagnostics: [{ code: "file-changed", path: "Dockerfile" }],
      migrations: [{ id: MIGRATION.id }],
    });
    expect(ran.code).toBe(1);
  });

  test("escapes what a terminal would act on", async () => {
    const ran = await run(["--json"], checkout({}), migration({ summary: "a\u009b\u202e\u001b" }));
    expect(ran.stdout).toContain('"a\\u009b\\u202e\\u001b"');
    expect(parse(ran.stdout).migrations[0].summary).toBe("a\u009b\u202e\u001b");
  });
});
