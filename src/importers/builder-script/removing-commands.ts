/**
 * Commands that take files of the host away.
 *
 *     rm -rf dist                              the whole of it
 *     find dist -name '*.map' -delete          what a pattern names, at any depth
 *
 * What is not decided here: whether the command goes (dispositions.ts), and what a stage does instead (stage-changes.ts).
 */
import type { Field } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { absolute, done, gone, readWords } from "./host-operands.ts";
import { exists, look, place } from "./host-tree.ts";
import type { RemovedPath } from "./trace.ts";

/** `rm`, `rmdir` and `unlink`. */
export function readRemovingCommand(operands: readonly Field[], context: CommandContext): Done {
  const removed: RemovedPath[] = readWords(operands, { letters: "", names: [] }).operands.map((field) => {
    const path = absolute(field, context);
    return { field, path, node: look(context.world.host, path) };
  });
  const host = removed.reduce(
    (tree, { path, node }) => (exists(node) ? place(tree, path, gone(node)) : tree),
    context.world.host,
  );
  return done([{ kind: "remove", paths: removed }], host, context);
}
