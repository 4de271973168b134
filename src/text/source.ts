/**
 * A file's text and places in it. Offsets and columns are UTF-16 code units; lines and columns count from 1.
 *
 *     const source = sourceFile(path, "FROM a\nRUN b\n");
 *     positionAt(source, 7)            // { line: 2, column: 1 }
 */
import type { HostPath } from "./paths.ts";

/** A file of the project as it was read: `text` is the exact text, byte-order mark and line ends included. */
export interface SourceFile {
  readonly path: HostPath;
  readonly text: string;
}

/** Half-open range of UTF-16 offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range in a named file of the project. */
export interface Span extends Range {
  readonly path: HostPath;
}

/** A place in a text; both numbers count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function sourceFile(path: HostPath, text: string): SourceFile {
  return { path, text };
}

const startsOf = new WeakMap<SourceFile, readonly number[]>();

/** Offsets at which lines start; computed once per file. */
function lineStarts(source: SourceFile): readonly number[] {
  const known = startsOf.get(source);
  if (known) return known;
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
  startsOf.set(source, starts);
  return starts;
}

/** Line and column of an offset, by binary search. */
export function positionAt(source: SourceFile, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of line `line` (from 1), without its line end. */
export function lineText(source: SourceFile, line: number): string {
  const starts = lineStarts(source);
  const start = starts[line - 1];
  if (start === undefined) return "";
  const end = starts[line] ?? source.text.length + 1;
  return source.text.slice(start, end - 1).replace(/\r$/, "");
}
