/**
 * The diff of a migration for a person at a terminal: each hunk with its becauses below it, changed words marked in lines that are
 * replaced one for one.
 *
 *     Dockerfile
 *     @@ line 1 @@
 *     - FROM golang:1.22
 *     + FROM golang:1.22 AS builder
 *       └ The build keeps its image; nothing of it ships unless it is copied. (Dockerfile:1)
 */
import { diffWordsWithSpace, structuredPatch } from "diff";
import { createColors } from "picocolors";
import { maskSecrets } from "../../model/mask.ts";
import type { FileChange, Migration } from "../../model/migration.ts";
import { visibleLine } from "../../text/visible.ts";
import { wrapLine } from "../../text/wrap.ts";
import { placesInShort, type Reason, reasonsOfLines, reasonsOfRemovals } from "../reasons.ts";

export interface ViewStyle {
  readonly color: boolean;
  /** Columns that reasons may fill; lines of files are cut there, with a mark. */
  readonly width: number;
}

type Paint = ReturnType<typeof createColors>;

export function diffView({ changes, explanation, removed }: Migration, style: ViewStyle): readonly string[] {
  const paint = createColors(style.color);
  return changes.flatMap((change) => {
    const note = { modify: "", create: " (new)", delete: " (deleted)" }[change.action];
    const written = reasonsOfLines(change.path, explanation);
    const gone = reasonsOfRemovals(change.path, removed);
    return ["", paint.bold(visibleLine(`${change.path}${note}`)), ...hunksOf(change, written, gone, style, paint)];
  });
}

/** Comparing two long texts that have nothing in common ends after so many steps; then all of it is one hunk. */
const MOST_EDITS = 5000;

function hunksOf(
  { path, before = "", after = "" }: FileChange,
  written: readonly Reason[],
  gone: readonly Reason[],
  style: ViewStyle,
  paint: Paint,
): readonly string[] {
  const patch = structuredPatch(path, path, before, after, "", "", { context: 2, maxEditLength: MOST_EDITS });
  if (patch === undefined)
    return [`  ${paint.dim("It differs in too much to be shown side by side; the patch has it all.")}`];
  return patch.hunks.flatMap(({ newStart, newLines, oldStart, oldLines, lines }) => {
    const changed = lines.filter((line) => !line.startsWith(" ") && !line.startsWith("\\"));
    const inNew = written.filter((one) => overlaps(one, newStart, newLines) && touchesAdded(one, newStart, lines));
    const inOld = gone.filter((one) => overlaps(one, oldStart, oldLines));
    const because = changed.length === 0 ? [] : [...inNew, ...inOld].flatMap((one) => reasonLines(one, style, paint));
    return [
      paint.cyan(`@@ line ${newLines === 0 ? oldStart : newStart} @@`),
      ...hunkLines(lines, style, paint),
      ...because,
    ];
  });
}

function overlaps({ firstLine, lastLine }: Reason, start: number, count: number): boolean {
  return firstLine < start + count && lastLine >= start;
}

/** Whether one of the added lines of a hunk is among those that a reason speaks of. */
function touchesAdded({ firstLine, lastLine }: Reason, start: number, lines: readonly string[]): boolean {
  let at = start;
  for (const line of lines) {
    if (line.startsWith("+") && at >= firstLine && at <= lastLine) return true;
    if (line.startsWith("+") || line.startsWith(" ")) at += 1;
  }
  return false;
}

function hunkLines(lines: readonly string[], style: ViewStyle, paint: Paint): readonly string[] {
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const removed = run(lines, at, "-");
    const added = run(lines, at + removed.length, "+");
    if (removed.length + added.length === 0) {
      const line = lines[at] ?? "";
      if (!line.startsWith("\\")) shown.push(`  ${clean(line.slice(1), style)}`);
      at += 1;
      continue;
    }
    const paired = removed.length === added.length && style.color;
    removed.forEach((line, index) => {
      shown.push(
        paint.red(`- ${paired ? marked(line, added[index] ?? "", "removed", style, paint) : clean(line, style)}`),
      );
    });
    added.forEach((line, index) => {
      shown.push(
        paint.green(`+ ${paired ? marked(removed[index] ?? "", line, "added", style, paint) : clean(line, style)}`),
      );
    });
    at += removed.length + added.length;
  }
  return shown;
}

function run(lines: readonly string[], from: number, mark: "-" | "+"): readonly string[] {
  const end = lines.findIndex((line, index) => index >= from && !line.startsWith(mark) && !line.startsWith("\\"));
  return lines
    .slice(from, end < 0 ? lines.length : end)
    .filter((line) => !line.startsWith("\\"))
    .map((line) => line.slice(1));
}

/** The words that are only in one of two lines, underlined in it. */
function marked(before: string, after: string, side: "removed" | "added", style: ViewStyle, paint: Paint): string {
  if (before.length + after.length > 2000) return clean(side === "removed" ? before : after, style);
  const parts = diffWordsWithSpace(clean(before, style), clean(after, style));
  return parts
    .filter((part) => part[side] === true || (part.added !== true && part.removed !== true))
    .map((part) => (part[side] === true && part.value.trim() !== "" ? paint.underline(part.value) : part.value))
    .join("");
}

/** A line that may be shown: no control characters, no secrets, no longer than the terminal is wide. */
function clean(line: string, { width }: ViewStyle): string {
  const most = Math.max(20, width - 2);
  const safe = visibleLine(maskSecrets(line.slice(0, most * 4)));
  return safe.length > most ? `${safe.slice(0, most - 1)}…` : safe;
}

function reasonLines({ kind, text, because }: Reason, { width }: ViewStyle, paint: Paint): readonly string[] {
  const places = placesInShort(because);
  const words = `  └ ${kind === "gone" ? "removed: " : ""}${text}${places === "" ? "" : ` (${places})`}`;
  return wrapLine(visibleLine(maskSecrets(words)), width, 4).map((line) => paint.cyan(line));
}
