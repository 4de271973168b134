/**
 * Diagnostics and decisions as the result shows them: places as path, line and column, secrets masked.
 *
 *     diagnostic { span: build.sh 120–128 }   →   { …, "path": "build.sh", "line": 9, "column": 4 }
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { locate } from "../diagnostics/to-json.ts";
import type { HostPath } from "../text/paths.ts";
import { type SourceFile, sourceFile } from "../text/source.ts";
import type { Decision, UnusedAnswer } from "./decision.ts";
import { maskSecrets } from "./mask.ts";
import type { MigrationDecision, MigrationDiagnostic } from "./migration.ts";
import { placesOf } from "./place.ts";
import type { ProjectFiles } from "./project-files.ts";

/** Lines and columns are those of the file as `files` reads it. */
export function shownDiagnostic(item: Diagnostic, files: ProjectFiles): MigrationDiagnostic {
  const located = locate(item, (path) => sourceOf(files, path as HostPath));
  const { message, help } = located;
  return { ...located, message: maskSecrets(message), ...(help === undefined ? {} : { help: maskSecrets(help) }) };
}

const sources = new WeakMap<ProjectFiles, Map<HostPath, SourceFile | undefined>>();

/** One source for each file, since each finds its lines but once. */
function sourceOf(files: ProjectFiles, path: HostPath): SourceFile | undefined {
  const known = sources.get(files) ?? new Map<HostPath, SourceFile | undefined>();
  sources.set(files, known);
  if (!known.has(path)) {
    const read = files.read(path);
    known.set(path, read.ok ? sourceFile(path, read.text) : undefined);
  }
  return known.get(path);
}

export function shownDecision({ because, question, options, ...rest }: Decision): MigrationDecision {
  return {
    ...rest,
    question: maskSecrets(question),
    options: options.map((option) => ({
      ...option,
      label: maskSecrets(option.label),
      consequence: maskSecrets(option.consequence),
    })),
    because: placesOf(because),
  };
}

/** Says of an answer that nothing took it; the decisions tell which values would fit. */
export function unusedAnswer(unused: UnusedAnswer, decisions: readonly Decision[]): Diagnostic {
  const { setup, decision, value, why } = unused;
  const options = decisions.find(({ id }) => id === decision)?.options.map((option) => option.value) ?? [];
  return why === "unknown-option"
    ? diagnostic("answer-not-taken", { setup, decision, value, options })
    : diagnostic("answer-without-decision", { setup, decision });
}
