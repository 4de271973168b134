/**
 * Files that came out of an image of the script onto the host in a way that no export is made of, and that nothing copies on:
 *
 *     docker run b tar c /out | tar x -C dist          the members, unpacked
 *     docker run b tar cz /out > dist.tgz              an archive
 *
 * What is not decided here: what is said of them (obstacles.ts).
 */
import { makesFiles } from "./container-work.ts";
import type { Extraction } from "./exports.ts";
import { CHECKOUT, type HostNode, type ImageNode, look } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import type { ScriptRun } from "./run-script.ts";

/** One for each command that took such files out, as an extraction to nowhere. */
export function unplacedFiles(
  run: ScriptRun,
  builds: ReadonlyMap<string, LinkedBuild>,
  known: readonly Extraction[],
): readonly Extraction[] {
  const placed = new Set(known.map(({ visit }) => visit.step));
  const found = new Map<number, Extraction>();
  for (const { host } of run.ends.values()) {
    for (const { node, by } of imagesIn(look(host, CHECKOUT))) {
      const visit = by.map((step) => run.visits[step]).find((one) => one?.effects.some(takesOut) === true);
      if (visit === undefined || by.some((step) => placed.has(step)) || !isProduct(builds.get(node.image))) continue;
      const { image, path: from } = node;
      const created = visit.step;
      const effect = { kind: "extract", image, from, contents: false, to: "-", container: "", created } as const;
      found.set(visit.step, { visit, effect });
    }
  }
  return [...found.values()];
}

/** What tests and services leave behind is no product of a build. */
function isProduct(linked: LinkedBuild | undefined): boolean {
  return linked !== undefined && (linked.build.derived === undefined || makesFiles(linked.build));
}

function takesOut({ kind }: { readonly kind: string }): boolean {
  return kind === "create" || kind === "container" || kind === "extract";
}

interface Found {
  readonly node: ImageNode;
  readonly by: readonly number[];
}

/** What is known to have come out of an image; an archive with the first of its members. */
function imagesIn(node: HostNode): readonly Found[] {
  switch (node.kind) {
    case "image":
      return node.maybe === true ? [] : [{ node, by: node.by }];
    case "archive": {
      const [first] = [...node.members.values()].flatMap(imagesIn);
      return first === undefined ? [] : [{ node: first.node, by: [...first.by, ...node.by] }];
    }
    case "directory":
      return [...node.layers, ...node.entries.values()].flatMap(imagesIn);
    default:
      return [];
  }
}
