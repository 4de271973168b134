/**
 * Which builds of a run feed which others.
 *
 *     build A ── docker cp ──▶ COPY in build B ── docker cp ──▶ COPY in build C
 *     finals: [C]      parts of C: [A, B, C]
 *
 * Finals that share a builder, or are built from one file, are one group, since one Dockerfile replaces them. What is not decided here: whether a group can
 * be joined.
 */
import { posix } from "node:path";
import type { Export } from "./exports.ts";
import { imagesAt, type Step } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import { type Flow, flowsOf, hasFlow, piecesOf } from "./linked-flows.ts";
import type { LinkedBuild, LinkedCopy } from "./links.ts";
import { takesFromImage } from "./local-bases.ts";

/** Builds that become one Dockerfile: `builders` in an order in which each follows what it needs. */
export interface BuildGroup {
  readonly builders: readonly LinkedBuild[];
  /** None where the builders only make files for the host. */
  readonly finals: readonly LinkedBuild[];
  readonly exports: readonly Export[];
}

/** What of a group a plain build of the joined file stands for: of several finals the one whose file has the plain name. */
export function mainOf({ builders, finals, exports }: BuildGroup): LinkedBuild | undefined {
  const builds = new Map(builders.map((builder) => [builder.build.id, builder]));
  const plain = finals.filter(({ build }) => posix.basename(build.file.path) === "Dockerfile");
  const folders = new Set(plain.map(({ build }) => posix.dirname(build.file.path)));
  return (folders.size === 1 ? plain.at(-1) : undefined) ?? finals.at(-1) ?? builtBase(exports.at(-1)?.source, builds);
}

/** The build of the script behind the image that a container left: the build itself where it is one. */
export function builtBase(
  linked: LinkedBuild | undefined,
  builds: ReadonlyMap<string, LinkedBuild>,
): LinkedBuild | undefined {
  const seen = new Set<LinkedBuild>();
  let at = linked;
  while (at?.build.derived !== undefined && !seen.has(at)) {
    seen.add(at);
    at = builds.get(at.bases.get(0) ?? "");
  }
  return at?.build.derived === undefined ? at : undefined;
}

/** Groups of builds that only make files for the host: one for each Dockerfile, and with it what its builds need. */
export function exportGroups(
  exports: readonly Export[],
  builds: ReadonlyMap<string, LinkedBuild>,
): readonly BuildGroup[] {
  const groups: { builders: Set<LinkedBuild>; exports: Export[] }[] = [];
  for (const one of exports) {
    const builders = new Set(partsOf(one.source, builds));
    const paths = new Set([...builders].map(({ build }) => build.file.path));
    const shared = groups.filter((group) => [...group.builders].some(({ build }) => paths.has(build.file.path)));
    const merged = {
      builders: new Set([...shared.flatMap((group) => [...group.builders]), ...builders]),
      exports: [...shared.flatMap((group) => group.exports), one],
    };
    for (const group of shared) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => ({ builders: [...group.builders], finals: [], exports: group.exports }));
}

/** The images that flow into a build, by the keys that the run knows them by. */
export function sourcesOf(linked: LinkedBuild): ReadonlySet<string> {
  return new Set([
    ...piecesOf(linked).flatMap((piece) => ("node" in piece ? imagesAt(piece.node) : [])),
    ...linked.bases.values(),
    ...linked.references.values(),
  ]);
}

/**
 * Builds without the images of containers from which nothing comes: tests, and the result that the script tries out. `wanted`:
 * those that files are taken out of for the host.
 */
export function withoutIdle(
  builds: ReadonlyMap<string, LinkedBuild>,
  wanted: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, LinkedBuild> {
  const needed = new Set(wanted);
  const open = [...builds].flatMap(([id, one]) => (one.build.derived === undefined || wanted.has(id) ? [one] : []));
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
    (linked) =>
      linked.build.derived === undefined &&
      (hasFlow(linked) || takesFromImage(linked, builds)) &&
      !consumed.has(linked.build.id),
  );
  const groups: { builders: Set<LinkedBuild>; finals: LinkedBuild[] }[] = [];
  for (const final of finals) {
    const builders = new Set(partsOf(final, builds).filter((part) => part !== final));
    // Of files that a variable chooses each is built on its own, so what they share is in all of them.
    const joins = (group: (typeof groups)[number]): boolean =>
      ![final, ...group.finals].some(({ chosen }) => chosen) &&
      ([...builders].some((one) => group.builders.has(one)) ||
        group.finals.some(({ build }) => build.file.path === final.build.file.path));
    const shared = groups.filter(joins);
    const merged = {
      builders: new Set([...shared.flatMap((group) => [...group.builders]), ...builders]),
      finals: [...shared.flatMap((group) => group.finals), final],
    };
    for (const group of shared) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => ({ builders: [...group.builders], finals: plainLast(group.finals), exports: [] }));
}

/** What a build without `-f` and `--target` makes has to stand last, so that it still does. */
function plainLast(finals: readonly LinkedBuild[]): readonly LinkedBuild[] {
  const isPlain = ({ build }: LinkedBuild): boolean => posix.basename(build.file.path) === "Dockerfile";
  return [...finals.filter((final) => !isPlain(final)), ...finals.filter(isPlain)];
}

/**
 * Builds without the files that only lay around: an artifact that another build copies by name also reaches a later builder that
 * copies its whole context, which nobody meant and no result shows. So does what one round of a loop leaves for the next.
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
  return new Map(
    [...builds].map(([id, linked]) => {
      const isStray = (piece: Piece): boolean =>
        piece.kind === "flow" &&
        piece.inside !== "" &&
        ((consumed.has(id) && named.has(flowKey(piece))) || isSibling(builds.get(piece.node.image), linked));
      return [id, { ...linked, copies: linked.copies.map((copy) => filtered(copy, isStray)) }];
    }),
  );
}

/** Whether two builds make the same stage of one file, with other arguments: a loop over platforms, say. */
function isSibling(one: LinkedBuild | undefined, other: LinkedBuild): boolean {
  return one?.build.file.path === other.build.file.path && one.target === other.target;
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

/** Commands through which a path went into one of the builds. */
export function carriedSteps(builds: readonly LinkedBuild[]): ReadonlySet<Step> {
  return new Set(builds.flatMap(flowsOf).flatMap(({ node }) => node.by));
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

/** The other builders that a build needs, what is needed first. */
export function neededBy(linked: LinkedBuild, builders: readonly LinkedBuild[]): readonly LinkedBuild[] {
  const builds = new Map(builders.map((builder) => [builder.build.id, builder]));
  return partsOf(linked, builds).filter((part) => part !== linked);
}
