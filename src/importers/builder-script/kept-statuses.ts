/**
 * Variables that keep the status or the process of a command that is gone, and what asks for them right behind it.
 *
 *     docker build -f Dockerfile.build … &      (removed)
 *     pid=$!                                    gone: it would be another process
 *     wait $pid                                 gone
 *     if [ $rc -ne 0 ]; then exit $rc; fi       gone, after `rc=$?`
 *
 * Only what follows without anything else in between, since people use one name for all of their statuses.
 */
import type { ShellNode } from "../../shell/syntax.ts";

/** The nodes of a list that go for that reason. */
export function keptStatuses(
  nodes: readonly ShellNode[],
  text: string,
  rest: (node: ShellNode) => "stays" | "goes" | "inert",
): ReadonlySet<ShellNode> {
  const found = new Set<ShellNode>();
  let name: string | undefined;
  for (const [index, node] of nodes.entries()) {
    const before = nodes[index - 1];
    const followsGone = before !== undefined && (rest(before) === "goes" || found.has(before));
    const written = text.slice(node.range.start, node.range.end);
    const keeps = /^(\w+)=["']?\$\{?[?!]\}?["']?$/.exec(written)?.[1];
    if (followsGone && keeps !== undefined) {
      name = keeps;
      found.add(node);
    } else if (!followsGone) name = undefined;
    else if (name !== undefined && rest(node) !== "goes" && asksFor(node, written, name, rest)) found.add(node);
  }
  return found;
}

function asksFor(
  node: ShellNode,
  written: string,
  name: string,
  rest: (node: ShellNode) => "stays" | "goes" | "inert",
): boolean {
  const mentions = new RegExp(`\\$\\{?${name}\\b`).test(written);
  const waits = node.kind === "command" && node.words[0]?.text === "wait";
  return (
    mentions &&
    (waits ||
      rest(node) === "inert" ||
      (node.kind === "if" && /^if\s+(?:\[|test\b|\(\()/.test(written) && onlyFails(node, rest)))
  );
}

/** Whether all that a condition leads to is a message and an end. */
function onlyFails(node: Extract<ShellNode, { kind: "if" }>, rest: (node: ShellNode) => string): boolean {
  const bodies = [...node.branches.flatMap((branch) => branch.body), ...(node.otherwise ?? [])];
  return bodies.every((inner) => rest(inner) !== "stays");
}
