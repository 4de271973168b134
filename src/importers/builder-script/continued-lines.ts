/**
 * Commands that are taken out of lines which a backslash continues.
 *
 *     docker create --name x b; \           docker build -t app .
 *     docker cp x:/app .; \          →
 *     docker build -t app .
 *
 *     docker build -t app .; \              docker build -t app .;
 *     docker rm x
 *
 * A backslash that is left at the end of a line would join it to the next one, which has nothing to do with it.
 */
import type { Range } from "../../text/source.ts";
import type { ReasonedEdit } from "./script-edits.ts";

/** The edits, with the line ends that belong to what they take away. */
export function tidyContinuations(text: string, edits: readonly ReasonedEdit[]): readonly ReasonedEdit[] {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const result: ReasonedEdit[] = [];
  for (let at = 0; at < ordered.length; ) {
    const run = runOfCuts(text, ordered, at);
    result.push(...(run.length === 0 ? ordered.slice(at, at + 1) : joined(text, run)));
    at += Math.max(1, run.length);
  }
  return result;
}

/** Cuts that follow each other with nothing but blanks and continued line ends between them. */
function runOfCuts(text: string, edits: readonly ReasonedEdit[], from: number): readonly ReasonedEdit[] {
  const run: ReasonedEdit[] = [];
  for (const edit of edits.slice(from)) {
    const last = run.at(-1);
    if (edit.text !== "" || edit.start === edit.end) break;
    if (last !== undefined && !/^(?:[ \t]*\\\r?\n)*[ \t]*$/.test(text.slice(last.end, edit.start))) break;
    run.push(edit);
  }
  return run;
}

/** One cut out of several, each of which reaches to the next, and around them what the first and the last leave behind. */
function joined(text: string, run: readonly ReasonedEdit[]): readonly ReasonedEdit[] {
  const whole = widened(text, { start: run[0]?.start ?? 0, end: run.at(-1)?.end ?? 0 });
  return run.map((edit, index) => ({
    ...edit,
    start: index === 0 ? whole.start : edit.start,
    end: run[index + 1]?.start ?? whole.end,
  }));
}

/** Up to what comes next on the same logical line; where nothing does, from the end of what came before. */
function widened(text: string, { start, end }: Range): Range {
  const rest = text.slice(end, end + 400);
  const next = /^(?:[ \t]*\\\r?\n)+[ \t]*/.exec(rest)?.[0].length ?? 0;
  const line = text.lastIndexOf("\n", start - 1) + 1;
  if (next > 0) return /^[ \t@+-]*$/.test(text.slice(line, start)) ? { start, end: end + next } : { start, end };
  const [stretch = ""] = /(?:[ \t]*\\\r?\n[ \t]*)+$/.exec(text.slice(Math.max(0, start - 400), start)) ?? [];
  return /^[ \t]*(?:\r?\n|$)/.test(rest) ? { start: start - stretch.length, end } : { start, end };
}
