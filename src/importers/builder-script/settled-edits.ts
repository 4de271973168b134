/**
 * Edits of commands, as edits of the files that the commands stand in.
 *
 *     "docker": "docker build -t \"$IMG\" ."       JSON: inserted quotes are escaped, and a comma goes with the last member
 *     - run: docker cp x:/app .                    YAML: has to be the same document elsewhere
 *
 * How a kind of file writes commands is for its reader in src/drivers.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ScriptText } from "../../drivers/driver.ts";
import { driverReader } from "../../drivers/registry.ts";
import type { CallerEdit } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { parseShell } from "../../shell/parse.ts";
import { applyEdits } from "../../text/edits.ts";
import type { SourceFile } from "../../text/source.ts";
import type { ReasonedEdit } from "./script-edits.ts";

/** The edits of one stretch of commands, in the writing of their file. */
export function callerEdits(script: ScriptText, edits: readonly ReasonedEdit[]): readonly CallerEdit[] {
  const { source } = script;
  return edits.map((edit) => ({
    path: source.path,
    range: { start: edit.start, end: edit.end },
    text: edit.verbatim === true ? edit.text : (script.write?.(edit.text, edit.start) ?? edit.text),
    reason: edit.reason,
    because: [provenance(source, edit)],
    confidence: "certain",
  }));
}

/** All edits, each once, with what they bring along in their file; what would break a file is reported. */
export function settledEdits(
  edits: readonly CallerEdit[],
  sources: readonly SourceFile[],
  reporter: Reporter,
): readonly CallerEdit[] {
  // One stretch of a file may be read more than once: a recipe under several goals, a file that several scripts source.
  const distinct = [
    ...new Map(edits.map((edit) => [`${edit.path} ${edit.range.start} ${edit.range.end} ${edit.text}`, edit])).values(),
  ];
  const files = new Map(sources.map((source) => [source.path, source]));
  const settled = new Map(
    [...files.values()].map((source) => [
      source.path,
      settledFile(
        source,
        distinct.filter(({ path }) => path === source.path),
        reporter,
      ),
    ]),
  );
  const elsewhere = distinct.filter(({ path }) => !settled.has(path));
  return [...elsewhere, ...[...settled.values()].flat()];
}

/** All edits of one file. */
function settledFile(source: SourceFile, edits: readonly CallerEdit[], reporter: Reporter): readonly CallerEdit[] {
  const [first] = edits;
  if (first === undefined) return [];
  const changes = edits.map(({ range, text }) => ({ ...range, text }));
  const reader = driverReader(source.path);
  if (reader === undefined) {
    checkScript(source, applyEdits(source.text, changes));
    return edits;
  }
  const settled = reader.settle?.(source, changes);
  if (settled === undefined) return edits;
  if (settled.kind === "broken") {
    reporter.report(
      "driver-edit-unsafe",
      { path: source.path, problem: settled.problem },
      { path: source.path, ...first.range },
    );
    return edits;
  }
  const left = edits.filter((_, index) => !settled.replaced?.some((edit) => edit === changes[index]));
  const added = settled.added.map((change) => ({
    ...first,
    range: { start: change.start, end: change.end },
    text: change.text,
  }));
  return [...left, ...added];
}

/** The edited script still has to be one. */
function checkScript({ path }: SourceFile, text: string): void {
  const [problem] = parseShell(text).problems;
  if (problem !== undefined) throw new Error(`the edited script "${path}" does not parse: ${problem.message}`);
}
