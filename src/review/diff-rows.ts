/**
 * A changed file as rows for a reader: lines in order, and below each run of changed lines why they are there.
 *
 *     - FROM golang:1.22
 *     + FROM golang:1.22 AS builder
 *       because  The build keeps its image; nothing of it ships unless it is copied.   Dockerfile:1  FROM golang:1.22
 */
import { structuredPatch } from "diff";
import type { ExplainedLine, FileChange, Migration, Place } from "../model/migration.ts";

export type DiffRow =
  | { readonly kind: "hunk"; readonly line: number }
  | {
      readonly kind: "kept" | "added" | "removed";
      readonly before?: number;
      readonly after?: number;
      readonly text: string;
    }
  | {
      readonly kind: "because";
      readonly text: string;
      readonly confidence?: ExplainedLine["confidence"];
      readonly places: readonly Place[];
    };

/** Comparing ends after so many steps; then the file is shown as it will be. */
const MOST_EDITS = 5000;

export function diffRows(change: FileChange, { explanation, removed }: Migration): readonly DiffRow[] {
  const { path, before = "", after = "" } = change;
  const patch = structuredPatch(path, path, before, after, "", "", { context: 3, maxEditLength: MOST_EDITS });
  if (patch === undefined) return wholeText(after);
  const written = explanation.filter((one) => one.path === path);
  const gone = removed.filter((one) => one.path === path);
  return patch.hunks.flatMap(({ oldStart, newStart, lines }) => {
    const rows: DiffRow[] = [{ kind: "hunk", line: newStart }];
    let [old, now] = [oldStart, newStart];
    for (const line of lines) {
      const text = line.slice(1);
      if (line.startsWith("+")) {
        rows.push({ kind: "added", after: now, text });
        rows.push(...written.filter(({ lastLine }) => lastLine === now).map(because));
        now += 1;
      } else if (line.startsWith("-")) {
        rows.push({ kind: "removed", before: old, text });
        rows.push(
          ...gone
            .filter(({ lastLine }) => lastLine === old)
            .map(({ reason }): DiffRow => ({ kind: "because", text: reason, places: [] })),
        );
        old += 1;
      } else if (line.startsWith(" ")) {
        rows.push({ kind: "kept", before: old, after: now, text });
        old += 1;
        now += 1;
      }
    }
    return rows;
  });
}

function because({ reason, confidence, because: places }: ExplainedLine): DiffRow {
  return { kind: "because", text: reason, confidence, places };
}

function wholeText(text: string): readonly DiffRow[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => ({ kind: "added", after: index + 1, text: line }));
}
