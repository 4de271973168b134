/**
 * Commands that run more than once and do the same each time.
 *
 *     make image, make check     both run builder's recipe, and only image's build copies what it takes out
 *
 * What is decided for such a command is decided for the text that it is, so it has to hold for all its visits.
 */
import type { Step } from "./host-tree.ts";
import type { Effect, Visit } from "./trace.ts";

/** The steps, and those at which the same command takes the same out of the same image, or moves the same. */
export function withRepeats(visits: readonly Visit[], steps: ReadonlySet<Step>): ReadonlySet<Step> {
  const repeats = new Map<Visit["node"], Visit[]>();
  for (const visit of visits) repeats.set(visit.node, [...(repeats.get(visit.node) ?? []), visit]);
  const found = [...steps].flatMap((step) => {
    const visit = visits[step];
    const all = visit === undefined ? [] : (repeats.get(visit.node) ?? []);
    return all
      .filter((other) => visit !== undefined && outcomeOf(other) === outcomeOf(visit))
      .map((other) => other.step);
  });
  return new Set([...steps, ...found]);
}

function outcomeOf({ effects }: Visit): string {
  return JSON.stringify(effects.map(transfer));
}

/** What goes where, without the steps that tell one run from another. */
function transfer(effect: Effect): readonly unknown[] {
  if (effect.kind === "extract") return [effect.kind, effect.image, effect.from, effect.to];
  if (effect.kind === "move") return [effect.kind, effect.from, effect.to];
  if (effect.kind === "mode") return [effect.kind, effect.mode, effect.paths];
  return [effect.kind];
}
