/**
 * White space as BuildKit's parser knows it, for scanning without copying:
 *
 *     skipSpaces("  RUN x", 0, 7)     // 2
 *     trimmedEnd("RUN x  ", 0, 7)     // 5
 *
 * Two kinds exist there: Go's `unicode.IsSpace` (no-break space included) and, between the words of COPY or FROM, only the
 * five ASCII characters of `isSeparator`.
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */

/** What separates words where BuildKit splits by `[\t\v\f\r ]+`. */
export function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0x0b && code <= 0x0d);
}

/** The offset of the first separator at or after `at`; the text's length if there is none. */
export function nextSeparator(text: string, at: number): number {
  let offset = at;
  while (offset < text.length && !isSeparator(text.charCodeAt(offset))) offset += 1;
  return offset;
}

/** The offset of the first character at or after `at` that is no separator; the text's length if there is none. */
export function skipSeparators(text: string, at: number): number {
  let offset = at;
  while (offset < text.length && isSeparator(text.charCodeAt(offset))) offset += 1;
  return offset;
}

/** Go's `unicode.IsSpace`: unlike JavaScript's `\s` it holds U+0085 and not U+FEFF. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  if (code >= 0x2000 && code <= 0x200a) return true;
  return code === 0x1680 || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** The offset of the first character at or after `at` that is no space; `end` if there is none. */
export function skipSpaces(text: string, at: number, end: number): number {
  let offset = at;
  while (offset < end && isSpace(text.charCodeAt(offset))) offset += 1;
  return offset;
}

/** The offset after the last character before `end` that is no space; `start` if there is none. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let offset = end;
  while (offset > start && isSpace(text.charCodeAt(offset - 1))) offset -= 1;
  return offset;
}
