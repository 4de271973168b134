/**
 * Writes the changes of a migration into the checkout, all or none:
 *
 *     const result = applyChanges(root, migration.changes, { force: false });
 *     if (!result.ok) report(result.diagnostics);      // file-changed: "Dockerfile" changed after it was read
 *
 * What was there is kept for undo.ts. Files with changes that git has not recorded are left alone unless forced.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { FileChange } from "../model/migration.ts";
import { hostPath } from "../text/paths.ts";
import { uncommitted } from "./git.ts";
import { keepAsRecord } from "./journal.ts";
import { type Replacement, writeAll } from "./transaction.ts";

export interface ApplyOptions {
  /** Writes files with uncommitted changes too. */
  readonly force: boolean;
}

export type ApplyResult =
  | { readonly ok: true; readonly written: readonly FileChange[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** `root` is a real path (as `openProject` gives it). Without changes nothing is written or recorded. */
export function applyChanges(root: string, changes: readonly FileChange[], options: ApplyOptions): ApplyResult {
  if (changes.length === 0) return { ok: true, written: [] };
  const dirty = options.force
    ? []
    : uncommitted(
        root,
        changes.map(({ path }) => path),
      ).map(uncommittedProblem);
  if (dirty.length > 0) return { ok: false, diagnostics: dirty };
  const diagnostics = writeAll(root, "apply", changes.map(replacement), keepAsRecord);
  return diagnostics.length === 0 ? { ok: true, written: changes } : { ok: false, diagnostics };
}

function uncommittedProblem(path: string): Diagnostic {
  const at = hostPath(path);
  return diagnostic("file-uncommitted", { path }, at && { path: at, start: 0, end: 0 });
}

/** A new executable gets git's bits for one; any other file keeps its own, or gets the system's for a new file. */
function replacement({ path, action, mode, before, after }: FileChange): Replacement {
  const bits = action === "create" && mode === "100755" ? { mode: 0o755 } : {};
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), ...bits };
}
