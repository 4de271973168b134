/**
 * File changes as the unified diff that `git apply` takes:
 *
 *     diff --git a/Dockerfile b/Dockerfile
 *     --- a/Dockerfile
 *     +++ b/Dockerfile
 *     @@ -1,1 +1,1 @@
 *     -FROM node:20
 *     +FROM node:20 AS builder
 *
 * Modes, created, deleted and empty files are said as git says them. Comparing costs a bounded number of steps: where two
 * texts differ too much, one hunk replaces all that lies between their equal beginning and end, so that the result is a right
 * diff on every machine, and the same on each.
 */
import { formatPatch, type StructuredPatch, type StructuredPatchHunk, structuredPatch } from "diff";

/** A file before and after; `before` is absent for created files, `after` for deleted ones. `mode` is git's. */
export interface TextChange {
  readonly path: string;
  readonly mode: "100644" | "100755";
  readonly before?: string;
  readonly after?: string;
}

/** All changes in the order given. */
export function unifiedDiff(changes: readonly TextChange[]): string {
  return changes.map(fileDiff).join("");
}

/** One change; `""` where text and existence stay the same. */
export function fileDiff(change: TextChange): string {
  if (change.before === change.after) return "";
  return formatPatch({
    ...names(change),
    ...kindOfChange(change),
    hunks: hunks(change.before ?? "", change.after ?? ""),
  });
}

type Names = Pick<StructuredPatch, "oldFileName" | "newFileName" | "oldHeader" | "newHeader" | "isGit">;

function names({ path, before, after }: TextChange): Names {
  return {
    oldFileName: before === undefined ? "/dev/null" : `a/${path}`,
    newFileName: after === undefined ? "/dev/null" : `b/${path}`,
    oldHeader: undefined,
    newHeader: undefined,
    isGit: true,
  };
}

function kindOfChange({ before, after, mode }: TextChange): Partial<StructuredPatch> {
  if (before === undefined) return { isCreate: true, newMode: mode };
  if (after === undefined) return { isDelete: true, oldMode: mode };
  return {};
}

/** The unchanged lines around a change, as git shows by default. */
const CONTEXT = 3;
/** Added and removed lines up to which the shortest diff is sought; its cost grows with their square. */
const MOST_EDITS = 1500;
/** Milliseconds; a last resort that a machine of today does not reach within `MOST_EDITS`. */
const LONGEST = 20_000;

function hunks(before: string, after: string): StructuredPatchHunk[] {
  if (before === "" || after === "") return replaceBetween(before, after);
  const limits = { context: CONTEXT, maxEditLength: MOST_EDITS, timeout: LONGEST };
  const patch = structuredPatch("", "", before, after, undefined, undefined, limits);
  return patch?.hunks ?? replaceBetween(before, after);
}

/** One hunk from the first to the last line that differs. */
function replaceBetween(before: string, after: string): StructuredPatchHunk[] {
  const old = lines(before);
  const fresh = lines(after);
  const head = commonLength(old, fresh, (list, i) => list[i]);
  const rest = Math.min(old.length, fresh.length) - head;
  const tail = Math.min(
    rest,
    commonLength(old, fresh, (list, i) => list[list.length - 1 - i]),
  );
  const start = Math.max(0, head - CONTEXT);
  const kept = Math.min(CONTEXT, tail);
  const removed = old.slice(head, old.length - tail);
  const added = fresh.slice(head, fresh.length - tail);
  const context = head - start + kept;
  return [
    {
      oldStart: start + 1,
      newStart: start + 1,
      oldLines: removed.length + context,
      newLines: added.length + context,
      lines: [
        ...marked(" ", old.slice(start, head)),
        ...marked("-", removed),
        ...marked("+", added),
        ...marked(" ", old.slice(old.length - tail, old.length - tail + kept)),
      ],
    },
  ].filter((hunk) => hunk.lines.length > 0);
}

type At = (list: readonly string[], index: number) => string | undefined;

function commonLength(a: readonly string[], b: readonly string[], at: At): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length += 1;
  return length;
}

/** Lines with their ends; only `\n` ends a line for git. */
function lines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: " " | "-" | "+", text: readonly string[]): readonly string[] {
  return text.flatMap((line) =>
    line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, "\\ No newline at end of file"],
  );
}
