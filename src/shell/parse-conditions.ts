/**
 * `[[ … ]]` of the grammar's tree, as the tree of syntax.ts.
 *
 *     [[ $TAG == v* && -f dist/app ]]   and: binary ==, unary -f
 *
 * What is not decided here: what it answers, which for files is for the importers to say.
 */
import type { GrammarTest } from "./grammar.ts";
import { type Reading, readWord } from "./parse-words.ts";
import type { TestExpression } from "./syntax.ts";

export function readTest(node: GrammarTest, reading: Reading): TestExpression {
  switch (node.type) {
    case "TestUnary":
      return { kind: "unary", operator: node.operator, operand: readWord(node.operand, reading) };
    case "TestBinary":
      return {
        kind: "binary",
        operator: node.operator,
        left: readWord(node.left, reading),
        right: readWord(node.right, reading),
      };
    case "TestLogical":
      return {
        kind: node.operator === "&&" ? "and" : "or",
        operands: node.operands.map((operand) => readTest(operand, reading)),
      };
    case "TestNot": {
      const operand = readTest(node.operand, reading);
      return node.negations.length % 2 === 0 ? operand : { kind: "not", operand };
    }
    case "TestGroup":
      return readTest(node.expression, reading);
  }
}
