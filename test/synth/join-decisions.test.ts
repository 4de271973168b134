import { expect, test } from "vitest";
import type { Decision } from "../../src/model/decision.ts";
import { provenance } from "../../src/model/provenance.ts";
import { joinDecisions } from "../../src/synth/join-decisions.ts";
import { hostPath, ROOT } from "../../src/text/paths.ts";
import { sourceFile } from "../../src/text/source.ts";

const option = (value: string) => ({ value, label: value, consequence: `It is ${value}.` });

function decision(chosen: string, file: string, parts: Partial<Decision> = {}): Decision {
  const because = [provenance(sourceFile(hostPath(file) ?? ROOT, "FROM a\n"), { start: 0, end: 6 })];
  return {
    id: "base",
    question: "Which?",
    options: [option(chosen)],
    chosen,
    confidence: "certain",
    because,
    ...parts,
  };
}

test("decisions of different ids stay as they are", () => {
  const all = [decision("a", "x"), decision("a", "x", { id: "tests" })];
  expect(joinDecisions(all)).toEqual(all);
});

test("one id has the options and places of all, and is as sure as the least", () => {
  const [first, second] = [decision("a", "x"), decision("a", "y", { confidence: "guess", options: [option("b")] })];
  expect(joinDecisions([first, second])).toEqual([
    {
      ...first,
      options: [option("a"), option("b")],
      confidence: "guess",
      because: [...first.because, ...second.because],
    },
  ]);
});

test("different choices are told", () => {
  const [joined] = joinDecisions([decision("a", "x"), decision("b", "y"), decision("b", "z")]);
  expect(joined?.chosen).toBe("a");
  expect(joined?.question).toBe('Which? (without an answer each setup has its own: "a", "b")');
});
