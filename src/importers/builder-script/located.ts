/**
 * Effects of a run with their places, and what every part of the import reports to.
 *
 *     effectsOf(run, "extract")      each `docker cp` out of a container, with the command that it is
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { HostPath } from "../../text/paths.ts";
import type { Span } from "../../text/source.ts";
import type { ScriptRun } from "./run-script.ts";
import type { Effect, Visit } from "./trace.ts";

export interface ImportWorld {
  readonly reporter: Reporter;
  readonly decisions: DecisionLog;
  readonly setup: string;
  /** Files whose commands change in the same migration, so that what they name need not stay for them. */
  readonly companions?: readonly HostPath[];
}

export interface Located<Thing> {
  readonly effect: Thing;
  readonly visit: Visit;
}

/** Effects of one kind, with where they come from. */
export function effectsOf<Kind extends Effect["kind"]>(
  run: ScriptRun,
  kind: Kind,
): readonly Located<Extract<Effect, { kind: Kind }>>[] {
  return run.visits.flatMap((visit) =>
    visit.effects.flatMap((effect) =>
      effect.kind === kind ? [{ effect: effect as Extract<Effect, { kind: Kind }>, visit }] : [],
    ),
  );
}

/** A command on one line, for messages. */
export function shortText(visit: Visit): string {
  const flat = visit.script.source.text
    .slice(visit.range.start, visit.range.end)
    .replace(/\\?\s+/g, " ")
    .trim();
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
}

/** Where a command stands. */
export function spanOf(visit: Visit): Span {
  return { path: visit.script.source.path, start: visit.range.start, end: visit.range.end };
}
