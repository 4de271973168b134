/**
 * Words of PowerShell and cmd as shell words, with their places.
 *
 *     ".\out\$name.zip"        "./out/${name}.zip"
 *     %~dp0bin                 "$(dirname "$0")/"bin
 *     $($info.Version)         ${info_Version}           a value that is not followed, by a name of its own
 *
 * What is not decided here: where a statement begins and ends, and what a command does.
 */
import type { MappedPiece } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";

/** How one of the two shells writes a word. */
export interface WordSyntax {
  /** Matches, at its place, what stands for a value; gives it as shell text for between double quotes. */
  readonly variable: (text: string, at: number) => { readonly shell: string; readonly length: number } | undefined;
  /** The character that takes the next one literally. */
  readonly escape: string;
  /** Whether `'…'` quotes. */
  readonly singleQuotes: boolean;
}

export interface WindowsWord extends Range {
  /** As it is written. */
  readonly text: string;
  readonly pieces: readonly MappedPiece[];
}

/** The words of a statement. Unquoted `|`, `&`, `<`, `>` and `;` are for the caller to have cut off before. */
export function wordsIn(file: string, { start, end }: Range, syntax: WordSyntax): readonly WindowsWord[] {
  const words: WindowsWord[] = [];
  for (let at = start; at < end; ) {
    const blank = blankLength(file, at, syntax);
    if (blank > 0) at += blank;
    else {
      const word = wordAt(file, at, end, syntax);
      words.push(word);
      at = word.end;
    }
  }
  return words;
}

/** Blanks, and line ends that the escape character takes away. */
function blankLength(file: string, at: number, { escape }: WordSyntax): number {
  const pattern = escape === "^" ? /[ \t\r\n\uFEFF]+|\^\r?\n/y : /[ \t\r\n\uFEFF]+|`\r?\n/y;
  pattern.lastIndex = at;
  return pattern.exec(file)?.[0].length ?? 0;
}

function wordAt(file: string, start: number, end: number, syntax: WordSyntax): WindowsWord {
  const pieces: MappedPiece[] = [quote(start)];
  let quoted = "";
  let at = start;
  while (at < end && (quoted !== "" || blankLength(file, at, syntax) === 0)) {
    const character = file[at] ?? "";
    const isQuote = character === '"' || (character === "'" && syntax.singleQuotes);
    const found = quoted === "'" ? undefined : syntax.variable(file, at);
    if (quoted === "" ? isQuote : character === quoted) {
      quoted = quoted === "" ? character : "";
      at += 1;
    } else if (found !== undefined) {
      pieces.push({ text: found.shell, from: { start: at, end: at + found.length } });
      at += found.length;
    } else {
      const escaped = quoted !== "'" && character === syntax.escape ? 1 : 0;
      pieces.push({ text: literal(file[at + escaped] ?? ""), from: { start: at, end: at + escaped + 1 } });
      at += escaped + 1;
    }
  }
  const stop = Math.min(at, end);
  return { start, end: stop, text: file.slice(start, stop), pieces: [...pieces, quote(stop)] };
}

/** Double quotes of our own: with them nothing is special in the shell that is not in the word. */
function quote(at: number): MappedPiece {
  return { text: '"', from: { start: at, end: at } };
}

/** A character between double quotes; paths have their separators turned. */
function literal(character: string): string {
  if (character === "\\") return "/";
  return /["$`]/.test(character) ? `\\${character}` : character;
}

/** A variable for a value that is not followed. */
export function unknownValue(text: string): string {
  return `\${${text.replace(/^\W+|\W+$/g, "").replace(/\W+/g, "_") || "value"}}`;
}
