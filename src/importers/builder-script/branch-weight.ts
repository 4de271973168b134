/**
 * How much a branch of a script has to do with building images, by its text alone.
 *
 *     docker build … && docker cp …      2
 *     docker push …                      0
 */

import { innerNodes } from "../../shell/inner-nodes.ts";
import { fieldText } from "../../shell/symbolic.ts";
import type { ShellNode } from "../../shell/syntax.ts";
import { evaluateWords } from "../../shell/values.ts";
import type { Shell } from "./world.ts";

/** The number of builds, container creations and copies in the commands, functions that they call included. */
export function builds(
  nodes: readonly ShellNode[],
  functions: Shell["functions"],
  seen: readonly string[] = [],
): number {
  return nodes.reduce((sum, node) => sum + weigh(node, functions, seen), 0);
}

function weigh(node: ShellNode, functions: Shell["functions"], seen: readonly string[]): number {
  if (node.kind === "function") return 0;
  if (node.kind !== "command") return builds(innerNodes(node), functions, seen);
  const nothing = { lookup: () => undefined, substitute: () => undefined };
  const words = evaluateWords(node.words, nothing).map((field) => fieldText(field) ?? "");
  const substituted = node.assignments.some((a) => /\b(?:create|build|run)\b/.test(a.value?.text ?? ""));
  const name = words[0] ?? "";
  const called = functions.get(name);
  if (called !== undefined && !seen.includes(name)) return builds(called.definition.body, functions, [...seen, name]);
  return substituted || words.some((word) => /^(?:build|create|cp|bud)$/.test(word)) ? 1 : 0;
}
