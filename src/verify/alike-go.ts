/**
 * Programs of Go that differ in the state of version control alone:
 *
 *     build  vcs.modified=false     of a clean checkout
 *     build  vcs.modified=true      of the same one, where the migration has changed a file and nobody has committed it yet
 *
 * Sources: runtime/debug/mod.go and cmd/go/internal/modload/build.go (the text and its two marks), debug/buildinfo/buildinfo.go (the
 * section, with the length as a varint), cmd/link (the text's length stands in a string header and in the symbol table).
 */

const START = Buffer.from("3077af0c9274080241e1c107e6d618e6", "hex");
const END = Buffer.from("f932433186182072008242104116d8f2", "hex");
const SECTION = Buffer.from("\xff Go buildinf:", "latin1");
const SETTING = "build\tvcs.";

/** Whether two programs of one length, with build ids taken out, differ in that and in nothing else. */
export function sameButVersionControl(a: Buffer, b: Buffer): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  const [one, other] = [textsIn(left), textsIn(right)];
  const [first, second] = [one[0], other[0]];
  if (first === undefined || second === undefined || one.length !== other.length) return false;
  if (settings(left, first) !== settings(right, second)) return false;
  for (const [index, text] of one.entries()) {
    const counterpart = other[index];
    const from = left.indexOf(SETTING, text.start);
    if (counterpart?.start !== text.start || from < 0 || from >= text.end) return false;
    const end = Math.max(text.end, counterpart.end);
    left.fill(0, from, end);
    right.fill(0, from, end);
  }
  for (const bytes of [left, right]) clearVarint(bytes);
  return sameButLengths(left, right, first.end - first.start, second.end - second.start);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function textsIn(bytes: Buffer): readonly Range[] {
  const found: Range[] = [];
  for (let start = bytes.indexOf(START); start >= 0; start = bytes.indexOf(START, start + 1)) {
    const end = bytes.indexOf(END, start);
    if (end > start && end - start < 1_000_000) found.push({ start, end: end + END.length });
  }
  return found;
}

/** All that the text says, but for version control. */
function settings(bytes: Buffer, { start, end }: Range): string {
  const lines = bytes.toString("latin1", start, end - END.length).split("\n");
  return lines.filter((line) => !line.startsWith(SETTING)).join("\n");
}

/** The header of the section has 32 bytes; the version follows with its length before it, and then the length of the text. */
function clearVarint(bytes: Buffer): void {
  const section = bytes.indexOf(SECTION);
  if (section < 0) return;
  const version = section + 32;
  const at = version + 1 + (bytes[version] ?? 0);
  for (let index = at; index < at + 5; index += 1) {
    const more = ((bytes[index] ?? 0) & 0x80) !== 0;
    bytes[index] = 0;
    if (!more) return;
  }
}

/** Equal but for words of eight bytes that hold the text's length: in the string's header, and with one more in the symbol table. */
function sameButLengths(a: Buffer, b: Buffer, left: number, right: number): boolean {
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] === b[index]) continue;
    const word = index - (index % 8);
    if (word + 8 > a.length) return false;
    const more = Number(a.readBigUInt64LE(word)) - left;
    if ((more !== 0 && more !== 1) || Number(b.readBigUInt64LE(word)) - right !== more) return false;
    index = word + 7;
  }
  return true;
}
