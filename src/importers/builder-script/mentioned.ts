/**
 * Drivers that only tell people what to type: what is to be typed now is said, and nothing in them is changed.
 *
 *     README.md:12   docker run --rm b | docker build -t app -f Dockerfile.run -      now: docker build -t app .
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { CallerEdit, PlannedDockerfile } from "../../model/plan.ts";
import { applyEdits } from "../../text/edits.ts";
import type { Range } from "../../text/source.ts";
import { effectsOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";

/** Says what the commands that remain would be. */
export function mentionCommands(
  run: ScriptRun,
  edits: readonly CallerEdit[],
  finals: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const { source, entries } = run.driver;
  const statements = entries.flatMap(({ units }) => units).flatMap((unit) => unit.statements);
  for (const { effect, visit } of effectsOf(run, "build")) {
    if (!finals.has(effect.build.id)) continue;
    const statement = statements.find(({ range }) => isInside(visit.range, range)) ?? visit;
    const command = editedText(source.text, statement.range, edits);
    reporter.report("driver-mentioned", { path: source.path, command }, { path: source.path, ...visit.range });
  }
}

function isInside(inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** A stretch of a file after the edits in it, on one line. */
function editedText(text: string, range: Range, edits: readonly CallerEdit[]): string {
  const inside = edits
    .filter((edit) => isInside(edit.range, range))
    .map((edit) => ({ start: edit.range.start - range.start, end: edit.range.end - range.start, text: edit.text }));
  return applyEdits(text.slice(range.start, range.end), inside)
    .replace(/\\?\r?\n[ \t]*#?/g, " ")
    .replace(/[ \t]+/g, " ")
    .trim();
}

/** What is told may be out of date, so nothing that follows from it is certain. */
export function likelyAtBest(dockerfile: PlannedDockerfile): PlannedDockerfile {
  const stages = dockerfile.stages.map((stage) => ({
    ...stage,
    steps: stage.steps.map((step) =>
      step.kind === "original" || step.confidence !== "certain" ? step : { ...step, confidence: "likely" as const },
    ),
  }));
  return { ...dockerfile, stages };
}
