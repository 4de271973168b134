/**
 * Commands that only tell the person at the terminal something.
 *
 *     echo "building $TAG"        a message
 *     echo "$TAG" > version       none: a file is made
 */
import type { ShellNode } from "../../shell/syntax.ts";

/** Whether a command is an `echo` or `printf` to the terminal. */
export function isMessage(node: ShellNode | undefined): boolean {
  // A line of a recipe is a shell of its own.
  if (node?.kind === "subshell" && node.body.length === 1 && node.redirections.length === 0)
    return isMessage(node.body[0]);
  if (node?.kind !== "command" || node.redirections.length > 0) return false;
  return /^(?:echo|printf)$/.test(node.words[0]?.text ?? "");
}
