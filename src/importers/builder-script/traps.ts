/**
 * What `trap` says to run at the end.
 *
 *     trap 'docker rm -f x' EXIT        docker rm -f x
 *     trap - EXIT                       nothing
 */
import type { ScriptText } from "../../drivers/driver.ts";
import { parseMapped } from "../../shell/parse-mapped.ts";
import { type Field, fieldValue, knownText } from "../../shell/symbolic.ts";
import type { ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { mappedText } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";

export interface Trap {
  readonly node: SimpleCommand;
  readonly body: readonly ShellNode[];
  readonly script: ScriptText;
}

/** The commands of a `trap`, in their place in the script; `undefined` where they are not known, or none. */
export function readTrap(node: SimpleCommand, [, body]: readonly Field[], script: ScriptText): Trap | undefined {
  const commands = body === undefined ? undefined : (knownText(fieldValue(body)) ?? quotedText(body.range, script));
  if (body === undefined || commands === undefined || commands === "-" || commands === "") return undefined;
  const mapped = mappedText([{ text: commands, from: insideQuotes(body.range, commands, script) }]);
  return { node, body: parseMapped(mapped, script.source.text).statements, script };
}

/** `"docker rm -f $id"`: the shell puts the value in now, which is the same one that the commands find at the end. */
function quotedText(range: Range, { source }: ScriptText): string | undefined {
  const written = source.text.slice(range.start, range.end);
  return /^"[^"\\`]*"$/.test(written) ? written.slice(1, -1) : undefined;
}

/** The range inside a word's quotes, where the text stands there as it is. */
function insideQuotes(range: Range, commands: string, { source }: ScriptText): Range {
  const inner = { start: range.start + 1, end: range.end - 1 };
  return source.text.slice(inner.start, inner.end) === commands ? inner : range;
}
