/**
 * Runs a driver symbolically: each of its entries, from a clean checkout and the directory that it is meant to be run from.
 *
 *     scripts/build.sh with `docker build -f Dockerfile.build .`      run in the project's root
 *     api/build.sh with `docker build .` and api/Dockerfile           run in api, when the root has no Dockerfile
 *     Makefile with the goals `image` and `tools`                     two runs, whose visits and builds are one list
 */
import type { Driver, DriverEntry } from "../../drivers/driver.ts";
import { onceForEach } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { hostDirectory, ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import { cleanCheckout, fromCheckout, type Step } from "./host-tree.ts";
import { Interpreter } from "./interpreter.ts";
import { hasFlow, intakeOf } from "./linked-flows.ts";
import { type FoundBuild, type LinkedBuild, linkBuild } from "./links.ts";
import { type Build, type Visit, visitPlace } from "./trace.ts";
import type { Trap } from "./traps.ts";
import type { Assumed } from "./walker.ts";
import type { World } from "./world.ts";

/** What a run came to. */
export interface ScriptRun {
  readonly driver: Driver;
  readonly source: SourceFile;
  readonly visits: readonly Visit[];
  readonly traps: readonly Trap[];
  readonly assumed: readonly Assumed[];
  readonly exhausted: boolean;
  /** Every build, in the order in which they are reached. */
  readonly builds: readonly Build[];
  /** The builds whose Dockerfile was read, each image once, by its key. */
  readonly linked: ReadonlyMap<string, LinkedBuild>;
  /** Every build whose Dockerfile was read, as often as it runs. */
  readonly repeated: readonly LinkedBuild[];
  /** What each entry leaves behind. */
  readonly ends: ReadonlyMap<DriverEntry, World>;
  /** The directory of the entries that name none. */
  readonly cwd: string;
}

/** Runs a driver; the same driver of the same project is run once. */
export const runDriver: (files: ProjectFiles, driver: Driver) => ScriptRun = onceForEach(runFromBestFolder);

function runFromBestFolder(files: ProjectFiles, driver: Driver): ScriptRun {
  const folder = hostDirectory(driver.source.path);
  const first = runFrom(files, driver, fromCheckout(ROOT));
  const settled = driver.entries.every((entry) => entry.cwd !== undefined);
  if (settled || folder === ROOT || first.builds.every((build) => build.file.kind === "found")) return first;
  const second = runFrom(files, driver, fromCheckout(folder));
  return second.linked.size > first.linked.size ? second : first;
}

/** Runs again on what a run left behind. */
export function runAgain(files: ProjectFiles, run: ScriptRun): ScriptRun {
  return runFrom(files, run.driver, run.cwd, run.ends);
}

function runFrom(
  files: ProjectFiles,
  driver: Driver,
  cwd: string,
  before?: ReadonlyMap<DriverEntry, World>,
  ordinals: ReadonlyMap<Step, number> = new Map(),
): ScriptRun {
  const interpreter = new Interpreter(files, cleanWorld(files));
  interpreter.ordinals = ordinals;
  const ends = new Map<DriverEntry, World>();
  for (const entry of driver.entries) {
    interpreter.pinned = entry.pinned ?? new Map();
    interpreter.world = { ...cleanWorld(files), host: before?.get(entry)?.host ?? cleanCheckout(files) };
    const start = entry.cwd === undefined ? cwd : fromCheckout(entry.cwd);
    for (const unit of entry.units) interpreter.run(unit, start);
    ends.set(entry, interpreter.world);
  }
  const { visits, traps, assumed, exhausted } = interpreter;
  const builds = visits.flatMap((visit) =>
    visit.effects.flatMap((effect) => (effect.kind === "build" ? [effect.build] : [])),
  );
  const made = visits.flatMap((visit) =>
    visit.effects.flatMap((effect) => (effect.kind === "build" || effect.kind === "derive" ? [effect.build] : [])),
  );
  const isChosen = ({ step }: Build): boolean => {
    const visit = driver.chosen === undefined ? undefined : visits[step];
    return visit !== undefined && driver.chosen?.has(visitPlace(visit)) === true;
  };
  const chosen = new Set(made.filter(isChosen).map(({ id }) => id));
  const repeated = made
    .flatMap((build) => (isFound(build) ? (linkBuild(build) ?? []) : []))
    .map((found) => (chosen.has(found.build.id) ? { ...found, chosen: true as const } : found));
  const linked = new Map<string, LinkedBuild>();
  for (const found of repeated) {
    const before = linked.get(found.build.id);
    if (before === undefined || (hasFlow(found) && !hasFlow(before))) linked.set(found.build.id, found);
  }
  const more = ordinals.size > 0 ? ordinals : distinctBuilds(repeated);
  if (more.size > ordinals.size) return runFrom(files, driver, cwd, before, more);
  return { driver, source: driver.source, visits, traps, assumed, exhausted, builds, linked, repeated, ends, cwd };
}

/**
 * Builds of one file over one directory that take in other things than the first did, numbered from 2: they are images of their own,
 * such as those of two goals that each fill the context in their own way.
 */
function distinctBuilds(repeated: readonly LinkedBuild[]): ReadonlyMap<Step, number> {
  const seen = new Map<string, string[]>();
  const ordinals = new Map<Step, number>();
  for (const linked of repeated) {
    const { id, step, derived } = linked.build;
    if (derived !== undefined || linked.chosen === true || !hasFlow(linked)) continue;
    const known = seen.get(id) ?? [];
    const intake = intakeOf(linked);
    if (!known.includes(intake)) known.push(intake);
    seen.set(id, known);
    if (known.indexOf(intake) > 0) ordinals.set(step, known.indexOf(intake) + 1);
  }
  return ordinals;
}

function cleanWorld(files: ProjectFiles): World {
  return { host: cleanCheckout(files), containers: new Map(), images: new Map(), builds: new Map() };
}

function isFound(build: Build): build is FoundBuild {
  return build.file.kind === "found" && build.context !== undefined;
}
