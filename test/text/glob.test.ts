import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ignoreRules } from "../../src/dockerfile/dockerignore.ts";
import { matchesWildcard } from "../../src/dockerfile/wildcards.ts";
import { matchesPattern } from "../../src/shell/patterns.ts";
import { ANY, matchesSequence } from "../../src/text/glob.ts";
import type { ContextPath } from "../../src/text/paths.ts";

const tokens = (pattern: string) =>
  [...pattern].map((wanted) => (wanted === "*" ? ANY : (given: string) => wanted === "?" || wanted === given));

describe("a pattern with any number of items", () => {
  it("matches what a regular expression of it matches", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 }).map((all) => all.join(""));
    const name = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(pattern, name, (wanted, given) => {
        const expected = new RegExp(`^${wanted.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(given);
        expect(matchesSequence(tokens(wanted), [...given])).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("many stars, which a regular expression would spread in every way", () => {
  const stars = `${"*a".repeat(30)}b`;
  const name = "a".repeat(80);

  it.each<[string, (given: string) => boolean]>([
    ["COPY", (given) => matchesWildcard(stars, given)],
    [
      "a shell",
      (given) =>
        matchesPattern(
          [...stars].map((text) => ({ kind: text === "*" ? ("glob" as const) : ("text" as const), text })),
          given,
        ),
    ],
    ["an ignore file", (given) => ignoreRules(`docs/**\n**/${stars}\n!keep`).ignores(`x/${given}/y` as ContextPath)],
  ])("%s", (_, matches) => {
    expect(matches(name)).toBe(false);
    expect(matches(`${name}b`)).toBe(true);
  });

  it("leave the other rules of the ignore file as they are", () => {
    const { ignores } = ignoreRules(`*.log\n${stars}\n!important.log\ndocs/**\n`);
    const paths = ["a.log", "important.log", "docs", "docs/a/b", "src/a.log"] as ContextPath[];
    expect(paths.filter((path) => ignores(path))).toEqual(["a.log", "docs/a/b"]);
  });
});
