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
