import { expect, test } from "vitest";
import { explainedPatch } from "../../src/cli/explained-patch.ts";
import type { ExplainedLine } from "../../src/model/migration.ts";
import { migration } from "./run-restage.ts";

const PLAIN = { color: false, safe: false, width: 112 };
const line = (at: number, reason: string, ...because: readonly [path: string, line: number][]): ExplainedLine => ({
  path: "Dockerfile",
  firstLine: at,
  lastLine: at,
  reason,
  confidence: "certain",
  because: because.map(([path, line]) => ({ path, line, column: 1, text: "" })),
});

function reasons(explanation: readonly ExplainedLine[]): string {
  const changes = [{ path: "Dockerfile", action: "create", mode: "100644", after: "" }] as const;
  const patch = explainedPatch([migration({ changes, explanation })], PLAIN);
  return patch.slice(patch.indexOf("# Dockerfile (new)\n") + 19, patch.indexOf("diff --git"));
}

test("neighbours with one reason are said once, with their places as ranges", () => {
  const same = [
    line(1, "Kept.", ["a", 1]),
    line(2, "Kept.", ["a", 2], ["b", 9]),
    line(3, "Kept.", ["a", 5]),
    line(5, "Kept.", ["a", 7]),
  ];
  expect(reasons(same)).toBe("#       1-3  Kept. (a:1-2, a:5, b:9)\n#         5  Kept. (a:7)\n");
  expect(reasons([line(1, "One."), { ...line(2, "One."), confidence: "guess" }])).toBe(
    "#         1  One.\n#         2  One. [guess]\n",
  );
});

test("long reasons are broken between words, below one another", () => {
  const reason = Array.from({ length: 30 }, (_, i) => `word${i}`).join(" ");
  const text = reasons([line(1, reason, ["a", 1])]);
  for (const shown of text.split("\n")) expect(shown.length).toBeLessThan(115);
  expect(text.replace(/\n# {12}(?=\S)/g, " ")).toBe(`#         1  ${reason} (a:1)\n`);
  expect(reasons([line(1, "x".repeat(300))])).toContain("x".repeat(300));
});
