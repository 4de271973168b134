/**
 * A diagnostic as `--json` prints it, with its place as line and column:
 *
 *     { "code": "file-binary", "severity": "error", "message": "…", "help": "…", "path": "Dockerfile", "line": 1, "column": 1 }
 */
import { positionAt, type SourceFile } from "../text/source.ts";
import type { Diagnostic, DiagnosticCode, Severity } from "./diagnostic.ts";

/** `line` and `column` count from 1, the column in UTF-16 units; all three are absent where no file is to blame. */
export interface LocatedDiagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** `sourceOf` gives the file that a span points into, or `undefined` when it has no text: the place is then its start. */
export function locate(
  diagnostic: Diagnostic,
  sourceOf: (path: string) => SourceFile | undefined = () => undefined,
): LocatedDiagnostic {
  const { code, severity, message, help, span } = diagnostic;
  const said = { code, severity, message, ...(help === undefined ? {} : { help }) };
  if (span === undefined) return said;
  const source = sourceOf(span.path);
  const position = source === undefined ? { line: 1, column: 1 } : positionAt(source, span.start);
  return { ...said, path: span.path, ...position };
}
