import { describe, expect, test } from "vitest";
import type { LocatedDiagnostic } from "../../src/diagnostics/to-json.ts";
import { diagnosticToTerminal } from "../../src/diagnostics/to-terminal.ts";

const PLAIN = { color: false, width: 60 };
const at = (column: number): LocatedDiagnostic => ({
  code: "file-missing",
  severity: "error",
  message: '"x" does not exist',
  help: "correct the path",
  path: "build.sh",
  line: 4,
  column,
});

describe("a diagnostic on a terminal", () => {
  test("has the place, the line, a caret and the help", () => {
    expect(diagnosticToTerminal(at(11), "docker cp extract:/app/dist ./dist", PLAIN)).toBe(
      `build.sh:4:11: error: "x" does not exist [file-missing]
    docker cp extract:/app/dist ./dist
              ^
  help: correct the path
`,
    );
  });

  test("has neither place nor line where no file is to blame", () => {
    const { path, line, column, help, ...bare } = at(1);
    expect(diagnosticToTerminal({ ...bare, severity: "assumption" }, undefined, PLAIN)).toBe(
      'assumption: "x" does not exist [file-missing]\n',
    );
  });

  test("is coloured only when asked", () => {
    expect(diagnosticToTerminal(at(1), "x", { ...PLAIN, color: true })).toContain("\u001b[31merror");
    expect(diagnosticToTerminal(at(1), "x", PLAIN)).not.toContain("\u001b");
  });

  const caretLine = (column: number, line: string) =>
    diagnosticToTerminal(at(column), line, PLAIN).split("\n").slice(1, 3);

  test.each([
    ["at the start", 1, `${"a".repeat(100)}`, [`    ${"a".repeat(55)}…`, "    ^"]],
    [
      "in the middle",
      101,
      `${"a".repeat(100)}B${"c".repeat(100)}`,
      [`    …${"a".repeat(27)}B${"c".repeat(26)}…`, `    ${" ".repeat(28)}^`],
    ],
    ["at the end", 200, `${"a".repeat(199)}B`, [`    …${"a".repeat(54)}B`, `    ${" ".repeat(55)}^`]],
  ])("cuts a long line around a caret %s", (_, column, line, expected) =>
    expect(caretLine(column, line)).toEqual(expected),
  );

  test("cuts ten million characters quickly", () => {
    const before = Date.now();
    caretLine(5_000_000, "x".repeat(10_000_000));
    expect(Date.now() - before).toBeLessThan(1000);
  });

  test.each([
    ["a tab", 2, "\tx", ["     x", "     ^"]],
    ["wide characters", 3, "日本x", ["    日本x", "        ^"]],
    ["an escape sequence", 5, "\u001b[2Jx", ["    \\x1b[2Jx", "           ^"]],
    ["a place behind the end", 9, "ab", ["    ab", "      ^"]],
    ["a blank line", 1, "  ", ["  help: correct the path", ""]],
  ])("sets the caret right below %s", (_, column, line, expected) => expect(caretLine(column, line)).toEqual(expected));

  test("never sends control characters of a message or a path", () => {
    const evil = { ...at(1), message: "a\u001b[2J", path: "x\u0007\n", help: "\u009b" };
    expect(diagnosticToTerminal(evil, "\u001b]0;title\u0007", PLAIN)).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
    );
  });
});
