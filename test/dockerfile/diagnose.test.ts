import { expect, test } from "vitest";
import { syntaxDiagnostics } from "../../src/dockerfile/diagnose.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { HostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const said = (text: string) =>
  syntaxDiagnostics(parseDockerfile(sourceFile("Dockerfile" as HostPath, text))).map(({ code, message }) => [
    code,
    message,
  ]);

test.each([
  ["FROM a\n", []],
  ["", [["not-a-dockerfile", '"Dockerfile" is not a Dockerfile: it is empty']]],
  ["# nothing\n", [["not-a-dockerfile", '"Dockerfile" is not a Dockerfile: it has no instruction']]],
  ["all: build\n\tmake\n", [["not-a-dockerfile", '"Dockerfile" is not a Dockerfile: it has no instruction']]],
  ["RUN a\n", [["not-a-dockerfile", '"Dockerfile" is not a Dockerfile: it has no FROM']]],
  ["FROM a\nENV B\n", [["dockerfile-syntax", 'the Dockerfile does not build: ENV "B" has no value']]],
])("%j", (text, expected) => {
  expect(said(text)).toEqual(expected);
});

test("of a file that is no Dockerfile at all, the first lines are enough", () => {
  const problems = said(`FROM a\n${"bogus\n".repeat(16_000)}`);
  expect(problems).toHaveLength(20);
  expect(problems[0]?.[1]).toBe('the Dockerfile does not build: "bogus" is no Dockerfile instruction');
  expect(problems[19]?.[1]).toBe(`${problems[0]?.[1]} (and 15980 more lines below)`);
});
