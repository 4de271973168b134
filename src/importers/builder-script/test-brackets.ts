/**
 * `[[ … ]]` as the command that it is, for what is recorded and edited.
 *
 *     [[ -s dist/app && -n "$TAG" ]]      the command `[` with the words -s, dist/app, -n, "$TAG"
 *
 * What it answers is decided in test-expression.ts.
 */
import type { OpaqueNode, SimpleCommand, TestExpression, Word } from "../../shell/syntax.ts";

const known = new WeakMap<OpaqueNode, SimpleCommand>();

/** The command, the same one each time; `undefined` for other syntax. */
export function bracketCommand(node: OpaqueNode): SimpleCommand | undefined {
  if (node.test === undefined) return undefined;
  const command = known.get(node) ?? commandOf(node, node.test);
  known.set(node, command);
  return command;
}

const STAND_INS = new WeakMap<OpaqueNode, SimpleCommand>();

/** A command without words that stands for other syntax, where only its place is of interest; the same one each time. */
export function standIn(node: OpaqueNode): SimpleCommand {
  const made = STAND_INS.get(node) ?? {
    kind: "command",
    assignments: [],
    words: [],
    redirections: [],
    range: node.range,
  };
  STAND_INS.set(node, made);
  return made;
}

function commandOf({ range }: OpaqueNode, test: TestExpression): SimpleCommand {
  const word = (text: string): Word => ({ range, text, pieces: [{ kind: "text", text, quoted: false, range }] });
  const wordsOf = (expression: TestExpression): readonly Word[] => {
    switch (expression.kind) {
      case "unary":
        return [word(expression.operator), expression.operand];
      case "binary":
        return [expression.left, word(expression.operator), expression.right];
      case "not":
        return wordsOf(expression.operand);
      case "and":
      case "or":
        return expression.operands.flatMap(wordsOf);
    }
  };
  return { kind: "command", assignments: [], words: [word("["), ...wordsOf(test), word("]")], redirections: [], range };
}
