/**
 * Entries whose Dockerfiles are named by a variable that nothing sets: one entry for each value that the checkout has files for.
 *
 *     docker build -f $(OS)/Dockerfile.build.$(OS) .      centos7/Dockerfile.build.centos7, rhel7/Dockerfile.build.rhel7:
 *     docker build -f $(OS)/Dockerfile.$(OS) .            the goal runs once with OS=centos7, and once with OS=rhel7
 *
 * A value counts where every such build of the entry then finds its file. The commands stay one text with its variables, so what
 * is decided for them has to hold for all values (dispositions.ts). Not decided here: which values are wanted
 * (variant-choice.ts), and whether one file would have to become several (variant-checks.ts).
 */
import type { Driver, DriverEntry } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { type HostPath, ROOT } from "../../text/paths.ts";
import type { DryRuns } from "./dry-runs.ts";
import { CHECKOUT, toCheckout } from "./host-tree.ts";
import type { ScriptRun } from "./run-script.ts";
import { type Build, visitPlace } from "./trace.ts";
import { absolutePath } from "./values.ts";

/** Values of variables, by name. */
export type Combination = ReadonlyMap<string, string>;

/** A `docker build` whose Dockerfile is named by variables, and which they are. */
export interface ChosenCall {
  readonly names: readonly string[];
  readonly because: Provenance;
}

/** A driver whose entries have values for such variables, and the calls by their places. */
export interface Variants {
  readonly driver: Driver;
  readonly calls: ReadonlyMap<string, ChosenCall>;
}

/** More of them are no list that people keep in mind, but a matrix. */
const MOST_COMBINATIONS = 24;
const MOST_ENTRIES = 400;

/** The driver with an entry for each combination of values; entries for which there is none are left as they are. */
export function variantsOf(files: ProjectFiles, driver: Driver, dry: DryRuns): Variants {
  const calls = new Map<string, ChosenCall>();
  const paths = new Paths(files);
  let made = 0;
  const expanded = (entry: DriverEntry): readonly DriverEntry[] => {
    const found = unknownBuilds(dry.of(entry));
    if (found.length === 0 || made > MOST_ENTRIES) return [entry];
    const own = combinations(found.map(({ build }) => paths.valuesFor(build)));
    const bound = own
      .map((values): DriverEntry => ({ ...entry, pinned: pins(values) }))
      .filter((one) => isComplete(dry.of(one), found));
    if (bound.length === 0) return [entry];
    made += bound.length;
    for (const { place, call } of found) calls.set(place, call);
    return bound;
  };
  const all = [...driver.entries, ...(driver.parts ?? [])];
  if (!all.some((entry) => takesOut(dry.of(entry)))) return { driver, calls };
  const whole = driver.entries.flatMap(expanded);
  const parts = driver.parts?.flatMap(expanded) ?? [];
  if (calls.size === 0) return { driver, calls };
  // A part may do with values with which all of its entry does not.
  const entries = [...whole, ...parts.filter(({ pinned }) => pinned !== undefined)];
  return { driver: { ...driver, entries, parts, chosen: new Set(calls.keys()) }, calls };
}

/** Whether files leave an image in a run; without that no Dockerfile is of interest here. */
function takesOut({ visits }: ScriptRun): boolean {
  return visits.some(({ effects }) => effects.some(({ kind }) => /^(?:create|extract|derive|obscure)$/.test(kind)));
}

function pins(values: Combination): ReadonlyMap<string, SymbolicValue> {
  return new Map([...values].map(([name, value]) => [name, text(value)]));
}

interface UnknownBuild {
  readonly build: Build;
  readonly place: string;
  readonly call: ChosenCall;
}

/** Builds whose Dockerfile is unknown, each place of the driver once. */
function unknownBuilds(run: ScriptRun): readonly UnknownBuild[] {
  const found = run.builds.flatMap((build): readonly (readonly [string, UnknownBuild])[] => {
    const visit = run.visits[build.step];
    const names = holesIn(build).flatMap((hole) => variableIn(hole) ?? []);
    if (visit === undefined || names.length === 0) return [];
    const range = build.call.options.findLast(({ name }) => name === "file")?.value?.range ?? visit.range;
    const place = visitPlace(visit);
    const because = provenance(visit.script.source, range);
    return [[place, { build, place, call: { names: [...new Set(names)], because } }]];
  });
  return [...new Map(found).values()];
}

const HOLE = /‹[^›]*›/g;

function holesIn({ file }: Build): readonly string[] {
  return file.kind === "unknown" ? [...(file.key ?? "").matchAll(HOLE)].map(([hole]) => hole) : [];
}

/** The name where a hole is a variable and nothing else; a placeholder such as `${{ matrix.os }}` is its own name. */
function variableIn(hole: string): string | undefined {
  const [, braced, bare, placeholder] = /^‹(?:\$\{(\w+)\}|\$(\w+)|(\$\{\{[^{}]*\}\}))›$/.exec(hole) ?? [];
  return braced ?? bare ?? placeholder;
}

/** Whether a run with values found all Dockerfiles, those that the values choose being no other build's. */
function isComplete(run: ScriptRun, chosen: readonly UnknownBuild[]): boolean {
  const places = new Map(run.builds.map((build) => [build, placeOf(run, build)] as const));
  const isChosen = (build: Build): boolean => chosen.some(({ place }) => place === places.get(build));
  const builds = run.builds.filter(isChosen);
  const pathOf = ({ file }: Build): HostPath | undefined => (file.kind === "found" ? file.path : undefined);
  return builds.every(
    (build) =>
      build.file.kind === "found" &&
      run.builds.every((other) => places.get(other) === places.get(build) || pathOf(other) !== pathOf(build)),
  );
}

function placeOf(run: ScriptRun, { step }: Build): string | undefined {
  const visit = run.visits[step];
  return visit && visitPlace(visit);
}

// ---- values

/** Files that are named like a Dockerfile and are none. */
const BESIDE = /\.(?:dockerignore|md|txt|bak|orig|swp|j2|tmpl|template|tpl|in)$/i;
/** Variables that hold where a tree is, not which part of it is meant. */
const PLACE = /(?:root|home|path|pwd|cwd|workspace|top|src|repo|dir|directory|folder)\d*$/i;

/** The files of a project, as what a name with variables may stand for. */
class Paths {
  readonly #all: readonly string[];

  constructor(files: ProjectFiles) {
    this.#all = [...files.walk(ROOT)].filter((path) => !BESIDE.test(path));
  }

  /** The values with which a build finds a file; none where its name has parts that are no variable. */
  valuesFor(build: Build): readonly Combination[] {
    const known = build.file.kind === "unknown" ? (build.file.key ?? "") : "";
    const key = known.replace(/^\/(?=‹)/, "");
    const holes = holesIn(build);
    const names = holes.flatMap((hole) => variableIn(hole) ?? []);
    const told = key.replaceAll(HOLE, "").replace(CHECKOUT, "");
    if (names.length < holes.length || !/\w/.test(told) || startsAtPlace(key, names)) return [];
    const absolute = key.startsWith("/") ? key : absolutePath(build.cwd, `./${key}`);
    const root = toCheckout(absolute);
    if (root === undefined) return [];
    const pattern = patternOf(root);
    return this.#all.flatMap((path) => {
      const match = pattern.exec(path);
      return match === null ? [] : [new Map([...new Set(names)].map((name, at) => [name, match[at + 1] ?? ""]))];
    });
  }
}

/** `$ROOT/Dockerfile`: such a variable names the checkout more often than a directory in it. */
function startsAtPlace(key: string, names: readonly string[]): boolean {
  const [first = ""] = names;
  return key.startsWith("‹") && PLACE.test(first) && !names.slice(1).includes(first);
}

/** A path with holes as a pattern, with one group for each name in the order in which they come. */
function patternOf(path: string): RegExp {
  const seen: string[] = [];
  const parts = path.split(/(‹[^›]*›)/).map((part) => {
    const name = variableIn(part);
    if (name === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    if (seen.includes(name)) return `\\${seen.indexOf(name) + 1}`;
    seen.push(name);
    return "([\\w.+@-]+?)";
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** All combinations of the values of each variable; where these are too many, those that every build has a file for. */
function combinations(calls: readonly (readonly Combination[])[]): readonly Combination[] {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of calls.flat(1).flatMap((one) => [...one])) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  const lists = [...values].map(([name, set]) => [...set].sort().map((value) => new Map([[name, value]])));
  const all = joined(lists);
  const most = all.length <= MOST_COMBINATIONS ? all : joined(calls);
  return most.length <= MOST_COMBINATIONS && values.size > 0 ? most : [];
}

/** Combinations that take one of each list and do not contradict themselves. */
function joined(lists: readonly (readonly Combination[])[]): readonly Combination[] {
  let found: readonly Combination[] = [new Map()];
  for (const list of lists) {
    if (found.length > 20 * MOST_COMBINATIONS) return found;
    const next = found.flatMap((one) => list.filter((other) => agrees(one, other)).map((other) => [...one, ...other]));
    found = [...new Map(next.map((entries) => [JSON.stringify(entries), new Map(entries)])).values()];
  }
  return found;
}

function agrees(one: Combination, other: Combination): boolean {
  return [...other].every(([name, value]) => !one.has(name) || one.get(name) === value);
}
