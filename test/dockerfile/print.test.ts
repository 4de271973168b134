// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { dockerfilePieces, printDockerfile } from "../../src/dockerfile/print.ts";
import type { HostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const parse = (text: string) => parseDockerfile(sourceFile("Dockerfile" as HostPath, text));

const blanks = fc.constantFrom(" ", "  ", "\t", " \\\n  ", " \\ \n# c\n\n ", " \\\r\n\t");
const word = fc.constantFrom(
  "a",
  "/b c",
  '"q r"',
  "'s'",
  "$X",
  "${Y:-z}",
  "<<E",
  "<<-'E'",
  "é😀",
  "[",
  '["j"]',
  "\\",
  "#",
  "--",
);
const keyword = fc.constantFrom(
  "FROM",
  "run",
  "COPY",
  "ADD",
  "ENV",
  "ARG",
  "CMD",
  "ONBUILD RUN",
  "LABEL",
  "HEALTHCHECK",
  "BAD",
);
const flag = fc.constantFrom("", "--from=x ", '--link "', "--mount=type=cache,target=/a ");
const end = fc.constantFrom("\n", "\r\n", "\n\n", " \n", "", "\r\r\n");
const instruction = fc
  .tuple(keyword, blanks, flag, fc.array(fc.tuple(word, blanks), { maxLength: 4 }), end)
  .map(([name, blank, option, words, last]) => `${name}${blank}${option}${words.flat().join("")}${last}`);
const other = fc.constantFrom("# comment\n", "\n", "# escape=`\n", "E\n", "\tE\n", "body\n", "  # x\r\n", "\u00a0\n");
const generated = fc
  .tuple(fc.constantFrom("", "\uFEFF", "# syntax=docker/dockerfile:1\n"), fc.array(fc.oneof(instruction, other)))
  .map(([first, lines]) => first + lines.join(""));

/** Cuts, doubles or inserts something somewhere. */
const mutated = fc
  .tuple(generated, fc.nat(), fc.nat(12), fc.constantFrom("", "\\", "`", "\n", "\r", '"', "<<E", "#", "\0", "\uD83D"))
  .map(([text, at, length, inserted]) => {
    const from = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, from) + inserted + text.slice(from + length);
  });

describe("print(parse(x)) is x", () => {
  test("for generated files", () => {
    fc.assert(
      fc.property(generated, (text) => printDockerfile(parse(text)) === text),
      { numRuns: 1000 },
    );
  });

  test("for mutated files", () => {
    fc.assert(
      fc.property(mutated, (text) => printDockerfile(parse(text)) === text),
      { numRuns: 1000 },
    );
  });

  test("for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => printDockerfile(parse(text)) === text));
  });
});

test("what lies between pieces of a valid file is line ends, continuations, directives and terminators only", () => {
  const text = "# syntax=x\n# c\nFROM a\r\nRUN b \\\n# d\n c <<E\nbody\nE\n\nUSER e\n# end\n";
  const between = dockerfilePieces(parse(text)).filter(({ kind }) => kind === "between");
  expect(between.map((piece) => piece.text)).toEqual(["# syntax=x\n", "\r\n", "\\\n# d\n", "\n", "E\n", "\n# end\n"]);
});

test("instructions follow one another: comments above, then the instruction, without overlap", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      let at = 0;
      for (const { leading, range } of parse(text).instructions) {
        expect(leading.start).toBeGreaterThanOrEqual(at);
        expect(leading.end).toBe(range.start);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        at = range.end;
      }
    }),
  );
});

test("each logical character stands in the file where the map says", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      for (const { logical } of parse(text).instructions) {
        for (let i = 0; i < logical.text.length; i += 1) expect(text[logical.toSource(i)]).toBe(logical.text[i]);
      }
    }),
  );
});

test("CRLF does not change what is read", () => {
  const lf = "FROM a\nRUN b \\\n  c\nCOPY <<E /d\nx\nE\nENV A=1 \\\n B=2\n";
  const kinds = (text: string) => parse(text).instructions.map(({ kind, logical }) => [kind, logical.text]);
  expect(kinds(lf.replaceAll("\n", "\r\n"))).toEqual(kinds(lf));
});
