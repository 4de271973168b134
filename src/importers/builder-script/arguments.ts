/**
 * What a script asks about its own arguments, which only its caller knows: read as a call without any.
 *
 *     while [ $# -gt 0 ]; do case "$1" in …       no round
 *     if [ ${#versions[@]} -eq 0 ]; then …        the branch that has the defaults
 *
 * Whether that answer is taken is for the interpreter to decide: a branch that leaves the script is not one that people use.
 */
import { evaluateArithmetic } from "../../shell/arithmetic.ts";
import { fieldText } from "../../shell/symbolic.ts";
import type { ShellNode } from "../../shell/syntax.ts";
import { evaluateValue } from "../../shell/values.ts";
import { type Truth, testTruth } from "./conditions.ts";
import { expressionTruth } from "./test-expression.ts";
import type { Walker } from "./walker.ts";

/** What `ask` gives where the driver has no arguments; `undefined` where its arguments are known anyway. */
export function withoutArguments<T>(walker: Walker, ask: () => T): T | undefined {
  const { shell } = walker;
  const open = [...shell.lists.values()].some((list) => list.open === true);
  if (shell.positional !== undefined && !open) return undefined;
  const lists = new Map([...shell.lists].map(([name, { open: _, ...list }]) => [name, list] as const));
  walker.shell = { ...shell, lists, positional: shell.positional ?? [] };
  try {
    return ask();
  } finally {
    walker.shell = shell;
  }
}

/** What a condition answers without arguments, where it is one that only asks. */
export function plainTruth(walker: Walker, condition: readonly ShellNode[]): Truth {
  const [node, ...others] = condition;
  if (node === undefined || others.length > 0) return undefined;
  return withoutArguments(walker, () => askedTruth(walker, node));
}

function askedTruth(walker: Walker, node: ShellNode): Truth {
  switch (node.kind) {
    case "command":
      return commandTruth(walker, node.words);
    case "opaque":
      return opaqueTruth(walker, node);
    case "pipeline": {
      const [only, ...others] = node.commands;
      const truth = only === undefined || others.length > 0 ? undefined : askedTruth(walker, only);
      return truth === undefined ? undefined : truth !== node.negated;
    }
    case "and-or": {
      const truths = node.items.map((item) => askedTruth(walker, item));
      const decisive = node.operators[0] === "||";
      if (node.operators.some((operator) => operator !== node.operators[0])) return undefined;
      return truths.includes(decisive) ? decisive : truths.includes(undefined) ? undefined : !decisive;
    }
    default:
      return undefined;
  }
}

function commandTruth(walker: Walker, words: Extract<ShellNode, { kind: "command" }>["words"]): Truth {
  const fields = walker.fields(words);
  const name = fields[0] === undefined ? undefined : fieldText(fields[0]);
  const place = { host: walker.world.host, cwd: walker.shell.cwd };
  if (name === "getopts") return walker.shell.positional?.length === 0 ? false : undefined;
  if (name === "[") return testTruth(fields.slice(1, -1), place);
  return name === "test" ? testTruth(fields.slice(1), place) : undefined;
}

/** `[[ … ]]` and `(( … ))`. */
export function opaqueTruth(walker: Walker, node: Extract<ShellNode, { kind: "opaque" }>): Truth {
  const scope = walker.scope();
  if (node.test !== undefined)
    return expressionTruth(node.test, scope, { host: walker.world.host, cwd: walker.shell.cwd });
  if (node.arithmetic === undefined) return undefined;
  const value = evaluateArithmetic(node.arithmetic, scope, (word) => evaluateValue(word, scope));
  return value === undefined ? undefined : value !== 0;
}
