/**
 * Parts of a driver that build images, or take files out of them, in a way that no reader follows.
 *
 *     - uses: acme/docker-publish@v1        a step that another program runs
 *     - shell: python                       commands in a language that is not read
 *
 * They stay in their place among the commands, so that what comes before and after them is known. What is not decided here: what
 * is said of them.
 */
import { firstEngineCall } from "../shell/engine-text.ts";
import type { ShellNode, Unread } from "../shell/syntax.ts";
import type { Range, SourceFile } from "../text/source.ts";
import type { Driver, ScriptText } from "./driver.ts";

/** A unit that stands for a step which is not read. */
export function unreadUnit(source: SourceFile, range: Range, reason: string): ScriptText {
  return { source, statements: [unreadNode(source, range, { reason })] };
}

/** The same among other commands. */
export function unreadNode(source: SourceFile, range: Range, unread: Unread): ShellNode {
  return { kind: "opaque", range, text: source.text.slice(range.start, range.end), unread };
}

/** The same for commands in another language; `undefined` where they call no engine. */
export function unreadCommands(source: SourceFile, { start, end }: Range, language: string): ScriptText | undefined {
  const call = firstEngineCall(source.text.slice(start, end));
  if (call === undefined) return undefined;
  const line = source.text.indexOf("\n", start + call.start);
  const range = { start: start + call.start, end: line < 0 ? end : Math.min(end, line) };
  return unreadUnit(source, range, `commands for "${language}" are not read`);
}

/** A driver of which nothing is read; `undefined` where it calls no engine. */
export function unreadFile(source: SourceFile, reason: string): Driver | undefined {
  const range = firstEngineCall(source.text);
  return range === undefined ? undefined : { source, entries: [], unread: [{ source, range, reason }], runs: true };
}
