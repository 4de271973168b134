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
import { provenance } from "../../model/provenance.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import type { TextEdit } from "../../text/edits.ts";
import type { HostPath } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import { sayCaches, sayFetches } from "./build-cache.ts";
import { movedOptions } from "./build-call.ts";
import { callEdits } from "./call-edits.ts";
import { checkComposed } from "./composed-finals.ts";
import { tidyContinuations } from "./continued-lines.ts";
import { deadVariables } from "./dead-variables.ts";
import { servedRunning } from "./derived-stages.ts";
import { type Disposition, dispositions, type JoinOutcome, writtenBy } from "./dispositions.ts";
import { conflicts, type Reading } from "./edit-conflicts.ts";
import { elsewhereCalls } from "./elsewhere-calls.ts";
import { type GoneFiles, isPinned, mentionEdits } from "./file-mentions.ts";
import { sayHostFiles } from "./hand-overs.ts";
import { sayLeftovers } from "./host-leftovers.ts";
import { look, type Step, toCheckout } from "./host-tree.ts";
import { readOnHost } from "./host-uses.ts";
import { ignoredParts } from "./ignored-artifacts.ts";
import { copiedFile } from "./image-files.ts";
import { type Joined, joinGroup } from "./join.ts";
import { checkKeptExtractions } from "./kept-extractions.ts";
import { keptImages } from "./kept-images.ts";
import type { LinkedBuild } from "./links.ts";
import { checkBaseTags } from "./local-bases.ts";
import { type ImportWorld, shortText, spanOf } from "./located.ts";
import { likelyAtBest, mentionCommands } from "./mentioned.ts";
import { checkOnbuild } from "./onbuild-bases.ts";
import { planOtherCallers } from "./other-callers/plan-other-callers.ts";
import { planExports } from "./plan-exports.ts";
import type { Recognized } from "./recognize.ts";
import { referencesTo } from "./references.ts";
import { withRepeats } from "./repeated-visits.ts";
import { commandsIn, type EditWorld, isGone, scriptEdits } from "./script-edits.ts";
import { callerEdits, settledEdits } from "./settled-edits.ts";
import { type BuildGroup, carriedSteps, neededBy, sourcesOf } from "./setup-graph.ts";
import { changeSteps, firstImage } from "./stage-changes.ts";
import { unstagedSteps } from "./staged-files.ts";
import type { Build, Visit } from "./trace.ts";
import { passedThrough } from "./visited-directories.ts";

/** What is said of the old dance where a part of it stays. */
const STAYS: ReadonlySet<string> = new Set(["artifact-kept-on-host", "artifact-uncopied", "file-from-host"]);

/** The plan, or `undefined` where something speaks against it, which is then reported. */
export function planSetup(files: ProjectFiles, recognized: Recognized, world: ImportWorld): Plan | undefined {
  const { run, groups } = recognized;
  const { reporter } = world;
  const companions = world.companions ?? [];
  const scripts = new Set([...run.visits.map((visit) => visit.script.source.path), ...companions]);
  const kept = keptImages(files, recognized, world);
  const joined = groups.flatMap((group) => {
    const one = joinGroup(group, {
      ...world,
      files,
      visits: run.visits,
      extra: (linked) => [
        ...changeSteps(recognized.changes, linked),
        ...ignoredSteps(files, group, linked.build.id, reporter),
      ],
      dropped: (group) => droppedInstructions(group, run),
      isReferred: (path) => referencesTo(files, path, [...scripts]).length > 0,
      isKept: ({ build }) => kept.has(build.id),
      isShipped: ({ build }) =>
        kept.has(build.id) || referencesTo(files, build.file.path, [...scripts, build.file.path]).length > 0,
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

/** Instructions of builders that only served the hand-over. */
function droppedInstructions(group: BuildGroup, run: Recognized["run"]): readonly DroppedInstruction[] {
  const taken = group.exports.flatMap(({ extractions }) => extractions.map(({ visit }) => visit.step));
  const carried = withRepeats(run.visits, new Set([...carriedByAll(run, [group]), ...taken]));
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
  return [...running, ...carrying];
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

/** Commands through which a path went into a build that is joined, each time that the build runs. */
function carriedByAll(run: Recognized["run"], groups: readonly BuildGroup[]): ReadonlySet<Step> {
  const parts = groups.flatMap((group) => [...group.builders, ...group.finals]);
  const ids = new Set(parts.map(({ build }) => build.id));
  return carriedSteps([...parts, ...run.repeated.filter(({ build }) => ids.has(build.id))]);
}

function outcomeOf(
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
    editsOf: (visit, id) => editsOf(visit, id, joined, sources.get(visit.script.source.path) ?? run.source, reporter),
  };
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

/** What a call that stays becomes. */
function editsOf(
  visit: Visit,
  id: string,
  joined: readonly Joined[],
  source: SourceFile,
  reporter: Reporter,
): readonly TextEdit[] | undefined {
  const [one, ...more] = joined.filter(({ stages }) => stages.has(id));
  const build = visit.effects.flatMap((effect) => (effect.kind === "build" ? [effect.build] : []))[0];
  // A builder that is part of several files has no place in one of them for its own image.
  if (one === undefined || build === undefined || more.length > 0) return undefined;
  const { group, dockerfile, context, renames } = one;
  const parts = [...group.builders, ...group.finals];
  const own = parts.find((linked) => linked.build.id === id);
  const last = dockerfile.stages.at(-1)?.name;
  const stage = one.stages.get(id);
  const options =
    own === undefined ? { options: [], environment: [] } : movedOptions(own, neededBy(own, group.builders), renames);
  const [renamed] = own === undefined ? [] : [...(renames.get(own)?.keys() ?? [])];
  if (own !== undefined && renamed !== undefined) {
    const paths = { first: own.build.file.path, second: dockerfile.path };
    reporter.report("argument-conflict", { name: renamed, ...paths }, spanOf(visit));
    return undefined;
  }
  if ("conflict" in options) {
    const { name, kind, builder } = options.conflict;
    const paths = { first: builder.build.file.path, second: own?.build.file.path ?? "" };
    if (kind === "argument") reporter.report("argument-conflict", { name, ...paths }, spanOf(visit));
    else reporter.report("option-conflict", { option: name }, spanOf(visit));
    return undefined;
  }
  if (own?.build.composedIn !== undefined) {
    const [option] = [...options.options, ...options.environment];
    if (option !== undefined) reporter.report("option-conflict", { option }, spanOf(visit));
    return [];
  }
  const told = one.shared.get(id);
  const word = told !== undefined && told.name === stage ? told.word : stage;
  const target = stage === last && !one.shared.has(id) ? undefined : word;
  const start = visit.range.start;
  const assignments = options.environment.map((text): TextEdit => ({ start, end: start, text: `${text} ` }));
  const edits = callEdits(build, source.text, {
    dockerfile: dockerfile.path,
    context: context.directory,
    target,
    options: options.options,
    retired: own?.retired ?? new Set(),
    uniform: one.shared.has(id),
    chosen: own?.chosen === true && own.build.file.path === dockerfile.path,
  });
  if (sharesWord(build, edits) || (build.input !== undefined && build.input.redirection === undefined)) {
    reporter.report("use-not-separable", { command: shortText(visit) }, spanOf(visit));
    return undefined;
  }
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
  const units = new Map(
    run.visits.flatMap(({ node, effects }) =>
      effects.flatMap((effect) => (effect.kind === "call" && effect.units ? [[node, effect.units] as const] : [])),
    ),
  );
  const open = new Set<ScriptText>();
  const worldOf = ({ source }: ScriptText): EditWorld => ({
    text: source.text,
    dispositionOf: (node) => found.get(node),
    disagree,
    directories: (node) => {
      const [visit, ...others] = run.visits.filter((candidate) => candidate.node === node);
      return others.length === 0 ? visit?.cwd : undefined;
    },
    trapBody: (node) => traps.get(node),
    isLastBuild: (node) => lastBuilds.has(node),
    runsNothing: (node) => units.get(node)?.every(isAllGone) ?? false,
  });
  const isAllGone = (script: ScriptText): boolean => {
    if (open.has(script)) return false;
    open.add(script);
    const gone = isGone(script.statements, worldOf(script));
    open.delete(script);
    return gone;
  };
  const readings = [...scripts].map((script): Reading => {
    const { source, statements, rewritable } = script;
    const { edits: plain, stuck: entangled } = scriptEdits(statements, worldOf(script));
    const edits = tidyContinuations(source.text, plain);
    const stuck = rewritable === false ? [...entangled, ...changedIn(statements, found)] : entangled;
    for (const node of stuck) {
      const command = source.text.slice(node.range.start, node.range.end).replace(/\s+/g, " ").slice(0, 80);
      reporter.report("use-not-separable", { command }, { path: source.path, ...node.range });
    }
    // A text that the run puts together goes with the command that runs it.
    const edited = stuck.length > 0 || rewritable === false ? [] : callerEdits(script, edits);
    return { path: source.path, statements, edits: edited };
  });
  for (const span of reporter.failed ? [] : conflicts(readings)) {
    const text = run.visits.find(({ script }) => script.source.path === span.path)?.script.source.text ?? "";
    reporter.report(
      "use-not-separable",
      { command: text.slice(span.start, span.end).replace(/\s+/g, " ").slice(0, 80) },
      span,
    );
  }
  if (reporter.failed) return [];
  return settledEdits(
    readings.flatMap(({ edits }) => edits),
    [...scripts].map(({ source }) => source),
    reporter,
  );
}

/** Commands in a text that the run puts together, which would have to change: there is no place to change them at. */
function changedIn(
  statements: ScriptText["statements"],
  found: ReadonlyMap<SimpleCommand, Disposition | undefined>,
): readonly SimpleCommand[] {
  const commands = statements.flatMap(commandsIn);
  const removed = commands.filter((command) => found.get(command)?.kind === "remove");
  const edited = commands.filter((command) => found.get(command)?.kind === "edit");
  return removed.length > 0 && removed.length < commands.length ? [...edited, ...removed] : edited;
}

/** Words that stand for several arguments, such as an array, cannot be changed for one of them. */
function sharesWord({ fields }: Build, edits: readonly TextEdit[]): boolean {
  const starts = fields.map(({ range }) => range.start);
  const shared = fields.filter(({ range }, index) => starts.indexOf(range.start) !== index).map(({ range }) => range);
  return edits.some(({ start, end }) => shared.some((range) => start < range.end && range.start < end));
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
    .filter((build) => (!parts.includes(build) && build.build.derived === undefined) || staysApart(build))
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
