/**
 * The reasons of one file's lines, for people: neighbours that stand there, or are gone, for one reason are said once.
 *
 *     1-7  Moved to stage "builder" of Dockerfile.
 *       8  … (build.sh:7, Dockerfile.prod:6)
 */
import type { ExplainedLine, Place, RemovedLine } from "../model/migration.ts";

/** Lines from `firstLine` to `lastLine`: of the new file for `written`, of the old one for `gone`. */
export interface Reason {
  readonly kind: "written" | "gone";
  readonly firstLine: number;
  readonly lastLine: number;
  /** Ends in `[likely]` or `[guess]` where it is not certain. */
  readonly text: string;
  readonly because: readonly Place[];
}

export function reasonsOfLines(path: string, explanation: readonly ExplainedLine[]): readonly Reason[] {
  const own = explanation.filter((line) => line.path === path);
  const reasons = own.map(({ firstLine, lastLine, reason, confidence, because }): Reason => {
    const text = confidence === "certain" ? reason : `${reason} [${confidence}]`;
    return { kind: "written", firstLine, lastLine, text, because };
  });
  return mergeRuns(reasons);
}

export function reasonsOfRemovals(path: string, removed: readonly RemovedLine[]): readonly Reason[] {
  const own = removed.filter((line) => line.path === path);
  return mergeRuns(
    own.map(({ firstLine, lastLine, reason }) => ({ kind: "gone", firstLine, lastLine, text: reason, because: [] })),
  );
}

function mergeRuns(reasons: readonly Reason[]): readonly Reason[] {
  const runs: Reason[][] = [];
  for (const reason of reasons) {
    const last = runs.at(-1)?.at(-1);
    if (last?.text === reason.text && last.lastLine + 1 === reason.firstLine) runs.at(-1)?.push(reason);
    else runs.push([reason]);
  }
  return runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    return first && last ? [{ ...first, lastLine: last.lastLine, because: run.flatMap(({ because }) => because) }] : [];
  });
}

/** `"Dockerfile.build:1-3, build.sh:7"`; the document of `--json` has each place with its text. */
export function placesInShort(because: readonly Place[]): string {
  const lines = new Map<string, Set<number>>();
  for (const { path, line } of because) lines.set(path, (lines.get(path) ?? new Set()).add(line));
  const shown = [...lines].flatMap(([path, set]) => ranges(set).map((range) => `${path}:${range}`));
  return shown.join(", ");
}

/** `["1-3", "7"]` for 1, 2, 3, 7. */
function ranges(set: ReadonlySet<number>): readonly string[] {
  const lines = [...set].sort((a, b) => a - b);
  const starts = lines.filter((line) => !set.has(line - 1));
  const ends = lines.filter((line) => !set.has(line + 1));
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}-${ends[index]}`));
}

/** A summary that stands beside its verdict, which it need not say again. */
export function shortSummary(summary: string): string {
  return summary.replace(/^Refused: ./, (start) => start.slice(-1).toUpperCase());
}
