/**
 * The decisions of setups that become one migration, each id once, since one answer holds for all of them:
 *
 *     api/Dockerfile  runtime-base: node:20-slim ┐
 *     web/Dockerfile  runtime-base: nginx:1.27   ┘  one decision, with the options and the places of both
 *
 * What is chosen is the first setup's choice; where another chose differently, the question says so.
 */
import type { Confidence, Decision } from "../model/decision.ts";

/** In order of their first appearance. */
export function joinDecisions(decisions: readonly Decision[]): readonly Decision[] {
  const byId = new Map<string, readonly Decision[]>();
  for (const decision of decisions) byId.set(decision.id, [...(byId.get(decision.id) ?? []), decision]);
  return [...byId.values()].flatMap(([first, ...others]) => (first ? [joined(first, others)] : []));
}

function joined(first: Decision, others: readonly Decision[]): Decision {
  if (others.length === 0) return first;
  const all = [first, ...others];
  const options = new Map(all.flatMap((decision) => decision.options.map((option) => [option.value, option] as const)));
  const chosen = [...new Set(all.map((decision) => `"${decision.chosen}"`))];
  const differing = chosen.length > 1 ? ` (without an answer each setup has its own: ${chosen.join(", ")})` : "";
  return {
    ...first,
    question: first.question + differing,
    options: [...options.values()],
    confidence: leastSure(all),
    because: all.flatMap(({ because }) => because),
  };
}

function leastSure(decisions: readonly Decision[]): Confidence {
  const order: readonly Confidence[] = ["guess", "likely", "certain"];
  return order.find((confidence) => decisions.some((decision) => decision.confidence === confidence)) ?? "certain";
}
