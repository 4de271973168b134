/**
 * A run on disk (schema/run.v1.json):
 *
 *     run.json              what was asked for, by which version
 *     journal.jsonl         a line for each repository that is done, appended and on disk before the next one begins
 *     results/NAME.json     what `restage migrate --json` would print there
 *     patches/NAME.patch    the explained patch, where something would change
 *
 * A result is whole or not there: it is written under another name first.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { MigrationDocument } from "../model/json.ts";
import type { Verdict } from "../model/migration.ts";
import { errorCode } from "../project/read.ts";
import type { BatchItem } from "./input.ts";

export interface RunFile {
  readonly schema: 1;
  readonly tool: { readonly name: "restage"; readonly version: string };
  readonly input: string;
  readonly repositories: readonly { readonly name: string; readonly path: string }[];
}

export interface JournalLine {
  readonly schema: 1;
  readonly name: string;
  readonly outcome: "done" | "failed";
  /** How many setups have each verdict; those that none has are left out. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Of a repository that could not be read. */
  readonly problem?: string;
}

export type OpenedRun =
  | { readonly ok: true; readonly run: RunDirectory }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** Makes a run in a directory that is empty or not there. */
export function createRun(directory: string, shown: string, run: RunFile): OpenedRun {
  try {
    mkdirSync(directory, { recursive: true });
    if (readdirSync(directory).length > 0)
      return { ok: false, diagnostic: diagnostic("run-not-empty", { path: shown }) };
    for (const folder of ["results", "patches"]) mkdirSync(join(directory, folder));
    writeWhole(join(directory, "run.json"), `${JSON.stringify(run, undefined, 2)}\n`);
    return { ok: true, run: new RunDirectory(directory) };
  } catch (error) {
    return { ok: false, diagnostic: diagnostic("write-denied", { path: shown, detail: errorCode(error) }) };
  }
}

export class RunDirectory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The journal's line comes last, so that what it names is there. */
  finish({ name }: BatchItem, line: JournalLine, document: MigrationDocument, patch: string): void {
    writeWhole(join(this.#directory, "results", `${name}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
    if (patch !== "") writeWhole(join(this.#directory, "patches", `${name}.patch`), patch);
    append(join(this.#directory, "journal.jsonl"), `${JSON.stringify(line)}\n`);
  }
}

export interface ReadRun {
  readonly run: RunFile;
  /** In the order of the input; those that are done. */
  readonly repositories: readonly { readonly line: JournalLine; readonly document: MigrationDocument }[];
}

/** Reads a run back; names come out of its own files, so that they lead nowhere else. `undefined` where it is none. */
export function readRun(directory: string): ReadRun | undefined {
  try {
    const run = JSON.parse(readFileSync(join(directory, "run.json"), "utf8")) as RunFile;
    if (run.schema !== 1 || !Array.isArray(run.repositories)) return undefined;
    const journal = journalLines(join(directory, "journal.jsonl"));
    const repositories = run.repositories.flatMap(({ name }) => {
      const line = journal.get(name);
      if (line === undefined || !/^[\w][\w.-]*$/.test(name)) return [];
      const text = readFileSync(join(directory, "results", `${name}.json`), "utf8");
      return [{ line, document: JSON.parse(text) as MigrationDocument }];
    });
    return { run, repositories };
  } catch {
    return undefined;
  }
}

/** Whole lines by name. */
function journalLines(file: string): ReadonlyMap<string, JournalLine> {
  const found = new Map<string, JournalLine>();
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  for (const line of text.split("\n")) {
    const read = journalLine(line);
    if (read !== undefined) found.set(read.name, read);
  }
  return found;
}

/** `undefined` for what a process that died left of a line, wherever it stands. */
function journalLine(text: string): JournalLine | undefined {
  try {
    const read = JSON.parse(text) as JournalLine;
    return read.schema === 1 && typeof read.name === "string" ? read : undefined;
  } catch {
    return undefined;
  }
}

/** The name counts only when the directory is on disk as well. */
function writeWhole(file: string, text: string): void {
  const part = `${file}.part`;
  writeTo(part, "w", text);
  renameSync(part, file);
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function append(file: string, line: string): void {
  writeTo(file, "a", line);
}

/** A write may take less than it is given. */
function writeTo(file: string, flags: "w" | "a", text: string): void {
  const bytes = Buffer.from(text, "utf8");
  const descriptor = openSync(file, flags, 0o644);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
