/**
 * The lines of a Makefile, those that a backslash continues put together.
 *
 *     SRC = a.c \          one line, "SRC = a.c b.c", each character with its place in the file
 *           b.c  # both    and without its comment
 *
 * Whether a line belongs to a recipe depends on what stands before it, which evaluate.ts knows.
 */
import { type MappedPiece, type MappedText, mappedText } from "../../text/mapped.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import { withoutHoles } from "./holes.ts";
import { tokensOf } from "./references.ts";

/** A line with what continues it; without its line end. */
export interface LogicalLine extends Range {
  readonly source: SourceFile;
}

export function logicalLines(source: SourceFile): readonly LogicalLine[] {
  const { text } = source;
  const lines: LogicalLine[] = [];
  for (let start = text.startsWith("\uFEFF") ? 1 : 0; start < text.length; ) {
    let end = lineEnd(text, start);
    while (isContinued(text, end) && end < text.length) end = lineEnd(text, end + 1);
    lines.push({ source, start, end: text[end - 1] === "\r" ? end - 1 : end });
    start = end + 1;
  }
  return lines;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before a line end. */
function isContinued(text: string, end: number): boolean {
  let at = text[end - 1] === "\r" ? end - 2 : end - 1;
  let count = 0;
  for (; at >= 0 && text[at] === "\\"; at--) count++;
  return count % 2 === 1;
}

/**
 * The text that make reads outside of recipes: continuations are one blank
 * (https://www.gnu.org/software/make/manual/html_node/Splitting-Lines.html), the comment is gone.
 */
export function lineText({ source, start, end }: LogicalLine): MappedText {
  const raw = withoutHoles(source.text.slice(start, end));
  const pieces: MappedPiece[] = [];
  let from = 0;
  for (const match of raw.matchAll(/[ \t]*\\\r?\n[ \t]*/g)) {
    const at = match.index;
    pieces.push({ text: raw.slice(from, at), from: { start: start + from, end: start + at } });
    pieces.push({ text: " ", from: { start: start + at, end: start + at + match[0].length } });
    from = at + match[0].length;
  }
  pieces.push({ text: raw.slice(from), from: { start: start + from, end } });
  return withoutComment(mappedText(pieces));
}

/** A `#` starts a comment, unless a backslash stands before it or it is inside a reference. */
function withoutComment(line: MappedText): MappedText {
  for (const token of tokensOf(line.text)) {
    if (token.kind !== "text") continue;
    const found = /(?<!\\)#/.exec(line.text.slice(token.start, token.end));
    if (found !== null) return cut(line, token.start + found.index);
  }
  return line;
}

function cut({ text, parts }: MappedText, end: number): MappedText {
  return {
    text: text.slice(0, end),
    parts: parts
      .filter((part) => part.start < end)
      .map((part) => {
        const over = part.end - end;
        return over <= 0 ? part : { ...part, end, from: { ...part.from, end: part.from.end - over } };
      }),
  };
}
