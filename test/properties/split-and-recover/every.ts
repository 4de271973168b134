/** Every idiom by its name, each in small projects that say everything else in the plainest way. */
import { BETWEENS } from "./between.ts";
import { BUILDS } from "./builds.ts";
import { DRIVERS } from "./drivers/registry.ts";
import { EXTRACTIONS } from "./extractions/registry.ts";
import type { Graph } from "./graph.ts";
import { IMAGE_DETOURS } from "./images.ts";
import { SIMPLE } from "./simple.ts";
import { DOCKERCEPTION, PLAIN, type Split, split, type Ways } from "./split.ts";

const only = (change: Partial<Ways>): Ways => ({ ...PLAIN, ...change });

/** The names of all idioms, with the ways that say each. */
export const EVERY: readonly (readonly [name: string, how: Ways])[] = [
  ...DRIVERS.map(({ name }) => [name, only({ driver: name, tag: ["variable"] })] as const),
  ...EXTRACTIONS.map(({ name }) => [name, only({ driver: "sh-bash", extraction: [name] })] as const),
  ...IMAGE_DETOURS.map(({ name }) => [name, only({ image: [name] })] as const),
  ...BETWEENS.map(({ name }) => [name, only({ between: [name] })] as const),
  ...BUILDS.map(({ name }) => [name, only({ build: [name] })] as const),
  [DOCKERCEPTION, only({ dockerception: true })],
];

/** The simple projects in which an idiom stands. */
export function projectsWith(
  name: string,
  how: Ways,
  graphs: readonly Graph[] = Object.values(SIMPLE),
): readonly { readonly project: Split; readonly graph: Graph }[] {
  return graphs
    .map((graph) => ({ graph, project: split(graph, how) }))
    .filter(({ project }) => project.used.includes(name));
}
