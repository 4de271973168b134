/**
 * Replacements in a text, applied all at once:
 *
 *     applyEdits("RUN a && b", [{ start: 4, end: 5, text: "c" }])   // "RUN c && b"
 *
 * Everything outside the edits stays byte for byte. Edits that overlap are a bug of the caller and throw.
 */
import type { Range } from "./source.ts";

/** Puts `text` where `start`–`end` (UTF-16 offsets) stood; an insertion has `start === end`. */
export interface TextEdit extends Range {
  readonly text: string;
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const out: string[] = [];
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at) throw new Error(`edits overlap at offset ${edit.start}`);
    out.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  out.push(text.slice(at));
  return out.join("");
}

/** The line end that a text uses: CRLF when most of its lines end so, else LF. */
export function lineEnd(text: string): "\n" | "\r\n" {
  if (!text.includes("\r\n")) return "\n";
  const crlf = text.split("\r\n").length - 1;
  const all = text.split("\n").length - 1;
  return crlf * 2 > all ? "\r\n" : "\n";
}
