/**
 * Commands that put files of the checkout where a build finds them, and that nothing needs once the build takes them from where
 * they truly are.
 *
 *     cp Dockerfile.run deploy/Dockerfile      goes: the build names Dockerfile.run
 *     cp conf/app.ini deploy/                  goes where COPY takes conf/app.ini; stays where the build still has deploy as context
 *     mv Dockerfile Dockerfile.run             goes: it only put back what is not moved any more
 */
import type { CheckoutNode, HostNode, Step } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { bringsBack } from "./staged-nodes.ts";

/** The commands that only staged what is not needed there any more. */
export function unstagedSteps({ run, groups }: Recognized): ReadonlySet<Step> {
  const builds = groups.flatMap((group) => [...group.builders, ...group.finals]);
  const staged = builds.flatMap((linked) => stagedIn(linked));
  const steps = new Set([
    ...builds.flatMap(({ build }) => build.file.by ?? []),
    ...staged.filter(({ unstaged }) => unstaged).flatMap(({ node }) => node.by),
  ]);
  const needed = staged.filter(({ unstaged }) => !unstaged).flatMap(({ node }) => node.by);
  const others = [...effectsOf(run, "foreign"), ...effectsOf(run, "move")]
    .filter(({ effect, visit }) => !steps.has(visit.step) && !(effect.kind === "move" && bringsBack(effect)))
    .flatMap(({ effect }) => effect.reads.flatMap(checkoutSteps));
  for (const step of [...needed, ...others]) steps.delete(step);
  return steps;
}

interface Staged {
  readonly node: CheckoutNode;
  readonly unstaged: boolean;
}

function stagedIn(linked: LinkedBuild): readonly Staged[] {
  return linked.copies
    .flatMap(({ sources }) => sources)
    .flatMap(({ injections }) => injections)
    .flatMap(({ pieces, unstaged = false }) =>
      pieces.flatMap((piece: Piece): Staged[] => (piece.kind === "staged" ? [{ node: piece.node, unstaged }] : [])),
    );
}

/** The commands through which files of the checkout came to be at a node, or below it. */
export function checkoutSteps(node: HostNode): readonly Step[] {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].flatMap(checkoutSteps);
  if (node.kind === "archive") return [...node.members.values()].flatMap(checkoutSteps);
  return node.kind === "checkout" ? node.by : [];
}
