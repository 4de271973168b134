/**
 * Which entries of a driver count, and what has to run before each of them.
 *
 *     make devimage          builds the image dev
 *     make image             runs a container of dev: devimage's recipe goes first
 *     make pack              needs a file of its rule that "make app" takes out of an image: app's recipe goes first
 *     make lint              runs a container of a published image: takes no part
 *
 * A dry run of each entry from a clean world tells which images and files it leaves behind, and which it asks for in vain. What
 * another entry, or a part of one, leaves behind is run first, as people do by hand. Entries that run nothing which another
 * does not run too, and those that have to do with none of the joined builds, are left out.
 */
import { posix } from "node:path";
import type { Driver, DriverEntry, ScriptText } from "../../drivers/driver.ts";
import { knownText } from "../../shell/symbolic.ts";
import { writtenBy } from "./dispositions.ts";
import type { DryRuns } from "./dry-runs.ts";
import { compilesIn } from "./host-compilers.ts";
import { exists, fromCheckout, type HostNode, imagesAt, isMaybe, look } from "./host-tree.ts";
import { effectsOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";
import { buildGroups, sourcesOf, withoutIdle, withoutStrays } from "./setup-graph.ts";
import { missingSources } from "./source-paths.ts";
import { mayMake } from "./told-commands.ts";
import { type Visit, visitPlace } from "./trace.ts";
import { imageKey } from "./values.ts";

/** How often an entry may be found to need one more. */
const MOST_NEEDS = 8;
const DEEPEST_NEED = 4;

/** The driver with the entries that matter, each complete. */
export function withCompleteEntries(driver: Driver, dry: DryRuns): Driver {
  if (driver.entries.length + (driver.parts?.length ?? 0) <= 1) return driver;
  const complete = driver.entries.map((entry) => completed(entry, [...driver.entries, ...(driver.parts ?? [])], dry));
  return { ...driver, entries: involved(withoutCovered(complete, dry), dry) };
}

/** An entry with those in front that leave behind what it needs, each of them complete itself. */
function completed(entry: DriverEntry, all: readonly DriverEntry[], dry: DryRuns, depth = 0): DriverEntry {
  let whole = entry;
  for (let round = 0; round < MOST_NEEDS && depth < DEEPEST_NEED; round++) {
    const units = new Set(whole.units);
    const found = needsOf(dry.of(whole), whole)
      .flatMap((need) => {
        const giver = giverOf(need, whole, all, units, dry);
        return giver === undefined ? [] : [{ giver, need }];
      })
      .at(0);
    if (found === undefined) return whole;
    const first = completed(found.giver, all, dry, depth + 1).units;
    const compiled = found.need.kind === "file" ? (found.need.compiled ?? []) : [];
    const left = compiled.map(({ script }) => script);
    whole = {
      ...whole,
      units: [...first, ...whole.units.filter((unit) => !first.includes(unit) && !left.includes(unit))],
      ...(compiled.length === 0 ? {} : { compiled: [...(whole.compiled ?? []), ...compiled.map(placeOf)] }),
    };
  }
  return whole;
}

/** What an entry asks for and does not find. */
type Need =
  | { readonly kind: "image"; readonly key: string }
  /** `compiled`: the commands of the host that may make it. */
  | { readonly kind: "file"; readonly path: string; readonly compiled?: readonly Visit[] };

function placeOf({ script, range }: Visit): { readonly source: ScriptText["source"]; readonly range: Visit["range"] } {
  return { source: script.source, range };
}

function needsOf(run: ScriptRun, entry: DriverEntry): readonly Need[] {
  const built = new Set(run.builds.map(({ id }) => id));
  const used = [
    ...effectsOf(run, "create").map(({ effect }) => effect.image),
    ...effectsOf(run, "image").flatMap(({ effect }) => (effect.verb === "rmi" ? [] : effect.images.slice(0, 1))),
    ...[...run.linked.values()].flatMap((linked) =>
      linked.document.stages.flatMap(({ from }, stage) => (linked.bases.has(stage) ? [] : [imageKey(from.image.text)])),
    ),
  ];
  const images = [...new Set(used)].filter((image) => !built.has(image)).map((key): Need => ({ kind: "image", key }));
  const missing = run.repeated.flatMap(missingSources);
  const written = new Set(run.visits.flatMap(({ effects }) => effects.flatMap(writtenBy)));
  const asked = (entry.needs ?? []).map(fromCheckout).filter((path) => !written.has(path));
  const files = [...new Set([...missing, ...asked])].flatMap((path): readonly Need[] => {
    const compiled = missing.includes(path) ? run.visits.filter((visit) => compilesIn(visit, posix.dirname(path))) : [];
    if (compiled.length === 0) return [{ kind: "file", path }];
    const scripts = new Set(compiled.map(({ script }) => script));
    const others = run.visits.filter((visit) => scripts.has(visit.script) && !compiled.includes(visit));
    return others.every(({ effects }) => effects.every(({ kind }) => kind === "plain"))
      ? [{ kind: "file", path, compiled }]
      : [];
  });
  return [...images, ...files];
}

/** The shortest entry that leaves something behind and has commands that do not run yet. */
function giverOf(
  need: Need,
  entry: DriverEntry,
  all: readonly DriverEntry[],
  units: ReadonlySet<ScriptText>,
  dry: DryRuns,
): DriverEntry | undefined {
  const givers = all.filter(
    (other) =>
      other.units.some((unit) => !units.has(unit)) && isPinnedLike(other, entry) && leaves(dry.of(other), other, need),
  );
  return givers.reduce<DriverEntry | undefined>(
    (best, one) => (best === undefined || lengthOf(one, dry) < lengthOf(best, dry) ? one : best),
    undefined,
  );
}

function lengthOf(entry: DriverEntry, dry: DryRuns): number {
  return dry.of(entry).visits.length;
}

function leaves(run: ScriptRun, entry: DriverEntry, need: Need): boolean {
  const end = run.ends.get(entry);
  if (end === undefined) return false;
  if (need.kind === "file") {
    const node = look(end.host, need.path);
    if (need.compiled !== undefined)
      return cameOutOfImage(node) && !isMaybe(node) && runsSame(need.compiled, node, run);
    return cameOutOfImage(node) && (!isMaybe(node) || mayBeMade(need.path, node, run));
  }
  return run.builds.some(({ id }) => id === end.images.get(need.key));
}

/**
 * Whether the container that a file came out of runs the very commands that make it on the host, such as `make build` in an image
 * with the sources: then it is the same file.
 */
function runsSame(compiled: readonly Visit[], node: HostNode, run: ScriptRun): boolean {
  const images = new Set(imagesAt(node));
  const inside = new Set(
    effectsOf(run, "derive").flatMap(({ effect: { build } }) =>
      images.has(build.id) ? (build.derived?.told?.places ?? []) : [],
    ),
  );
  return compiled.every((visit) => inside.has(visitPlace(visit)));
}

/** Whether a container that may have written a file is one whose commands make such files. */
function mayBeMade(path: string, node: HostNode, run: ScriptRun): boolean {
  const images = new Set(imagesAt(node));
  const derived = effectsOf(run, "derive").filter(({ effect }) => images.has(effect.build.id));
  return (
    derived.length === 0 ||
    derived.some(({ effect: { build } }) => {
      const told = build.derived?.told;
      return told === undefined || mayMake(path, told);
    })
  );
}

function cameOutOfImage(node: HostNode): boolean {
  if (!exists(node)) return false;
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].some(cameOutOfImage);
  return node.kind === "image" || node.kind === "archive" || (node.kind === "made" && node.image !== undefined);
}

/** Entries whose commands another entry runs too, in the same order or by starting them, say nothing of their own. */
function withoutCovered(entries: readonly DriverEntry[], dry: DryRuns): readonly DriverEntry[] {
  const covers = (other: DriverEntry, entry: DriverEntry): boolean =>
    isPinnedLike(entry, other) && (isPartOf(entry.units, other.units) || isStartedBy(entry, other, dry));
  return entries.filter((entry, index) =>
    entries.every((other, at) => at === index || !covers(other, entry) || (covers(entry, other) && index < at)),
  );
}

/** Whether what an entry takes variables to hold is what another one takes them to hold, too. */
function isPinnedLike({ pinned = new Map() }: DriverEntry, other: DriverEntry): boolean {
  return [...pinned].every(([name, value]) => {
    const held = other.pinned?.get(name);
    return held !== undefined && knownText(held) === knownText(value);
  });
}

/** Whether an entry starts everything of another one with a command, such as `make image`. */
function isStartedBy(entry: DriverEntry, other: DriverEntry, dry: DryRuns): boolean {
  const { visits } = dry.of(other);
  if (visits.every(({ script }) => other.units.includes(script))) return false;
  const places = new Set(visits.map(visitPlace));
  return dry.of(entry).visits.every((visit) => places.has(visitPlace(visit)));
}

function isPartOf(some: readonly ScriptText[], all: readonly ScriptText[]): boolean {
  let at = 0;
  for (const unit of all) if (unit === some[at]) at++;
  return at === some.length;
}

/** The entries that have to do with builds that are joined; all of them where none are. */
function involved(entries: readonly DriverEntry[], dry: DryRuns): readonly DriverEntry[] {
  const linked = new Map(entries.flatMap((entry) => [...dry.of(entry).linked]));
  const groups = buildGroups(withoutStrays(withoutIdle(linked)));
  const parts = groups.flatMap((group) => [...group.builders, ...group.finals]);
  if (parts.length === 0) return entries;
  const ids = new Set([...parts.map(({ build }) => build.id), ...parts.flatMap((part) => [...sourcesOf(part)])]);
  const tags = new Set(parts.flatMap(({ build }) => build.tags.map(({ key }) => key)));
  const isNamed = (key: string): boolean => ids.has(key) || tags.has(imageKey(key));
  return entries.filter((entry) => {
    const run = dry.of(entry);
    return (
      run.builds.some(({ id }) => ids.has(id)) ||
      effectsOf(run, "create").some(({ effect }) => isNamed(effect.image)) ||
      effectsOf(run, "image").some(({ effect }) => effect.names.some(isNamed))
    );
  });
}
