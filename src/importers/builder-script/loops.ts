/**
 * Loops, followed round by round where their words, numbers and conditions are known.
 *
 *     for d in images/*; do … done                once for each directory of the checkout
 *     for s in ${SERVICES:-api web}; do … done    for the words of the default
 *     while read name; do … done < names.txt      for each line
 *     while true; do … done                       once, as the next round finds nothing new
 */
import { evaluateArithmetic } from "../../shell/arithmetic.ts";
import { type Field, fieldValue, knownText, mayVanish, type SymbolicValue, text } from "../../shell/symbolic.ts";
import type { Arithmetic, ForLoop, WhileLoop } from "../../shell/syntax.ts";
import { evaluateValue } from "../../shell/values.ts";
import { plainTruth, withoutArguments } from "./arguments.ts";
import { builds } from "./branch-weight.ts";
import type { Truth } from "./conditions.ts";
import { type Outcome, SUCCESS } from "./outcome.ts";
import type { Walker } from "./walker.ts";
import { assigned } from "./world.ts";

export function runFor(walker: Walker, node: ForLoop): Outcome {
  if (node.counter !== undefined) return runCounter(walker, node, node.counter);
  const values = loopValues(walker, node);
  if (values !== undefined) return runOver(walker, node, values);
  const plain = withoutArguments(walker, () => loopValues(walker, node));
  const idle = builds(node.body, walker.shell.functions) === 0;
  if (plain !== undefined && (idle || plain.length > 0)) {
    walker.assume(node, "arguments");
    return runOver(walker, node, plain);
  }
  walker.shell.variables = assigned(walker.shell, node.variable, [
    { kind: "unknown", source: `$${node.variable}`, name: node.variable },
  ]);
  return walker.uncertain(node, { bodies: [node.body] });
}

/** `undefined` where a word may be any number of values. */
function loopValues(walker: Walker, node: ForLoop): readonly SymbolicValue[] | undefined {
  if (node.words === undefined) return walker.shell.positional;
  const fields = walker.fields(node.words).map((field) => ({ field, words: defaultWords(field) }));
  if (fields.some(({ field, words }) => words === undefined && mayVanish(field))) return undefined;
  if (fields.some(({ words }) => words !== undefined)) walker.assume(node, "arguments");
  return fields.flatMap(({ field, words }) => words ?? [fieldValue(field)]);
}

/** The words of a default that is not quoted: `${SERVICES:-api web}`. */
function defaultWords({ parts: [part, ...others] }: Field): readonly SymbolicValue[] | undefined {
  if (part?.kind !== "unknown" || others.length > 0 || !part.splits || part.fallback === undefined) return undefined;
  const known = knownText(part.fallback);
  return known === undefined || /[*?[]/.test(known) ? undefined : known.split(/\s+/).filter(Boolean).map(text);
}

function runOver(walker: Walker, node: ForLoop, values: readonly SymbolicValue[]): Outcome {
  for (const value of values) {
    if (walker.exhausted) break;
    walker.shell.variables = assigned(walker.shell, node.variable, value);
    const end = leavingLoop(walker.list(node.body));
    if (end !== undefined) return end;
  }
  return SUCCESS;
}

/** What a loop answers when a round left it; `undefined` where the next round follows. */
function leavingLoop({ leaving, truth }: Outcome): Outcome | undefined {
  if (leaving === "break") return SUCCESS;
  return leaving === "exit" || leaving === "return" ? { truth, leaving } : undefined;
}

function runCounter(walker: Walker, node: ForLoop, counter: NonNullable<ForLoop["counter"]>): Outcome {
  const value = (expression: Arithmetic | undefined): number | undefined => {
    const scope = walker.scope();
    return expression === undefined ? 1 : evaluateArithmetic(expression, scope, (word) => evaluateValue(word, scope));
  };
  value(counter.first);
  while (!walker.exhausted) {
    const before = stateOf(walker);
    const test = value(counter.test);
    if (test === 0) return SUCCESS;
    if (test === undefined) return walker.uncertain(node, { bodies: [node.body] });
    const end = leavingLoop(walker.list(node.body));
    if (end !== undefined) return end;
    value(counter.next);
    if (stateOf(walker) === before) return SUCCESS;
  }
  return SUCCESS;
}

export function runWhile(walker: Walker, node: WhileLoop): Outcome {
  while (!walker.exhausted) {
    const before = stateOf(walker);
    const condition = walker.list(node.condition);
    if (condition.leaving === "exit") return condition;
    const truth = condition.doubtful === true ? undefined : continues(node, condition.truth);
    if (truth === false) return SUCCESS;
    if (truth === undefined) return uncertainWhile(walker, node);
    const end = leavingLoop(walker.list(node.body));
    if (end !== undefined) return end;
    // The next round would do the same again, until something happens that a script cannot see here.
    if (stateOf(walker) === before) return SUCCESS;
  }
  return SUCCESS;
}

function continues({ until }: WhileLoop, truth: Truth): Truth {
  return truth === undefined ? undefined : truth !== until;
}

function uncertainWhile(walker: Walker, node: WhileLoop): Outcome {
  const plain = continues(node, plainTruth(walker, node.condition));
  if (plain === false && builds(node.body, walker.shell.functions) === 0) {
    walker.assume(node, "arguments");
    return SUCCESS;
  }
  return walker.uncertain(node, { bodies: [node.body] });
}

/** What a round can change for the next one's conditions, besides files and images. */
function stateOf({ shell, position }: Walker): string {
  const lists = [...shell.lists].map(([name, { elements }]) => [name, [...elements]]);
  return JSON.stringify([shell.cwd, [...shell.variables], lists, shell.positional, position]);
}
