/**
 * Which builds of a run feed which others.
 *
 *     build A ── docker cp ──▶ COPY in build B ── docker cp ──▶ COPY in build C
 *     finals: [C]      parts of C: [A, B, C]
 *
 * Finals that share a builder are one group, since one Dockerfile replaces them. What is not decided here: whether a group can
 * be joined.
 */
import { posix } from "node:path";
import type { Piece } from "./injection.ts";
import type { LinkedBuild, LinkedCopy } from "./links.ts";

/** Builds that become one Dockerfile: `builders` in an order in which each follows what it needs. */
export interface BuildGroup {
  readonly builders: readonly LinkedBuild[];
  readonly finals: readonly LinkedBuild[];
}

/** The images that flow into a build, by the keys that the run knows them by. */
export function sourcesOf(linked: LinkedBuild): ReadonlySet<string> {
  return new Set([
    ...flowsOf(linked).map(({ node }) => node.image),
    ...linked.bases.values(),
    ...linked.references.values(),
  ]);
}

/** Builds without the images of containers from which nothing comes: tests, and the result that the script tries out. */
export function withoutIdle(builds: ReadonlyMap<string, LinkedBuild>): ReadonlyMap<string, LinkedBuild> {
  const needed = new Set<string>();
  const open = [...builds.values()].filter(({ build }) => build.derived === undefined);
  for (let linked = open.pop(); linked !== undefined; linked = open.pop()) {
    for (const id of sourcesOf(linked)) {
      const source = builds.get(id);
      if (source?.build.derived === undefined || needed.has(id)) continue;
      needed.add(id);
      open.push(source);
    }
  }
  return new Map([...builds].filter(([id, { build }]) => build.derived === undefined || needed.has(id)));
}

/** Groups of builds in which something flows. */
export function buildGroups(builds: ReadonlyMap<string, LinkedBuild>): readonly BuildGroup[] {
  const consumed = new Set([...builds.values()].flatMap((linked) => [...sourcesOf(linked)]));
  const finals = [...builds.values()].filter(
    (linked) => linked.build.derived === undefined && hasFlow(linked) && !consumed.has(linked.build.id),
  );
  const groups: { builders: Set<LinkedBuild>; finals: LinkedBuild[] }[] = [];
  for (const final of finals) {
    const builders = new Set(partsOf(final, builds).filter((part) => part !== final));
    const shared = groups.filter((group) => [...builders].some((builder) => group.builders.has(builder)));
    const merged = {
      builders: new Set([...shared.flatMap((group) => [...group.builders]), ...builders]),
      finals: [...shared.flatMap((group) => group.finals), final],
    };
    for (const group of shared) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => ({ builders: [...group.builders], finals: plainLast(group.finals) }));
}

/** What a build without `-f` and `--target` makes has to stand last, so that it still does. */
function plainLast(finals: readonly LinkedBuild[]): readonly LinkedBuild[] {
  const isPlain = ({ build }: LinkedBuild): boolean => posix.basename(build.file.path) === "Dockerfile";
  return [...finals.filter((final) => !isPlain(final)), ...finals.filter(isPlain)];
}

/**
 * Builds without the files that only lay around: an artifact that another build copies by name also reaches a later builder that
 * copies its whole context, which nobody meant and no result shows.
 */
export function withoutStrays(builds: ReadonlyMap<string, LinkedBuild>): ReadonlyMap<string, LinkedBuild> {
  const all = [...builds.values()];
  const consumed = new Set(all.flatMap((linked) => [...sourcesOf(linked)]));
  const named = new Set(
    all
      .flatMap((linked) => flowsOf(linked))
      .filter((flow) => flow.inside === "")
      .map(flowKey),
  );
  const isStray = (piece: Piece): boolean => piece.kind === "flow" && piece.inside !== "" && named.has(flowKey(piece));
  return new Map(
    [...builds].map(([id, linked]) =>
      consumed.has(id)
        ? [id, { ...linked, copies: linked.copies.map((copy) => filtered(copy, isStray)) }]
        : [id, linked],
    ),
  );
}

type Flow = Extract<Piece, { kind: "flow" }>;

function flowsOf(linked: LinkedBuild): readonly Flow[] {
  return linked.copies
    .flatMap((copy) => copy.sources)
    .flatMap((source) => source.injections)
    .flatMap((injection) => injection.pieces)
    .flatMap((piece) => (piece.kind === "flow" ? [piece] : []));
}

function flowKey({ node, hostPath }: Flow): string {
  return [node.image, node.path, hostPath].join(" ");
}

function filtered(copy: LinkedCopy, leave: (piece: Piece) => boolean): LinkedCopy {
  const sources = copy.sources.map((source) => ({
    ...source,
    injections: source.injections.map((injection) => ({
      ...injection,
      pieces: injection.pieces.filter((piece) => !leave(piece)),
    })),
  }));
  return { ...copy, sources };
}

/** Whether anything comes in out of an image that was extracted from. */
export function hasFlow(linked: LinkedBuild): boolean {
  return flowsOf(linked).length > 0;
}

/** A build and all that it needs, what is needed first. */
function partsOf(
  linked: LinkedBuild,
  builds: ReadonlyMap<string, LinkedBuild>,
  seen: readonly string[] = [],
): readonly LinkedBuild[] {
  if (seen.includes(linked.build.id)) return [];
  const needed = [...sourcesOf(linked)].flatMap((id) => builds.get(id) ?? []);
  const parts = needed.flatMap((part) => partsOf(part, builds, [...seen, linked.build.id]));
  return [...new Set([...parts, linked])];
}
