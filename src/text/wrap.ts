/**
 * Breaks prose between words, so that it fits a terminal:
 *
 *     wrapLine("  help: give the project's directory", 24, 8)
 *     └ ["  help: give the", "        project's", "        directory"]
 *
 * A word that is longer than a line stays whole: it may be a path that somebody copies.
 */
import { cells } from "./visible.ts";

/** Lines of at most `width` cells where words allow; all but the first begin with `indent` blanks. */
export function wrapLine(line: string, width: number, indent: number): readonly string[] {
  const start = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = start;
  let used = start.length;
  for (const word of line.slice(start.length).split(" ")) {
    const length = cells(word);
    if (used + length > width && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = " ".repeat(indent);
      used = indent;
    }
    current += `${word} `;
    used += length + 1;
  }
  return [...lines, current.trimEnd()];
}
