/**
 * Writes a change set as a whole or not at all:
 *
 *     1 check     every file is what it should be, and may be written
 *     2 journal   what was and what will be, on disk before anything else
 *     3 prepare   the new texts under temporary names beside their targets
 *     4 swap      rename, link or unlink, one step a file
 *
 * When a step fails, the files are restored at once; when the process dies, `recover` restores them at the next start. What is
 * not decided here: which changes are wanted (apply.ts) and whether they may be taken back (undo.ts).
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { type HostPath, hostDirectory, hostPath, joinHost, ROOT } from "../text/paths.ts";
import {
  findJournal,
  forget,
  isRunning,
  type Journal,
  type JournalChange,
  stateDirectory,
  writeJournal,
} from "./journal.ts";
import { errorCode } from "./read.ts";
import { contentAt, directoriesAbove, missingDirectories, targetProblem } from "./targets.ts";

/** From what a file must be to what it will be; absent is no file. A `mode` that is absent is kept, or git's default. */
export interface Replacement {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Permission bits that the file gets. */
  readonly mode?: number;
}

export type Purpose = Journal["purpose"];

/** `finish` gets the journal's file once all is written: it becomes a record, or goes. */
export function writeAll(
  root: string,
  purpose: Purpose,
  replacements: readonly Replacement[],
  finish: (journal: string) => void,
): readonly Diagnostic[] {
  const problems = check(root, purpose, replacements);
  if (problems.length > 0) return saidOnce(problems);
  const journal = plan(root, purpose, replacements);
  const started = start(root, journal);
  if (!started.ok) return [started.diagnostic];
  try {
    prepare(root, journal);
    const changed = check(root, purpose, replacements);
    if (changed.length > 0) return [...saidOnce(changed), ...giveUp(root, journal, started.file)];
    for (const change of journal.changes) swap(root, change);
    for (const folder of foldersOf(journal)) syncDirectory(join(root, folder));
    if (purpose === "apply") removeEmpty(root, emptied(journal));
    finish(started.file);
    return [];
  } catch (error) {
    const left = giveUp(root, journal, started.file);
    return [denied(root, error), ...left];
  }
}

/** What happened to an earlier, interrupted run. */
export type Recovery =
  | { readonly kind: "none" | "restored" }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

/** Restores the files of an interrupted run, unless somebody has changed them since. */
export function recover(root: string, now: number): Recovery {
  const found = findJournal(root);
  if (!found) return { kind: "none" };
  if (isRunning(found.file, found.journal, now))
    return { kind: "failed", diagnostics: [diagnostic("apply-running", { path: root })] };
  // A journal is complete on disk before the first file is touched: a broken one stands for nothing.
  const diagnostics = found.journal === "broken" ? [] : rollBack(root, found.journal);
  if (diagnostics.length > 0) return { kind: "failed", diagnostics };
  forget(root, found.file);
  return { kind: "restored" };
}

/** Without those that say of another file what was said before. */
function saidOnce(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  return problems.filter(
    ({ message }, index) => problems.findIndex((problem) => problem.message === message) === index,
  );
}

function check(root: string, purpose: Purpose, replacements: readonly Replacement[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return replacements.flatMap((replacement) => {
    const { path } = replacement;
    if (seen.has(path)) return [diagnostic("write-not-allowed", { path })];
    seen.add(path);
    const problem = targetProblem(root, path) ?? changedProblem(root, purpose, replacement);
    return problem === undefined ? [] : [problem];
  });
}

function changedProblem(root: string, purpose: Purpose, { path, before }: Replacement): Diagnostic | undefined {
  if (holds(root, path, before)) return undefined;
  const at = hostPath(path);
  const span = at === undefined ? undefined : { path: at, start: 0, end: 0 };
  return diagnostic(purpose === "apply" ? "file-changed" : "undo-changed", { path }, span);
}

/** Whether the file is there with exactly this text, or is not there for `undefined`. */
function holds(root: string, path: string, text: string | undefined): boolean {
  try {
    const content = contentAt(root, path);
    if (content === undefined || text === undefined) return content === undefined && text === undefined;
    return content.bytes.equals(Buffer.from(text));
  } catch {
    return false;
  }
}

function plan(root: string, purpose: Purpose, replacements: readonly Replacement[]): Journal {
  const changes = replacements.map((replacement) => planChange(root, replacement));
  const directories = changes
    .filter(({ after }) => after !== undefined)
    .flatMap(({ path }) => missingDirectories(root, known(path)));
  return { version: 1, purpose, process: process.pid, changes, directories: [...new Set(directories)] };
}

function planChange(root: string, { path, before, after, mode }: Replacement): JournalChange {
  const beforeMode = contentAt(root, path)?.mode;
  const afterMode = after === undefined ? undefined : (mode ?? beforeMode);
  const temporary = joinHost(hostDirectory(known(path)), `.restage-${randomUUID()}.tmp`) ?? "";
  return {
    path,
    temporary,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(beforeMode === undefined ? {} : { beforeMode }),
    ...(afterMode === undefined ? {} : { afterMode }),
  };
}

/** A path that `check` has let through. */
function known(path: string): HostPath {
  const result = hostPath(path);
  if (result === undefined) throw new Error(`not a path of the project: ${path}`);
  return result;
}

type Started = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly diagnostic: Diagnostic };

function start(root: string, journal: Journal): Started {
  try {
    return { ok: true, file: writeJournal(root, journal) };
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") return { ok: false, diagnostic: diagnostic("apply-running", { path: root }) };
    return { ok: false, diagnostic: diagnostic("write-denied", { path: stateDirectory(root), detail: code }) };
  }
}

function prepare(root: string, journal: Journal): void {
  for (const directory of journal.directories) mkdirSync(join(root, directory));
  for (const change of journal.changes) {
    if (change.after !== undefined) writeTemporary(root, change, change.after, change.afterMode);
  }
}

/** Writes a text beside its target, on disk when this returns. Without a mode, that of a new file. */
function writeTemporary(
  root: string,
  { path, temporary }: JournalChange,
  text: string,
  mode: number | undefined,
): void {
  const descriptor = openSync(join(root, temporary), "wx", 0o666);
  try {
    writeFileSync(descriptor, text);
    if (mode !== undefined) fchmodSync(descriptor, mode);
    keepOwner(join(root, path), descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Only root may write for others: a file must not change hands when restage runs with sudo. */
function keepOwner(target: string, descriptor: number): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(target, { throwIfNoEntry: false }) ?? statSync(dirname(target));
  fchownSync(descriptor, uid, gid);
}

function swap(root: string, { path, before, after, temporary }: JournalChange): void {
  const target = join(root, path);
  if (after === undefined) unlinkSync(target);
  else if (before !== undefined) renameSync(join(root, temporary), target);
  else linkNew(join(root, temporary), target);
}

/** A link fails where a file has come up meanwhile; a rename would replace it. */
function linkNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw error;
    // File systems without hard links.
    renameSync(temporary, target);
    return;
  }
  unlinkSync(temporary);
}

/** A system error as the user's problem; any other error is ours and goes on. */
function denied(root: string, error: unknown): Diagnostic {
  const code = errorCode(error);
  if (code === "") throw error;
  const file = error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : root;
  const shown = file.endsWith(".tmp") ? dirname(file) : file;
  return diagnostic("write-denied", { path: relative(root, shown) || ".", detail: code });
}

/** Restores the files after a step failed; keeps the journal where even that fails. */
function giveUp(root: string, journal: Journal, file: string): readonly Diagnostic[] {
  try {
    const problems = rollBack(root, journal);
    if (problems.length === 0) forget(root, file);
    return problems;
  } catch (error) {
    return [denied(root, error), diagnostic("apply-interrupted", { path: root })];
  }
}

/** Puts back what was there before. Where a file is neither as it was nor as it was to be, nothing is touched. */
function rollBack(root: string, journal: Journal): readonly Diagnostic[] {
  const allowed = journal.changes.flatMap(({ path, temporary }) => rollBackProblem(root, path, temporary) ?? []);
  if (allowed.length > 0) return allowed;
  const strange = journal.changes.filter(
    ({ path, before, after }) => !holds(root, path, before) && !holds(root, path, after),
  );
  if (strange.length > 0) return strange.map(({ path }) => diagnostic("undo-changed", { path }));
  for (const change of journal.changes) {
    rmSync(join(root, change.temporary), { force: true });
    if (!holds(root, change.path, change.before)) restore(root, change);
  }
  removeEmpty(root, journal.directories);
  return [];
}

function rollBackProblem(root: string, path: string, temporary: string): Diagnostic | undefined {
  const expected = /^(?:.*\/)?\.restage-[\w-]+\.tmp$/.test(temporary) && hostPath(temporary) === temporary;
  return expected ? targetProblem(root, path) : diagnostic("write-not-allowed", { path: temporary });
}

function restore(root: string, change: JournalChange): void {
  const target = join(root, change.path);
  if (change.before === undefined) {
    unlinkSync(target);
  } else {
    mkdirSync(dirname(target), { recursive: true });
    writeTemporary(root, change, change.before, change.beforeMode);
    renameSync(join(root, change.temporary), target);
  }
}

/** Removes directories that restage made, innermost first, as far as they are empty. */
export function removeEmpty(root: string, directories: readonly string[]): void {
  for (const directory of [...directories].reverse()) {
    try {
      if (known(directory) !== ROOT) rmdirSync(join(root, directory));
    } catch {
      // Somebody keeps a file in it.
    }
  }
}

/** Directories above deleted files, outermost first: git keeps no empty ones, and neither does `git apply`. */
function emptied(journal: Journal): readonly HostPath[] {
  const deleted = journal.changes.filter(({ after }) => after === undefined);
  return deleted.flatMap(({ path }) => directoriesAbove(known(path)));
}

function foldersOf(journal: Journal): readonly HostPath[] {
  return [...new Set(journal.changes.map(({ path }) => hostDirectory(known(path))))];
}

/** Makes renames in a directory last; not every system can. */
function syncDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, "r");
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Windows cannot open a directory.
  }
}
