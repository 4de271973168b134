/**
 * Ways back from a text that was made simpler for the parser to the text as it is written.
 *
 *     const { source, toText } = withoutCarriageReturns("a\r\nb");   // source "a\nb"
 *     toText(2)                                                      // 3, where "b" stands
 */

/** Gives the offset in the text as written for an offset in the simpler text. */
export type OffsetMap = (offset: number) => number;

const same: OffsetMap = (offset) => offset;

/** Drops the CR of every CRLF. A lone CR stays: to a shell it is a character like any other. */
export function withoutCarriageReturns(text: string): { readonly source: string; readonly toText: OffsetMap } {
  if (!text.includes("\r\n")) return { source: text, toText: same };
  const lines = text.split("\r\n");
  const joints: number[] = [];
  let at = 0;
  for (const line of lines.slice(0, -1)) {
    joints.push(at + line.length);
    at += line.length + 1;
  }
  return { source: lines.join("\n"), toText: (offset) => offset + countBelow(joints, offset) };
}

/**
 * Follows how a shell reads the inside of backticks: `\` goes away before `$`, a backtick and `\`, and within double quotes
 * before `"` (POSIX, Shell Command Language 2.6.3, https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html).
 * `inner` is that inside as written, at `start`; `decoded` is what the parser made of it.
 */
export function backtickOffsets(inner: string, start: number, decoded: string): OffsetMap {
  const starts: number[] = [];
  let at = 0;
  for (const char of decoded.split("")) {
    starts.push(start + at);
    at += inner[at] === "\\" && inner[at + 1] === char ? 2 : 1;
  }
  return (offset) => starts[offset] ?? start + at;
}

/** How many of the ascending `numbers` are smaller than `limit`. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
