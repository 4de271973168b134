import { describe, expect, test } from "vitest";
import { mergeAnswers, parseAnswers } from "../../src/project/config.ts";
import { hostPath, ROOT } from "../../src/text/paths.ts";
import { positionAt, sourceFile } from "../../src/text/source.ts";

const read = (text: string) => parseAnswers(sourceFile(hostPath(".restage.yml") ?? ROOT, text));

function problems(text: string): readonly string[] {
  const source = sourceFile(ROOT, text);
  return read(text).diagnostics.map(({ message, span }) => {
    const { line, column } = positionAt(source, span?.start ?? -1);
    return `${line}:${column} ${message}`;
  });
}

describe("answers are read", () => {
  test.each([
    ["", {}],
    ["# nothing yet\n", {}],
    ["answers:\n", {}],
    ["answers: {}\n", {}],
    ['answers:\n  "*":\n    tests: gate\n', { "*": { tests: "gate" } }],
    ["answers:\r\n  a:b:\r\n    keep:/app: yes\r\n", { "a:b": { "keep:/app": "yes" } }],
    [
      "answers: { a: { base: 3.20, b: true, c: 'x: y', d: 0o17 } }",
      { a: { base: "3.20", b: "true", c: "x: y", d: "0o17" } },
    ],
    ['{ "answers": { "a": { "b": "c" } } }', { a: { b: "c" } }],
    [
      '{ "*": { "b": "c" }, "fat-dockerfile:Dockerfile": { "d": "e" } }',
      { "*": { b: "c" }, "fat-dockerfile:Dockerfile": { d: "e" } },
    ],
  ])("%j", (text, answers) => expect(read(text)).toEqual({ answers, diagnostics: [] }));
});

describe("wrong answers are shown at their place:", () => {
  test.each([
    ["answer: {}\n", ['1:1 "answer" is not known here']],
    ["- answers\n", ["1:1 the file is not a mapping"]],
    ["answers: gate\n", ['1:10 "answers" is not a mapping']],
    ["answers:\n  a: [b]\n", ['2:6 "a" is not a mapping']],
    [
      "answers:\n  a:\n    b: { c: d }\n    e: [f]\n",
      ['3:5 the answer to "b" is not a single value', '4:5 the answer to "e" is not a single value'],
    ],
    ["answers:\n  a:\n    b:\n", ['3:5 the answer to "b" is not a single value']],
    ["answers:\n  ? [x]\n  : {}\n", ["2:5 a key is not a single value"]],
    ["x: &x { b: c }\nanswers:\n  a: *x\n", ['1:1 "x" is not known here', '3:6 "a" is not a mapping']],
  ])("%j", (text, expected) => expect(problems(text)).toEqual(expected));

  test.each(["answers: {", "answers:\n\t- a", "answers: {}\nanswers: {}\n", "a: b: c"])("%j is no YAML", (text) => {
    expect(problems(text)).toHaveLength(1);
    expect(problems(text)[0]).toMatch(/^\d+:\d+ the YAML cannot be read: /);
  });
});

test("answers of the command line win, decision by decision", () => {
  expect(mergeAnswers({ "*": { a: "1", b: "1" }, x: { c: "1" } }, { "*": { b: "2" }, y: { d: "2" } })).toEqual({
    "*": { a: "1", b: "2" },
    x: { c: "1" },
    y: { d: "2" },
  });
});
