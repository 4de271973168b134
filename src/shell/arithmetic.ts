/**
 * What an arithmetic expression comes to, where its variables are known.
 *
 *     i=2; $(( i * 3 + 1 ))     7
 *     (( i++ ))                 2, and i is 3
 *     $(( COUNT + 1 ))          undefined: the environment decides COUNT
 *
 * Integers as bash has them (https://www.gnu.org/software/bash/manual/html_node/Shell-Arithmetic.html), up to what a double holds
 * exactly. A variable that is assigned an unknown value is unknown from there on.
 */
import type { Scope } from "./scope.ts";
import { knownText, type SymbolicValue, text, unknownVariable } from "./symbolic.ts";
import type { Arithmetic, Word } from "./syntax.ts";

/** The value of a word of an expression, as evaluateValue gives it. */
export type WordValue = (word: Word) => SymbolicValue;

/** `undefined` where the result depends on what is not known, or is no exact integer. */
export function evaluateArithmetic(node: Arithmetic, scope: Scope, valueOf: WordValue): number | undefined {
  const of = (inner: Arithmetic): number | undefined => evaluateArithmetic(inner, scope, valueOf);
  switch (node.kind) {
    case "unknown":
      return undefined;
    case "word":
      return numberOf(valueOf(node.word), scope, 0);
    case "choice": {
      const test = of(node.test);
      return test === undefined ? undefined : of(test !== 0 ? node.consequent : node.alternate);
    }
    case "unary":
      return unary(node, scope, of);
    case "binary":
      return binary(node, scope, of);
  }
}

/** The number that a word of an expression stands for. */
export function wordNumber(value: SymbolicValue, scope: Scope): number | undefined {
  return numberOf(value, scope, 0);
}

/** Names refer to variables, whose values may be names again. */
function numberOf(value: SymbolicValue, scope: Scope, depth: number): number | undefined {
  const known = knownText(value)?.trim();
  if (known === undefined || depth > 5) return undefined;
  if (known === "") return 0;
  if (/^[A-Za-z_]\w*$/.test(known)) {
    const held = scope.lookup(known);
    return held === undefined ? undefined : held === "unset" ? 0 : numberOf(held, scope, depth + 1);
  }
  if (/^[+-]?0[0-7]+$/.test(known)) return Number.parseInt(known, 8);
  return /^[+-]?(?:0|[1-9]\d*|0[xX][0-9a-fA-F]+)$/.test(known) ? exact(Number(known)) : undefined;
}

function exact(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

type Of = (inner: Arithmetic) => number | undefined;

function unary(node: Extract<Arithmetic, { kind: "unary" }>, scope: Scope, of: Of): number | undefined {
  const value = of(node.operand);
  switch (node.operator) {
    case "++":
    case "--": {
      const next = value === undefined ? undefined : value + (node.operator === "++" ? 1 : -1);
      assign(node.operand, next, scope);
      return node.prefix ? next : value;
    }
    case "-":
      return value === undefined ? undefined : 0 - value;
    case "+":
      return value;
    case "!":
      return value === undefined ? undefined : value === 0 ? 1 : 0;
    default:
      return undefined;
  }
}

function assign(target: Arithmetic, value: number | undefined, scope: Scope): void {
  const name = target.kind === "word" ? target.word.text : "";
  if (!/^[A-Za-z_]\w*$/.test(name)) return;
  scope.assign?.(name, value === undefined ? [unknownVariable(name)] : text(String(value)));
}

function binary(node: Extract<Arithmetic, { kind: "binary" }>, scope: Scope, of: Of): number | undefined {
  const { operator, left, right } = node;
  const compound = /^(\*|\/|%|\+|-|<<|>>|&|\^|\|)?=$/.exec(operator);
  if (compound !== null) {
    const operand = of(right);
    const before = compound[1] === undefined ? operand : of(left);
    const value = compound[1] === undefined ? operand : calculate(compound[1], before, operand);
    assign(left, value, scope);
    return value;
  }
  const first = of(left);
  if (operator === "&&" && first === 0) return 0;
  if (operator === "||" && first !== undefined && first !== 0) return 1;
  return calculate(operator, first, of(right));
}

function calculate(operator: string, a: number | undefined, b: number | undefined): number | undefined {
  if (operator === ",") return b;
  const run = CALCULATIONS[operator];
  return a === undefined || b === undefined || run === undefined ? undefined : exact(run(a, b));
}

const CALCULATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "*": (a, b) => a * b,
  "**": (a, b) => (b < 0 ? Number.NaN : a ** b),
  "/": (a, b) => Math.trunc(a / b),
  "%": (a, b) => a % b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "&&": (a, b) => Number(a !== 0 && b !== 0),
  "||": (a, b) => Number(a !== 0 || b !== 0),
};
