/**
 * From a command's arguments to a project that can be read: the directory, the limits and the answers, each checked.
 *
 *     restage migrate shop --dockerfile shop/api/Dockerfile --answers answers.yml
 *     └ { root: "/home/me/shop", files, options: { only: { dockerfile: "api/Dockerfile" }, answers: { … } } }
 *
 * What is wrong here is wrong usage or configuration; what is wrong in the files themselves is for the pipeline to say.
 */
import { realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { MigrateOptions } from "../migrate.ts";
import type { Answers } from "../model/decision.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import { readFailure } from "../model/read-failure.ts";
import type { VerifySettings } from "../project/verify-settings.ts";
import { type HostPath, hostPath } from "../text/paths.ts";
import { type SourceFile, sourceFile } from "../text/source.ts";
import type { SetupOptions } from "./arguments.ts";
import type { Host } from "./host.ts";

export interface Project {
  /** The real path of the project's root. */
  readonly root: string;
  readonly files: ProjectFiles;
  readonly options: MigrateOptions;
  /** What the configuration says of verifying. */
  readonly verify: VerifySettings;
  /** Said beside the answer: an interrupted run that was taken back. */
  readonly warnings: readonly Diagnostic[];
}

/** `sources`: files outside the project that diagnostics point into. */
export type Prepared =
  | { readonly ok: true; readonly project: Project }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      readonly files?: ProjectFiles;
      readonly sources?: readonly SourceFile[];
    };

/** `writes`: the command will change files, so an interrupted earlier run is taken back first. */
export async function prepare(
  host: Host,
  directory: string,
  limits: SetupOptions,
  { writes = false }: { readonly writes?: boolean } = {},
): Promise<Prepared> {
  const { openProject } = await import("../project/read.ts");
  const opened = openProject(resolve(host.cwd, directory), directory);
  if (!opened.ok) return { ok: false, diagnostics: [opened.diagnostic] };
  const { root, files } = opened;
  const settled = await settle(host, root, directory, writes);
  if (settled.failed) return { ok: false, diagnostics: settled.diagnostics };
  const only = readLimits(host, root, files, limits);
  if (!only.ok) return { ok: false, diagnostics: [only.diagnostic] };
  const read = await readAnswers(host, files, limits.answers);
  if (!read.ok) return { ...read, files };
  const options = {
    ...(only.value === undefined ? {} : { only: only.value }),
    ...(limits.smallest === true ? { smallest: true } : {}),
    answers: read.answers,
  };
  return { ok: true, project: { root, files, options, verify: read.verify, warnings: settled.diagnostics } };
}

/** Deals with an interrupted run: a command that writes takes it back, one that reads refuses half-written files. */
async function settle(host: Host, root: string, directory: string, writes: boolean) {
  const { findJournal } = await import("../project/journal.ts");
  if (findJournal(root) === undefined) return { failed: false, diagnostics: [] };
  if (!writes) return { failed: true, diagnostics: [diagnostic("apply-interrupted", { path: directory })] };
  const { recover } = await import("../project/transaction.ts");
  const recovery = recover(root, host.now());
  if (recovery.kind === "failed") return { failed: true, diagnostics: recovery.diagnostics };
  return { failed: false, diagnostics: [diagnostic("apply-rolled-back", { path: directory })] };
}

type Found<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

function readLimits(
  host: Host,
  root: string,
  files: ProjectFiles,
  limits: SetupOptions,
): Found<MigrateOptions["only"]> {
  const only: { dockerfile?: HostPath; script?: HostPath } = {};
  for (const kind of ["dockerfile", "script"] as const) {
    const given = limits[kind];
    if (given === undefined) continue;
    const found = findFile(host, root, files, given);
    if (!found.ok) return found;
    only[kind] = found.value;
  }
  return { ok: true, value: Object.keys(only).length > 0 ? only : undefined };
}

/** A file that the user names from the working directory, or absolutely, as a path of the project. */
function findFile(host: Host, root: string, files: ProjectFiles, given: string): Found<HostPath> {
  const path = pathInProject(root, resolve(host.cwd, given));
  if (path === "missing") return { ok: false, diagnostic: diagnostic("file-missing", { path: given }) };
  if (path === undefined) return { ok: false, diagnostic: diagnostic("file-outside", { path: given }) };
  const read = files.read(path);
  const wrong = !read.ok && ["missing", "directory", "outside"].includes(read.reason);
  if (wrong) return { ok: false, diagnostic: { ...readFailure(path, read), ...shownAs(given, read.reason) } };
  return { ok: true, value: files.resolve(path) ?? path };
}

/** The same sentences with the path as it was typed. */
function shownAs(given: string, reason: string): Pick<Diagnostic, "message" | "help"> {
  const code = reason === "missing" ? "file-missing" : reason === "directory" ? "file-directory" : "file-outside";
  const { message, help } = diagnostic(code, { path: given });
  return { message, ...(help === undefined ? {} : { help }) };
}

function pathInProject(root: string, file: string): HostPath | "missing" | undefined {
  try {
    const real = join(realpathSync(dirname(file)), basename(file));
    return hostPath(relative(root, real).split(sep).join("/"));
  } catch {
    return "missing";
  }
}

/** Where a project keeps its answers and settings. */
export const CONFIGURATION = ".restage.yml" as HostPath;

type AnswersFound =
  | { readonly ok: true; readonly answers: Answers; readonly verify: VerifySettings }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly sources: readonly SourceFile[] };

/** `.restage.yml` first, then the file of `--answers` over it. The YAML reader is loaded only when there is one of them. */
async function readAnswers(host: Host, files: ProjectFiles, given: string | undefined): Promise<AnswersFound> {
  const configured = files.entry(CONFIGURATION) !== undefined;
  if (!configured && given === undefined) return { ok: true, answers: {}, verify: {} };
  const { mergeAnswers, parseAnswers, readAnswersFile } = await import("../project/config.ts");
  let answers: Answers = {};
  let verify: VerifySettings = {};
  const reads = [
    ...(configured ? [{ path: CONFIGURATION, read: files.read(CONFIGURATION) }] : []),
    ...(given === undefined ? [] : [{ path: typedPath(given), read: readAnswersFile(resolve(host.cwd, given)) }]),
  ];
  for (const { path, read } of reads) {
    if (!read.ok) return { ok: false, diagnostics: [readFailure(path, read)], sources: [] };
    const source = sourceFile(path, read.text);
    const parsed = parseAnswers(source);
    if (parsed.diagnostics.length > 0) return { ok: false, diagnostics: parsed.diagnostics, sources: [source] };
    answers = mergeAnswers(answers, parsed.answers);
    verify = { ...verify, ...parsed.verify };
  }
  return { ok: true, answers, verify };
}

/** The file of `--answers` may lie outside the project; its name is only shown. */
function typedPath(given: string): HostPath {
  return given as HostPath;
}
