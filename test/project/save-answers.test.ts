/** Answers that are put into `.restage.yml`. */
import { describe, expect, test } from "vitest";
import type { MigrationDecision } from "../../src/model/migration.ts";
import { parseAnswers } from "../../src/project/config.ts";
import { withAnswers } from "../../src/project/save-answers.ts";
import { hostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const SETUP = "fat-dockerfile:Dockerfile";
const DECISION: MigrationDecision = {
  id: "runtime-base",
  question: "Which image does the runtime stage start from?",
  chosen: "alpine:3.19",
  options: [
    { value: "alpine:3.19", label: "alpine:3.19", consequence: "It has a shell." },
    { value: "scratch", label: "scratch", consequence: "It has nothing." },
  ],
  confidence: "likely",
  because: [],
};
const SETUPS = [{ id: SETUP, decisions: [DECISION] }];
const ANSWERS = { [SETUP]: { "runtime-base": "scratch" } };

function readBack(text: string): unknown {
  const path = hostPath(".restage.yml");
  if (path === undefined) throw new Error("it is a path");
  const { answers, diagnostics } = parseAnswers(sourceFile(path, text));
  expect(diagnostics).toEqual([]);
  return answers;
}

describe("answers", () => {
  test("make a file, with the question of each", () => {
    const text = withAnswers(undefined, ANSWERS, SETUPS) ?? "";
    expect(text).toBe(`answers:
  fat-dockerfile:Dockerfile:
    # Which image does the runtime stage start from?
    # It has nothing.
    # or alpine:3.19
    runtime-base: scratch
`);
    expect(readBack(text)).toEqual(ANSWERS);
  });

  test("leave what stands there, and replace their own old values", () => {
    const old = `# ours
answers:
  "*": { tests: drop } # all of them
  ${SETUP}:
    # a note
    runtime-base: alpine:3.19
verify:
  run-network: none
`;
    const text = withAnswers(old, { [SETUP]: { "runtime-base": "scratch", tests: "gate" } }, SETUPS) ?? "";
    for (const kept of ["# ours", "# all of them", "# a note", "run-network: none"]) expect(text).toContain(kept);
    expect(readBack(text)).toEqual({ "*": { tests: "drop" }, [SETUP]: { "runtime-base": "scratch", tests: "gate" } });
  });

  test("go into a file without the line `answers:` as it is", () => {
    const text = withAnswers(`"*":\n  tests: drop\n`, ANSWERS, SETUPS) ?? "";
    expect(text).not.toContain("answers:");
    expect(readBack(text)).toEqual({ "*": { tests: "drop" }, ...ANSWERS });
  });

  test.each([["- a list\n"], ["answers: gate\n"], ["answers: [\n"], [`answers:\n  ${SETUP}: gate\n`]])(
    "are not put into %j",
    (text) => {
      expect(withAnswers(text, ANSWERS, SETUPS)).toBeUndefined();
    },
  );

  test("that look like something else stay texts", () => {
    const text = withAnswers(undefined, { "*": { a: "yes", b: "1.20", c: "null", d: "x: y # z" } }, []) ?? "";
    expect(readBack(text)).toEqual({ "*": { a: "yes", b: "1.20", c: "null", d: "x: y # z" } });
  });
});
