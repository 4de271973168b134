/**
 * Here-documents of RUN, COPY and ADD:
 *
 *     RUN cat <<EOF > /a      the operator has to be a shell word of its own: `cat<<EOF` is none
 *     hello
 *     EOF
 *
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go (`heredocsFromLine`). The words
 * are read with a backslash as escape whatever the file's directive says, and where the quotes of the line do not balance
 * there are no heredocs at all.
 */
import { LexError, type Lookup, lexWords, UNKNOWN } from "./lex.ts";
import type { LineCursor } from "./lines.ts";
import type { Heredoc } from "./syntax.ts";

/** A heredoc word: what its operator announces. */
export type HeredocWord = Omit<Heredoc, "body" | "bodyRange">;

const OPERATOR = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/;
const leaveUnset: Lookup = () => UNKNOWN;

/** The heredocs that a logical line announces, in order; `problem` where BuildKit rejects a word. */
export function heredocWords(line: string): { words: readonly HeredocWord[]; problem?: string } {
  const words: HeredocWord[] = [];
  for (const word of shellWords(line)) {
    try {
      const heredoc = heredocWord(word);
      if (heredoc !== undefined) words.push(heredoc);
    } catch (error) {
      if (error instanceof LexError) return { words, problem: error.message };
      throw error;
    }
  }
  return { words };
}

function shellWords(line: string): readonly string[] {
  try {
    return lexWords(line, { escape: "\\", lookup: leaveUnset, rawQuotes: true, rawEscapes: true }).words;
  } catch (error) {
    if (error instanceof LexError) return [];
    throw error;
  }
}

/** Reads one shell word as `[n]<<[-]word`; `undefined` when it is none. */
export function heredocWord(word: string): HeredocWord | undefined {
  const [, descriptor = "", dash, rest = ""] = OPERATOR.exec(word) ?? [];
  if (rest === "") return undefined;
  const plain = lexWords(rest, { escape: "\\", lookup: leaveUnset });
  const [name] = plain.words;
  if (name === undefined || plain.words.length !== 1) return undefined;
  const [raw = ""] = lexWords(rest, { escape: "\\", lookup: leaveUnset, rawQuotes: true }).words;
  return {
    name,
    chomp: dash === "-",
    expand: quotes(name) === quotes(raw),
    fileDescriptor: descriptor === "" ? 0 : Number(descriptor),
  };
}

/** Like `heredocWord`, for a word that may be anything: what cannot be read is no heredoc. */
export function isHeredocWord(word: string): boolean {
  try {
    return heredocWord(word) !== undefined;
  } catch (error) {
    if (error instanceof LexError) return false;
    throw error;
  }
}

function quotes(text: string): number {
  return text.split(/['"]/).length - 1;
}

/** Reads a body up to its terminator line, on which the cursor then stands. */
export function readHeredocBody(cursor: LineCursor, word: HeredocWord): { heredoc: Heredoc; terminated: boolean } {
  const start = cursor.next;
  let end = start;
  let terminated = false;
  while (!terminated && cursor.advance()) {
    terminated = isTerminator(cursor, word);
    if (!terminated) end = cursor.next;
  }
  const heredoc = { ...word, body: cursor.text.slice(start, end), bodyRange: { start, end } };
  return { heredoc, terminated };
}

function isTerminator(cursor: LineCursor, word: HeredocWord): boolean {
  let { start } = cursor;
  if (word.chomp) while (cursor.text[start] === "\t" && start < cursor.end) start += 1;
  return cursor.end - start === word.name.length && cursor.text.startsWith(word.name, start);
}
