/**
 * Takes the last written change set back, byte for byte:
 *
 *     undoLast("/home/me/shop")     // { kind: "undone", files: ["Dockerfile", "build.sh"] }
 *
 * All files or none: when one of them is no longer what restage wrote, nothing is touched.
 */
import { relative } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { findRecord, forget, type JournalChange } from "./journal.ts";
import { type Replacement, removeEmpty, writeAll } from "./transaction.ts";

export type UndoResult =
  | { readonly kind: "nothing" }
  | { readonly kind: "undone"; readonly files: readonly string[] }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** `root` is a real path. An interrupted run is for `recover` to handle first. */
export function undoLast(root: string): UndoResult {
  const record = findRecord(root);
  if (!record) return { kind: "nothing" };
  const { file, journal } = record;
  if (journal === "broken") {
    return { kind: "failed", diagnostics: [diagnostic("undo-record-broken", { path: relative(root, file) })] };
  }
  const diagnostics = writeAll(root, "undo", journal.changes.map(inverse), (undoJournal) => {
    removeEmpty(root, journal.directories);
    forget(root, undoJournal);
    forget(root, file);
  });
  if (diagnostics.length > 0) return { kind: "failed", diagnostics };
  return { kind: "undone", files: journal.changes.map(({ path }) => path) };
}

function inverse({ path, before, after, beforeMode }: JournalChange): Replacement {
  return {
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
    ...(beforeMode === undefined ? {} : { mode: beforeMode }),
  };
}
