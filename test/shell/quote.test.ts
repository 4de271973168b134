// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteField, quoteValue, quoteWord, quoteWords } from "../../src/shell/quote.ts";
import { type Field, type FieldPart, unknownVariable } from "../../src/shell/symbolic.ts";

/** The arguments that a real `sh` makes of words. */
function argumentsIn(words: string, env: Record<string, string> = {}): readonly string[] {
  const script = `for word in ${words}; do printf '%s\\0' "$word"; done`;
  const out = execFileSync("/bin/sh", ["-c", script], { env, encoding: "utf8" });
  return out.split("\0").slice(0, -1);
}

const argument = fc.string({ unit: fc.constantFrom(..."ab1 \t\n\r'\"\\$`!*?[]{}()<>|&;#~=:@%^,é-"), maxLength: 12 });
const field = (...parts: readonly FieldPart[]): Field => ({ parts, range: { start: 0, end: 0 } });
const known = (text: string): FieldPart => ({ kind: "text", text });
const variable = (name: string, splits = false): FieldPart => ({ ...unknownVariable(name), splits });

describe("quoting", () => {
  test("every argument survives a real sh", () => {
    const batch = fc.array(argument, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(batch, (words) => {
        expect(argumentsIn(quoteWords(words))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test("unknown parts keep the value that the variable has in a real sh", () => {
    const part = fc.oneof(
      argument.map((text) => ({ part: known(text), text })),
      fc.constantFrom("A", "B").map((name) => ({ part: variable(name), text: { A: "x  *", B: "" }[name] ?? "" })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const word = quoteField(field(...parts.map((p) => p.part)));
        expect(argumentsIn(word, { A: "x  *", B: "" })).toEqual([parts.map((p) => p.text).join("")]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["golang:1.22", "golang:1.22"],
    ["a=b,c@d", "a=b,c@d"],
    ["", "''"],
    ["it's", `"it's"`],
    ["a b", "'a b'"],
    ["~", "\\~"],
  ])("%j is written %s", (text, expected) => {
    expect(quoteWord(text)).toBe(expected);
  });

  test.each<[string, Field]>([
    ['"app:$TAG"', field(known("app:"), variable("TAG"))],
    ['"${TAG}_x"', field(variable("TAG"), known("_x"))],
    ['"$TAG-x"', field(variable("TAG"), known("-x"))],
    ['"a b/$TAG"', field(known("a b/"), variable("TAG"))],
    ["$ARGS", field(variable("ARGS", true))],
    ["'a b'*.jar", field(known("a b"), { kind: "glob", text: "*" }, known(".jar"))],
    ["''", field()],
  ])("%s", (expected, value) => {
    expect(quoteField(value)).toBe(expected);
  });

  test("a value does not split", () => {
    expect(quoteValue([unknownVariable("A")])).toBe('"$A"');
  });
});
