/**
 * Commands that put files of the checkout where a build finds them, and that nothing needs once the build takes them from where
 * they truly are.
 *
 *     cp Dockerfile.run deploy/Dockerfile      goes: the build names Dockerfile.run
 *     cp conf/app.ini deploy/                  goes where COPY takes conf/app.ini; stays where the build still has deploy as context
 *     mv Dockerfile Dockerfile.run             goes: it only put back what is not moved any more
 */
import type { CheckoutNode, HostNode, Step } from "./host-tree.ts";
import { toCheckout } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import type { Effect, Visit } from "./trace.ts";

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
function checkoutSteps(node: HostNode): readonly Step[] {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].flatMap(checkoutSteps);
  if (node.kind === "archive") return [...node.members.values()].flatMap(checkoutSteps);
  return node.kind === "checkout" ? node.by : [];
}

/** Whether all at a node, or below it, was put there by given commands. */
export function isStagedBy(node: HostNode, steps: ReadonlySet<Step>): boolean {
  if (node.kind === "directory")
    return [...node.layers, ...node.entries.values()].every((inner) => isStagedBy(inner, steps));
  if (node.kind === "checkout") return node.by.some((step) => steps.has(step));
  return node.kind === "image" || node.kind === "archive" || node.kind === "absent";
}

/** Whether a command moves files of the checkout to where the checkout has them. */
export function bringsBack(effect: Extract<Effect, { kind: "move" }>): boolean {
  return (
    effect.reads.length > 0 &&
    effect.reads.every((node, index) => node.kind === "checkout" && toCheckout(effect.to[index] ?? "") === node.path)
  );
}

/** Whether a command does nothing but to put one file of the checkout somewhere. */
export function carriesOnly(visit: Visit | undefined, path: string): boolean {
  return (
    visit?.effects.every(
      (effect) =>
        effect.kind === "move" &&
        effect.reads.length > 0 &&
        effect.reads.every((node) => node.kind === "checkout" && node.path === path),
    ) ?? false
  );
}
