/**
 * Statements of a Windows script as nodes of the shell's tree, each with its place in the file.
 *
 * What is not decided here: how a file is cut into statements (powershell.ts, batch.ts).
 */
import { callsEngine } from "../../shell/engine-text.ts";
import { parseMapped } from "../../shell/parse-mapped.ts";
import type { ShellNode } from "../../shell/syntax.ts";
import { type MappedPiece, mappedText } from "../../text/mapped.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import { UNKNOWN } from "./commands.ts";

/** One statement from its shell text. The node stands for all of `range`, whatever of it the text was made from. */
export function statementNode(
  pieces: readonly MappedPiece[],
  range: Range,
  { text }: SourceFile,
): readonly ShellNode[] {
  const mapped = mappedText(pieces);
  const { statements, problems } = parseMapped(mapped, text);
  const [node, ...others] = statements;
  if (mapped.text === UNKNOWN && callsEngine(text.slice(range.start, range.end)))
    return [{ kind: "opaque", range, text: text.slice(range.start, range.end) }];
  if (node === undefined || others.length > 0 || problems.length > 0)
    return [{ kind: "opaque", range, text: text.slice(range.start, range.end) }];
  return [{ ...node, range }];
}

/** A condition; what is not known is asked of an unknown program. */
export function conditionNode(shell: string, range: Range, source: SourceFile): readonly ShellNode[] {
  return statementNode([{ text: shell, from: range }], range, source);
}
