/**
 * Which of the values are taken that choose the Dockerfiles of a setup.
 *
 *     -f $(OS)/Dockerfile.$(OS)       centos7/ and rhel7/ in the checkout: a decision "variable:OS", all of them unless answered
 *                                     only centos7/: taken, and said
 *
 * Variables that only choose files which no hand-over is about are not asked for. Not decided here: which values there are
 * (variants.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Driver, DriverEntry } from "../../drivers/driver.ts";
import type { DecisionLog, DecisionOption } from "../../model/decision.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { knownText } from "../../shell/symbolic.ts";
import { dryRuns } from "./dry-runs.ts";
import { withCompleteEntries } from "./entry-order.ts";
import { runDriver, type ScriptRun } from "./run-script.ts";
import { buildGroups, withoutIdle, withoutStrays } from "./setup-graph.ts";
import { visitPlace } from "./trace.ts";
import { type ChosenCall, type Variants, variantsOf } from "./variants.ts";

/** The answer that takes every value. */
const ALL = "all";

/** Runs the entries of a driver that count, for each of the values that are wanted. */
export function runEntries(
  files: ProjectFiles,
  driver: Driver,
  world: { readonly reporter: Reporter; readonly decisions: DecisionLog },
): ScriptRun {
  const dry = dryRuns(files, driver);
  const variants = variantsOf(files, driver, dry);
  const complete = withCompleteEntries(variants.driver, dry);
  const [only, ...more] = complete.entries;
  if (only !== undefined && more.length === 0 && variants.calls.size === 0) return dry.of(only);
  const run = runDriver(files, complete);
  const wanted = [...variables(run, variants)].flatMap(([name, calls]) => {
    const values = valuesOf(complete.entries, name);
    const value = choose(name, values, calls, world);
    return value === undefined ? [] : [{ name, value }];
  });
  if (wanted.length === 0) return run;
  const fits = (entry: DriverEntry): boolean =>
    wanted.every(({ name, value }) => entry.pinned?.has(name) !== true || valueIn(entry, name) === value);
  return runDriver(files, withCompleteEntries({ ...variants.driver, ...limited(variants.driver, fits) }, dry));
}

function limited({ entries, parts }: Driver, fits: (entry: DriverEntry) => boolean): Pick<Driver, "entries" | "parts"> {
  return { entries: entries.filter(fits), ...(parts === undefined ? {} : { parts: parts.filter(fits) }) };
}

function valueIn({ pinned }: DriverEntry, name: string): string | undefined {
  const value = pinned?.get(name);
  return value && knownText(value);
}

function valuesOf(entries: readonly DriverEntry[], name: string): readonly string[] {
  return [...new Set(entries.flatMap((entry) => valueIn(entry, name) ?? []))].sort();
}

/** The variables that choose a Dockerfile which is to be joined, with the calls that they do it in. */
function variables(run: ScriptRun, { calls }: Variants): ReadonlyMap<string, readonly ChosenCall[]> {
  const found = new Map<string, Set<ChosenCall>>();
  const groups = calls.size === 0 ? [] : buildGroups(withoutStrays(withoutIdle(run.linked)));
  const ids = new Set(groups.flatMap((group) => [...group.builders, ...group.finals]).map(({ build }) => build.id));
  for (const build of run.builds) {
    const visit = run.visits[build.step];
    const call = visit && ids.has(build.id) ? calls.get(visitPlace(visit)) : undefined;
    for (const name of call?.names ?? [])
      if (call !== undefined) found.set(name, (found.get(name) ?? new Set()).add(call));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, set]) => [name, [...set]]));
}

/** The one value that is wanted of a variable; `undefined` where all are, or there is only one. */
function choose(
  name: string,
  values: readonly string[],
  calls: readonly ChosenCall[],
  { reporter, decisions }: { readonly reporter: Reporter; readonly decisions: DecisionLog },
): string | undefined {
  const [first, ...others] = values;
  const span = calls[0]?.because.span;
  if (first === undefined) return undefined;
  if (others.length === 0) {
    reporter.report("variable-assumed", { name: written(name), value: first }, span);
    return undefined;
  }
  const chosen = decisions.decide({
    id: `variable:${name}`,
    question: `Which values of "${written(name)}" are built?`,
    options: [{ value: ALL, label: "all of them", consequence: allOf(values) }, ...values.map(optionOf)],
    recommended: ALL,
    confidence: "likely",
    because: calls.map(({ because }) => because),
  });
  if (chosen === ALL) return undefined;
  const left = values.filter((value) => value !== chosen).join(", ");
  reporter.report("variable-values-left", { name: written(name), value: chosen, left }, span);
  return chosen;
}

function written(name: string): string {
  return /^\w+$/.test(name) ? `$${name}` : name;
}

function allOf(values: readonly string[]): string {
  return `The Dockerfiles for each of ${values.map((value) => `"${value}"`).join(", ")} are joined.`;
}

function optionOf(value: string): DecisionOption {
  return {
    value,
    label: `"${value}" alone`,
    consequence: "The Dockerfiles for other values stay as they are, and the commands no longer serve them.",
  };
}
