/**
 * The plan for a recognised setup: joined Dockerfiles, the script's edits, and the files that go.
 *
 *     Dockerfile            the builder's stages and the final's        build.sh      one docker build
 *     Dockerfile.build      removed, unless something else names it     .dockerignore where contexts were joined
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { DroppedInstruction, Plan, PlannedFile, PlannedRemoval, StageStep } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import type { HostPath } from "../../text/paths.ts";
import { sayCaches, sayFetches, sayHostCaches } from "./build-cache.ts";
import { movedOptions } from "./build-call.ts";
import { buildRecipe } from "./build-recipe.ts";
import { checkComposed } from "./composed-finals.ts";
import { deadVariables } from "./dead-variables.ts";
import { servedRunning, servedVolumes } from "./derived-stages.ts";
import { type JoinOutcome, writtenBy } from "./dispositions.ts";
import { editScripts } from "./edited-scripts.ts";
import { type GoneFiles, isPinned, mentionEdits } from "./file-mentions.ts";
import { sayHostFiles } from "./hand-overs.ts";
import { sayLeftovers } from "./host-leftovers.ts";
import { look, toCheckout } from "./host-tree.ts";
import { ignoredParts } from "./ignored-artifacts.ts";
import { copiedFile } from "./image-files.ts";
import { type Joined, joinGroup } from "./join.ts";
import { carriedByAll, outcomeOf } from "./join-outcome.ts";
import { keptImages } from "./kept-images.ts";
import type { LinkedBuild } from "./links.ts";
import { checkBaseTags } from "./local-bases.ts";
import type { ImportWorld } from "./located.ts";
import { likelyAtBest, mentionCommands } from "./mentioned.ts";
import { checkOnbuild } from "./onbuild-bases.ts";
import { planOtherCallers, startedElsewhere } from "./other-callers/plan-other-callers.ts";
import { isBuiltPlainly } from "./plain-builds.ts";
import type { Recognized } from "./recognize.ts";
import { referencesTo } from "./references.ts";
import { withRepeats } from "./repeated-visits.ts";
import type { BuildGroup } from "./setup-graph.ts";
import { checkSharedScripts } from "./shared-scripts.ts";
import { changeSteps } from "./stage-changes.ts";
import { hasOwnFile } from "./trace.ts";

/** What is said of the old dance where a part of it stays. */
const STAYS: ReadonlySet<string> = new Set(["artifact-kept-on-host", "artifact-uncopied", "file-from-host"]);

/** The plan, or `undefined` where something speaks against it, which is then reported. */
export function planSetup(files: ProjectFiles, recognized: Recognized, world: ImportWorld): Plan | undefined {
  const { run, groups } = recognized;
  const { reporter } = world;
  const companions = world.companions ?? [];
  const scripts = new Set([...run.visits.map((visit) => visit.script.source.path), ...companions]);
  const kept = keptImages(files, recognized, world);
  const builders = groups.flatMap((group) => group.builders.map(({ build }) => build));
  const started = startedElsewhere(files, new Set(builders.map(({ file }) => file.path)), scripts);
  const isKept = ({ build }: LinkedBuild): boolean => kept.has(build.id) || started.has(build.file.path);
  for (const group of groups) checkSharedScripts(files, group, { visits: run.visits, scripts: [...scripts], reporter });
  const joined = groups.flatMap((group) => {
    const one = joinGroup(group, {
      ...world,
      files,
      visits: run.visits,
      extra: (linked) => [
        ...changeSteps(recognized.changes, linked),
        ...ignoredSteps(files, group, linked.build.id, reporter),
      ],
      dropped: (group) => droppedInstructions(group, recognized, isKept),
      isReferred: (path) => referencesTo(files, path, [...scripts]).length > 0,
      isKept,
      isShipped: (linked) => {
        const { id, file } = linked.build;
        const named = referencesTo(files, file.path, [...scripts, file.path]).length > 0;
        return kept.has(id) || named || isBuiltPlainly(files, linked, run);
      },
    });
    return one === undefined ? [] : [one];
  });
  checkBaseTags(
    groups.flatMap((group) => [...group.builders, ...group.finals]),
    reporter,
  );
  for (const one of joined) checkOnbuild(one, reporter);
  if (reporter.failed || joined.length < groups.length) return undefined;
  const outcome = outcomeOf(files, recognized, joined, kept, reporter);
  if (reporter.failed) return undefined;
  const told = !run.driver.runs;
  const others = planOtherCallers({
    files,
    joined,
    drivers: scripts,
    optionsOf: (final) => optionsFor(final, joined),
    reporter,
  });
  checkComposed(joined, others, run.visits, reporter);
  const removals = removedFiles(joined, recognized, { keptFor: others.keptFor, ...outcome }, reporter);
  const gone = { replaced: replacements(removals, joined), artifacts: goneArtifacts(recognized, outcome) };
  const mentioned = mentionEdits(files, run.driver, gone, reporter);
  const own = [...editScripts(recognized, outcome, reporter), ...mentioned];
  if (told) mentionCommands(run, own, outcome.finals, reporter);
  if (reporter.failed) return undefined;
  sayCaches(recognized, joined, outcome.stillBuilt, reporter);
  sayFetches(recognized, joined, reporter);
  sayHostCaches(recognized, joined, reporter);
  sayHostFiles(recognized, reporter);
  sayLeftovers(files, recognized, joined, outcome.carried, world);
  const edits = [...own, ...deadVariables(recognized, own)];
  return {
    dockerfiles: joined.map(({ dockerfile }) => (told ? likelyAtBest(dockerfile) : dockerfile)),
    callerEdits: [...(told ? [] : edits), ...others.edits],
    files: joined.flatMap((one) => ignoreFiles(one)),
    removals,
    dropped: joined.flatMap((one) => one.dropped),
    partial: reporter.diagnostics.some(({ code }) => STAYS.has(code)),
    recipe: buildRecipe(recognized, joined),
  };
}

/** The removed files, each with the joined one that its instructions are in now. */
function replacements(removals: readonly PlannedRemoval[], joined: readonly Joined[]): ReadonlyMap<HostPath, HostPath> {
  return new Map(
    joined.flatMap(({ group, dockerfile }) =>
      [...group.builders, ...group.finals]
        .map(({ build }) => build.file.path)
        .filter((path) => removals.some((removal) => removal.path === path))
        .map((path) => [path, dockerfile.path] as const),
    ),
  );
}

/** Files that went over the host and do not any more. */
function goneArtifacts({ run }: Recognized, { carried }: JoinOutcome): GoneFiles["artifacts"] {
  const effects = [...carried].flatMap((step) => run.visits[step]?.effects ?? []);
  const mounts = effects.flatMap((effect) =>
    effect.kind === "derive" ? (effect.build.derived?.mounts ?? []).filter(({ readOnly }) => !readOnly) : [],
  );
  return {
    known: new Set(effects.flatMap(writtenBy).flatMap((path) => toCheckout(path) ?? [])),
    folders: [...new Set(mounts.flatMap(({ source }) => toCheckout(source) ?? []))],
  };
}

/** Instructions of builders that only served the hand-over; images that are still run keep theirs. */
function droppedInstructions(
  group: BuildGroup,
  { run, changes }: Recognized,
  isKept: (linked: LinkedBuild) => boolean,
): readonly DroppedInstruction[] {
  const taken = group.exports.flatMap(({ extractions }) => extractions.map(({ visit }) => visit.step));
  const carried = withRepeats(run.visits, new Set([...carriedByAll(run, [group]), ...taken]));
  const replaced = group.builders.filter((linked) => !isKept(linked));
  const running = replaced.flatMap((linked) =>
    servedRunning(linked, run.visits, (step) => carried.has(step)).map((instruction) => ({
      source: { document: linked.document, instruction },
      reason: "it only said what the builder's container runs, and no container is run any more.",
      because: [provenance(linked.document.source, instruction.range)],
      confidence: "certain" as const,
    })),
  );
  const builds = [...group.builders, ...group.finals];
  const volumes = group.builders.flatMap((linked) =>
    (isKept(linked) ? [] : servedVolumes(linked, builds, changes)).map((instruction) => ({
      source: { document: linked.document, instruction },
      reason: "its containers wrote there; the classic builder throws away what RUN writes to a volume.",
      because: [provenance(linked.document.source, instruction.range)],
      confidence: "certain" as const,
    })),
  );
  const carrying = group.finals.flatMap(({ build }) => {
    const node =
      build.streamed === true && build.fileInContext !== undefined ? look(build.host, build.fileInContext) : undefined;
    const builder = node?.kind === "image" ? group.builders.find((one) => one.build.id === node.image) : undefined;
    const copied = node?.kind === "image" ? copiedFile(builder?.build, node.path) : undefined;
    if (builder === undefined || copied === undefined || !copied.alone) return [];
    return [
      {
        source: { document: builder.document, instruction: copied.instruction },
        reason: "it only carried the final image's Dockerfile into the next build.",
        because: [provenance(builder.document.source, copied.instruction.range)],
        confidence: "certain" as const,
      },
    ];
  });
  return [...running, ...volumes, ...carrying];
}

/** What the ignore rules kept out of artifacts, removed in the stage that they come from now. */
function ignoredSteps(files: ProjectFiles, group: BuildGroup, image: string, reporter: Reporter): readonly StageStep[] {
  const builder = group.builders.find((linked) => linked.build.id === image);
  const parts = builder === undefined ? [] : group.finals.flatMap((final) => ignoredParts(files, final, builder));
  for (const { patterns, path, step } of parts) {
    reporter.report("ignored-inside-artifact", { patterns: patterns.join(" "), path }, step.because[0]?.span);
  }
  return [...new Map(parts.map(({ step }) => [JSON.stringify(step), step])).values()];
}

/** What a call has to hand over that builds a final with the stages it needs. */
function optionsFor(final: LinkedBuild, joined: readonly Joined[]): readonly string[] {
  const one = joined.find(({ group }) => group.finals.includes(final));
  const moved = movedOptions(final, one?.group.builders ?? [], one?.renames ?? new Map());
  return "options" in moved ? moved.options : [];
}

function ignoreFiles({ context, group }: Joined): readonly PlannedFile[] {
  if (context.ignoreFile === undefined) return [];
  const { path, text } = context.ignoreFile;
  const because = group.finals.map((linked) => provenance(linked.document.source, { start: 0, end: 0 }));
  return [
    {
      path,
      text,
      reason: "The builds had an ignore file each; the one build that remains has one.",
      because,
      confidence: "certain",
    },
  ];
}

/** Dockerfiles that are stages now go, unless another file of the repository or a build that stays names them. */
function removedFiles(
  joined: readonly Joined[],
  { run, linked }: Recognized,
  { keptFor, stillBuilt }: { keptFor: ReadonlyMap<HostPath, HostPath> } & Pick<JoinOutcome, "stillBuilt">,
  reporter: Reporter,
): readonly PlannedRemoval[] {
  const results = new Set(joined.map((one) => one.dockerfile.path));
  const parts = joined.flatMap(({ group }) => [...group.builders, ...group.finals]);
  const staysApart = (one: LinkedBuild): boolean =>
    stillBuilt.has(one.build.id) && parts.indexOf(one) !== parts.lastIndexOf(one);
  const others = [...linked.values()]
    .filter((build) => (!parts.includes(build) && hasOwnFile(build.build)) || staysApart(build))
    .map((build) => build.build.file.path);
  const removals: PlannedRemoval[] = [];
  for (const build of parts) {
    const path = build.build.file.path;
    if (
      !hasOwnFile(build.build) ||
      results.has(path) ||
      others.includes(path) ||
      removals.some((removal) => removal.path === path)
    )
      continue;
    const ownBuild = run.builds.some(({ id }) => id === build.build.id);
    const pinned = isPinned(run.driver, path) ? run.source.path : undefined;
    const by = ownBuild ? (pinned ?? keptFor.get(path)) : `what builds ${build.build.id}`;
    if (by !== undefined) {
      reporter.report("builder-file-kept", { path, by }, { path, start: 0, end: 0 });
      continue;
    }
    removals.push({
      path,
      reason: "Its instructions are stages of the joined Dockerfile now.",
      because: [provenance(build.document.source, build.document.stages[0]?.from.range ?? { start: 0, end: 0 })],
      confidence: "certain",
    });
  }
  return removals;
}
