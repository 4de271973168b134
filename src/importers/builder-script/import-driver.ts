/**
 * Imports a driver that may be a builder setup: runs it symbolically, recognises the hand-overs, and plans one build.
 *
 *     build.sh      the verdict "plan" with the joined Dockerfile, or "refused" with the reason
 *     deploy.sh     undefined: it hands nothing from one build to another
 *
 * What is not decided here: which files are worth the reading (import.ts). The command line loads this file when one is.
 */
import { Reporter, sentence } from "../../diagnostics/diagnostic.ts";
import type { Driver } from "../../drivers/driver.ts";
import { type Answers, DecisionLog } from "../../model/decision.ts";
import type { Aside, ImportResult, Plan, Setup, SetupSource } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { checkNetwork } from "./hand-overs.ts";
import { checkHostChanges } from "./host-changes.ts";
import type { LinkedBuild } from "./links.ts";
import { checkRun } from "./obstacles.ts";
import { planSetup } from "./plan-setup.ts";
import { type Recognized, recognize } from "./recognize.ts";
import type { ScriptRun } from "./run-script.ts";
import { sourcesOf as imagesInto } from "./setup-graph.ts";
import { reportUnread, unreadAside } from "./unread-calls.ts";
import { checkVariants } from "./variant-checks.ts";
import { runEntries } from "./variant-choice.ts";
import { checkWindows } from "./windows-containers.ts";

/** The setup that a file drives; `undefined` where it is none. */
export function importDriver(
  files: ProjectFiles,
  path: HostPath,
  driver: Driver,
  options: { readonly answers: Answers; readonly companions?: readonly HostPath[] },
): ImportResult | Aside | undefined {
  const id = `builder-script:${path}`;
  const reporter = new Reporter();
  const decisions = new DecisionLog(id, options.answers);
  const run = runEntries(files, driver, { reporter, decisions });
  const recognized = recognize(files, run, { reporter, decisions, setup: id });
  // What a text says beside its commands, such as how to take a file out by hand, is no setup.
  if (recognized === undefined || (!driver.runs && recognized.groups.length === 0))
    return unreadAside(files, driver, run);
  checkWindows(recognized, reporter);
  checkNetwork(files, recognized, reporter);
  if (!reporter.failed) checkRun(recognized, reporter);
  if (!reporter.failed) checkVariants(recognized, reporter);
  if (!reporter.failed) checkHostChanges(files, recognized, reporter);
  reportUnread(files, driver, recognized.run, reporter);
  const { companions = [] } = options;
  const plan = reporter.failed
    ? undefined
    : planSetup(files, recognized, { reporter, decisions, setup: id, companions });
  const setup: Setup = { id, kind: "builder-script", sources: sourcesOf(path, recognized, plan) };
  const base = {
    setup,
    diagnostics: reporter.diagnostics,
    decisions: decisions.decisions,
    unusedAnswers: decisions.unused,
  };
  if (plan === undefined || reporter.failed) {
    const error = reporter.diagnostics.find((one) => one.severity === "error");
    return { ...base, verdict: "refused", summary: sentence(error?.message ?? "the builds cannot be joined") };
  }
  return { ...base, verdict: "plan", plan, summary: summaryOf(plan) };
}

function sourcesOf(path: HostPath, recognized: Recognized, plan: Plan | undefined): readonly SetupSource[] {
  const { run } = recognized;
  const apart = plan === undefined ? new Set() : unconcerned(recognized, plan);
  const dockerfiles = recognized.dockerfiles.filter((file) => !apart.has(file));
  const edited = plan?.callerEdits.map((edit) => edit.path) ?? [];
  const known = new Set([path, ...calledScripts(path, run)]);
  const callers = [...new Set(edited)].filter((caller) => !known.has(caller));
  const ignoreFiles = plan?.files.map((file) => file.path) ?? [];
  return [
    { path, role: "driver" },
    ...calledScripts(path, run).map((file) => ({ path: file, role: "caller" }) as const),
    ...dockerfiles.map((file) => ({ path: file, role: "dockerfile" }) as const),
    ...ignoreFiles.map((file) => ({ path: file, role: "ignore-file" }) as const),
    ...callers.map((file) => ({ path: file, role: "caller" }) as const),
  ];
}

/**
 * Dockerfiles that the driver builds beside those that are joined, and that give and take nothing: for them the driver is a
 * caller like any other, before the migration as well as after it.
 */
function unconcerned({ groups, linked, extractions }: Recognized, plan: Plan): ReadonlySet<HostPath> {
  const parts = new Set(groups.flatMap((group) => [...group.builders, ...group.finals]));
  const taken = new Set(extractions.map(({ effect }) => effect.image));
  const others = [...linked.values()].filter((one) => !parts.has(one));
  const concerned = new Set([
    ...[...parts, ...others.filter((one) => taken.has(one.build.id) || imagesInto(one).size > 0)].map(pathOf),
    ...plan.dockerfiles.map(({ path }) => path),
  ]);
  return new Set(others.map(pathOf).filter((path) => !concerned.has(path)));
}

function pathOf({ build }: LinkedBuild): HostPath {
  return build.file.path;
}

/** Other scripts that the driver runs, and that have a part in the builds. */
function calledScripts(path: HostPath, { visits }: ScriptRun): readonly HostPath[] {
  const taking = visits.filter(({ effects }) =>
    effects.some(({ kind }) => kind === "build" || kind === "create" || kind === "extract"),
  );
  return [...new Set(taking.map(({ script }) => script.source.path))].filter((other) => other !== path).sort();
}

function summaryOf({ dockerfiles }: Plan): string {
  const files = dockerfiles.map((planned) => `"${planned.path}"`).join(", ");
  const stages = dockerfiles.reduce((count, planned) => count + planned.stages.length, 0);
  return `Builds that hand files over through the host become ${stages} stages in ${files}.`;
}
