/**
 * Says why a file of the project could not be read:
 *
 *     const read = files.read(path);
 *     if (!read.ok) return readFailure(path, read);      // file-binary: "Dockerfile" is a binary file
 *
 * The place is the start of the file, since there is no text to point into.
 */

import { type Diagnostic, type DiagnosticCode, diagnostic } from "../diagnostics/diagnostic.ts";
import type { HostPath } from "../text/paths.ts";
import type { ReadFailure, ReadResult } from "./project-files.ts";

const CODES = {
  binary: "file-binary",
  directory: "file-directory",
  "invalid-utf8": "file-invalid-utf8",
  missing: "file-missing",
  outside: "file-outside",
  "too-large": "file-too-large",
  unreadable: "file-unreadable",
} as const satisfies Record<ReadFailure, DiagnosticCode>;

/** The diagnostic for a failed `read`, placed at the start of the file. */
export function readFailure(path: HostPath, failure: Extract<ReadResult, { ok: false }>): Diagnostic {
  return diagnostic(CODES[failure.reason], { path, detail: failure.detail }, { path, start: 0, end: 0 });
}
