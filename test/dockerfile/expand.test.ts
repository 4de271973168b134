// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { describe, expect, test } from "vitest";
import { expandWord, expandWords, type Lookup, UNKNOWN, unquote, variableNames } from "../../src/dockerfile/expand.ts";

const VALUES: Readonly<Record<string, string | typeof UNKNOWN>> = {
  A: "one",
  EMPTY: "",
  PATHS: "/usr/local/bin",
  FILE: "app.tar.gz",
  STAR: "a*b",
  WHAT: UNKNOWN,
};
const lookup: Lookup = (name) => VALUES[name];

describe("expandWord", () => {
  test.each([
    ["$A", "one"],
    ["${A}s", "ones"],
    ["$A/$A", "one/one"],
    ["$NONE.", "."],
    ["${A:-x}", "one"],
    ["${EMPTY:-x}", "x"],
    ["${EMPTY-x}", ""],
    ["${NONE-x}", "x"],
    ["${NONE:-$A/${NONE:-y}}", "one/y"],
    ["${A:+x}", "x"],
    ["${EMPTY:+x}", ""],
    ["${EMPTY+x}", "x"],
    ["${NONE+x}", ""],
    ["${A:?no}", "one"],
    ["${PATHS#*/}", "usr/local/bin"],
    ["${PATHS##*/}", "bin"],
    ["${PATHS%/*}", "/usr/local"],
    ["${PATHS%%/*}", ""],
    ["${FILE%.gz}", "app.tar"],
    ["${FILE%%.*}", "app"],
    ["${FILE#???}", ".tar.gz"],
    ["${FILE/./-}", "app-tar.gz"],
    ["${FILE//./-}", "app-tar-gz"],
    ["${FILE//[.]/-}", "app.tar.gz"],
    ["${PATHS//\\//.}", ".usr.local.bin"],
    ["${STAR/\\*/+}", "a+b"],
    ['"$A b"', "one b"],
    ["'$A b'", "$A b"],
    ["\\$A", "$A"],
    ['"\\$A \\x \\""', '$A \\x "'],
    ["a\\ b", "a b"],
    ["$", "$"],
    ["$(pwd)", "$(pwd)"],
    ["$$A", "A"],
    ["100%", "100%"],
  ])("%s is %j", (text, value) => {
    expect(expandWord(text, lookup, "\\")).toEqual({ value, unknown: [] });
  });

  test.each([
    ["$WHAT/bin", "$WHAT/bin", ["WHAT"]],
    ["${WHAT:-x}$A", "${WHAT:-x}one", ["WHAT"]],
    ["${WHAT#a}${WHAT}", "${WHAT#a}${WHAT}", ["WHAT"]],
    ["${A:-$WHAT}", "one", []],
    ["${NONE:-$WHAT}", "$WHAT", ["WHAT"]],
    ["${EMPTY:+$WHAT}", "", []],
  ])("%s stays as it is written where a value is unknown", (text, value, unknown) => {
    expect(expandWord(text, lookup, "\\")).toEqual({ value, unknown });
  });

  test.each([
    ["${NONE:?set it}", '"NONE" is required: set it'],
    ["${A", '"}" is missing in "${…}"'],
    ["${}", 'a "${…}" names no variable'],
    ["${A^^}", '"${A^…}" has a modifier that Dockerfiles do not know'],
    ["it's", "a single quote is not closed"],
    ['say "', "a double quote is not closed"],
  ])("%s is rejected as the builder does", (text, problem) => {
    expect(expandWord(text, lookup, "\\")).toEqual({ value: text, unknown: [], problem });
  });

  test("the backtick escapes where the file says so", () => {
    expect(expandWord("C:\\a`$A", lookup, "`").value).toBe("C:\\a$A");
  });

  test("deep nesting is a problem, not a crash", () => {
    expect(expandWord("${N:-".repeat(100_000), lookup, "\\").problem).toContain("nests deeper");
  });
});

test("expandWords splits unquoted white space, also that of values", () => {
  const ports: Lookup = () => "80 443";
  expect(expandWords("$P '8 0' 1\\ 2", ports, "\\").words).toEqual(["80", "443", "8 0", "1 2"]);
});

test("unquote keeps variables as they are written", () => {
  expect(unquote('"a b"/$X/${Y:-z}', "\\")).toBe("a b/$X/${Y:-z}");
});

test("variableNames lists each name once", () => {
  expect(variableNames("$B/${A:-$C}/$B", "\\")).toEqual(["B", "C", "A"]);
});
