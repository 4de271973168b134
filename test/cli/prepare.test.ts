import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "../project/checkout.ts";
import { BEFORE, MIGRATION, result } from "./example-migration.ts";
import { restage } from "./run-restage.ts";

describe("the answer is limited to", () => {
  const seen = async (argv: readonly string[], cwd: string) => {
    let only: unknown;
    const ran = await restage(["migrate", ...argv], {
      cwd,
      migrate: (_, options) => {
        only = options?.only;
        return { migrations: [MIGRATION], diagnostics: [] };
      },
    });
    return { ...ran, only };
  };

  test("a Dockerfile, seen from the working directory", async () => {
    const root = checkout(BEFORE);
    expect((await seen(["..", "--dockerfile", "Dockerfile"], join(root, "old"))).only).toEqual({
      dockerfile: "old/Dockerfile",
    });
    expect((await seen(["--dockerfile", join(root, "old/../Dockerfile")], root)).only).toEqual({
      dockerfile: "Dockerfile",
    });
    expect((await seen(["--script", "./build.sh"], root)).only).toEqual({ script: "build.sh" });
    expect((await seen([], root)).only).toBeUndefined();
  });

  test("the file behind a symlink", async () => {
    const root = checkout(BEFORE);
    symlinkSync("old/Dockerfile", join(root, "Dockerfile.link"));
    expect((await seen(["--dockerfile", "Dockerfile.link"], root)).only).toEqual({ dockerfile: "old/Dockerfile" });
    const link = join(mkdtempSync(join(tmpdir(), "restage-link-")), "shop");
    symlinkSync(root, link);
    expect((await seen([link, "--dockerfile", join(link, "Dockerfile")], root)).only).toEqual({
      dockerfile: "Dockerfile",
    });
    rmSync(join(link, ".."), { recursive: true });
  });

  test.each([
    ["file-missing", '"nowhere" does not exist', "nowhere"],
    ["file-missing", '"no/where" does not exist', "no/where"],
    ["file-directory", '"old" is a directory, not a file', "old"],
    ["file-outside", '"../x" leads outside the project', "../x"],
    ["file-outside", '"/etc/passwd" leads outside the project', "/etc/passwd"],
    ["file-outside", '"escape" leads outside the project', "escape"],
  ])("no file: %s", async (code, message, given) => {
    const root = checkout(BEFORE);
    symlinkSync("../../etc/passwd", join(root, "escape"));
    const ran = await seen(["--write", "--dockerfile", given], root);
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(`error: ${message} [${code}]\n`);
    expect(ran.stderr).toContain("  help: ");
  });

  test("a file that takes part in no build", async () => {
    const ran = await restage(["migrate", "--script", "build.sh"], { cwd: checkout(BEFORE), migrate: result() });
    expect([ran.code, ran.stderr.split("\n")[0]]).toEqual([
      1,
      'error: "build.sh" takes part in no container build [setup-missing]',
    ]);
  });
});

describe("answers", () => {
  const given = async (files: Readonly<Record<string, string>>, argv: readonly string[] = []) => {
    let answers: unknown;
    const ran = await restage(["migrate", ...argv], {
      cwd: checkout(files),
      migrate: (_, options) => {
        answers = options?.answers;
        return { migrations: [], diagnostics: [] };
      },
    });
    return { ...ran, answers };
  };

  test("come from .restage.yml, and from --answers over it", async () => {
    const config = 'answers:\n  "*": { tests: gate, base: "3.20" }\n';
    expect((await given({ ".restage.yml": config })).answers).toEqual({ "*": { tests: "gate", base: "3.20" } });
    const more = 'answers:\n  "*": { tests: drop }\n  a: { b: true, c: 3.20 }\n';
    expect((await given({ ".restage.yml": config, "more.yml": more }, ["--answers", "more.yml"])).answers).toEqual({
      "*": { tests: "drop", base: "3.20" },
      a: { b: "true", c: "3.20" },
    });
    expect((await given({})).answers).toEqual({});
  });

  test("that are wrong are shown at their place", async () => {
    const ran = await given({ ".restage.yml": 'answers:\n  "*":\n    tests: [gate]\n' });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toBe(`.restage.yml:3:5: error: the answer to "tests" is not a single value [config-invalid]
        tests: [gate]
        ^
  help: write it as "answers: { <setup id or *>: { <decision id>: <value> } }"
`);
    expect(readdirSync("/")).not.toContain(".restage");
  });

  test("outside the project are shown at their place too", async () => {
    const elsewhere = checkout({ "a.yml": "answer: {}\n" });
    const ran = await given({}, ["--answers", join(elsewhere, "a.yml")]);
    expect([ran.code, ran.stderr.split("\n").slice(0, 3)]).toEqual([
      2,
      [
        `${join(elsewhere, "a.yml")}:1:1: error: "answer" is not known here [config-invalid]`,
        "    answer: {}",
        "    ^",
      ],
    ]);
  });
});
