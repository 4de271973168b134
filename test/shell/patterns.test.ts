import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parseShell } from "../../src/shell/parse.ts";
import { matchesPattern, type Pattern } from "../../src/shell/patterns.ts";

/** The pattern of `case … in PATTERN)`. */
function patternIn(written: string): Pattern {
  const [node] = parseShell(`case x in ${written}) ;; esac`).statements;
  const pieces = node?.kind === "case" ? (node.items[0]?.patterns[0]?.pieces ?? []) : [];
  return pieces.flatMap((piece) =>
    piece.kind === "text" || piece.kind === "glob" ? [{ kind: piece.kind, text: piece.text }] : [],
  );
}

const PATTERNS = [
  "*",
  "a*",
  "*.tar.gz",
  "?b",
  "[ab]b",
  "[!a]b",
  "[a-c]*",
  "[[:digit:]]*",
  "[]x]b",
  "'*'",
  "a\\*",
  "*/b",
  "a.b",
  "[[:punct:]]b",
  "[!-a]b",
];
const TEXTS = ["", "a", "ab", "bb", "xb", "]b", "a*", "*", "a/b", "x.tar.gz", "1x", "a.b", "axb", "-b", "{b"];

describe("patterns match what they match in a real sh", () => {
  test.each(PATTERNS)("%s", (pattern) => {
    const script = `for t do case $t in ${pattern}) echo yes;; *) echo no;; esac; done`;
    const answers = execFileSync("/bin/sh", ["-c", script, "sh", ...TEXTS], { encoding: "utf8" })
      .trim()
      .split("\n");
    const matched = TEXTS.filter((text) => matchesPattern(patternIn(pattern), text));
    expect(matched).toEqual(TEXTS.filter((_, index) => answers[index] === "yes"));
  });
});
