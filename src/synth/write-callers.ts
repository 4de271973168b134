/**
 * Edits in the scripts that called the old build, applied tidily:
 *
 *     set -e                                        set -e
 *                                              →
 *     # take the binary out                         docker build -t app .
 *     docker cp "$id":/app ./app    (removed)
 *
 *     docker build -t app -f Dockerfile.prod .      (edited)
 *
 * A line that an edit empties goes; so does a comment that then stands above nothing, and one of two blank lines that meet.
 * Everything else stays byte for byte. Not decided here: which words change (importers).
 */
import type { CallerEdit } from "../model/plan.ts";
import { applyEdits, type TextEdit } from "../text/edits.ts";
import { positionAt, type Range, type SourceFile } from "../text/source.ts";

/** Lines (from 1, both ends included) that an edit wrote or took away. */
export interface EditedLines {
  readonly edit: CallerEdit;
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface WrittenCaller {
  readonly text: string;
  /** Lines of the new text that hold what edits wrote, or what they left of a line. */
  readonly written: readonly EditedLines[];
  /** Lines of the old text that are gone or changed. */
  readonly removed: readonly EditedLines[];
}

/** Applies the edits of one file; two that overlap are a bug of whoever made them and throw. */
export function writeCaller(source: SourceFile, edits: readonly CallerEdit[]): WrittenCaller {
  const lines = linesOf(source.text);
  const clusters = clustersOf(distinct(edits).map((edit) => oldLines(source, edit)));
  const emptied = clusters.filter((cluster) => isEmptied(source.text, lines, cluster));
  const kept = clusters.filter((cluster) => !emptied.includes(cluster)).flatMap((cluster) => cluster.edits);
  const bare = joined(emptied).map((gap) => ({ ...gap, first: firstOrphan(lines, gap) }));
  const wide = joined(bare).map((gap) => widened(lines, gap));
  // Two gaps that take the same blank line are one, around which blank lines may meet again.
  const gaps = joined(wide).map((gap) => (wide.includes(gap) ? gap : widened(lines, gap)));
  const tidied = kept.map(({ edit }) => ({ edit, change: withoutTrailingBlanks(source.text, edit) }));
  const changes = [...tidied.map(({ change }) => change), ...gaps.map((gap) => cutOf(lines, gap))];
  const text = applyEdits(source.text, changes);
  const removed = [...kept, ...gaps.flatMap(gapLines)].sort((a, b) => a.firstLine - b.firstLine);
  return { text, written: writtenLines({ path: source.path, text }, tidied, changes), removed };
}

type Line = Range & { readonly text: string };

/** Lines of a text with their ranges, line ends included; `text` is without. */
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    lines.push({ start, end, text: text.slice(start, end).replace(/\r?\n$/, "") });
    start = end;
  }
  return lines;
}

function distinct(edits: readonly CallerEdit[]): readonly CallerEdit[] {
  const byPlace = new Map(edits.map((edit) => [`${edit.range.start} ${edit.range.end} ${edit.text}`, edit]));
  return [...byPlace.values()].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** Lines (indices, both included) that edits touch together. */
interface Cluster {
  readonly first: number;
  readonly last: number;
  readonly edits: readonly EditedLines[];
}

function clustersOf(edits: readonly EditedLines[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const edit of edits) {
    const next = { first: edit.firstLine - 1, last: edit.lastLine - 1, edits: [edit] };
    const before = clusters.at(-1);
    if (before && before.last >= next.first) clusters[clusters.length - 1] = merged(before, next);
    else clusters.push(next);
  }
  return clusters;
}

function merged(a: Cluster, b: Cluster): Cluster {
  return { first: a.first, last: Math.max(a.last, b.last), edits: [...a.edits, ...b.edits] };
}

/** The old lines of an edit. A range that ends behind a line end does not touch the next line. */
function oldLines(source: SourceFile, edit: CallerEdit): EditedLines {
  const { start, end } = edit.range;
  const last = end > start && source.text[end - 1] === "\n" ? end - 1 : end;
  return { edit, firstLine: positionAt(source, start).line, lastLine: positionAt(source, last).line };
}

/** Whether nothing but blanks, or a comment that stood behind a command, is left of the cluster's lines. */
function isEmptied(text: string, lines: readonly Line[], { first, last, edits }: Cluster): boolean {
  const start = lines[first]?.start ?? text.length;
  const end = lines[last]?.end ?? text.length;
  const inside = edits.map(({ edit: { range, text: replacement } }) => ({
    start: range.start - start,
    end: range.end - start,
    text: replacement,
  }));
  return /^\s*(?:#[^\n]*)?\s*$/.test(applyEdits(text.slice(start, end), inside));
}

/** Clusters that follow each other line upon line become one gap. */
function joined(clusters: readonly Cluster[]): readonly Cluster[] {
  const gaps: Cluster[] = [];
  for (const cluster of clusters) {
    const before = gaps.at(-1);
    if (before && before.last + 1 >= cluster.first) gaps[gaps.length - 1] = merged(before, cluster);
    else gaps.push(cluster);
  }
  return gaps;
}

/** A gap with one of the blank lines that would meet. */
function widened(lines: readonly Line[], gap: Cluster): Cluster {
  const { first } = gap;
  const above = lines[first - 1];
  const below = lines[gap.last + 1];
  const opensOrBlank = above === undefined || isBlank(above);
  if (opensOrBlank && below && isBlank(below)) return { ...gap, last: gap.last + 1 };
  if (above && isBlank(above) && below === undefined) return { ...gap, first: first - 1 };
  return gap;
}

/** The first of the comment lines above a gap that nothing follows; a file's header is about the file and stays. */
function firstOrphan(lines: readonly Line[], { first, last }: Cluster): number {
  let top = first;
  while (top > 0 && isComment(lines[top - 1])) top -= 1;
  const below = lines[last + 1];
  const endsParagraph =
    below === undefined || isBlank(below) || isComment(below) || /^\s*(?:fi|done|esac|\}|\))/.test(below.text);
  if (endsParagraph && top > 0 && !isHeader(lines, top)) return top;
  return isComment(lines[first - 1]) && /#\s*shellcheck\b/.test(lines[first - 1]?.text ?? "") ? first - 1 : first;
}

function isHeader(lines: readonly Line[], top: number): boolean {
  return top === 1 && lines[0]?.text.startsWith("#!") === true;
}

function isBlank(line: Line): boolean {
  return line.text.trim() === "";
}

function isComment(line: Line | undefined): boolean {
  return line !== undefined && /^\s*#(?!!)/.test(line.text);
}

function cutOf(lines: readonly Line[], { first, last }: Cluster): TextEdit {
  return { start: lines[first]?.start ?? 0, end: lines[last]?.end ?? 0, text: "" };
}

/** Where an edit takes the end of a line away, the blanks before it go too. */
function withoutTrailingBlanks(text: string, { range, text: replacement }: CallerEdit): TextEdit {
  const atEnd = /^[ \t]*(?:\r?\n|$)/.test(text.slice(range.end, range.end + 200));
  if (replacement !== "" || !atEnd) return { ...range, text: replacement };
  const blanks = /[ \t]*$/.exec(text.slice(Math.max(0, range.start - 200), range.start))?.[0].length ?? 0;
  return { start: range.start - blanks, end: range.end, text: "" };
}

interface TidiedEdit {
  readonly edit: CallerEdit;
  readonly change: TextEdit;
}

function writtenLines(
  result: SourceFile,
  tidied: readonly TidiedEdit[],
  changes: readonly TextEdit[],
): readonly EditedLines[] {
  const ordered = [...changes].sort((a, b) => a.start - b.start || a.end - b.end);
  return tidied.map(({ edit, change }) => {
    const before = ordered.slice(0, ordered.indexOf(change));
    const start = before.reduce((at, other) => at + other.text.length - (other.end - other.start), change.start);
    const end = start + change.text.replace(/\r?\n$/, "").length;
    return { edit, firstLine: positionAt(result, start).line, lastLine: positionAt(result, end).line };
  });
}

/** The lines of a gap, each run under the edit that it ends with; what comes behind belongs to the last one. */
function gapLines({ first, last, edits }: Cluster): readonly EditedLines[] {
  let next = first + 1;
  const runs = edits.map(({ edit, lastLine }, index) => {
    const run = { edit, firstLine: next, lastLine: index === edits.length - 1 ? last + 1 : lastLine };
    next = run.lastLine + 1;
    return run;
  });
  return runs.filter((run) => run.firstLine <= run.lastLine);
}
