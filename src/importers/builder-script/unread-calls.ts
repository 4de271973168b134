/**
 * What a driver says about images and containers that is not followed, each with its place:
 *
 *     docker "$@"                              the caller decides what is done
 *     - uses: acme/docker-publish@v1           a step that no reader knows
 *     docker build -f "$FILE" .                only a run knows the Dockerfile
 *
 * In a setup it is said beside the rest. A driver that comes to no setup is silent about all else, so that these calls are said
 * by themselves: for all that is known they are one.
 */
import { type Diagnostic, Reporter } from "../../diagnostics/diagnostic.ts";
import type { Driver } from "../../drivers/driver.ts";
import type { Aside } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { callsEngine } from "../../shell/engine-text.ts";
import { dryRuns } from "./dry-runs.ts";
import { containsImage } from "./host-tree.ts";
import type { Piece } from "./injection.ts";
import { piecesOf } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, type Located, shortText, spanOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";
import { type Effect, type Visit, visitPlace } from "./trace.ts";

type Unread = Extract<Effect, { kind: "unread" }>;

/** Reports the calls that are not followed, of the entries that count and of those that do not. */
export function reportUnread(files: ProjectFiles, driver: Driver, run: ScriptRun, reporter: Reporter): void {
  for (const { visit, effect } of unreadIn(allRuns(files, driver, run))) {
    const span = spanOf(visit);
    const isRefused = ({ severity, span: at }: Diagnostic): boolean =>
      severity === "error" && at?.path === span.path && at.start === span.start;
    if (reporter.diagnostics.some(isRefused)) continue;
    if (effect.what === "source") reporter.report("source-outside", { path: effect.text }, span);
    else if (effect.reason === undefined) reporter.report("engine-call-unknown", { command: effect.text }, span);
    else reporter.report("engine-step-unread", { step: effect.text, reason: effect.reason }, span);
  }
  for (const { source, range, reason } of driver.unread ?? []) {
    const step = source.text.slice(range.start, range.end).replace(/\s+/g, " ").slice(0, 80);
    reporter.report("engine-step-unread", { step, reason }, { path: source.path, ...range });
  }
}

/** What is said of a driver that comes to no setup; `undefined` where all its calls were followed. */
export function unreadAside(files: ProjectFiles, driver: Driver, run: ScriptRun): Aside | undefined {
  if (!driver.runs) return undefined;
  const reporter = new Reporter();
  reportUnread(files, driver, run, reporter);
  const said = new Set<string>();
  for (const visit of allRuns(files, driver, run).flatMap(({ visits }) => visits)) {
    const reason = undecided(visit);
    if (reason === undefined || said.has(visitPlace(visit))) continue;
    said.add(visitPlace(visit));
    reporter.report("engine-step-unread", { step: shortText(visit), reason }, spanOf(visit));
  }
  reportTaken(run, reporter);
  reportProblems(driver, reporter);
  if (reporter.diagnostics.length === 0) reportUnmade(run, reporter);
  const diagnostics: readonly Diagnostic[] = reporter.diagnostics.filter(({ code }) => code !== "source-outside");
  return diagnostics.length === 0 ? undefined : { verdict: "aside", path: driver.source.path, diagnostics };
}

function unreadIn(runs: readonly ScriptRun[]): readonly Located<Unread>[] {
  const found = new Map<string, Located<Unread>>();
  for (const run of runs) {
    const asking = Math.max(-1, ...run.repeated.filter(asksInVain).map(({ build }) => build.step));
    for (const one of effectsOf(run, "unread")) {
      if (one.effect.onlyWrites === true && one.visit.step >= asking) continue;
      const key = `${visitPlace(one.visit)} ${one.effect.text}`;
      if (!found.has(key)) found.set(key, one);
    }
  }
  return [...found.values()];
}

/** Whether a build copies files that neither the checkout nor a command that is followed has put there. */
function asksInVain(linked: LinkedBuild): boolean {
  return piecesOf(linked).some(isUnmade);
}

/** Addresses at which a container of this machine answers. */
const OWN_ADDRESS = /\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)\b/;

/**
 * Says which command takes what a container prints, or serves, where a build comes later that may copy it: what `dd of=app` leaves
 * behind is not followed, and `COPY . .` takes it along without naming it.
 */
function reportTaken(run: ScriptRun, reporter: Reporter): void {
  const last = Math.max(-1, ...run.builds.map(({ step }) => step));
  const serving = effectsOf(run, "create").find(({ effect }) => effect.runs)?.visit.step ?? Number.POSITIVE_INFINITY;
  for (const { effect, visit } of effectsOf(run, "foreign")) {
    if (visit.step >= last) continue;
    const fetches = /^(?:curl|wget)$/.test(effect.name) && visit.step > serving && OWN_ADDRESS.test(shortText(visit));
    const takes = effect.reads.some(containsImage);
    if (!takes && !fetches) continue;
    const reason = takes ? "it gets files of an image" : "a container may serve what it fetches";
    reporter.report("engine-step-unread", { step: shortText(visit), reason }, spanOf(visit));
  }
}

/**
 * Says which file a build copies that nothing makes, where the script has other images or containers that it could come from: a
 * program that calls the engine by itself, or a way over the network, may be all that is missing.
 */
function reportUnmade(run: ScriptRun, reporter: Reporter): void {
  for (const linked of run.repeated) {
    const others = run.visits.some(({ effects, step }) =>
      effects.some(({ kind }) => kind === "create" || (kind === "build" && step !== linked.build.step)),
    );
    const source = linked.copies
      .flatMap((copy) => copy.sources)
      .find(({ injections }) => injections.some(({ pieces }) => pieces.some(isUnmade)));
    const visit = run.visits[linked.build.step];
    if (source === undefined || visit === undefined || !others || !asksInVain(linked)) continue;
    reporter.report("copy-source-unmade", { source: source.written, path: linked.build.file.path }, spanOf(visit));
    return;
  }
}

function isUnmade(piece: Piece): boolean {
  return piece.kind === "missing" || (piece.kind === "made" && piece.node.image === undefined);
}

function allRuns(files: ProjectFiles, driver: Driver, run: ScriptRun): readonly ScriptRun[] {
  const dry = dryRuns(files, driver);
  return [run, ...driver.entries.map((entry) => dry.of(entry))];
}

/** Why nobody but a real run can tell what a call does; `undefined` where it is followed. */
function undecided({ effects }: Visit): string | undefined {
  const isUnknown = effects.some(
    (effect) => effect.kind === "build" && effect.build.file.kind === "unknown" && effect.build.context !== undefined,
  );
  if (isUnknown) return "only a run knows which Dockerfile it builds";
  return effects.some(({ kind }) => kind === "obscure") ? "only a run knows the container or the paths" : undefined;
}

/** Commands that the shell would reject are not followed, nor is what stands behind them. */
function reportProblems({ entries }: Driver, reporter: Reporter): void {
  const units = new Set(entries.flatMap((entry) => entry.units));
  for (const { source, problems = [] } of units) {
    const [problem] = problems;
    if (problem === undefined || !callsEngine(source.text)) continue;
    reporter.report("commands-rejected", { problem: problem.message }, { path: source.path, ...problem.range });
    return;
  }
}
