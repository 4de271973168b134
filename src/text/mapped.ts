/**
 * Text that was made from a file, with the place in the file that each part came from: shell commands inside a Makefile, a YAML
 * string or a fenced block are parsed as shell, and still point at the file's own text.
 *
 *     ⇥docker build -t $(IMAGE) .        text      docker build -t app:dev .
 *                      └──────┘          parts     "app:dev" ← the 8 characters of `$(IMAGE)`
 *
 * What is not decided here: what the text means.
 */
import type { Range } from "./source.ts";

/** A stretch of the made text. Where both have one length, they correspond character by character; else as a whole. */
export interface MappedPart extends Range {
  readonly from: Range;
}

/** `parts` are in order and cover the text without gaps. */
export interface MappedText {
  readonly text: string;
  readonly parts: readonly MappedPart[];
}

/** What a mapped text is put together from: text, and the range of the file that it stands for. */
export interface MappedPiece {
  readonly text: string;
  readonly from: Range;
}

export function mappedText(pieces: readonly MappedPiece[]): MappedText {
  const parts: MappedPart[] = [];
  let text = "";
  for (const piece of pieces) {
    if (piece.text === "") continue;
    parts.push({ start: text.length, end: text.length + piece.text.length, from: piece.from });
    text += piece.text;
  }
  return { text, parts };
}

/** The range of the file behind a range of the made text; a part that does not correspond by character counts whole. */
export function rangeInFile(mapped: MappedText, { start, end }: Range): Range {
  const from = placeInFile(mapped, start, "start");
  if (end <= start) return { start: from, end: from };
  return { start: from, end: Math.max(from, placeInFile(mapped, end, "end")) };
}

function placeInFile({ parts }: MappedText, offset: number, side: "start" | "end"): number {
  const at = side === "start" ? offset : offset - 1;
  const part = parts[indexOfPart(parts, at)];
  if (part === undefined) return 0;
  const whole = part.end - part.start !== part.from.end - part.from.start;
  if (at >= part.end) return part.from.end;
  if (whole) return side === "start" ? part.from.start : part.from.end;
  return part.from.start + (offset - part.start);
}

/** The part that holds an offset, by binary search; the last one for offsets behind the text. */
function indexOfPart(parts: readonly MappedPart[], offset: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
