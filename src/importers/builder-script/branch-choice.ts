/**
 * Which of several branches a run goes on from, where only the real run knows.
 *
 *     if [ -z "$TAG" ]; then exit 1; fi          the one that stays
 *     if [ "$SKIP" != 1 ]; then docker build …   the one that builds
 *     if [ "$CI" ]; then FLAGS=-q; fi            none: FLAGS is known by its name alone from here on
 */
import type { Outcome } from "./outcome.ts";
import { mergedVariables, type Shell, type World } from "./world.ts";

/** The state at the end of a branch, and how much the branch builds. */
export interface BranchEnd {
  readonly outcome: Outcome;
  readonly weight: number;
  readonly world: World;
  readonly shell: Shell;
}

/** The state to go on from. `complete`: one of the branches runs for sure; else none may. */
export function chooseEnd(
  ends: readonly BranchEnd[],
  before: { readonly world: World; readonly shell: Shell },
  complete: boolean,
): Omit<BranchEnd, "outcome"> {
  const staying = ends.filter(({ outcome }) => outcome.leaving === undefined || outcome.leaving === "continue");
  const best = staying.reduce<BranchEnd | undefined>((a, b) => (a && a.weight >= b.weight ? a : b), undefined);
  if (best !== undefined && best.weight > 0) return best;
  const start = complete && best !== undefined ? best : { ...before, weight: 0 };
  const possible = [
    ...staying.map(({ shell }) => shell.variables),
    ...(complete && best ? [] : [before.shell.variables]),
  ];
  return { ...start, shell: { ...start.shell, variables: mergedVariables(possible) } };
}
