/**
 * What the joining of the builds comes to for the commands of the script.
 *
 *     docker cp b:/out/app ./app       carried: a build that was joined takes app from its stage now
 *     docker cp b:/out/notes ./notes   nothing copies notes, so that the builder is still built
 *
 * What is not decided here: what becomes of each command (dispositions.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { JoinOutcome } from "./dispositions.ts";
import { elsewhereCalls } from "./elsewhere-calls.ts";
import type { Step } from "./host-tree.ts";
import { readOnHost } from "./host-uses.ts";
import type { Joined } from "./join.ts";
import { callThatStays } from "./kept-calls.ts";
import { checkKeptExtractions } from "./kept-extractions.ts";
import type { LinkedBuild } from "./links.ts";
import { shortText, spanOf } from "./located.ts";
import { planExports } from "./plan-exports.ts";
import type { Recognized } from "./recognize.ts";
import { withRepeats } from "./repeated-visits.ts";
import { returnedImages } from "./saved-images.ts";
import { type BuildGroup, carriedSteps, sourcesOf } from "./setup-graph.ts";
import { firstImage } from "./stage-changes.ts";
import { unstagedSteps } from "./staged-files.ts";
import type { Visit } from "./trace.ts";
import { passedThrough } from "./visited-directories.ts";

/** What was joined and what stays, from which the dispositions of the commands follow. */
export function outcomeOf(
  files: ProjectFiles,
  recognized: Recognized,
  joined: readonly Joined[],
  kept: ReadonlySet<string>,
  reporter: Reporter,
): JoinOutcome {
  const { run, groups } = recognized;
  const builders = new Map(
    groups.flatMap((group) => group.builders.map((linked) => [linked.build.id, linked] as const)),
  );
  const { steps: exported, calls: exportCalls } = planExports(joined, run.visits, kept, reporter);
  const carried = new Set(withRepeats(run.visits, carriedByAll(run, groups)));
  for (const step of withRepeats(run.visits, recognized.changes.done)) carried.add(step);
  for (const step of returnedSteps(run.visits, builders, kept)) carried.add(step);
  const hostSteps = withRepeats(run.visits, new Set(stillRead(recognized, carried, exported, reporter)));
  for (const step of hostSteps) carried.delete(step);
  checkKeptExtractions(files, recognized, hostSteps, reporter);
  const stillBuilt = new Set([...uncopied(recognized, { builders, carried, exported }, reporter), ...kept]);
  const sources = new Map(run.visits.map((visit) => [visit.script.source.path, visit.script.source]));
  return {
    builders,
    finals: new Set(groups.flatMap((group) => group.finals.map(({ build }) => build.id))),
    sources: new Set([
      ...groups.flatMap((group) => [...group.builders, ...group.finals]).flatMap((linked) => [...sourcesOf(linked)]),
      ...groups.flatMap((group) => group.exports.map(({ source }) => source.build.id)),
    ]),
    stillBuilt,
    carried,
    exported,
    exportCalls,
    remade: elsewhereCalls(recognized, joined, kept, reporter),
    kept: hostSteps,
    unstaged: unstagedSteps(recognized),
    passed: passedThrough(run.visits, (step) => carried.has(step)),
    editsOf: (visit, id) =>
      callThatStays(files, visit, id, joined, sources.get(visit.script.source.path) ?? run.source, reporter),
  };
}

/** What builders that are not images of their own any more went through, to come back as they were. */
function returnedSteps(
  visits: readonly Visit[],
  builders: ReadonlyMap<string, LinkedBuild>,
  kept: ReadonlySet<string>,
): readonly Step[] {
  return [...returnedImages(visits)].flatMap(([save, through]) => {
    const images = visits[save]?.effects.flatMap((effect) => (effect.kind === "image" ? effect.images : [])) ?? [];
    return images.every((image) => builders.has(image) && !kept.has(image)) ? through : [];
  });
}

/** Extractions whose files a command on the host reads too, so that they stay, or are exported. */
function stillRead(
  recognized: Recognized,
  carried: ReadonlySet<Step>,
  exported: ReadonlySet<Step>,
  reporter: Reporter,
): readonly Step[] {
  const builders = new Set(recognized.groups.flatMap((group) => group.builders.map(({ build }) => build.id)));
  return readOnHost(recognized.run, carried, builders).flatMap(({ steps, visit, node }) => {
    const taken = recognized.extractions.find((extraction) => steps.includes(extraction.visit.step));
    const told = reporter.diagnostics.some(
      ({ code, span }) => code === "artifact-kept-on-host" && span?.start === visit.range.start,
    );
    const path = taken === undefined ? firstImage(node)?.path : taken.effect.from;
    const stays = taken === undefined ? steps.length > 0 : !exported.has(taken.visit.step);
    if (path !== undefined && stays && !told)
      reporter.report("artifact-kept-on-host", { path, command: shortText(visit) }, spanOf(visit));
    return steps;
  });
}

/** Says which extractions nothing copies; the image that they come from is still built. */
function uncopied(
  { extractions }: Recognized,
  outcome: Pick<JoinOutcome, "builders" | "carried" | "exported">,
  reporter: Reporter,
): readonly string[] {
  const images: string[] = [];
  for (const { effect, visit } of extractions) {
    const gone = outcome.carried.has(visit.step) || outcome.exported.has(visit.step);
    if (!outcome.builders.has(effect.image) || gone) continue;
    images.push(...withBases(effect.image, outcome.builders));
    const told = reporter.diagnostics.some(
      ({ code, span }) =>
        code === "artifact-kept-on-host" || (code === "artifact-uncopied" && span?.start === visit.range.start),
    );
    if (!told) reporter.report("artifact-uncopied", { path: effect.from }, spanOf(visit));
  }
  return images;
}

/** An image, and for one that a container left what the container was made from. */
function withBases(image: string, builders: ReadonlyMap<string, LinkedBuild>): readonly string[] {
  const base = builders.get(image)?.build.derived?.base;
  return base === undefined || base === image ? [image] : [image, ...withBases(base, builders)];
}

/** Commands through which a path went into a build that is joined, each time that the build runs. */
export function carriedByAll(run: Recognized["run"], groups: readonly BuildGroup[]): ReadonlySet<Step> {
  const parts = groups.flatMap((group) => [...group.builders, ...group.finals]);
  const ids = new Set(parts.map(({ build }) => build.id));
  return carriedSteps([...parts, ...run.repeated.filter(({ build }) => ids.has(build.id))]);
}
