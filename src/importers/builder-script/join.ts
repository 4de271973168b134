/**
 * One Dockerfile out of a group of builds: stages, global arguments, context and where it is written.
 *
 *     Dockerfile.build, Dockerfile.prod   →   Dockerfile with the stages "builder" and "production"
 *
 * Says why where it cannot be done. What is not decided here: what becomes of the script (dispositions.ts, script-edits.ts).
 */
import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type {
  DroppedInstruction,
  PlannedDockerfile,
  PlannedOutput,
  Stage,
  StageRole,
  StageStep,
} from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { type HostPath, hostDirectory, joinHost } from "../../text/paths.ts";
import { type GroupRenames, NO_RENAMES } from "./argument-clashes.ts";
import { argumentRenames, changesGlobal, renamedGlobal, unsetArguments } from "./argument-renames.ts";
import { commonContext, type JoinedContext, joinContexts } from "./contexts.ts";
import type { CopyWorld, FlowOrigin } from "./copy-steps.ts";
import { inlinedBuilds } from "./derived-stages.ts";
import { withExports } from "./export-stages.ts";
import type { Export } from "./exports.ts";
import type { Step } from "./host-tree.ts";
import { copiedFrom, foreignOwner, shapeInStage } from "./image-facts.ts";
import type { LinkedBuild } from "./links.ts";
import { spanOf } from "./located.ts";
import { type BuildGroup, mainOf } from "./setup-graph.ts";
import { type SharedTarget, sharedTargets } from "./shared-calls.ts";
import { nameStages, stageKey } from "./stage-names.ts";
import { carriesOnly } from "./staged-nodes.ts";
import { stagesOf } from "./stages.ts";
import { hasOwnFile, type Visit } from "./trace.ts";

export interface JoinWorld {
  readonly files: ProjectFiles;
  readonly visits: readonly Visit[];
  readonly reporter: Reporter;
  readonly decisions: DecisionLog;
  readonly setup: string;
  /** Steps that the script's host commands leave to the last stage of a build. */
  readonly extra: (linked: LinkedBuild) => readonly StageStep[];
  /** Instructions of the builders that mean nothing any more, with the reason. */
  readonly dropped: (group: BuildGroup) => readonly DroppedInstruction[];
  /** Whether a path is named somewhere in the repository besides the script. */
  readonly isReferred: (path: HostPath) => boolean;
  /** Whether something else needs the image of a build, so that it is still made as it was. */
  readonly isKept: (linked: LinkedBuild) => boolean;
  /** Whether the image of a build is used for more than the files that are taken out of it. */
  readonly isShipped: (linked: LinkedBuild) => boolean;
}

export interface Joined {
  readonly group: BuildGroup;
  readonly dockerfile: PlannedDockerfile;
  readonly context: JoinedContext;
  /** The stage that makes the image of a build, by the build's id. */
  readonly stages: ReadonlyMap<string, string>;
  /** The stage of each export. */
  readonly exports: ReadonlyMap<Export, string>;
  /** Finals that share a command of the script with others, by their builds' ids. */
  readonly shared: ReadonlyMap<string, SharedTarget | undefined>;
  readonly dropped: readonly DroppedInstruction[];
  /** Build arguments that have another name in the joined file. */
  readonly renames: GroupRenames;
}

/** Joins a group; `undefined` where something speaks against it, which is then reported. */
export function joinGroup(group: BuildGroup, world: JoinWorld): Joined | undefined {
  const main = mainOf(group);
  if (main === undefined) return undefined;
  const finals = [...group.finals.filter((final) => final !== main), ...group.finals.filter((final) => final === main)];
  const builds = [...group.builders, ...finals];
  const path = group.finals.length === 0 ? main.build.file.path : resultPath(group, main, world);
  const joined = joinContexts(world.files, builds, main.build.file.path);
  if (!joined.ok) {
    reportContext(joined, world);
    return undefined;
  }
  reportUnseen(joined.context, builds, world);
  if (!sameEscape(builds, world.reporter)) return undefined;
  // Others that build a builder's file want its image as it is, without what a container did in it.
  const isOwn = (linked: LinkedBuild): boolean =>
    world.isKept(linked) || (hasOwnFile(linked.build) && world.isReferred(linked.build.file.path));
  const inlined = inlinedBuilds(builds, world.visits, isOwn);
  const shared = sharedTargets(finals, world.visits);
  const named = group.builders.filter(({ build }) => !inlined.has(build.id));
  const names = nameStages(named, finals, shared);
  const nameOf = (linked: LinkedBuild): string => names.get(stageKey(linked, linked.target)) ?? "";
  const stages = new Map(builds.map((linked) => [linked.build.id, nameOf(inlined.get(linked.build.id) ?? linked)]));
  const renames = argumentRenames(group, { stageOf: nameOf, isKept: world.isKept });
  const globals = joinGlobals(builds, renames, world.reporter);
  if (globals === undefined) return undefined;
  sayRenames(renames, path, world.reporter);
  const written = new Map<string, Stage>();
  const gone = [...world.dropped(group), ...unsetArguments(renames)];
  const dropped = new Set<Instruction>(gone.map(({ source }) => source.instruction));
  for (const linked of builds) {
    const isFinal = group.finals.includes(linked);
    const copies = copyWorld(linked, builds, stages, joined.context, world);
    const own = stagesOf(linked, {
      ...copies,
      names,
      renames: renames.get(linked) ?? NO_RENAMES,
      leaves: (instruction) => dropped.has(instruction),
      stageOf: (image) => stages.get(image),
      role: (index): StageRole => (isFinal && index === linked.target ? "runtime" : "build"),
      extra: (index) => (index === linked.target ? world.extra(linked) : []),
      madeBy: ({ build }) => (build.derived === undefined ? undefined : places([build.step], world.visits)),
    });
    const stays = isFinal || linked.build.file.path === path;
    const kept = new Map([...own].filter(([index]) => stays || index <= linked.target));
    const into = inlined.get(linked.build.id);
    if (into !== undefined) continueStage(written, stageKey(into, into.target), [...kept.values()]);
    else for (const [index, stage] of kept) written.set(stageKey(linked, index), stage);
  }
  const exported = withExports(
    [...written.values()],
    group,
    stages,
    world.isShipped(main) ? stages.get(main.build.id) : undefined,
  );
  const dockerfile: PlannedDockerfile = {
    path,
    template: main.document,
    context: joined.context.directory,
    globals,
    stages: exported.stages,
    outputs: [
      ...finals.map((linked) => outputOf(linked, stages.get(linked.build.id) ?? "", world)),
      ...exported.outputs,
      ...(exported.shipped === undefined ? [] : [outputOf(main, exported.shipped, world)]),
    ],
  };
  const shipped = exported.shipped === undefined ? [] : [[main.build.id, exported.shipped] as const];
  const made = new Map([...stages, ...shipped]);
  return {
    group,
    dockerfile,
    context: joined.context,
    stages: made,
    exports: exported.names,
    shared,
    dropped: gone,
    renames,
  };
}

function outputOf({ build }: LinkedBuild, target: string, { visits }: JoinWorld): PlannedOutput {
  const text = visits[build.step]?.script.source.text ?? "";
  const tags = build.tags.map(({ field }) => text.slice(field.range.start, field.range.end));
  return { target, replaces: build.file.path, tags };
}

/** Adds what a container did to the stage of the image that it was made from. */
function continueStage(written: Map<string, Stage>, key: string, stages: readonly Stage[]): void {
  const stage = written.get(key);
  if (stage !== undefined)
    written.set(key, { ...stage, steps: [...stage.steps, ...stages.flatMap(({ steps }) => steps)] });
}

/** Says which files of a mount a stage does not get. */
function reportUnseen({ unseen }: JoinedContext, builds: readonly LinkedBuild[], world: JoinWorld): void {
  const [path, ...others] = unseen;
  const mounting = builds.find(({ build }) => build.derived !== undefined);
  const visit = mounting && world.visits[mounting.build.step];
  if (path !== undefined)
    world.reporter.report("mounted-source-ignored", { path, others: others.length }, visit && spanOf(visit));
}

function reportContext(
  result: Exclude<ReturnType<typeof joinContexts>, { ok: true }>,
  { reporter, visits }: JoinWorld,
): void {
  if ("conflict" in result) {
    reporter.report("context-merge-unsafe", result.conflict);
    return;
  }
  const { build } = result.outside;
  const visit = visits[build.step];
  const span = visit && { path: visit.script.source.path, ...visit.range };
  reporter.report("context-not-directory", { context: build.context }, span);
}

/**
 * `Dockerfile` beside a file whose name only made sense in a pair; for several finals, of which none has the plain name to
 * itself, in the directory of the context; else the final's own path.
 */
/** A Dockerfile that stood in the script becomes a file, under a name that is free. */
function freePath(directory: HostPath, files: ProjectFiles): HostPath {
  const names = ["Dockerfile", "Dockerfile.production", "Dockerfile.multi-stage"];
  const paths = names.flatMap((name) => joinHost(directory, name) ?? []);
  return paths.find((path) => files.entry(path) === undefined) ?? paths.at(-1) ?? directory;
}

function resultPath(group: BuildGroup, main: LinkedBuild, { files, isReferred, visits }: JoinWorld): HostPath {
  const own = main.build.file.path;
  if (main.build.inline === true) return freePath(commonContext([...group.builders, ...group.finals]), files);
  if (main.chosen) return own;
  if (!(main.build.file.by ?? []).every((step) => carriesOnly(visits[step], own))) return own;
  const folders = new Set(group.finals.map(({ build }) => hostDirectory(build.file.path)));
  const isPlain = posix.basename(own) === "Dockerfile" && folders.size === 1;
  if (group.finals.length > 1 && !isPlain) {
    const common = joinHost(commonContext([...group.builders, ...group.finals]), "Dockerfile");
    const isFree =
      common !== undefined && (files.entry(common) === undefined || isPart(common, group)) && !isReferred(common);
    if (isFree) return common;
  }
  const name = posix.basename(own);
  if (
    !/^Dockerfile[._-](?:prod(?:uction)?|run(?:time)?|final|release|main|deploy|dist|image|ship|app|old|server|serve|small|slim|minimal|2)$/i.test(
      name,
    )
  )
    return own;
  const plain = joinHost(hostDirectory(own), "Dockerfile");
  return plain === undefined || files.entry(plain) !== undefined || isReferred(own) ? own : plain;
}

function isPart(path: HostPath, { builders, finals }: BuildGroup): boolean {
  return [...builders, ...finals].some(({ build }) => build.file.path === path);
}

/** ARGs before the first FROM: of two with one name and one default the first stays. */
function joinGlobals(
  builds: readonly LinkedBuild[],
  renames: GroupRenames,
  reporter: Reporter,
): readonly StageStep[] | undefined {
  const seen = new Map<string, { value: string | undefined; path: HostPath }>();
  const steps: StageStep[] = [];
  const own = builds.filter(({ build }) => build.derived === undefined);
  for (const linked of new Map(own.map((one) => [one.document, one])).values()) {
    const { document, retired } = linked;
    const names = renames.get(linked) ?? NO_RENAMES;
    for (const instruction of document.preamble) {
      const pairs = (instruction.kind === "arg" ? instruction.pairs : []).map((pair) => ({
        ...pair,
        name: names.get(pair.key) ?? pair.key,
      }));
      if (pairs.length > 0 && pairs.every(({ key }) => retired.has(key))) continue;
      const clash = pairs.find((pair) => seen.has(pair.name) && seen.get(pair.name)?.value !== pair.value);
      if (clash !== undefined) {
        const first = seen.get(clash.name)?.path ?? document.source.path;
        reporter.report(
          "global-argument-conflict",
          { name: clash.key, first, second: document.source.path },
          { path: document.source.path, ...clash.range },
        );
        return undefined;
      }
      if (pairs.length > 0 && pairs.every((pair) => seen.has(pair.name))) continue;
      for (const pair of pairs) seen.set(pair.name, { value: pair.value, path: document.source.path });
      const because = [provenance(document.source, instruction.range)];
      const reason = "FROM lines use it, as before.";
      steps.push(
        changesGlobal(document, instruction, names)
          ? renamedGlobal(document, instruction, names)
          : { kind: "original", source: { document, instruction }, reason, because, confidence: "certain" },
      );
    }
  }
  return steps;
}

function sayRenames(renames: GroupRenames, result: HostPath, reporter: Reporter): void {
  for (const [{ document }, names] of renames) {
    for (const [name, next] of names) {
      const declared = document.instructions.find((one) => one.kind === "arg" && one.pairs.some((p) => p.key === name));
      const { path } = document.source;
      const span = declared && { path, ...declared.range };
      reporter.report("argument-renamed", { name, next, dockerfile: path, result }, span);
    }
  }
}

function sameEscape(builds: readonly LinkedBuild[], reporter: Reporter): boolean {
  const [first, ...others] = builds.filter(({ build }) => build.derived === undefined);
  const other = others.find((linked) => linked.document.escape !== first?.document.escape);
  if (first === undefined || other === undefined) return true;
  const directive = other.document.directives.find(({ name }) => name === "escape");
  const span = directive && { path: other.document.source.path, ...directive.range };
  reporter.report("option-conflict", { option: "escape directive" }, span);
  return false;
}

function copyWorld(
  linked: LinkedBuild,
  builds: readonly LinkedBuild[],
  stages: ReadonlyMap<string, string>,
  context: JoinedContext,
  world: JoinWorld,
): CopyWorld {
  return {
    origin: (image) => originOf(image, builds, stages),
    because: (steps) => places(steps, world.visits),
    context: context.directory,
    prefix: context.prefixes.get(linked) ?? "",
    guessShape: (path, likely, because) => {
      const id = `shape:${path}`;
      const recommended = likely === "directory" ? "directory" : "file";
      const chosen = world.decisions.decide({
        id,
        question: `Is "${path}" a file or a directory?`,
        options: [
          { value: "file", label: "a file", consequence: "It keeps the name that the script gives it." },
          { value: "directory", label: "a directory", consequence: "Its contents are copied." },
        ],
        recommended,
        confidence: likely === "unknown" ? "guess" : "likely",
        because,
      });
      return chosen === "directory" ? "directory" : "file";
    },
    isDirectory: (path) => USUAL_DIRECTORIES.test(path),
  };
}

/** Directories that base images have. */
const USUAL_DIRECTORIES =
  /^\/(?:|bin|sbin|etc|home|lib|media|mnt|opt|root|run|srv|tmp|usr|var|usr\/(?:bin|sbin|lib|share|src|local(?:\/(?:bin|sbin|lib|share|etc))?)|usr\/share\/nginx\/html|usr\/local\/tomcat\/webapps|var\/(?:www(?:\/html)?|lib|log|tmp)|etc\/nginx(?:\/conf\.d)?)$/;

function originOf(image: string, builds: readonly LinkedBuild[], stages: ReadonlyMap<string, string>): FlowOrigin {
  const linked = builds.find((candidate) => candidate.build.id === image);
  const stage = stages.get(image);
  const last = { shape: "unknown", sure: false } as const;
  if (linked === undefined || stage === undefined) {
    return { origin: { kind: "image", image }, foreignOwner: undefined, shape: () => last };
  }
  const chain = chainOf(linked, builds);
  return {
    origin: { kind: "stage", stage },
    foreignOwner: chain
      .flatMap((one) => one.document.stages.slice(0, one.target + 1).map(foreignOwner))
      .find((owner) => owner !== undefined),
    shape: (path) => {
      const stages = chain.flatMap((one) => one.document.stages[one.target] ?? []);
      const source = stages.map((own) => copiedFrom(own, path)).find((from) => from !== undefined) ?? path;
      const told = stages.map((own) => shapeInStage(own, source));
      return told.find(({ sure }) => sure) ?? told.find(({ shape }) => shape !== "unknown") ?? last;
    },
  };
}

/** A build and the builds of the script that it stands on, itself first. */
function chainOf(linked: LinkedBuild, builds: readonly LinkedBuild[]): readonly LinkedBuild[] {
  const chain: LinkedBuild[] = [];
  for (let at: LinkedBuild | undefined = linked; at !== undefined && !chain.includes(at); ) {
    chain.push(at);
    const below = at.bases.get(0);
    at = builds.find(({ build }) => build.id === below);
  }
  return chain;
}

/** The commands of the script at which something was done, each once. */
export function places(steps: readonly Step[], visits: readonly Visit[]) {
  return [...new Set(steps)].flatMap((step) => {
    const visit = visits[step];
    return visit === undefined ? [] : [provenance(visit.script.source, visit.range)];
  });
}
