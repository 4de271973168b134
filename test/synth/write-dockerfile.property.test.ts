import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { violationsOf } from "../../src/model/invariants.ts";
import type { PlannedDockerfile } from "../../src/model/plan.ts";
import { memoryProject } from "../../src/project/memory.ts";
import { writeDockerfile } from "../../src/synth/write-dockerfile.ts";
import { copy, documentOf, host, original, ownStage, planned, planOf, stage } from "../plans.ts";

/** Instructions as people write them: alone, over several lines, with comments inside, with a heredoc. */
const instruction = fc.constantFrom(
  "RUN make",
  "RUN a \\\n  b",
  "RUN a \\\n# why\n\n  b",
  "RUN <<EOF\nx\n\n  # y\nEOF",
  "COPY . /src",
  'COPY ["a b", "/c d/"]',
  "WORKDIR /src",
  "  run indented",
);
/** What stands between them. */
const between = fc.constantFrom("", "\n", "\n\n", "# comment\n", "# comment\n\n", "\n  # indented\n# two\n", " \n\t\n");
const top = fc.constantFrom(
  "",
  "\uFEFF",
  "# syntax=docker/dockerfile:1\n",
  "# Header\n\n",
  "# syntax=x/y:2\n# check=skip=all\n\n# H\n",
);
const tail = fc.constantFrom("", "\n", "\n\n", "\n# end\n", "\n\n# end");
const lineEnd = fc.constantFrom("\n", "\r\n");

const file = fc
  .tuple(top, fc.array(fc.tuple(between, instruction), { minLength: 2, maxLength: 8 }), tail, lineEnd)
  .map(([start, lines, end, eol]) => {
    const body = ["FROM golang:1.22", ...lines.map(([space, text]) => space + text)].join("\n");
    return `${start}${body}${end}`.replaceAll("\n", eol);
  });

/** The file cut in two at some instruction, its second half joined by a COPY of ours. */
function cut(text: string, at: number): PlannedDockerfile {
  const document = documentOf(text);
  const last = document.instructions.length - 1;
  const middle = 1 + (at % last);
  const steps = document.instructions.map((_, index) => original(document, index));
  const taken = copy(document, 1, { sources: ["/src/app"], destination: "/app" });
  return planned(
    document,
    [
      ownStage(document, 0, "builder", steps.slice(1, middle + 1)),
      stage(document, "production", {
        base: { kind: "image", reference: "alpine" },
        steps: [taken, ...steps.slice(middle + 1)],
      }),
    ],
    { outputs: [] },
  );
}

test("whatever the file looks like, the result keeps the rules", () => {
  fc.assert(
    fc.property(file, fc.nat(), (text, at) => {
      const dockerfile = cut(text, at);
      const { text: written, pieces } = writeDockerfile(dockerfile);
      const document = parseDockerfile({ path: host("Dockerfile"), text: written });
      expect(violationsOf({ planned: dockerfile, document, pieces }, planOf([dockerfile]), memoryProject({}))).toEqual(
        [],
      );
      expect(written).toMatch(/[^\r\n]\r?\n$/);
      expect(written.startsWith("\uFEFF")).toBe(text.startsWith("\uFEFF"));
    }),
    { numRuns: 500 },
  );
});

test("no comment is lost, and none is said twice", () => {
  fc.assert(
    fc.property(file, fc.nat(), (text, at) => {
      const comments = (of: string) =>
        of
          .split(/\r?\n/)
          .filter((line) => /^\uFEFF?\s*#/.test(line))
          .map((line) => line.trim())
          .sort();
      expect(comments(writeDockerfile(cut(text, at)).text)).toEqual(comments(text));
    }),
    { numRuns: 500 },
  );
});

test("a plan that changes nothing but a name changes nothing but that name", () => {
  fc.assert(
    fc.property(file, (text) => {
      const document = documentOf(text);
      const steps = document.instructions.map((_, index) => original(document, index)).slice(1);
      const dockerfile = planned(document, [ownStage(document, 0, "app", steps)]);
      const expected = text
        .replace("FROM golang:1.22", "FROM golang:1.22 AS app")
        .replace(/[\r\n]*$/, document.lineEnd);
      expect(writeDockerfile(dockerfile).text).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
