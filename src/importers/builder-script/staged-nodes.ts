/**
 * Whether what stands somewhere on the host, or what a command carries, is nothing but files of the checkout.
 *
 *     cp Dockerfile.run deploy/Dockerfile     carries only Dockerfile.run
 *     mv Dockerfile Dockerfile.run            brings it back
 *
 * What is not decided here: which of these commands go (staged-files.ts, dispositions.ts).
 */
import { type HostNode, type Step, toCheckout } from "./host-tree.ts";
import type { Effect, Visit } from "./trace.ts";

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
