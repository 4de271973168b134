/**
 * Setups that change a common file belong together, since their changes can only be had together:
 *
 *     build.sh      changes Dockerfile, build.sh           ┐ one migration, called by the first
 *     release.sh    changes Dockerfile, release.sh         ┘
 *     web/build.sh  changes web/Dockerfile, web/build.sh     another
 *
 * A file that one setup no longer needs stays while a setup that is not migrated still uses it.
 */
import type { ImportResult, Plan } from "../model/plan.ts";

/** At least one setup; the first names the group. */
export type SetupGroup = readonly [ImportResult, ...ImportResult[]];

/** Groups in the order of their first setups; what has no plan stays alone. */
export function groupSetups(results: readonly ImportResult[]): readonly SetupGroup[] {
  let groups: readonly SetupGroup[] = [];
  for (const result of results) {
    const paths = changedPaths([result]);
    const touching = groups.filter((group) => changedPaths(group).some((path) => paths.includes(path)));
    const [first, ...others] = touching;
    if (!first) groups = [...groups, [result]];
    else {
      const joined: SetupGroup = [...first, ...others.flat(), result];
      groups = groups.flatMap((group) => (group === first ? [joined] : touching.includes(group) ? [] : [group]));
    }
  }
  return groups;
}

function changedPaths(results: readonly ImportResult[]): readonly string[] {
  return results.flatMap((result) => (result.verdict === "plan" ? pathsOf(result.plan) : []));
}

function pathsOf({ dockerfiles, callerEdits, files, removals }: Plan): readonly string[] {
  return [...dockerfiles, ...callerEdits, ...files, ...removals].map(({ path }) => path);
}

/** `results` without the removal of files that a setup which stays as it is was built from. */
export function keepSharedFiles(results: readonly ImportResult[]): readonly ImportResult[] {
  const staying = results.filter(({ verdict }) => verdict !== "plan").flatMap(({ setup }) => setup.sources);
  const used = new Set<string>(staying.map(({ path }) => path));
  return results.map((result) => {
    if (result.verdict !== "plan") return result;
    const removals = result.plan.removals.filter(({ path }) => !used.has(path));
    return { ...result, plan: { ...result.plan, removals } };
  });
}
