import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cells, visible, visibleJson, visibleLine } from "../../src/text/visible.ts";

/** What a terminal acts on, or what reorders text, but for newline and tab. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe("visible", () => {
  test.each([
    ["plain text, größe, 日本 🐳\tend\n", "plain text, größe, 日本 🐳\tend\n"],
    ["a\u001b[2Jb", "a\\x1b[2Jb"],
    ["a\r\nb\r", "a\nb"],
    ["a\rb", "a\\x0db"],
    ["\u009b1m\u007f", "\\x9b1m\\x7f"],
    ["\ufeffa\u202eb", "\\ufeffa\\u202eb"],
  ])("%j is shown as %j", (text, expected) => expect(visible(text)).toBe(expected));

  test("leaves nothing to act on in any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !UNSAFE.test(visible(text))));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[\n\t]/.test(visibleLine(text))));
  });
});

test("visibleJson says the same, safely", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = visibleJson(JSON.stringify({ text }, undefined, 2));
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(UNSAFE);
    }),
  );
});

test.each([
  ["abc", 3],
  ["größe", 5],
  ["gro\u0308ße", 5],
  ["日本", 4],
  ["🐳", 2],
  ["", 0],
])("%j fills %i cells", (text, count) => {
  expect(cells(text)).toBe(count);
});
