/**
 * From bytes to text, or the reason why they are none:
 *
 *     decodeText(Buffer.from("FROM a\n"))        // { ok: true, text: "FROM a\n" }
 *     decodeText(Buffer.from([0x46, 0x00]))      // { ok: false, reason: "binary" }
 *     decodeText(Buffer.from([0x0a, 0xe9]))      // { ok: false, reason: "invalid-utf8", detail: "byte 0xE9 in line 2" }
 *
 * A byte-order mark and line ends stay, so that encoding the text again gives the same bytes.
 */
import { isUtf8 } from "node:buffer";
import type { ReadResult } from "../model/project-files.ts";

/** The most bytes that are read as one text: far above any Dockerfile, far below what would fill the memory. */
export const LARGEST_TEXT = 32 * 1024 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function decodeText(bytes: Uint8Array): ReadResult {
  if (bytes.byteLength > LARGEST_TEXT) return { ok: false, reason: "too-large", detail: `${bytes.byteLength} bytes` };
  const utf16 = startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff);
  if (utf16) return { ok: false, reason: "invalid-utf8", detail: "it starts with the mark of UTF-16" };
  if (bytes.includes(0)) return { ok: false, reason: "binary" };
  if (!isUtf8(bytes)) return { ok: false, reason: "invalid-utf8", detail: firstInvalidLine(bytes) };
  return { ok: true, text: decoder.decode(bytes) };
}

function startsWith(bytes: Uint8Array, first: number, second: number): boolean {
  return bytes[0] === first && bytes[1] === second;
}

/** Names the first line that is no UTF-8, and its first byte beyond ASCII that does not belong to a character. */
function firstInvalidLine(bytes: Uint8Array): string {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const part = bytes.subarray(start, end);
    if (!isUtf8(part)) return `byte ${hexadecimal(firstInvalidByte(part))} in line ${line}`;
    start = end;
  }
  return `line ${line}`;
}

function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    if (length === undefined) break;
    at += length;
  }
  return bytes[at] ?? 0;
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
