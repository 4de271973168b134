/**
 * From physical lines to logical ones:
 *
 *     RUN make \          one logical line, "RUN make   all", made of two segments;
 *       # not seen        comment and blank lines inside a continuation are skipped
 *       all
 *
 * A line ends at `\n`; carriage returns before it are no part of it, a lone one inside a line is an ordinary character.
 * Nothing here knows instructions. Source of the rules: BuildKit's `Parse` and `trimContinuationCharacter`,
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */
import type { Range } from "../text/source.ts";
import type { LogicalText, Segment } from "./syntax.ts";
import { skipSpaces } from "./white-space.ts";

const HASH = 0x23;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** A cursor over physical lines: after `advance()` it stands on the line `start`–`end`, the next one begins at `next`. */
export class LineCursor {
  readonly text: string;
  start = 0;
  end = 0;
  next: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.next = at;
  }

  /** Moves to the next line; false at the end of the text. */
  advance(): boolean {
    if (this.next >= this.text.length) return false;
    this.start = this.next;
    const newline = this.text.indexOf("\n", this.start);
    this.next = newline < 0 ? this.text.length : newline + 1;
    this.end = withoutLineEnd(this.text, this.start, this.next);
    return true;
  }
}

function withoutLineEnd(text: string, start: number, next: number): number {
  let end = next;
  while (end > start && isLineEnd(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

function isLineEnd(code: number): boolean {
  return code === NEWLINE || code === CARRIAGE_RETURN;
}

/** A logical line and where it stands. */
export interface LogicalLine {
  readonly logical: LogicalText;
  /** From the first character to the end of the last line; a continuation that the end of the file cuts off is left out. */
  readonly range: Range;
}

/** Reads the logical line whose first character is at `start` on the cursor's line; the cursor ends on its last line. */
export function readLogicalLine(cursor: LineCursor, start: number, escapeWith: string): LogicalLine {
  const { text } = cursor;
  const escapeCode = escapeWith.charCodeAt(0);
  let cut = continuationAt(text, start, cursor.end, escapeCode);
  if (cut < 0) return singleLine(text, start, cursor.end);

  const segments: Segment[] = [{ offset: 0, start, length: cut - start }];
  let length = cut - start;
  let end = cut;
  while (cut >= 0 && cursor.advance()) {
    if (isSkipped(cursor)) continue;
    cut = continuationAt(text, cursor.start, cursor.end, escapeCode);
    end = cut < 0 ? cursor.end : cut;
    if (end > cursor.start) segments.push({ offset: length, start: cursor.start, length: end - cursor.start });
    length += end - cursor.start;
  }
  return { logical: joined(text, segments), range: { start, end } };
}

/** The offset of the escape character that continues a line, or -1. A doubled one does not continue it. */
function continuationAt(text: string, start: number, end: number, escapeCode: number): number {
  let at = end - 1;
  while (at >= start && isBlank(text.charCodeAt(at))) at -= 1;
  if (at < start || text.charCodeAt(at) !== escapeCode) return -1;
  return at > start && text.charCodeAt(at - 1) === escapeCode ? -1 : at;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Comment lines and blank lines do not end a continuation and are not part of it. */
function isSkipped(cursor: LineCursor): boolean {
  const first = skipSpaces(cursor.text, cursor.start, cursor.end);
  return first === cursor.end || cursor.text.charCodeAt(first) === HASH;
}

function singleLine(text: string, start: number, end: number): LogicalLine {
  const line = text.slice(start, end);
  const segments = [{ offset: 0, start, length: end - start }];
  return { logical: { text: line, segments, toSource: (offset) => start + offset }, range: { start, end } };
}

function joined(text: string, segments: readonly Segment[]): LogicalText {
  const parts = segments.map((segment) => text.slice(segment.start, segment.start + segment.length));
  return { text: parts.join(""), segments, toSource: (offset) => sourceOffset(segments, offset) };
}

/** Binary search for the segment that holds a logical offset. */
function sourceOffset(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  return segment === undefined ? 0 : segment.start + (offset - segment.offset);
}

/** The logical text from `offset` on, with its own map. */
export function logicalFrom(logical: LogicalText, offset: number): LogicalText {
  if (offset === 0) return logical;
  const segments = logical.segments
    .filter((segment) => segment.offset + segment.length > offset)
    .map((segment) => tailOf(segment, offset));
  return {
    text: logical.text.slice(offset),
    segments,
    toSource: (at) => logical.toSource(at + offset),
  };
}

function tailOf(segment: Segment, offset: number): Segment {
  const cut = Math.max(0, offset - segment.offset);
  return {
    offset: segment.offset + cut - offset,
    start: segment.start + cut,
    length: segment.length - cut,
  };
}

/** The range in the file of logical characters `from`–`to`. */
export function sourceRange(logical: LogicalText, from: number, to: number): Range {
  const start = logical.toSource(from);
  return { start, end: to > from ? logical.toSource(to - 1) + 1 : start };
}
