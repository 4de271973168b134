/**
 * What containers make for the host, where nothing is built around it:
 *
 *     docker build -t b . ; docker run -v "$PWD/dist:/src/dist" b make      /src/dist of the container, as ./dist
 *     docker run --name x b make ; docker cp x:/src/dist .                  likewise, by an extraction
 *     docker run b cat /app > app ; docker run -v "$PWD:/o" b cp /app /o    likewise, carried by the container itself
 *     docker run -v "$PWD:/src" b npm test                                  nothing: the mount is the sources
 *
 * Only images that the script builds count, since their build is the call that writes the files. What is not decided here: the
 * stage and the call that do so (export-stages.ts, plan-exports.ts).
 */
import { isWithin } from "../../text/paths.ts";
import { isCache, isWorkingDirectory, type Mount, outerMount } from "./container-mounts.ts";
import { isRunning, makesFiles } from "./container-work.ts";
import type { Extraction } from "./exports.ts";
import { CHECKOUT, type HostNode, type HostTree, look, names, shapeOf } from "./host-tree.ts";
import { hasFlow } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";
import { builtBase } from "./setup-graph.ts";
import type { Build } from "./trace.ts";
import { isPartlyUnknown } from "./values.ts";

type Builds = ReadonlyMap<string, LinkedBuild>;

/** What leaves containers that worked, through mounts and by `docker cp`, as extractions out of what they left. */
export function containerExtractions(run: ScriptRun, builds: Builds): readonly Extraction[] {
  const feeds = [...builds.values()].some((linked) => linked.build.derived === undefined && hasFlow(linked));
  if (feeds) return [];
  const copied = effectsOf(run, "extract").filter(({ effect }) => {
    const source = builds.get(effect.image);
    return source !== undefined && isMade(source, builds) && !isRunning(source.build);
  });
  const mounted = effectsOf(run, "derive").flatMap(({ effect, visit }): readonly Extraction[] => {
    const { build, container } = effect;
    if (!isMade(builds.get(build.id), builds) || !makesFiles(build)) return [];
    return filledMounts(build).map((mount) => ({
      visit,
      effect: {
        kind: "extract",
        image: build.id,
        from: mount.target,
        contents: true,
        to: mount.source,
        container: "",
        created: container,
      },
    }));
  });
  const carried = effectsOf(run, "carry").flatMap(({ effect, visit }): readonly Extraction[] => {
    const { image, from, shape, to, into, created } = effect;
    const source = builds.get(image);
    const made = source?.build.derived === undefined || makesFiles(source.build);
    if (source === undefined || builtBase(source, builds) === undefined || !made) return [];
    const own = { image, from, to, into, contents: shape === "directory", container: "", created } as const;
    return isWithin(to, CHECKOUT) ? [{ visit, effect: { kind: "extract", ...own } }] : [];
  });
  const placed = [...mounted, ...carried];
  return [...(isOneRecipe(placed) ? lastInto(placed) : []), ...copied].sort((a, b) => a.visit.step - b.visit.step);
}

/** Whether a container did it that was made from an image which the script builds. */
function isMade(linked: LinkedBuild | undefined, builds: Builds): boolean {
  return linked?.build.derived !== undefined && builtBase(linked, builds) !== undefined;
}

/** Whether containers that fill one directory stand together: a goal that fills it for another one may be called alone as well. */
function isOneRecipe(extractions: readonly Extraction[]): boolean {
  return extractions.every(({ effect, visit }) =>
    extractions.every((other) => other.effect.to !== effect.to || other.visit.script === visit.script),
  );
}

/** What the last container of several leaves in a directory has what those before it left there. */
function lastInto(extractions: readonly Extraction[]): readonly Extraction[] {
  return extractions.filter(
    ({ effect }, index) => !extractions.slice(index + 1).some((later) => later.effect.to === effect.to),
  );
}

/** Directories that were not there, or empty; none where the container can write to more than those. */
function filledMounts({ derived, host }: Build): readonly Mount[] {
  const written = (derived?.mounts ?? []).filter((mount) => !mount.readOnly && !mount.volume && !isCache(mount));
  const mounts = derived?.mounts ?? [];
  const all = written.every(
    (mount) =>
      mount.source !== CHECKOUT &&
      isWithin(mount.source, CHECKOUT) &&
      !isPartlyUnknown(mount.source) &&
      outerMount(mount, mounts) === undefined &&
      isEmpty(host, look(host, mount.source)) &&
      isProductDirectory(mount),
  );
  return all ? written : [];
}

/** Files that only keep a directory in a repository. */
const KEEPS_DIRECTORY = /^\.(?:git)?(?:keep|ignore)$|^\.placeholder$/;

/** Nothing, a directory that the repository only keeps, or what other containers left there. */
function isEmpty(host: HostTree, node: HostNode): boolean {
  if (node.kind === "directory")
    return [...node.layers, ...node.entries.values()].every((inner) => isEmpty(host, inner));
  if (node.kind === "checkout" && shapeOf(host.files, node) === "directory")
    return names(host.files, node).every((name) => KEEPS_DIRECTORY.test(name));
  return node.kind === "absent" || node.kind === "image";
}

function isProductDirectory({ source, target }: Mount): boolean {
  return !isWorkingDirectory(source) && !isWorkingDirectory(target);
}
