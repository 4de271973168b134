/**
 * Arithmetic of the grammar's tree, as the tree of syntax.ts.
 *
 *     (( i < $MOST + 1 ))     binary <, word i, binary +
 *
 * What is not decided here: how its words are read (parse-words.ts), and what it comes to (arithmetic.ts).
 */
import type { GrammarArithmetic } from "./grammar.ts";
import type { Arithmetic, Word } from "./syntax.ts";

export type GrammarArithmeticWord = Extract<GrammarArithmetic, { type: "ArithmeticWord" }>;

const UNKNOWN: Arithmetic = { kind: "unknown" };

/** An absent expression is unknown: the grammar could not read it. */
export function readArithmetic(
  node: GrammarArithmetic | undefined,
  toWord: (word: GrammarArithmeticWord) => Word,
): Arithmetic {
  switch (node?.type) {
    case undefined:
    case "ArithmeticCommandExpansion":
      return UNKNOWN;
    case "ArithmeticGroup":
      return readArithmetic(node.expression, toWord);
    case "ArithmeticWord":
      return { kind: "word", word: toWord(node) };
    case "ArithmeticUnary":
      return {
        kind: "unary",
        operator: node.operator,
        operand: readArithmetic(node.operand, toWord),
        prefix: node.prefix,
      };
    case "ArithmeticBinary":
      return {
        kind: "binary",
        operator: node.operator,
        left: readArithmetic(node.left, toWord),
        right: readArithmetic(node.right, toWord),
      };
    case "ArithmeticTernary":
      return {
        kind: "choice",
        test: readArithmetic(node.test, toWord),
        consequent: readArithmetic(node.consequent, toWord),
        alternate: readArithmetic(node.alternate, toWord),
      };
  }
}
