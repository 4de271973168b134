import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandWord, type Lookup } from "../../src/dockerfile/expand.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { literal, writeCopy, writeFrom, writePairs } from "../../src/dockerfile/write-instruction.ts";
import type { HostPath } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const unset: Lookup = () => undefined;

function readBack(text: string, escapeWith: "\\" | "`" = "\\") {
  const head = escapeWith === "`" ? "# escape=`\n" : "";
  const { instructions, problems } = parseDockerfile(sourceFile("D" as HostPath, `${head}FROM a\n${text}\nUSER end\n`));
  expect(problems).toEqual([]);
  expect(instructions.map(({ kind }) => kind).at(-1)).toBe("user");
  expect(instructions).toHaveLength(3);
  return instructions[1];
}

describe("writeCopy", () => {
  test.each([
    [{ keyword: "COPY", flags: ["--from=b"], sources: ["/a"], destination: "/b" }, "COPY --from=b /a /b"],
    [{ keyword: "COPY", flags: [], sources: ["a b"], destination: "/c" }, 'COPY ["a b", "/c"]'],
    [{ keyword: "ADD", flags: [], sources: ["[x].tar"], destination: "/c" }, 'ADD ["[x].tar", "/c"]'],
    [{ keyword: "COPY", flags: [], sources: ["--a"], destination: "/c" }, 'COPY ["--a", "/c"]'],
    [{ keyword: "COPY", flags: [], sources: ["a"], destination: "c\\" }, 'COPY ["a", "c\\\\"]'],
    [{ keyword: "COPY", flags: ["--chown=a b"], sources: ["a"], destination: "c" }, 'COPY --chown="a b" a c'],
  ] as const)("%j", (copy, text) => {
    expect(writeCopy(copy)).toBe(text);
  });

  test("reads back as the paths that were given", () => {
    const path = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes("<<"));
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), path, (sources, destination) => {
        const copy = readBack(writeCopy({ keyword: "COPY", flags: ["--link"], sources, destination }));
        if (copy?.kind !== "copy") throw new Error("other kind");
        expect(copy.sources.map(({ text }) => text)).toEqual(sources);
        expect(copy.destination.text).toBe(destination);
      }),
    );
  });
});

describe("writePairs", () => {
  test.each([
    ["plain", "ENV A=plain"],
    ["", 'ENV A=""'],
    ['a "b" $c', 'ENV A="a \\"b\\" \\$c"'],
    ["back\\slash", 'ENV A="back\\\\slash"'],
  ])("%j", (value, text) => {
    expect(writePairs("ENV", [{ key: "A", value }], "\\")).toBe(text);
  });

  test("refuses what no Dockerfile can say", () => {
    expect(writePairs("ENV", [{ key: "A", value: "a\nb" }], "\\")).toBeUndefined();
    expect(writePairs("ENV", [{ key: "A B", value: "" }], "\\")).toBeUndefined();
    expect(writePairs("ENV", [], "\\")).toBeUndefined();
  });

  test("values read back equal, with either escape character", () => {
    const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), fc.constantFrom("\\", "`"), (values, escapeWith) => {
        const pairs = values.map((text, i) => ({ key: `K${i}`, value: text }));
        const env = readBack(writePairs("ENV", pairs, escapeWith) ?? "", escapeWith);
        if (env?.kind !== "env") throw new Error("other kind");
        const read = env.pairs.map((pair) => expandWord(pair.value ?? "", unset, escapeWith).value);
        expect(read).toEqual(values);
      }),
    );
  });
});

test("writeFrom", () => {
  expect(writeFrom({ image: "a:1", name: "builder", platform: "$BUILDPLATFORM" })).toBe(
    "FROM --platform=$BUILDPLATFORM a:1 AS builder",
  );
});

test("literal text means itself", () => {
  expect(expandWord(literal("$HOME 'x' \\ \"", "\\"), unset, "\\").value).toBe("$HOME 'x' \\ \"");
});
