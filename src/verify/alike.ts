/**
 * Whether two contents differ in nothing but what two builds of the same sources may differ in:
 *
 *     the time in the header of a gzip file, or of the members of a zip or jar
 *     the time in the header of Python's byte code
 *     the build id that a linker or the Go tool writes into a program
 *     whether Go found the checkout clean (alike-go.ts)
 *
 * Each is recognised by its format and taken out; everything else has to be equal. Sources: RFC 1952, APPNOTE.TXT of PKWARE,
 * PEP 552, and the ELF notes of the System V gABI.
 */
import { gunzipSync } from "node:zlib";
import { sameButVersionControl } from "./alike-go.ts";

/** What they differ in, as a clause; `undefined` where they are not alike. */
export function alikeBut(a: Uint8Array, b: Uint8Array): string | undefined {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  if (isGzip(left) && isGzip(right)) return sameInside(left, right) ? "times in a compressed file" : undefined;
  if (isZip(left) && isZip(right)) return sameMembers(left, right) ? "times of an archive's members" : undefined;
  if (left.length !== right.length) return undefined;
  if (
    isByteCode(left) &&
    left.subarray(0, 4).equals(right.subarray(0, 4)) &&
    left.subarray(16).equals(right.subarray(16))
  )
    return "the time in Python's byte code";
  if (!isElf(left)) return undefined;
  const [one, other] = [withoutBuildIds(left), withoutBuildIds(right)];
  if (one.equals(other)) return "the build id of a program";
  return sameButVersionControl(one, other) ? "the state of version control, which Go writes down" : undefined;
}

const MOST_INSIDE = 256 * 1024 * 1024;

function isGzip(bytes: Buffer): boolean {
  return bytes.length > 18 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function sameInside(a: Buffer, b: Buffer): boolean {
  try {
    const options = { maxOutputLength: MOST_INSIDE };
    return gunzipSync(a, options).equals(gunzipSync(b, options));
  } catch {
    return false;
  }
}

function isZip(bytes: Buffer): boolean {
  return bytes.length > 22 && bytes.readUInt32LE(0) === 0x04034b50;
}

/** Names, sizes and check sums of all members in order, out of the central directory. */
function sameMembers(a: Buffer, b: Buffer): boolean {
  const [left, right] = [members(a), members(b)];
  return left !== undefined && right !== undefined && left.join("\0") === right.join("\0");
}

function members(bytes: Buffer): readonly string[] | undefined {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const found: string[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = [name, extra, comment];
    const sums = `${bytes.readUInt32LE(at + 16)} ${bytes.readUInt32LE(at + 24)} ${bytes.readUInt32LE(at + 38)}`;
    found.push(`${bytes.toString("latin1", at + 46, at + 46 + nameLength)} ${sums}`);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return found;
}

/** The magic number of a version ends in `\r\n`. */
function isByteCode(bytes: Buffer): boolean {
  return bytes.length > 16 && bytes[2] === 0x0d && bytes[3] === 0x0a;
}

function isElf(bytes: Buffer): boolean {
  return bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46;
}

/** Notes of the names "GNU" (type 3) and "Go" (type 4), and the text in which Go repeats its own. */
function withoutBuildIds(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (const [name, type] of [
    ["GNU\0", 3],
    ["Go\0\0", 4],
  ] as const) {
    for (let at = copy.indexOf(name); at >= 12; at = copy.indexOf(name, at + 4)) {
      const length = copy.readUInt32LE(at - 8);
      if (copy.readUInt32LE(at - 12) !== 4 || copy.readUInt32LE(at - 4) !== type || length > 256) continue;
      copy.fill(0, at + 4, at + 4 + length);
    }
  }
  const text = copy.indexOf('Go build ID: "');
  const close = text < 0 ? -1 : copy.indexOf('"', text + 14);
  if (text >= 0 && close > text && close - text < 256) copy.fill(0, text + 14, close);
  return copy;
}
