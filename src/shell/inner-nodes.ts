/**
 * The nodes that stand directly inside another one, in the order in which they are written.
 *
 *     if a; then b; else c; fi      a, b, c
 *     (a && b) | c                  the subshell, and c
 *
 * What is left aside: scripts inside words (`$(…)`), and syntax whose statements are not followed.
 */
import type { ShellNode } from "./syntax.ts";

export function innerNodes(node: ShellNode): readonly ShellNode[] {
  switch (node.kind) {
    case "command":
    case "opaque":
      return [];
    case "pipeline":
      return node.commands;
    case "and-or":
      return node.items;
    case "if":
      return [...node.branches.flatMap(({ condition, body }) => [...condition, ...body]), ...(node.otherwise ?? [])];
    case "while":
      return [...node.condition, ...node.body];
    case "case":
      return node.items.flatMap((item) => item.body);
    case "for":
    case "function":
    case "group":
    case "subshell":
      return node.body;
  }
}
