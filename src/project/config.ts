/**
 * Reads answers to decisions, from `.restage.yml` in the project's root or from the file of `--answers`:
 *
 *     answers:
 *       "*":                              # every setup
 *         tests: gate
 *       "fat-dockerfile:Dockerfile":      # this one; wins over "*"
 *         runtime-base: debian:bookworm-slim
 *
 * The line `answers:` may be left out. Every problem has its place. Whether an answer fits a decision is not decided here: the decisions are not known yet.
 */
import { readFileSync, statSync } from "node:fs";
import { isAlias, isMap, isScalar, type Pair, parseDocument } from "yaml";
import { type Diagnostic, Reporter } from "../diagnostics/diagnostic.ts";
import type { Answers } from "../model/decision.ts";
import type { ReadResult } from "../model/project-files.ts";
import type { Range, SourceFile } from "../text/source.ts";
import { decodeText } from "./decode.ts";
import { errorCode } from "./read.ts";

export interface ReadAnswers {
  readonly answers: Answers;
  /** All are errors; with one of them the answers are not to be used. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a shell hands over for `--answers <(…)` and for `--answers /dev/stdin`. */
const HANDED_OVER = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/)/;

/** Reads a file that the user names; it may lie anywhere. Another pipe than the shell's may have no writer: nobody waits for it. */
export function readAnswersFile(file: string): ReadResult {
  try {
    if (statSync(file).isFIFO() && !HANDED_OVER.test(file))
      return { ok: false, reason: "unreadable", detail: "it is not a regular file" };
    return decodeText(readFileSync(file));
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { ok: false, reason: "missing" };
    return code === "EISDIR" ? { ok: false, reason: "directory" } : { ok: false, reason: "unreadable", detail: code };
  }
}

/** Answers of `over` win over those of `under`, decision by decision. */
export function mergeAnswers(under: Answers, over: Answers): Answers {
  const setups = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(setups.map((setup) => [setup, { ...under[setup], ...over[setup] }]));
}

/** An empty file, or one with comments only, holds no answers. */
export function parseAnswers(source: SourceFile): ReadAnswers {
  const reading = new Reading(source);
  const document = parseDocument(source.text, { prettyErrors: false, version: "1.2" });
  for (const { message, pos } of document.errors.slice(0, 1))
    reading.fail(`the YAML cannot be read: ${message}`, { start: pos[0], end: pos[1] });
  if (document.errors.length > 0 || document.contents === null)
    return { answers: {}, diagnostics: reading.diagnostics };
  const answers: Record<string, Record<string, string>> = {};
  for (const [key, value] of reading.entries(document.contents, "the file")) {
    if (key.name === "answers") Object.assign(answers, readSetups(reading, value));
    else if (namesSetup(key)) answers[key.name] = readDecisions(reading, key, value);
    else reading.fail(`"${key.name}" is not known here`, key.range);
  }
  return { answers, diagnostics: reading.diagnostics };
}

/** `*`, or `<kind>:<path>`. */
function namesSetup({ name }: Key): boolean {
  return name === "*" || name.includes(":");
}

function readSetups(reading: Reading, value: unknown): Answers {
  return Object.fromEntries(
    reading
      .entries(value, '"answers"')
      .map(([setup, decisions]) => [setup.name, readDecisions(reading, setup, decisions)]),
  );
}

function readDecisions(reading: Reading, setup: Key, value: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [decision, answer] of reading.entries(value, `"${setup.name}"`)) {
    const text = reading.scalar(answer);
    if (text === undefined) reading.fail(`the answer to "${decision.name}" is not a single value`, decision.range);
    else found[decision.name] = text;
  }
  return found;
}

interface Key {
  readonly name: string;
  readonly range: Range;
}

/** Walks a YAML tree by hand: places stay known, and aliases, which can make a small file huge, are not followed. */
class Reading {
  readonly #source: SourceFile;
  readonly #reporter = new Reporter();

  constructor(source: SourceFile) {
    this.#source = source;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#reporter.diagnostics;
  }

  fail(problem: string, range: Range): void {
    this.#reporter.report(
      "config-invalid",
      { problem },
      { path: this.#source.path, start: range.start, end: range.end },
    );
  }

  entries(node: unknown, name: string): readonly (readonly [Key, unknown])[] {
    if (isScalar(node) && node.value === null) return [];
    if (isMap(node)) return node.items.flatMap((pair) => this.#entry(pair));
    this.fail(`${name} is not a mapping`, rangeOf(node));
    return [];
  }

  #entry({ key, value }: Pair): readonly (readonly [Key, unknown])[] {
    const name = this.scalar(key);
    if (name === undefined) this.fail("a key is not a single value", rangeOf(key));
    return name === undefined ? [] : [[{ name, range: rangeOf(key) }, value]];
  }

  /** A scalar as it is written: `3.20` is not 3.2. */
  scalar(node: unknown): string | undefined {
    if (!isScalar(node) || isAlias(node) || node.value === null) return undefined;
    return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  }
}

function rangeOf(node: unknown): Range {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  const [start = 0, end = start] = Array.isArray(range) ? range.map(Number) : [];
  return { start, end };
}
