/**
 * Says diagnostics to the user, with the line that each points to:
 *
 *     Dockerfile:3:1: error: … [code]
 *
 * on the error stream, so that a patch or a table on the other stays clean.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type LocatedDiagnostic, locate } from "../diagnostics/to-json.ts";
import { diagnosticToTerminal } from "../diagnostics/to-terminal.ts";
import { maskSecrets } from "../model/mask.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import { hostPath } from "../text/paths.ts";
import { lineText, type SourceFile, sourceFile } from "../text/source.ts";
import { type Host, usesColor } from "./host.ts";

/** Gives the text of a file that a diagnostic may point into. */
export type SourceOf = (path: string) => SourceFile | undefined;

/** Files of the project, and `others` by their path. */
export function sourcesOf(files: ProjectFiles | undefined, others: readonly SourceFile[] = []): SourceOf {
  const known = new Map<string, SourceFile | undefined>(others.map((source) => [source.path, source]));
  return (path) => {
    if (!known.has(path)) known.set(path, readSource(files, path));
    return known.get(path);
  };
}

function readSource(files: ProjectFiles | undefined, raw: string): SourceFile | undefined {
  const path = hostPath(raw);
  const read = path === undefined ? undefined : files?.read(path);
  return path !== undefined && read?.ok === true ? sourceFile(path, read.text) : undefined;
}

/** Places as lines and columns. */
export function locateAll(diagnostics: readonly Diagnostic[], sourceOf: SourceOf): readonly LocatedDiagnostic[] {
  return diagnostics.map((diagnostic) => locate(diagnostic, sourceOf));
}

export function reportDiagnostics(host: Host, diagnostics: readonly LocatedDiagnostic[], sourceOf: SourceOf): void {
  const style = { color: usesColor(host, host.stderr), width: host.stderr.columns };
  for (const diagnostic of diagnostics) {
    const { line, column } = excerpt(diagnostic, sourceOf);
    host.stderr.write(diagnosticToTerminal(masked(diagnostic), line, style, column));
  }
}

function masked(diagnostic: LocatedDiagnostic): LocatedDiagnostic {
  const help = diagnostic.help === undefined ? {} : { help: maskSecrets(diagnostic.help) };
  return { ...diagnostic, message: maskSecrets(diagnostic.message), ...help };
}

/** Characters on either side of the place: more fits on no terminal, and a line may be megabytes long. */
const AROUND = 500;

/** The line at the place without secrets, and the column in it. */
function excerpt({ path, line, column = 1 }: LocatedDiagnostic, sourceOf: SourceOf) {
  const source = path === undefined || line === undefined ? undefined : sourceOf(path);
  if (source === undefined || line === undefined) return { line: undefined, column };
  const whole = lineText(source, line);
  const start = Math.max(0, column - 1 - AROUND);
  const before = maskSecrets(whole.slice(start, column - 1));
  return { line: maskSecrets(whole.slice(start, column - 1 + AROUND)), column: before.length + 1 };
}

/** A problem of no file. */
export function reportProblem(host: Host, problem: Diagnostic): void {
  reportDiagnostics(
    host,
    locateAll([problem], () => undefined),
    () => undefined,
  );
}
