/**
 * Reads answers to decisions, from `.restage.yml` in the project's root or from the file of `--answers`:
 *
 *     answers:
 *       "*":                              # every setup
 *         tests: gate
 *       "fat-dockerfile:Dockerfile":      # this one; wins over "*"
 *         runtime-base: debian:bookworm-slim
 *
 *     verify:                             # see verify-settings.ts
 *       run-network: none
 *
 * The line `answers:` may be left out. Every problem has its place. Whether an answer fits a decision is not decided here: the decisions are not known yet.
 */
import { readFileSync, statSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Answers } from "../model/decision.ts";
import type { ReadResult } from "../model/project-files.ts";
import type { SourceFile } from "../text/source.ts";
import { decodeText } from "./decode.ts";
import { errorCode } from "./read.ts";
import { readVerifySettings, type VerifySettings } from "./verify-settings.ts";
import { type Key, YamlTree } from "./yaml-tree.ts";

export interface ReadAnswers {
  readonly answers: Answers;
  /** What `restage verify` builds and runs with. */
  readonly verify?: VerifySettings;
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
  const reading = new YamlTree(source);
  const answers: Record<string, Record<string, string>> = {};
  let verify: VerifySettings | undefined;
  for (const [key, value] of reading.top("the file")) {
    if (key.name === "answers") Object.assign(answers, readSetups(reading, value));
    else if (key.name === "verify") verify = readVerifySettings(reading, value);
    else if (namesSetup(key)) answers[key.name] = readDecisions(reading, key, value);
    else reading.fail(`"${key.name}" is not known here`, key.range);
  }
  return { answers, ...(verify === undefined ? {} : { verify }), diagnostics: reading.diagnostics };
}

/** `*`, or `<kind>:<path>`. */
function namesSetup({ name }: Key): boolean {
  return name === "*" || name.includes(":");
}

function readSetups(reading: YamlTree, value: unknown): Answers {
  return Object.fromEntries(
    reading
      .entries(value, '"answers"')
      .map(([setup, decisions]) => [setup.name, readDecisions(reading, setup, decisions)]),
  );
}

function readDecisions(reading: YamlTree, setup: Key, value: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [decision, answer] of reading.entries(value, `"${setup.name}"`)) {
    const text = reading.scalar(answer);
    if (text === undefined) reading.fail(`the answer to "${decision.name}" is not a single value`, decision.range);
    else found[decision.name] = text;
  }
  return found;
}
