/**
 * Text that is safe to show on a terminal:
 *
 *     visible("a\u001b[2Jb")      // "a\\x1b[2Jb": the screen is not cleared, and the reader sees what stands there
 *
 * Control characters (but for the newline and the tab) and the characters that reorder text (https://trojansource.codes/) are
 * written as escapes.
 */

const CONTROL = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f";
const REORDERING = "\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff";
const UNSAFE = new RegExp(`[${CONTROL}${REORDERING}]`, "g");

/** `text` with newlines and tabs kept; a carriage return before a newline is dropped. */
export function visible(text: string): string {
  return text.replace(/\r(?=\n|$)/g, "").replace(UNSAFE, escaped);
}

/** The same on one line: newlines and tabs become blanks. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, " ");
}

/** JSON text, which may hold such characters only inside strings, without any that a terminal would act on. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE, (character) => `\\u${hexadecimal(character, 4)}`);
}

function escaped(character: string): string {
  return character < "\u0100" ? `\\x${hexadecimal(character, 2)}` : `\\u${hexadecimal(character, 4)}`;
}

function hexadecimal(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}

/** Characters that fill two cells, for the greater part: CJK, Hangul, kana, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many cells `text` fills on a terminal, near enough to set a caret below it. */
export function cells(text: string): number {
  let count = 0;
  for (const character of text) {
    if (/\p{M}|\u200d/u.test(character)) continue;
    count += WIDE.test(character) ? 2 : 1;
  }
  return count;
}
