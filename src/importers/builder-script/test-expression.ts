/**
 * What `[[ … ]]` answers, as far as the script and the checkout tell.
 *
 *     [[ $TAG == v* ]]                 a pattern, unless it is quoted
 *     [[ -f Dockerfile && -n "$1" ]]   as `[ … ]` answers it
 *     [[ $TAG =~ ^v[0-9]+$ ]]          a regular expression of plain syntax
 */
import { evaluateArithmetic } from "../../shell/arithmetic.ts";
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import type { Scope } from "../../shell/scope.ts";
import type { Field, FieldPart } from "../../shell/symbolic.ts";
import type { TestExpression, Word } from "../../shell/syntax.ts";
import { evaluateValue, evaluateWords } from "../../shell/values.ts";
import { type TestPlace, type Truth, testTruth } from "./conditions.ts";
import { settledText } from "./values.ts";

export function expressionTruth(expression: TestExpression, scope: Scope, place: TestPlace): Truth {
  const of = (inner: TestExpression): Truth => expressionTruth(inner, scope, place);
  switch (expression.kind) {
    case "not": {
      const truth = of(expression.operand);
      return truth === undefined ? undefined : !truth;
    }
    case "and":
      return combined(expression.operands.map(of), false);
    case "or":
      return combined(expression.operands.map(of), true);
    case "unary":
      return testTruth([fieldOf(expression.operator), wholeField(expression.operand, scope)], place);
    case "binary":
      return binary(expression, scope, place);
  }
}

/** One operand that is `decisive` decides; else all have to be known. */
function combined(truths: readonly Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : !decisive;
}

function fieldOf(text: string): Field {
  return { parts: [{ kind: "text", text }], range: { start: 0, end: 0 } };
}

/** Words are not split in here. */
function wholeField(word: Word, scope: Scope): Field {
  const parts = evaluateValue(word, scope).map(
    (part): FieldPart => (part.kind === "text" ? part : { ...part, splits: false }),
  );
  return { parts, range: word.range };
}

function binary(
  { operator, left, right }: Extract<TestExpression, { kind: "binary" }>,
  scope: Scope,
  place: TestPlace,
): Truth {
  const given = settledText(evaluateValue(left, scope));
  if (operator === "=~") return given === undefined ? undefined : matchesExpression(right, given);
  if (operator === "==" || operator === "=" || operator === "!=") {
    const pattern = patternOf(right, scope);
    if (given === undefined || pattern === undefined) return undefined;
    return matchesPattern(pattern, given) === (operator !== "!=");
  }
  if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) return compared(operator, left, right, scope);
  return testTruth([wholeField(left, scope), fieldOf(operator), wholeField(right, scope)], place);
}

/** The right side as a pattern; what is quoted, or comes out of a quoted variable, stands for itself. */
function patternOf(word: Word, scope: Scope): Pattern | undefined {
  const parts = evaluateWords([word], scope).flatMap((field) => field.parts);
  const settled = parts.map((part): Pattern[number] | undefined => {
    if (part.kind !== "unknown") return part;
    const text = settledText([part]);
    return text === undefined ? undefined : { kind: "text", text };
  });
  return settled.every((part) => part !== undefined) ? settled : undefined;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "-eq": "==",
  "-ne": "!=",
  "-lt": "<",
  "-le": "<=",
  "-gt": ">",
  "-ge": ">=",
};

function compared(operator: string, left: Word, right: Word, scope: Scope): Truth {
  const expression = {
    kind: "binary",
    operator: COMPARISONS[operator] ?? operator,
    left: { kind: "word", word: left },
    right: { kind: "word", word: right },
  } as const;
  const value = evaluateArithmetic(expression, scope, (word) => evaluateValue(word, scope));
  return value === undefined ? undefined : value !== 0;
}

/** Extended regular expressions that mean the same in JavaScript and cannot take long; all others are not known. */
function matchesExpression(word: Word, given: string): Truth {
  const source = word.text;
  const groups = source.match(/[*+{]/g)?.length ?? 0;
  if (/[\\"'$`](?!$)|\[\[|\(\?/.test(source) || /\)[*+{]/.test(source) || groups > 4 || given.length > 500)
    return undefined;
  try {
    return new RegExp(source, "u").test(given);
  } catch {
    return undefined;
  }
}
