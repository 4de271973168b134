/**
 * The plan for a recognised setup: joined Dockerfiles, the script's edits, and the files that go.
 *
 *     Dockerfile            the builder's stages and the final's        build.sh      one docker build
 *     Dockerfile.build      removed, unless something else names it     .dockerignore where contexts were joined
 */

import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ScriptText } from "../../drivers/driver.ts";
import type { CallerEdit, DroppedInstruction, Plan, PlannedFile, PlannedRemoval, StageStep } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { parseShell } from "../../shell/parse.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import type { HostPath } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import { sayCaches } from "./build-cache.ts";
import { movedOptions } from "./build-call.ts";
import { callEdits } from "./call-edits.ts";
import { deadVariables } from "./dead-variables.ts";
import { servedRunning } from "./derived-stages.ts";
import { dispositions, type JoinOutcome } from "./dispositions.ts";
import { sayHostFiles } from "./hand-overs.ts";
import { sayLeftovers } from "./host-leftovers.ts";
import { containsImage, imageSteps, look, type Step } from "./host-tree.ts";
import { ignoredParts } from "./ignored-artifacts.ts";
import { copiedFile } from "./image-files.ts";
import { type Joined, joinGroup } from "./join.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf, type ImportWorld, shortText, spanOf } from "./located.ts";
import { checkOnbuild } from "./onbuild-bases.ts";
import { planOtherCallers } from "./other-callers/plan-other-callers.ts";
import type { Recognized } from "./recognize.ts";
import { referencesTo, usesOfImage } from "./references.ts";
import { scriptEdits } from "./script-edits.ts";
import { type BuildGroup, sourcesOf } from "./setup-graph.ts";
import type { Visit } from "./trace.ts";

/** The plan, or `undefined` where something speaks against it, which is then reported. */
export function planSetup(files: ProjectFiles, recognized: Recognized, world: ImportWorld): Plan | undefined {
  const { run, groups } = recognized;
  const { reporter } = world;
  const scripts = new Set(run.visits.map((visit) => visit.script.source.path));
  const joined = groups.flatMap((group) => {
    const one = joinGroup(group, {
      ...world,
      files,
      visits: run.visits,
      extra: (image) => [...modeSteps(image, recognized), ...ignoredSteps(files, group, image, reporter)],
      dropped: (group) => droppedInstructions(group, run),
      isReferred: (path) => referencesTo(files, path, [...scripts]).length > 0,
    });
    return one === undefined ? [] : [one];
  });
  for (const one of joined) checkOnbuild(one, reporter);
  if (reporter.failed || joined.length < groups.length) return undefined;
  const outcome = outcomeOf(files, recognized, joined, reporter);
  if (reporter.failed) return undefined;
  const callerEdits = editScripts(recognized, outcome, reporter);
  sayCaches(recognized, joined, outcome.stillBuilt, reporter);
  sayHostFiles(recognized, reporter);
  sayLeftovers(files, recognized, joined, outcome.carried, reporter);
  const others = planOtherCallers({
    files,
    joined,
    drivers: scripts,
    optionsOf: (final) => optionsFor(final, joined, recognized),
    reporter,
  });
  const removals = removedFiles(joined, recognized, others.keptFor, reporter);
  if (reporter.failed) return undefined;
  return {
    dockerfiles: joined.map((one) => one.dockerfile),
    callerEdits: [...callerEdits, ...deadVariables(recognized, callerEdits), ...others.edits],
    files: joined.flatMap((one) => ignoreFiles(one)),
    removals,
    dropped: joined.flatMap((one) => one.dropped),
    partial: reporter.diagnostics.some(({ code }) => code === "artifact-uncopied" || code === "artifact-kept-on-host"),
  };
}

/** Instructions of builders that only served the hand-over. */
function droppedInstructions(group: BuildGroup, run: Recognized["run"]): readonly DroppedInstruction[] {
  const carried = carriedSteps([...group.builders, ...group.finals]);
  const running = group.builders.flatMap((linked) =>
    servedRunning(linked, run.visits, (step) => carried.has(step)).map((instruction) => ({
      source: { document: linked.document, instruction },
      reason: "it only said what the builder's container runs, and no container is run any more.",
      because: [provenance(linked.document.source, instruction.range)],
      confidence: "certain" as const,
    })),
  );
  const carrying = group.finals.flatMap(({ build }) => {
    const node =
      build.streamed === true && build.fileInContext !== undefined ? look(build.host, build.fileInContext) : undefined;
    const builder = node?.kind === "image" ? group.builders.find((one) => one.build.id === node.image) : undefined;
    const copied = node?.kind === "image" ? copiedFile(builder?.build, node.path) : undefined;
    if (builder === undefined || copied === undefined) return [];
    return [
      {
        source: { document: builder.document, instruction: copied.instruction },
        reason: "it only carried the final image's Dockerfile into the next build.",
        because: [provenance(builder.document.source, copied.instruction.range)],
        confidence: "certain" as const,
      },
    ];
  });
  return [...running, ...carrying];
}

/** `chmod +x app` on the host, between the builds, as a RUN of the stage that makes the file. */
function modeSteps(image: string, { run, groups }: Recognized): readonly StageStep[] {
  const carried = carriedSteps(groups.flatMap((group) => [...group.builders, ...group.finals]));
  return effectsOf(run, "mode").flatMap(({ effect, visit }): StageStep[] => {
    const nodes = effect.reads.flatMap((node) => (node.kind === "image" && node.image === image ? [node.path] : []));
    if (nodes.length === 0 || !carried.has(visit.step)) return [];
    return [
      {
        kind: "synthesized",
        text: `RUN chmod ${effect.mode} ${nodes.join(" ")}`,
        reason: "The script changed the mode on the host; the file does not go over the host any more.",
        because: [provenance(visit.script.source, visit.range)],
        confidence: "certain",
      },
    ];
  });
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

/** Commands through which a path went into one of the builds. */
function carriedSteps(builds: readonly LinkedBuild[]): ReadonlySet<Step> {
  const pieces = builds
    .flatMap((linked) => linked.copies)
    .flatMap((copy) => copy.sources)
    .flatMap((source) => source.injections)
    .flatMap((injection) => injection.pieces);
  return new Set(pieces.flatMap((piece) => (piece.kind === "flow" ? piece.node.by : [])));
}

function outcomeOf(
  files: ProjectFiles,
  recognized: Recognized,
  joined: readonly Joined[],
  reporter: Reporter,
): JoinOutcome {
  const { run, groups } = recognized;
  const builders = new Map(
    groups.flatMap((group) => group.builders.map((linked) => [linked.build.id, linked] as const)),
  );
  const carried = new Set(carriedSteps(groups.flatMap((group) => [...group.builders, ...group.finals])));
  const kept = new Set(stillRead(recognized, carried, reporter));
  for (const step of kept) carried.delete(step);
  const stillBuilt = new Set(needed(files, recognized, builders, carried, reporter));
  const sources = new Map(run.visits.map((visit) => [visit.script.source.path, visit.script.source]));
  return {
    builders,
    finals: new Set(groups.flatMap((group) => group.finals.map(({ build }) => build.id))),
    sources: new Set(
      groups.flatMap((group) => [...group.builders, ...group.finals]).flatMap((linked) => [...sourcesOf(linked)]),
    ),
    stillBuilt,
    carried,
    kept,
    editsOf: (visit, id) => editsOf(visit, id, joined, sources.get(visit.script.source.path) ?? run.source, reporter),
  };
}

/** Extractions whose files a command on the host reads too, so that they stay. */
function stillRead(
  { run, groups, extractions }: Recognized,
  carried: ReadonlySet<Step>,
  reporter: Reporter,
): readonly Step[] {
  const moves = effectsOf(run, "move").filter(({ visit }) => !carried.has(visit.step));
  const builders = new Set(groups.flatMap((group) => group.builders.map(({ build }) => build.id)));
  const isStage = ({ effects }: Visit): boolean =>
    effects.some((effect) => effect.kind === "derive" && builders.has(effect.build.id));
  const foreign = effectsOf(run, "foreign").filter(({ visit }) => !isStage(visit));
  return [...foreign, ...moves].flatMap(({ effect, visit }) =>
    effect.reads.filter(containsImage).flatMap((node) => {
      const steps = imageSteps(node).filter((step) => carried.has(step));
      const taken = extractions.find((extraction) => steps.includes(extraction.visit.step));
      const told = reporter.diagnostics.some(
        ({ code, span }) => code === "artifact-kept-on-host" && span?.start === visit.range.start,
      );
      if (taken !== undefined && !told)
        reporter.report("artifact-kept-on-host", { path: taken.effect.from, command: shortText(visit) }, spanOf(visit));
      return steps;
    }),
  );
}

/** Builders whose image something needs besides the extractions that are copies now. */
function needed(
  files: ProjectFiles,
  { run, extractions }: Recognized,
  builders: ReadonlyMap<string, LinkedBuild>,
  carried: ReadonlySet<Step>,
  reporter: Reporter,
): readonly string[] {
  const used: string[] = [];
  for (const { effect, visit } of extractions) {
    if (!builders.has(effect.image) || carried.has(visit.step)) continue;
    used.push(effect.image);
    if (!reporter.diagnostics.some((one) => one.code === "artifact-kept-on-host"))
      reporter.report("artifact-uncopied", { path: effect.from }, spanOf(visit));
  }
  used.push(...usedElsewhere(files, run, builders, reporter));
  for (const { effect } of effectsOf(run, "image")) {
    if (/^(?:push|save)$/.test(effect.verb)) used.push(...effect.images);
  }
  const extracted = new Set(extractions.map(({ effect }) => effect.created));
  const worked = new Set(
    effectsOf(run, "derive").flatMap(({ effect }) => (builders.has(effect.build.id) ? [effect.container] : [])),
  );
  for (const { effect, visit } of effectsOf(run, "create")) {
    const gone = extracted.has(visit.step) || worked.has(visit.step) || carried.has(visit.step);
    if (effect.runs && !gone) used.push(effect.image);
  }
  return used.filter((image) => builders.has(image));
}

/** Builders whose tag another file of the repository uses: compose services, CI jobs, other Dockerfiles. */
function usedElsewhere(
  files: ProjectFiles,
  run: Recognized["run"],
  builders: ReadonlyMap<string, LinkedBuild>,
  reporter: Reporter,
): readonly string[] {
  const own = [
    ...run.visits.map((visit) => visit.script.source.path),
    ...[...run.linked.values()].map(({ build }) => build.file.path),
  ];
  return [...builders].flatMap(([id, { build }]) =>
    build.tags.flatMap(({ key }) => {
      const [by] = usesOfImage(files, key, own);
      if (by !== undefined) reporter.report("builder-image-kept", { image: key, by }, { path: by, start: 0, end: 0 });
      return by === undefined ? [] : [id];
    }),
  );
}

/** What a call that stays becomes. */
function editsOf(
  visit: Visit,
  id: string,
  joined: readonly Joined[],
  source: SourceFile,
  reporter: Reporter,
): readonly TextEdit[] | undefined {
  const one = joined.find(({ stages }) => stages.has(id));
  const build = visit.effects.flatMap((effect) => (effect.kind === "build" ? [effect.build] : []))[0];
  if (one === undefined || build === undefined) return undefined;
  const { group, dockerfile, context } = one;
  const final = group.finals.find((linked) => linked.build.id === id);
  const last = dockerfile.stages.at(-1)?.name;
  const stage = one.stages.get(id);
  const options = final === undefined ? { options: [], environment: [] } : movedOptions(final, group.builders, source);
  if ("conflict" in options) {
    const { name, kind, builder } = options.conflict;
    const paths = { first: builder.build.file.path, second: final?.build.file.path ?? "" };
    if (kind === "argument") reporter.report("argument-conflict", { name, ...paths }, spanOf(visit));
    else reporter.report("option-conflict", { option: name }, spanOf(visit));
    return undefined;
  }
  const target = stage === last ? undefined : stage;
  const start = visit.range.start;
  const assignments = options.environment.map((text): TextEdit => ({ start, end: start, text: `${text} ` }));
  const edits = callEdits(build, source.text, {
    dockerfile: dockerfile.path,
    context: context.directory,
    target,
    options: options.options,
  });
  return [...assignments, ...edits];
}

function editScripts({ run }: Recognized, outcome: JoinOutcome, reporter: Reporter): readonly CallerEdit[] {
  const found = dispositions(run.visits, outcome);
  const lastBuilds = new Set(
    run.visits.flatMap(({ node, effects }) =>
      effects.some((effect) => effect.kind === "build" && outcome.finals.has(effect.build.id)) ? [node] : [],
    ),
  );
  const disagree = new Set([...found].flatMap(([node, disposition]) => (disposition === undefined ? [node] : [])));
  const traps = new Map(run.traps.map((trap) => [trap.node, trap.body]));
  const scripts = new Set<ScriptText>(run.visits.map((visit) => visit.script));
  const all = [...scripts].flatMap(({ source, statements }) => {
    const { edits, stuck } = scriptEdits(statements, {
      text: source.text,
      dispositionOf: (node) => found.get(node),
      disagree,
      directories: (node) => {
        const [visit, ...others] = run.visits.filter((candidate) => candidate.node === node);
        return others.length === 0 ? visit?.cwd : undefined;
      },
      trapBody: (node) => traps.get(node),
      isLastBuild: (node) => lastBuilds.has(node),
    });
    for (const node of stuck) {
      const command = source.text.slice(node.range.start, node.range.end).replace(/\s+/g, " ").slice(0, 80);
      reporter.report("use-not-separable", { command }, { path: source.path, ...node.range });
    }
    if (stuck.length === 0 && edits.length > 0) checkResult(source, edits);
    return edits.map(
      (edit): CallerEdit => ({
        path: source.path,
        range: { start: edit.start, end: edit.end },
        text: edit.text,
        reason: edit.reason,
        because: becauseOf(source, edit),
        confidence: "certain",
      }),
    );
  });
  // One stretch of a file may be read more than once: a recipe under several goals, a file that several scripts source.
  return [
    ...new Map(all.map((edit) => [`${edit.path} ${edit.range.start} ${edit.range.end} ${edit.text}`, edit])).values(),
  ];
}

function becauseOf(source: SourceFile, edit: TextEdit): readonly Provenance[] {
  return [provenance(source, edit)];
}

/** The edited script still has to be one. */
function checkResult(source: SourceFile, edits: readonly TextEdit[]): void {
  const [problem] = parseShell(applyEdits(source.text, edits)).problems;
  if (problem !== undefined) throw new Error(`the edited script "${source.path}" does not parse: ${problem.message}`);
}

/** What a call has to hand over that builds a final with the stages it needs. */
function optionsFor(final: LinkedBuild, joined: readonly Joined[], { run }: Recognized): readonly string[] {
  const builders = joined.find(({ group }) => group.finals.includes(final))?.group.builders ?? [];
  const source = run.visits[final.build.step]?.script.source ?? run.source;
  const moved = movedOptions(final, builders, source);
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
  keptFor: ReadonlyMap<HostPath, HostPath>,
  reporter: Reporter,
): readonly PlannedRemoval[] {
  const results = new Set(joined.map((one) => one.dockerfile.path));
  const parts = joined.flatMap(({ group }) => [...group.builders, ...group.finals]);
  const others = [...linked.values()]
    .filter((build) => !parts.includes(build) && build.build.derived === undefined)
    .map((build) => build.build.file.path);
  const removals: PlannedRemoval[] = [];
  for (const build of parts) {
    const path = build.build.file.path;
    if (
      build.build.derived !== undefined ||
      results.has(path) ||
      others.includes(path) ||
      removals.some((removal) => removal.path === path)
    )
      continue;
    const ownBuild = run.builds.some(({ id }) => id === build.build.id);
    const by = ownBuild ? keptFor.get(path) : `what builds ${build.build.id}`;
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
