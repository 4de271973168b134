/**
 * What a container that works does to artifacts which lie in its mounts.
 *
 *     docker run certs cat /ca.crt > misc/ca.crt
 *     docker run -v "$PWD:/src" b make static        compiles beside misc/ca.crt: the file is left alone
 *     docker run -v "$PWD/out:/out" b strip /out/app   changes the file
 *
 * A container may write anything into its mounts. That it leaves a file alone is believed where all that it runs is known, none of
 * its commands names the file, and those that are not followed are compilers and the like, which write where they are told to.
 */
import { posix } from "node:path";
import { isWithin } from "../../text/paths.ts";
import type { CommandContext } from "./command-context.ts";
import { isWorkingDirectory, type Mount, outerMount } from "./container-mounts.ts";
import { containsImage, type HostNode, look } from "./host-tree.ts";
import { areTold, textOf } from "./told-commands.ts";
import type { Effect, Visit } from "./trace.ts";
import { isPartlyUnknown } from "./values.ts";

/** An artifact in a mount, by its paths on the host and in the container. */
interface MountedArtifact {
  readonly node: HostNode;
  readonly host: string;
  readonly inside: string;
}

/** `visits`: what the container runs, as far as it was followed. `undefined`: nothing is known of it. */
export function mountedArtifacts(
  { world }: CommandContext,
  mounts: readonly Mount[],
  visits: readonly Visit[] | undefined,
): readonly Effect[] {
  return mounts.flatMap((mount): readonly Effect[] => {
    const node = look(world.host, mount.source);
    // What a directory for the data of a run may hold is no artifact.
    const perhaps = node.kind === "image" && node.maybe === true && isWorkingDirectory(mount.source);
    if (mount.volume || !containsImage(node) || perhaps) return [];
    if (mount.readOnly) return [{ kind: "foreign", name: "", reads: [node], writes: [] }];
    const named = namedArtifacts({ node, host: mount.source, inside: mount.target });
    const spared =
      visits === undefined || outerMount(mount, mounts) ? [] : named.filter((one) => isSpared(one, visits));
    const others = named.filter((one) => !spared.includes(one)).map((one) => one.node);
    return [
      ...spared.map((one): Effect => ({ kind: "spare", node: one.node, path: one.host })),
      ...(others.length > 0 ? [{ kind: "foreign", name: "docker", reads: others, writes: [] } as const] : []),
    ];
  });
}

/** What was put somewhere by its name, and all else that came out of an image. */
function namedArtifacts(at: MountedArtifact): readonly MountedArtifact[] {
  const { node } = at;
  if (!containsImage(node)) return [];
  if (node.kind !== "directory") return [at];
  const rest = node.layers.some(containsImage) ? [{ ...at, node: { ...node, entries: new Map() } }] : [];
  const entries = [...node.entries].flatMap(([name, entry]) =>
    namedArtifacts({ node: entry, host: posix.join(at.host, name), inside: posix.join(at.inside, name) }),
  );
  return [...rest, ...entries];
}

function isSpared({ node, inside }: MountedArtifact, visits: readonly Visit[]): boolean {
  if ((node.kind !== "image" && node.kind !== "archive") || isPartlyUnknown(inside)) return false;
  const name = posix.basename(inside);
  if (!areTold(visits)) return false;
  return visits.every((visit) => !textOf(visit).includes(name) && visit.effects.every((one) => spares(one, inside)));
}

/** Whether an effect is known to have nothing to do with a file. */
function spares(effect: Effect, file: string): boolean {
  const far = (path: string): boolean => !isWithin(path, file) && !isWithin(file, path);
  switch (effect.kind) {
    case "plain":
    case "look":
    case "call":
      return true;
    case "move":
      return [...(effect.moves === true ? effect.from : []), ...effect.to].every(far);
    case "mode":
      return effect.paths.every(far);
    case "remove":
      return effect.paths.every(({ path }) => far(path));
    case "change":
      return effect.words.every((word) => word.kind === "text" || far(word.path));
    case "foreign":
      return effect.writes.every(far);
    default:
      return false;
  }
}
