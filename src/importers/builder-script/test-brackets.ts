/**
 * `[[ … ]]` as the `[ … ]` that asks the same, where there is one.
 *
 *     [[ -s dist/app && -n "$TAG" ]]      [ -s dist/app -a -n "$TAG" ]
 *     [[ $TAG == v* ]]                    none: a pattern
 */
import { parseShell } from "../../shell/parse.ts";
import type { OpaqueNode, SimpleCommand } from "../../shell/syntax.ts";

const known = new WeakMap<OpaqueNode, SimpleCommand | "none">();

/** The command, the same one each time; `undefined` for other syntax and for what only `[[` can say. */
export function bracketCommand(node: OpaqueNode): SimpleCommand | undefined {
  const command = known.get(node) ?? readBrackets(node) ?? "none";
  known.set(node, command);
  return command === "none" ? undefined : command;
}

function readBrackets({ text, range }: OpaqueNode): SimpleCommand | undefined {
  const [, inner] = /^\[\[\s([\s\S]*)\s\]\]$/.exec(text) ?? [];
  if (inner === undefined || /[()<>*[\]`]|=~|(?<!\$)\?/.test(inner)) return undefined;
  const plain = inner.replaceAll("&&", " -a ").replaceAll("||", " -o ").replace(/\s+/g, " ");
  const [command, ...others] = parseShell(`[ ${plain} ]`).statements;
  return command?.kind === "command" && others.length === 0 ? { ...command, range } : undefined;
}
