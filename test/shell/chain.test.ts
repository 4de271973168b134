import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { chainUnits, keepUnits } from "../../src/shell/chain.ts";
import { parseShell } from "../../src/shell/parse.ts";
import { hostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

function document(text: string) {
  const path = hostPath("Dockerfile");
  if (path === undefined) throw new Error("a path");
  return parseDockerfile(sourceFile(path, text));
}

/** The only RUN of a Dockerfile, with its units of which those that `keep` names by a word remain. */
function cut(text: string, keep: (unit: string, index: number) => boolean): string {
  const { instructions } = document(text);
  const run = instructions.find((instruction) => instruction.kind === "run");
  if (run === undefined) throw new Error("no RUN");
  const { logical, rest, range } = run;
  const toText = (offset: number): number => logical.toSource(rest.offset + offset) - range.start;
  const source = { text: text.slice(range.start, range.end), toText };
  return keepUnits(source, chainUnits(parseShell(rest.text)), (unit, index) =>
    keep(rest.text.slice(unit.range.start, unit.range.end), index),
  );
}

const dockerfile = (run: string): string => `FROM a\n${run}\nCMD x\n`;
const without = (word: string) => (unit: string) => !unit.includes(word);

/** [what it shows, the RUN, the word of the units that go, what remains] */
const CUTS: readonly (readonly [string, string, string, string])[] = [
  ["a unit in the middle", "RUN a && gone && b", "gone", "RUN a && b"],
  ["the first unit", "RUN gone && a && b", "gone", "RUN a && b"],
  ["the last unit", "RUN a && b && gone", "gone", "RUN a && b"],
  ["all units", "RUN gone && gone", "gone", ""],
  ["flags stay", "RUN --mount=type=cache,target=/c gone && a", "gone", "RUN --mount=type=cache,target=/c a"],
  ["operators at line ends", "RUN a && \\\n    gone && \\\n    b", "gone", "RUN a && \\\n    b"],
  ["operators at line starts", "RUN a \\\n  && gone -x \\\n    -y \\\n  && b", "gone", "RUN a \\\n  && b"],
  ["the last of several lines", "RUN a \\\n  && b \\\n  && gone", "gone", "RUN a \\\n  && b"],
  ["the first of several lines", "RUN gone \\\n  && a \\\n  && b", "gone", "RUN a \\\n  && b"],
  [
    "continued arguments keep their lines",
    "RUN gone && \\\n  a \\\n    x \\\n    y && \\\n  b",
    "gone",
    "RUN a \\\n    x \\\n    y && \\\n  b",
  ],
  ["CRLF", "RUN a && \\\r\n  gone && \\\r\n  b", "gone", "RUN a && \\\r\n  b"],
  ["a list with ;", "RUN set -e; \\\n  gone; \\\n  a", "gone", "RUN set -e; \\\n  a"],
  ["a ; before the unit that goes", "RUN a; gone && b", "gone", "RUN a; b"],
  ["a ; after the unit that goes", "RUN a && gone; b", "gone", "RUN a; b"],
  ["a ; before, operators at line starts", "RUN a; gone \\\n  && b", "gone", "RUN a; \\\n  b"],
  [
    "comments go with the unit below them",
    "RUN a && \\\n  # about gone\n  gone && \\\n  # about b\n  b",
    "gone",
    "RUN a && \\\n  # about b\n  b",
  ],
  [
    "comments of what becomes the first unit stay",
    "RUN gone && \\\n  # about b && more\n  b && \\\n  c",
    "gone",
    "RUN \\\n  # about b && more\n  b && \\\n  c",
  ],
  ["what stands left of || stays together", "RUN a && gone || true && b", "b", "RUN a && gone || true"],
  ["a group is one unit", "RUN { a; b; } && gone && (cd x && c)", "gone", "RUN { a; b; } && (cd x && c)"],
  ["a pipeline is one unit", "RUN curl x | tar x && gone", "gone", "RUN curl x | tar x"],
  [
    "a loop is one unit",
    "RUN for f in 1 2; do \\\n  a $f; \\\n done; gone",
    "gone",
    "RUN for f in 1 2; do \\\n  a $f; \\\n done",
  ],
];

describe("cutting a chain of commands", () => {
  test.each(CUTS)("%s", (_, run, gone, expected) => {
    expect(cut(dockerfile(run), without(gone))).toBe(expected);
  });

  test("lines of a script, with a here-document", () => {
    const text = "set -e\ncat <<E > f && gone\nbody\nE\nmake # all\nls\n";
    const units = chainUnits(parseShell(text));
    expect(units.map((unit) => text.slice(unit.range.start, unit.range.end))).toEqual([
      "set -e",
      "cat <<E > f && gone\nbody\nE",
      "make",
      "ls",
    ]);
    expect(keepUnits({ text }, units, (_, index) => index !== 2)).toBe("set -e\ncat <<E > f && gone\nbody\nE\nls\n");
  });

  test("a background job keeps its &", () => {
    const text = "server & gone && test";
    expect(keepUnits({ text }, chainUnits(parseShell(text)), (_, index) => index !== 1)).toBe("server & test");
  });

  const gap = fc.constantFrom(
    " && ",
    "; ",
    " && \\\n    ",
    " \\\n    && ",
    " ; \\\n\t",
    " && \\\n# flush\n    ",
    " && \\\n    # note; a && b\n\n    ",
    " \\\n    # note && x\n    && ",
  );
  const command = fc.constantFrom(
    "make",
    "apk add \\\n      gcc \\\n      musl",
    "echo 'a && b'",
    "x=1 y",
    "( cd a && b )",
  );
  const run = fc.record({
    lead: fc.constantFrom("RUN ", "RUN \\\n    ", "RUN --network=none ", "run   "),
    items: fc.array(fc.record({ gap, command, keep: fc.boolean() }), { minLength: 1, maxLength: 8 }),
    crlf: fc.boolean(),
  });

  test("what remains is well-formed and holds just what was kept, in order", () => {
    fc.assert(
      fc.property(run, ({ lead, items, crlf }) => {
        const body = items.map((item, index) => (index === 0 ? "" : item.gap) + item.command).join("");
        const lineEnd = crlf ? "\r\n" : "\n";
        const text = dockerfile(lead + body).replaceAll("\n", lineEnd);
        const remains = cut(text, (_, index) => items[index]?.keep === true);
        const kept = items.filter((item) => item.keep);
        if (kept.length === 0) {
          expect(remains).toBe("");
          return;
        }
        const result = document(dockerfile(remains).replaceAll(/\r?\n/g, lineEnd));
        expect(result.problems).toEqual([]);
        expect(result.instructions.map((instruction) => instruction.kind)).toEqual(["from", "run", "cmd"]);
        const left = result.instructions[1]?.rest.text ?? "";
        const expected = kept.map((item) => item.command.replaceAll("\\\n", ""));
        const script = parseShell(left);
        expect(script.problems).toEqual([]);
        expect(chainUnits(script).map((unit) => left.slice(unit.range.start, unit.range.end))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("what joins two kept units is `&&` only where nothing but `&&` stood between them", () => {
    fc.assert(
      fc.property(run, ({ lead, items }) => {
        const text = dockerfile(
          lead + items.map((item, index) => (index === 0 ? "" : item.gap) + item.command).join(""),
        );
        const kept = items.flatMap((item, index) => (item.keep ? [index] : []));
        const remains = cut(text, (_, index) => items[index]?.keep === true);
        if (kept.length < 2) return;
        const script = parseShell(document(dockerfile(remains)).instructions[1]?.rest.text ?? "");
        const expected = kept.slice(1).map((index, order) => {
          const between = items.slice((kept[order] ?? 0) + 1, index + 1);
          return between.some((item) => item.gap.includes(";") && !item.gap.includes("#")) ? ";" : "&&";
        });
        expect(
          chainUnits(script)
            .slice(1)
            .map((unit) => unit.connector),
        ).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("keeping everything changes nothing", () => {
    fc.assert(
      fc.property(run, ({ lead, items }) => {
        const body = lead + items.map((item, index) => (index === 0 ? "" : item.gap) + item.command).join("");
        expect(cut(dockerfile(body), () => true)).toBe(body);
      }),
    );
  });
});
