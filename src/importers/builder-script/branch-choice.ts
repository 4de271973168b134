/**
 * Which of several branches a run goes on from, where only the real run knows.
 *
 *     if [ -z "$TAG" ]; then exit 1; fi          the one that stays
 *     if [ "$SKIP" != 1 ]; then docker build …   the one that builds
 *     if [ "$CI" ]; then FLAGS=-q; fi            none: FLAGS is known by its name alone from here on
 */
import type { Outcome } from "./outcome.ts";
import { mergedState, type Shell, type World } from "./world.ts";

/** The state at the end of a branch, and how much the branch builds. */
export interface BranchEnd {
  readonly outcome: Outcome;
  readonly weight: number;
  readonly world: World;
  readonly shell: Shell;
}

/** The state to go on from, and what was taken for granted with it. */
export interface ChosenEnd extends Omit<BranchEnd, "outcome"> {
  readonly assumed: "branch" | "arguments" | undefined;
}

/**
 * `complete`: one of the branches runs for sure; else none may. `plain`: the branch that a call without arguments takes, which
 * counts where no other one builds more and it does not leave the script.
 */
export function chooseEnd(
  ends: readonly BranchEnd[],
  before: { readonly world: World; readonly shell: Shell },
  complete: boolean,
  plain?: number | "none",
): ChosenEnd {
  const staying = ends.filter(({ outcome }) => outcome.leaving === undefined || outcome.leaving === "continue");
  const best = staying.reduce<BranchEnd | undefined>((a, b) => (a && a.weight >= b.weight ? a : b), undefined);
  const end = plain === "none" ? { ...before, weight: 0 } : staying.find((one) => one === ends[plain ?? -1]);
  if (end !== undefined && plain !== undefined && end.weight >= (best?.weight ?? 0))
    return { ...end, assumed: "arguments" };
  if (best !== undefined && best.weight > 0) return { ...best, assumed: "branch" };
  const start = complete && best !== undefined ? best : { ...before, weight: 0 };
  const possible = [...staying.map(({ shell }) => shell), ...(complete && best ? [] : [before.shell])];
  return { ...start, shell: { ...start.shell, ...mergedState(possible) }, assumed: undefined };
}
