/**
 * The simple commands of a stretch of script, those of `$(…)` in their words included.
 *
 *     if [ -n "$(docker ps -q)" ]; then make; fi      [ -n …, docker ps -q, make
 */
import { innerNodes } from "../../shell/inner-nodes.ts";
import type { ShellNode, ShellScript, SimpleCommand } from "../../shell/syntax.ts";
import { bracketCommand } from "./test-brackets.ts";

/** All simple commands in a node, in order. */
export function commandsIn(node: ShellNode): readonly SimpleCommand[] {
  if (node.kind === "command")
    return [node, ...substitutedIn(node).flatMap((script) => script.statements.flatMap(commandsIn))];
  if (node.kind !== "opaque") return innerNodes(node).flatMap(commandsIn);
  const command = bracketCommand(node);
  return command === undefined ? [] : [command];
}

/** The scripts of the `$(…)` that stand directly in a command's words and in the values that it assigns. */
export function substitutedIn({ words, assignments }: SimpleCommand): readonly ShellScript[] {
  return [...words, ...assignments.flatMap((assignment) => assignment.value ?? [])]
    .flatMap((word) => word.pieces)
    .flatMap((piece) => (piece.kind === "substitution" ? [piece.script] : []));
}
