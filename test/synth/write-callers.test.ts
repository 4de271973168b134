import { describe, expect, test } from "vitest";
import type { CallerEdit } from "../../src/model/plan.ts";
import { writeCaller } from "../../src/synth/write-callers.ts";
import type { HostPath } from "../../src/text/paths.ts";

const path = "build.sh" as HostPath;

/** Edits from a text with marks: `«old»` is removed, `«old|new»` is replaced. */
function marked(text: string): { readonly source: string; readonly edits: readonly CallerEdit[] } {
  const edits: CallerEdit[] = [];
  let source = "";
  for (const part of text.split(/(«[^»]*»)/)) {
    const [, old, replacement = ""] = /^«([^|»]*)(?:\|([^»]*))?»$/.exec(part) ?? [];
    if (old === undefined) source += part;
    else {
      const range = { start: source.length, end: source.length + old.length };
      edits.push({
        path,
        range,
        text: replacement,
        reason: `edit ${edits.length + 1}`,
        because: [],
        confidence: "certain",
      });
      source += old;
    }
  }
  return { source, edits };
}

function write(text: string) {
  const { source, edits } = marked(text);
  return writeCaller({ path, text: source }, edits);
}

const texts: readonly (readonly [name: string, before: string, after: string])[] = [
  ["a removed command takes its line", "set -e\n«docker rm x»\necho\n", "set -e\necho\n"],
  ["so does one with continuations", "a\n  «docker build \\\n  -t x .»\nb\n", "a\nb\n"],
  ["blanks around it too", "a\n  «docker rm x»  \nb\n", "a\nb\n"],
  ["a comment behind it too", "a\n«docker rm x» # clean up\nb\n", "a\nb\n"],
  ["one of two blank lines that meet goes", "a\n\n«x»\n«y»\n\nb\n", "a\n\nb\n"],
  ["blank lines that were double stay double", "a\n\n\nb\n«x»\nc\n", "a\n\n\nb\nc\n"],
  ["a blank line at the end goes", "a\n\n«x»\n", "a\n"],
  ["all blank lines between what goes up to the end", "a\n\n# one\n«x»\n\n# two\n«y»\n\n# three\n«z»", "a\n"],
  ["a comment above nothing goes", "a\n\n# take out\n«x»\n\nb\n", "a\n\nb\n"],
  ["a comment above an edited line stays", "a\n\n# take out\n«x»\n«y|z»\n\nb\n", "a\n\n# take out\nz\n\nb\n"],
  ["a comment above a line that stays stays", "# both\n# of them\n«x»\ny\n", "# both\n# of them\ny\n"],
  ["a shellcheck directive goes with its command", "a\n# shellcheck disable=SC2086\n«x»\ny\n", "a\ny\n"],
  ["the header stays", "#!/bin/sh\n# Builds it.\n«x»\n\ny\n", "#!/bin/sh\n# Builds it.\n\ny\n"],
  ["the last command of a function", "f() {\n  a\n  # drop\n  «x»\n}\n", "f() {\n  a\n}\n"],
  ["a part of a line", "a« && docker rm x»\nb\n", "a\nb\n"],
  ["blanks before a part at the end of a line", "a   «b»\nc\n", "a\nc\n"],
  ["words within a line", "docker build «-f Dockerfile.prod »-t «a|b» .\n", "docker build -t b .\n"],
  ["CRLF stays", "a\r\n«x»\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"],
  ["no line end at the end", "a\n«x|y»", "a\ny"],
  ["a range with its line end", "a\n«x\n»b\n", "a\nb\n"],
];

test.each(texts)("%s", (_name, before, after) => {
  expect(write(before).text).toBe(after);
});

describe("which lines", () => {
  test("an edited line is named in the new file, a removed one in the old", () => {
    const { written, removed } = write("#!/bin/sh\n«a»\n«b»\nc\ndocker build «x|y» .\n");
    expect(written.map(({ edit, ...lines }) => ({ reason: edit.reason, ...lines }))).toEqual([
      { reason: "edit 3", firstLine: 3, lastLine: 3 },
    ]);
    expect(removed.map(({ edit, ...lines }) => ({ reason: edit.reason, ...lines }))).toEqual([
      { reason: "edit 1", firstLine: 2, lastLine: 2 },
      { reason: "edit 2", firstLine: 3, lastLine: 3 },
      { reason: "edit 3", firstLine: 5, lastLine: 5 },
    ]);
  });

  test("an insertion is on its own line", () => {
    const { text, written } = write("«a»\nb\ndocker build«| --target x -t y»\nc\n");
    expect(text).toBe("b\ndocker build --target x -t y\nc\n");
    expect(written.map(({ firstLine, lastLine }) => [firstLine, lastLine])).toEqual([[2, 2]]);
  });

  test("the same edit asked for twice is done once", () => {
    const { source, edits } = marked("a\n«x|y»\n");
    expect(writeCaller({ path, text: source }, [...edits, ...edits]).text).toBe("a\ny\n");
  });

  test("edits that overlap throw", () => {
    const edit = { path, text: "", reason: "", because: [], confidence: "certain" } as const;
    const edits = [
      { ...edit, range: { start: 0, end: 3 } },
      { ...edit, range: { start: 2, end: 5 } },
    ];
    expect(() => writeCaller({ path, text: "abcdefgh" }, edits)).toThrow("edits overlap");
  });
});
