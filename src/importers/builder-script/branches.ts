/**
 * Commands of which some run and some do not: `&&` and `||`, `if`, `case`.
 *
 *     if [ -f go.mod ]; then … else … fi      the branch that counts, where the checkout answers
 *     case "$1" in build) … ;; esac           the item that matches; all of them, one by one, where "$1" is not known
 *
 * What is not decided here: from which of several branches a run goes on (branch-choice.ts).
 */
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import { knownText } from "../../shell/symbolic.ts";
import type { AndOr, CaseClause, IfClause, ShellNode } from "../../shell/syntax.ts";
import { evaluateValue, evaluateWords } from "../../shell/values.ts";
import { plainTruth, withoutArguments } from "./arguments.ts";
import type { Truth } from "./conditions.ts";
import { type Outcome, SUCCESS } from "./outcome.ts";
import { settledText } from "./values.ts";
import type { Walker } from "./walker.ts";

export function runAndOr(walker: Walker, node: AndOr): Outcome {
  let outcome: Outcome = { truth: true, output: [] };
  for (const [index, item] of node.items.entries()) {
    if (index > 0) {
      const runsOn = node.operators[index - 1] === "&&" ? outcome.truth : negated(outcome.truth);
      if (runsOn === false) continue;
      if (runsOn === undefined) {
        outcome = walker.uncertain(item, { bodies: [[item]] });
        continue;
      }
    }
    outcome = walker.node(item);
    if (outcome.leaving !== undefined) return outcome;
  }
  return outcome;
}

export function runIf(walker: Walker, node: IfClause): Outcome {
  for (const [index, branch] of node.branches.entries()) {
    const { truth: told, doubtful, leaving } = walker.list(branch.condition);
    if (leaving === "exit") return { truth: told, leaving };
    const truth = doubtful === true ? undefined : told;
    if (truth === true) return walker.list(branch.body);
    if (truth === undefined) {
      const left = node.branches.slice(index);
      const bodies = [...left.map((other) => other.body), ...(node.otherwise ? [node.otherwise] : [])];
      const plain = plainBranch(
        walker,
        left.map((other) => other.condition),
        node.otherwise !== undefined,
      );
      return walker.uncertain(node, { bodies, complete: node.otherwise !== undefined, plain });
    }
  }
  return node.otherwise ? walker.list(node.otherwise) : SUCCESS;
}

/** Which branch a call without arguments takes. */
function plainBranch(
  walker: Walker,
  conditions: readonly (readonly ShellNode[])[],
  otherwise: boolean,
): number | "none" | undefined {
  for (const [index, condition] of conditions.entries()) {
    const truth = plainTruth(walker, condition);
    if (truth === undefined) return undefined;
    if (truth) return index;
  }
  return otherwise ? conditions.length : "none";
}

export function runCase(walker: Walker, node: CaseClause): Outcome {
  const value = evaluateValue(node.subject, walker.scope());
  const known = knownText(value);
  const bodies = node.items.map((item) => item.body);
  const chosen = known === undefined ? "unknown" : matching(walker, node, known, 0);
  if (chosen === undefined) return SUCCESS;
  if (chosen !== "unknown") return caseBody(walker, node, chosen, known ?? "");
  const settled =
    settledText(value) ?? withoutArguments(walker, () => settledText(evaluateValue(node.subject, walker.scope())));
  const plain = settled === undefined ? "unknown" : (matching(walker, node, settled, 0) ?? "none");
  const complete = node.items.some(({ patterns }) => patterns.some((pattern) => pattern.text === "*"));
  return walker.uncertain(node, { bodies, complete, plain: plain === "unknown" ? undefined : plain });
}

/** The first item from `start` on that matches; "unknown" where a pattern before it is not known. */
function matching(walker: Walker, node: CaseClause, subject: string, start: number): number | "unknown" | undefined {
  const scope = walker.scope();
  for (const [index, item] of node.items.entries()) {
    if (index < start) continue;
    const patterns = item.patterns.map((word) => evaluateWords([word], scope).flatMap((field) => field.parts));
    if (patterns.some((pattern) => pattern.some((part) => part.kind === "unknown"))) return "unknown";
    if (patterns.some((pattern) => matchesPattern(pattern as Pattern, subject))) return index;
  }
  return undefined;
}

/** `;&` goes on into the next body, `;;&` to the next item that matches. */
function caseBody(walker: Walker, node: CaseClause, index: number, subject: string): Outcome {
  const item = node.items[index];
  if (item === undefined) return SUCCESS;
  const outcome = walker.list(item.body);
  if (outcome.leaving !== undefined || item.terminator === undefined) return outcome;
  const next = item.terminator === ";&" ? index + 1 : matching(walker, node, subject, index + 1);
  return typeof next === "number" ? caseBody(walker, node, next, subject) : outcome;
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
