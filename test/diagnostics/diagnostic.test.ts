import { describe, expect, test } from "vitest";
import { diagnostic, Reporter } from "../../src/diagnostics/diagnostic.ts";
import { locate } from "../../src/diagnostics/to-json.ts";
import { readFailure } from "../../src/model/read-failure.ts";
import { hostPath, ROOT } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const path = hostPath("Dockerfile") ?? ROOT;

test("a reporter keeps the order and knows of errors", () => {
  const reporter = new Reporter();
  reporter.report("apply-rolled-back", { path: "." });
  expect(reporter.failed).toBe(false);
  reporter.report("file-missing", { path });
  expect(reporter.failed).toBe(true);
  expect(reporter.diagnostics.map(({ code }) => code)).toEqual(["apply-rolled-back", "file-missing"]);
});

test("a diagnostic is located by line and column", () => {
  const said = diagnostic("file-missing", { path }, { path, start: 8, end: 9 });
  const source = sourceFile(path, "FROM a\nRUN b\n");
  expect(locate(said, () => source)).toEqual({
    code: "file-missing",
    severity: "error",
    message: '"Dockerfile" does not exist',
    help: 'correct the path, or restore the file: "git status" shows what is gone',
    path,
    line: 2,
    column: 2,
  });
  expect(locate(said)).toMatchObject({ line: 1, column: 1 });
  expect(locate(diagnostic("file-missing", { path }))).not.toHaveProperty("line");
});

describe("a file that cannot be read is said to be", () => {
  test.each([
    ["missing", undefined, '"Dockerfile" does not exist'],
    ["directory", undefined, '"Dockerfile" is a directory, not a file'],
    ["binary", undefined, '"Dockerfile" is a binary file'],
    ["invalid-utf8", "byte 0xF6 in line 2", '"Dockerfile" is not valid UTF-8: byte 0xF6 in line 2'],
    ["invalid-utf8", undefined, '"Dockerfile" is not valid UTF-8'],
    ["unreadable", "EACCES", '"Dockerfile" cannot be read (EACCES)'],
    ["too-large", "33554433 bytes", '"Dockerfile" is too large to read (33554433 bytes)'],
    ["outside", undefined, '"Dockerfile" leads outside the project'],
  ] as const)("%s", (reason, detail, message) => {
    const failure = { ok: false, reason, ...(detail === undefined ? {} : { detail }) } as const;
    expect(readFailure(path, failure)).toMatchObject({ severity: "error", message, span: { path, start: 0, end: 0 } });
  });
});
