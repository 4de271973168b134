/**
 * Imports a script that builds one image, takes files out of it, and builds a second one around them.
 *
 *     docker build -f Dockerfile.build -t app:build .
 *     docker create --name x app:build
 *     docker cp x:/app/dist ./dist                      one Dockerfile with the stages "builder" and "production",
 *     docker rm -f x                                    and a script with the last line alone
 *     docker build -f Dockerfile.prod -t app .
 *
 * The script is read, never run. `undefined`: it is no such setup. What is left alone: containers that are run to compile, bind
 * mounts, `docker run … > file`, and contexts on standard input, all of which are refused by name.
 */
import { Reporter, sentence } from "../../diagnostics/diagnostic.ts";
import { driverReader, readDriver } from "../../drivers/registry.ts";
import { type Answers, DecisionLog } from "../../model/decision.ts";
import type { Aside, ImportResult, Plan, Setup, SetupSource } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
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

/** Words that every such script has; saves the walk over all others. */
const LIKELY =
  /\b(?:build|bud)\b[\s\S]*\b(?:build|bud|cp|run|create|export)\b|\b(?:cp|run|create|export)\b[\s\S]*\b(?:build|bud)\b/;

/** A script that may call an engine in a way that is not followed, which is then said. */
const CALLS_ENGINE = /\b(?:docker|podman|nerdctl|buildah|kaniko|buildctl)\b/i;

/** A script that may call others, which then do it. */
const CALLS = /\.(?:sh|bash)\b|^\s*(?:\.|source|exec|sh|bash)\s|^\s*"?[\w${}./-]*\//m;

export function importBuilderScript(
  files: ProjectFiles,
  path: HostPath,
  options: { readonly answers: Answers; readonly companions?: readonly HostPath[] },
): ImportResult | Aside | undefined {
  const read = files.read(path);
  // Files of other kinds may have their commands in files that they include.
  const likely =
    read.ok &&
    (driverReader(path) !== undefined ||
      LIKELY.test(read.text) ||
      CALLS.test(read.text) ||
      CALLS_ENGINE.test(read.text));
  if (!likely) return undefined;
  const driver = readDriver(files, sourceFile(path, read.text));
  if (driver === undefined) return undefined;
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
