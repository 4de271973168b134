import fc from "fast-check";
import { expect, test } from "vitest";
import { cells } from "../../src/text/visible.ts";
import { wrapLine } from "../../src/text/wrap.ts";

test.each([
  ["breaks between words", "one two three", 8, 0, ["one two", "three"]],
  ["indents what follows", "  help: give the directory", 14, 8, ["  help: give", "        the", "        directory"]],
  ["keeps what fits", "one two", 7, 2, ["one two"]],
  ["keeps a long word whole", "a /a/very/long/path b", 6, 1, ["a", " /a/very/long/path", " b"]],
  ["counts wide characters twice", "日本 日本", 8, 0, ["日本", "日本"]],
  ["keeps an empty line", "", 10, 2, [""]],
])("%s", (_what, line, width, indent, expected) => {
  expect(wrapLine(line, width, indent)).toEqual(expected);
});

const words = fc.array(fc.stringMatching(/^[a-z"./-]{1,20}$/), { minLength: 1, maxLength: 30 });

test("loses no word, and breaks every line that can be shorter", () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 60 }), fc.integer({ min: 0, max: 8 }), (list, width, indent) => {
      const lines = wrapLine(list.join(" "), width, indent);
      expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(list);
      for (const line of lines) expect(cells(line) <= width || !line.trim().includes(" ")).toBe(true);
    }),
  );
});
