/**
 * What a container that works leaves in its mounts, where it also writes there itself.
 *
 *     make && cp app /out/               the stage runs "make"; /out/app on the host is the stage's /src/app
 *     make DESTDIR=/out && cp a /out/    the stage runs all of it; /out on the host is the stage's /out
 *     mkdir build && cd build && make    the same
 *
 * A command that only carries files out is left to COPY --from as long as it is all that writes to the mount. What is not decided
 * here: what a command does to the files (container-shell.ts, host-commands.ts).
 */
import { posix } from "node:path";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Inside } from "./command-context.ts";
import { type Mount, outerMount } from "./container-mounts.ts";
import {
  asDirectory,
  child,
  type DirectoryNode,
  exists,
  type HostNode,
  type HostTree,
  type ImageNode,
  look,
  type Step,
  shapeOf,
} from "./host-tree.ts";
import { textOf } from "./told-commands.ts";
import type { Visit } from "./trace.ts";

/** A line as it was read inside a container. */
export interface MountedLine {
  /** The files that the container saw before. */
  readonly start: HostTree;
  readonly inside: Inside;
  readonly mounts: readonly Mount[];
  readonly workdir: string;
}

/** Whether the stage has to run the line as it is, so that what is in a mount afterwards stands in the stage under the mount's path. */
export function runsWhole({ start, inside, mounts, workdir }: MountedLine, isWork: (visit: Visit) => boolean): boolean {
  const written = mounts.filter((mount) => !mount.readOnly && outerMount(mount, mounts) === undefined);
  const changed = written.filter(({ target }) => look(inside.world.host, target) !== look(start, target));
  if (changed.length === 0) return false;
  const { visits } = inside;
  const last = visits.findLastIndex(isWork);
  if (changed.some(({ target }) => holdsMade(look(start, target), look(inside.world.host, target)))) return true;
  if (last < 0) return false;
  const works = visits.filter(isWork);
  const early = visits.slice(0, last).some((visit) => !isWork(visit) && visit.effects.some(puts));
  const nested = visits.some((visit) => visit.calls.length > 0);
  const reaches = changed.some(({ target }) =>
    works.some((visit) => within(visit.cwd.before, target) || textOf(visit).includes(target)),
  );
  return early || nested || reaches || changed.some(({ target }) => within(workdir, target));
}

function puts({ kind }: Visit["effects"][number]): boolean {
  return kind === "move" || kind === "mode" || kind === "remove";
}

function within(path: string, above: string): boolean {
  return path === above || path.startsWith(above === "/" ? "/" : `${above}/`);
}

/** Whether something is there now that a command wrote anew. */
function holdsMade(before: HostNode, after: HostNode): boolean {
  if (after === before) return false;
  if (after.kind === "archive") return [...after.members.values()].some((member) => holdsMade(before, member));
  if (after.kind !== "directory") return after.kind === "made" && !after.presumed;
  const old = asDirectory(before);
  return (
    after.layers.some((layer) => !old.layers.includes(layer) && holdsMade(before, layer)) ||
    [...after.entries].some(([name, entry]) => old.entries.get(name) !== entry && holdsMade(before, entry))
  );
}

/** The place in a stage that a mount's files have, and the command that ran there. */
export interface InStage {
  readonly image: string;
  readonly path: ImagePath;
  readonly step: Step;
}

/** The same files as the stage has them that ran the whole line: what changed is the stage's, at its place in the mount. */
export function asInStage(tree: HostTree, before: HostNode, after: HostNode, stage: InStage): HostNode {
  if (after === before || !exists(after)) return after;
  const { image, path, step } = stage;
  const old = asDirectory(before);
  const isOld = exists(before) && shapeOf(tree.files, before) === "directory";
  if (
    after.kind !== "directory" ||
    !isOld ||
    before.kind === "image" ||
    after.layers.some((layer) => !old.layers.includes(layer))
  ) {
    const shape = shapeOf(tree.files, after);
    return { kind: "image", image, path, shape, presumed: false, by: [step] } satisfies ImageNode;
  }
  const entries = [...after.entries].map(([name, entry]): readonly [string, HostNode] => {
    const inner = { ...stage, path: imagePath(posix.join(path, name)) };
    return [name, asInStage(tree, child(tree.files, before, name), entry, inner)];
  });
  return { ...after, entries: new Map(entries) } satisfies DirectoryNode;
}

/** What an earlier container put into a mount by name is what the later one left there, which saw it and may have changed it. */
export function leftBy(node: HostNode, stage: InStage, isOfContainer: (image: string) => boolean): HostNode {
  const { image, path, step } = stage;
  if (node.kind === "image" && node.path === path && isOfContainer(node.image)) return { ...node, image, by: [step] };
  if (node.kind !== "directory" || node.entries.size === 0) return node;
  const entries = [...node.entries].map(([name, entry]): readonly [string, HostNode] => {
    const inner = { ...stage, path: imagePath(posix.join(path, name)) };
    return [name, leftBy(entry, inner, isOfContainer)];
  });
  const same = entries.every(([name, entry]) => node.entries.get(name) === entry);
  return same ? node : { ...node, entries: new Map(entries) };
}

/** What a line printed, where the stage ran the rest of it: a directory of the image holds what the line put into it. */
export function printedBy(node: HostNode, stage: string | undefined): HostNode {
  if (stage === undefined) return node;
  if (node.kind === "made") return { ...node, image: stage };
  const all = (nodes: ReadonlyMap<string, HostNode>): ReadonlyMap<string, HostNode> =>
    new Map([...nodes].map(([name, inner]) => [name, printedBy(inner, stage)]));
  if (node.kind === "archive") return { ...node, members: all(node.members) };
  if (node.kind !== "directory") return node;
  const [layer, ...others] = node.layers;
  if (others.length === 0 && layer?.kind === "image" && layer.image === stage) return layer;
  return { ...node, layers: node.layers.map((inner) => printedBy(inner, stage)), entries: all(node.entries) };
}
