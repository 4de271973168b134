import { describe, expect, it } from "vitest";
import { node } from "../../../src/ecosystems/node/node.ts";
import { commandOf, viewOf } from "./view.ts";

/** The kinds of effect that `node` sees in a command line. */
function kinds(line: string): readonly string[] | undefined {
  return node.interpret(commandOf(line), viewOf({ "package.json": "{}" }))?.map(({ kind }) => kind);
}

describe("a call of node in a RUN", () => {
  it.each([
    ["node --test", ["check"]],
    ["node --test test/", ["check"]],
    ["node --test-reporter=spec --test", ["check"]],
    ["node --version", ["nothing"]],
    ["node --check server.js", ["nothing"]],
    ["node render.js", ["unknown"]],
    ["node render.js --test", ["unknown"]],
    ["node render.js --version", ["unknown"]],
  ])("%s", (line, expected) => {
    expect(kinds(line)).toEqual(expected);
  });
});
