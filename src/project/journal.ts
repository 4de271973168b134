/**
 * What restage remembers of its writing, in `.git/restage/`, or in `.restage/` where the root has no `.git` directory (a
 * worktree's `.git` is a file, and what it names lies outside the project):
 *
 *     journal.json     a change set that is being written; left behind only by a run that was interrupted
 *     undo-0001.json   a change set that was written; the highest number is the last one
 *
 * Both hold the full texts before and after, so that files are restored byte for byte.
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "./read.ts";

/** One file of a change set. `before` and `after` are exact texts, absent where there is no file. */
export interface JournalChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Permission bits of the file before and after. */
  readonly beforeMode?: number;
  readonly afterMode?: number;
  /** The name beside the target under which the new text is prepared. */
  readonly temporary: string;
}

export interface Journal {
  readonly version: 1;
  readonly purpose: "apply" | "undo";
  readonly process: number;
  readonly changes: readonly JournalChange[];
  /** Directories that did not exist before, outermost first. */
  readonly directories: readonly string[];
}

/** The directory for journals and records, relative to the root; it need not exist. */
export function stateDirectory(root: string): ".git/restage" | ".restage" {
  return isDirectory(join(root, ".git")) ? ".git/restage" : ".restage";
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The places where state may be, whatever `.git` is now: it may have been made or removed since. */
function stateDirectories(root: string): readonly string[] {
  const directories = [...new Set([stateDirectory(root), ".restage"])];
  return directories.map((directory) => join(root, directory)).filter(isDirectory);
}

const JOURNAL = "journal.json";
const RECORD = /^undo-(\d{4,})\.json$/;

/** The journal that an interrupted run left behind; `"broken"` when it cannot be read, which is before anything was written. */
export function findJournal(root: string): { readonly file: string; readonly journal: Journal | "broken" } | undefined {
  for (const directory of stateDirectories(root)) {
    const file = join(directory, JOURNAL);
    const text = readIfThere(file);
    if (text !== undefined) return { file, journal: parseJournal(text) ?? "broken" };
  }
  return undefined;
}

/** Whether the process that keeps the journal may still be writing: it lives, and the journal is seconds old. */
export function isRunning(file: string, journal: Journal | "broken", now: number): boolean {
  const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < 5000 && (journal === "broken" || isAlive(journal.process));
}

function isAlive(id: number): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Starts a journal; fails with `EEXIST` when there is one. Returns its file. */
export function writeJournal(root: string, journal: Journal): string {
  const directory = join(root, stateDirectory(root));
  if (!isDirectory(directory)) mkdirSync(directory);
  if (directory.endsWith(".restage")) writeFileSync(join(directory, ".gitignore"), "*\n");
  const file = join(directory, JOURNAL);
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeFileSync(descriptor, JSON.stringify(journal));
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return file;
}

/** Turns a journal that is done into the newest record. */
export function keepAsRecord(file: string): void {
  const directory = dirname(file);
  const last = records(directory).at(-1)?.number ?? 0;
  renameSync(file, join(directory, `undo-${String(last + 1).padStart(4, "0")}.json`));
}

/** The newest record, or `undefined` when nothing was written yet. */
export function findRecord(root: string): { readonly file: string; readonly journal: Journal | "broken" } | undefined {
  for (const directory of stateDirectories(root)) {
    const last = records(directory).at(-1);
    if (!last) continue;
    const file = join(directory, last.name);
    return { file, journal: parseJournal(readIfThere(file) ?? "") ?? "broken" };
  }
  return undefined;
}

/** Removes a journal or record, and the directory for state when it was the last one. */
export function forget(root: string, file: string): void {
  rmSync(file, { force: true });
  for (const directory of stateDirectories(root)) {
    const left = list(directory).filter((name) => name !== ".gitignore");
    if (left.length === 0) rmSync(directory, { recursive: true, force: true });
  }
}

function records(directory: string): readonly { readonly name: string; readonly number: number }[] {
  return list(directory)
    .map((name) => ({ name, number: Number(RECORD.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ number }) => !Number.isNaN(number))
    .sort((a, b) => a.number - b.number);
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parseJournal(text: string): Journal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJournal(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJournal(value: unknown): value is Journal {
  if (typeof value !== "object" || value === null) return false;
  const { version, changes, directories, purpose } = value as Partial<Record<keyof Journal, unknown>>;
  const lists = Array.isArray(changes) && changes.every(isChange) && isTexts(directories);
  return version === 1 && lists && (purpose === "apply" || purpose === "undo");
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isChange(value: unknown): value is JournalChange {
  if (typeof value !== "object" || value === null) return false;
  const { path, temporary } = value as Partial<Record<keyof JournalChange, unknown>>;
  return typeof path === "string" && typeof temporary === "string";
}
