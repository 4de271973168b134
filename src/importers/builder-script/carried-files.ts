/**
 * What a container that only carries files puts into its mounts.
 *
 *     docker run -v "$PWD/bin:/o" b cp /out/app /o/server      /out/app of b, as ./bin/server
 *
 * What is not decided here: whether anything is built around those files (container-exports.ts).
 */
import { posix } from "node:path";
import type { CommandContext } from "./command-context.ts";
import type { Mount } from "./container-mounts.ts";
import type { ContainerRun } from "./container-run.ts";
import { asDirectory, exists, type HostNode, type HostTree, type ImageNode, look } from "./host-tree.ts";
import type { Effect } from "./trace.ts";

/** What a container that only carries files put into its mounts. */
export function carriedBy(
  run: ContainerRun,
  mounts: readonly Mount[],
  { world, step }: CommandContext,
): readonly Effect[] {
  return mounts
    .filter((mount) => !mount.readOnly && !mount.volume)
    .flatMap(({ source }) => arrivedAt(look(world.host, source), look(run.host, source), source))
    .map(({ node, to }) => ({
      kind: "carry",
      image: node.image,
      from: node.path,
      shape: node.shape,
      to,
      into: existingAbove(world.host, to),
      created: step,
    }));
}

/** The next directory above a path that is there. */
function existingAbove(host: HostTree, path: string): string {
  const above = posix.dirname(path);
  return above === path || exists(look(host, above)) ? above : existingAbove(host, above);
}

interface Arrived {
  readonly node: ImageNode;
  readonly to: string;
}

/** The image paths that are at a place now, or below it, and were not before. */
function arrivedAt(before: HostNode, after: HostNode, to: string): readonly Arrived[] {
  if (after === before) return [];
  if (after.kind === "image") return [{ node: after, to }];
  if (after.kind !== "directory") return [];
  const old = asDirectory(before);
  const layers = after.layers.filter((layer) => !old.layers.includes(layer));
  return [
    ...layers.flatMap((layer) => (layer.kind === "image" ? [{ node: layer, to }] : [])),
    ...[...after.entries].flatMap(([name, entry]) =>
      arrivedAt(old.entries.get(name) ?? { kind: "absent" }, entry, posix.join(to, name)),
    ),
  ];
}
