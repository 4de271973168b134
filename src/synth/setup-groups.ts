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

/**
 * `results` without the drivers that another driver calls: the caller's migration has their part in it. Where only the caller is
 * refused, and those it calls have all its Dockerfiles, they stay and the caller goes.
 *
 *     release.sh     calls build.sh      one migration of release.sh, which edits build.sh
 *     build.sh       a setup by itself
 */
export function withoutCalledDrivers(results: readonly ImportResult[]): readonly ImportResult[] {
  const left = new Set(results);
  for (const outer of results) {
    const inner = results.filter((other) => other !== outer && left.has(other) && calls(outer, other));
    if (inner.length === 0 || !left.has(outer)) continue;
    const planned = inner.filter(({ verdict }) => verdict === "plan");
    const covered = new Set<string>(planned.flatMap(dockerfilesOf));
    const keepsInner =
      outer.verdict !== "plan" && planned.length > 0 && dockerfilesOf(outer).every((path) => covered.has(path));
    if (keepsInner) left.delete(outer);
    else for (const one of inner) left.delete(one);
  }
  return results.filter((result) => left.has(result));
}

function calls({ setup }: ImportResult, other: ImportResult): boolean {
  const driver = other.setup.sources.find(({ role }) => role === "driver")?.path;
  return setup.sources.some(({ path, role }) => role === "caller" && path === driver);
}

function dockerfilesOf({ setup }: ImportResult): readonly string[] {
  return setup.sources.filter(({ role }) => role === "dockerfile").map(({ path }) => path);
}
