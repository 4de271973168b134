/**
 * Problems of a parsed file as diagnostics:
 *
 *     syntaxDiagnostics(document)     // [] when BuildKit would read the file too
 *
 * A file without any FROM gets one diagnostic for the whole, not one for each of its lines.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { DockerfileDocument } from "./syntax.ts";

/** All errors of a file, in order. */
export function syntaxDiagnostics(document: DockerfileDocument): readonly Diagnostic[] {
  const { path, text } = document.source;
  if (document.problems.length === 0) return [];
  if (document.stages.length === 0 && !namesFrom(text)) {
    return [diagnostic("not-a-dockerfile", { path, reason: reasonOf(document) }, { path, start: 0, end: 0 })];
  }
  const shown = document.problems.slice(0, MOST_SHOWN);
  const more = document.problems.length - shown.length;
  return shown.map(({ message, range }, index) => {
    const rest = more > 0 && index === shown.length - 1 ? ` (and ${more} more lines below)` : "";
    return diagnostic("dockerfile-syntax", { problem: `${message}${rest}` }, { path, ...range });
  });
}

/** A file with more is not a Dockerfile with slips, and nobody reads on. */
const MOST_SHOWN = 20;

/** Whether a line begins with FROM, even if that line was rejected. */
function namesFrom(text: string): boolean {
  return /^[ \t\uFEFF]*from\b/im.test(text);
}

function reasonOf({ source, instructions }: DockerfileDocument): "empty" | "no-instruction" | "no-from" {
  if (source.text.trim() === "") return "empty";
  return instructions.length === 0 ? "no-instruction" : "no-from";
}
