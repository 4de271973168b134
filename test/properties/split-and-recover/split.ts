/**
 * Takes a graph apart, as people built before multi-stage: one Dockerfile for each stage and a driver that carries the artifacts
 * over the host.
 *
 *     docker build -f Dockerfile.part0 -t part0 .            one of many ways to say it: see the registries
 *     docker create --name extract0 part0
 *     docker cp extract0:/out/app0 .
 *     docker rm -f extract0
 *     docker build -t final .                                COPY app0 /usr/bin/
 *
 * A way that does not apply to a stage, or that the driver can't say, gives place to the first of its kind.
 */
import { posix } from "node:path";
import fc from "fast-check";
import { BETWEENS, type Between } from "./between.ts";
import { BUILDS, type BuildWay } from "./builds.ts";
import type { SplitDriver, Tree } from "./drivers/driver.ts";
import { DRIVERS } from "./drivers/registry.ts";
import { EXTRACTIONS } from "./extractions/registry.ts";
import { type GeneratedStage, type Graph, type Import, type MadePath, ships, stageLines } from "./graph.ts";
import { IMAGE_DETOURS } from "./images.ts";
import {
  type Ability,
  type BuilderChange,
  type Emission,
  type ExtractionIdiom,
  exec,
  type Job,
  pick,
  type Script,
  type Step,
  type Take,
  type Variable,
} from "./script.ts";

/** How one project says the same things; each list is used in turn, so that one script mixes several. */
export interface Ways {
  readonly driver: string;
  readonly extraction: readonly string[];
  readonly image: readonly string[];
  readonly between: readonly string[];
  readonly build: readonly string[];
  /** Whether the last build is made of what a container prints, where it can. */
  readonly dockerception: boolean;
  readonly place: readonly ("beside" | "renamed" | "folder")[];
  readonly tag: readonly ("literal" | "variable" | "default")[];
  readonly style: readonly number[];
  readonly header: string;
  readonly engine: "docker" | "sudo docker" | "podman";
  readonly joined: boolean;
  readonly cleans: boolean;
  readonly argument: "literal" | "variable" | "default";
  readonly comments: boolean;
  /** Contexts have ignore files, with rules that none of the copied files meets. */
  readonly ignores: boolean;
}

/** The plainest way to say everything. */
export const PLAIN: Ways = {
  driver: "sh",
  extraction: ["create-named"],
  image: ["image-direct"],
  between: ["between-nothing"],
  build: ["build-flags-first"],
  dockerception: false,
  place: ["beside"],
  tag: ["literal"],
  style: [0],
  header: "#!/bin/sh\nset -e",
  engine: "docker",
  joined: false,
  cleans: false,
  argument: "literal",
  comments: false,
  ignores: false,
};

/** What a dockerception is called, beside the names in the registries. */
export const DOCKERCEPTION = "dockerception";

const several = <T>(...values: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

/** Random ways, of all kinds. */
export function ways(): fc.Arbitrary<Ways> {
  const names = (registry: readonly { readonly name: string }[]) => registry.map(({ name }) => name);
  return fc.record({
    driver: fc.constantFrom(...names(DRIVERS)),
    extraction: several(...names(EXTRACTIONS)),
    image: fc.oneof(fc.constant(["image-direct"]), several(...names(IMAGE_DETOURS))),
    between: several(...names(BETWEENS)),
    build: several(...names(BUILDS)),
    dockerception: fc.nat({ max: 4 }).map((n) => n === 4),
    place: several("beside", "renamed", "folder"),
    tag: several("literal", "variable", "default"),
    style: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 4 }),
    header: fc.constantFrom(
      "#!/bin/sh\nset -e",
      "#!/bin/bash\nset -euo pipefail",
      "#!/usr/bin/env bash",
      "#!/bin/sh -e",
    ),
    engine: fc.constantFrom("docker", "docker", "sudo docker", "podman"),
    joined: fc.boolean(),
    cleans: fc.boolean(),
    argument: fc.constantFrom("literal", "variable", "default"),
    comments: fc.boolean(),
    ignores: fc.boolean(),
  });
}

/** A project taken apart, and what it was taken apart with. */
export interface Split {
  readonly tree: Tree;
  readonly driver: SplitDriver;
  readonly driverFiles: readonly string[];
  /** The names of the idioms that stand in it. */
  readonly used: readonly string[];
  /** Whether containers do what RUN did, so that RUN lines come back joined. */
  readonly compiled: boolean;
}

/** The value that every build passes for an argument. */
export const ARGUMENT_VALUE = "1.4";

const can = (driver: SplitDriver, needs: readonly Ability[]): boolean =>
  needs.every((need) => driver.can.includes(need));

function chosen<T extends { readonly name: string }>(
  registry: readonly T[],
  name: string,
  fits: (one: T) => boolean,
): T {
  const wanted = registry.find((one) => one.name === name);
  return wanted !== undefined && fits(wanted) ? wanted : pick(registry, 0);
}

/** What a stage is built from: its Dockerfile, the directory on the host, and how the build is called. */
interface StageBuild {
  readonly way: BuildWay;
  readonly file: string;
  readonly context: string;
}

interface Plan {
  readonly graph: Graph;
  readonly ways: Ways;
  readonly driver: SplitDriver;
  readonly builds: readonly StageBuild[];
  /** The last stage and the builder that makes its context, when a container prints it. */
  readonly ception: { readonly builder: number; readonly final: number; readonly folder: string } | undefined;
}

/** An artifact that stands on the host for a build. */
interface Arrival {
  readonly stage: number;
  readonly artifact: MadePath;
  readonly context: string;
  readonly path: string;
  readonly archived: boolean;
}

const fileName = (graph: Graph, index: number): string => {
  if (!ships(graph, index)) return `Dockerfile.part${index}`;
  return graph.finals > 1 && index === graph.stages.length - 1 ? "Dockerfile.second" : "Dockerfile";
};

const imageName = (graph: Graph, index: number): string => {
  if (!ships(graph, index)) return `part${index}`;
  return graph.finals > 1 && index === graph.stages.length - 1 ? "second" : "final";
};

function planBuilds(graph: Graph, ways: Ways, driver: SplitDriver): readonly StageBuild[] {
  return graph.stages.map((stage, index) => {
    const whole = stage.contextCopies.some(({ source }) => source === ".");
    const way = chosen(BUILDS, pick(ways.build, index), (one) => can(driver, one.needs) && !(one.staged && whole));
    const file = posix.join(stage.context, fileName(graph, index));
    return { way, file, context: way.staged ? `staging${index}` : stage.context };
  });
}

/** The one builder whose folder can be the context of the last stage. */
function planCeption(graph: Graph, { dockerception }: Ways, driver: SplitDriver): Plan["ception"] {
  const final = graph.stages.length - 1;
  const stage = graph.stages[final];
  if (!dockerception || !can(driver, ["shell"]) || graph.finals > 1 || stage === undefined) return undefined;
  const builders = new Set(stage.imports.map((one) => one.stage));
  const folders = new Set(stage.imports.map(({ artifact }) => posix.dirname(artifact.path)));
  const [builder] = builders;
  const [folder] = folders;
  const fits = builders.size === 1 && folders.size === 1 && stage.contextCopies.length === 0;
  return fits && builder !== undefined && folder !== undefined ? { builder, final, folder } : undefined;
}

/** The name of an image, and how the script spells it. */
function tagOf(
  { graph, ways, driver }: Plan,
  index: number,
): { readonly value: string; readonly word: string; readonly variable?: Variable } {
  const name = imageName(graph, index);
  const way = driver.can.includes("shell") ? pick(ways.tag, index) : "literal";
  if (way === "literal") return { value: name, word: name };
  const variable = `${name.toUpperCase()}_IMAGE`;
  return way === "variable"
    ? {
        value: `example/${name}`,
        word: `"$${variable}"`,
        variable: { name: variable, value: `example/${name}`, defaulted: false },
      }
    : {
        value: `${name}:dev`,
        word: `\${${variable}}`,
        variable: { name: variable, value: `${name}:dev`, defaulted: true },
      };
}

const argumentWay = ({ ways, driver }: Plan): Ways["argument"] =>
  driver.can.includes("shell") ? ways.argument : "literal";

function argumentsFor(plan: Plan, stage: GeneratedStage): string {
  const word = (name: string) => (argumentWay(plan) === "literal" ? ARGUMENT_VALUE : `"$${name}"`);
  return stage.args.map((name) => `--build-arg ${name}=${word(name)} `).join("");
}

function variablesOf(plan: Plan, used: readonly string[]): readonly Variable[] {
  const way = argumentWay(plan);
  const args =
    way === "literal" ? [] : used.map((name) => ({ name, value: ARGUMENT_VALUE, defaulted: way === "default" }));
  return [...plan.graph.stages.flatMap((_, index) => tagOf(plan, index).variable ?? []), ...args];
}

/** Where a build looks for an artifact. */
function placeFor(way: Ways["place"][number], context: string, artifact: MadePath, id: string): string {
  const name = posix.basename(artifact.path);
  if (way === "beside") return posix.join(context, name);
  return way === "renamed" ? posix.join(context, `files${id}`) : posix.join(context, `out${id}`, name);
}

interface PlannedTake extends Take {
  readonly path: string;
  readonly between: Between;
}

/** What a stage has to hand over: each artifact once for each context that needs it. */
function takesOf(plan: Plan, index: number): readonly PlannedTake[] {
  const { graph, ways, builds, ception } = plan;
  const wanted = graph.stages.flatMap((stage, consumer) =>
    ception?.final === consumer
      ? []
      : stage.imports.map((one) => ({ ...one, context: builds[consumer]?.context ?? "." })),
  );
  const distinct = wanted.filter(
    (one, at) => wanted.findIndex((other) => other.artifact === one.artifact && other.context === one.context) === at,
  );
  return distinct.flatMap(({ stage, artifact, context }, at) => {
    if (stage !== index) return [];
    const id = `${at}`;
    const style = pick(ways.style, at);
    const isOnce = distinct.filter((other) => other.artifact === artifact).length === 1;
    const path = placeFor(pick(ways.place, at), context, artifact, id);
    const between = plan.driver.can.includes("shell")
      ? chosen(BETWEENS, pick(ways.between, at), (one) => one.applies(artifact.form) && (isOnce || !one.once))
      : pick(BETWEENS, 0);
    const passing = style % 2 === 0 ? `tmp${id}` : `tmp${id}/${posix.basename(artifact.path)}`;
    return [{ id, artifact, context, style, path, between, lands: between.carry === undefined ? path : passing }];
  });
}

function chooseExtraction(plan: Plan, index: number, job: Job): ExtractionIdiom {
  const { graph, ways, driver, ception } = plan;
  const keepsItsEnd = ception?.builder === index || graph.stages.some(({ parent }) => parent === index);
  return chosen(
    EXTRACTIONS,
    pick(ways.extraction, index),
    (idiom) =>
      can(driver, idiom.needs) && idiom.applies(job) && !(keepsItsEnd && idiom.emit(job).builder !== undefined),
  );
}

/** Brings what an idiom handed over to where the next build looks for it. */
function carried(
  take: PlannedTake,
  from: string,
  archived: boolean,
): { readonly lines: readonly string[]; readonly path: string } {
  const { between, path, context } = take;
  if (archived) {
    const target = posix.join(context, `got${take.id}.tgz`);
    return between.carry === undefined ? { lines: [], path: from } : { lines: [`mv ${from} ${target}`], path: target };
  }
  if (between.carry === undefined) return { lines: [], path: from };
  const folder = posix.dirname(path);
  const making = folder === "." || folder === context ? [] : [`mkdir -p ${folder}`];
  return { lines: [...making, ...between.carry(from, path, take.artifact.form)], path };
}

interface StageSplit {
  readonly steps: readonly Step[];
  readonly arrivals: readonly Arrival[];
  readonly change: BuilderChange;
  readonly functions: readonly string[];
  readonly used: readonly string[];
  readonly leftovers: readonly string[];
}

const NOTHING: Emission = { lines: [] };

/** Everything that the script does after a stage's image is built. */
function splitStage(plan: Plan, index: number): Omit<StageSplit, "steps"> & { readonly lines: readonly string[] } {
  const { graph, ways, driver } = plan;
  const stage = pick(graph.stages, index);
  const takes = takesOf(plan, index);
  const word = tagOf(plan, index).word;
  const detour = chosen(IMAGE_DETOURS, pick(ways.image, index), ({ needs }) => can(driver, needs) && takes.length > 0);
  const gone = detour.emit(word, `${index}`);
  const job: Job = { id: `${index}`, stage, image: gone.image, takes, argumentValue: ARGUMENT_VALUE };
  const idiom = chooseExtraction(plan, index, job);
  const emission = takes.length === 0 ? NOTHING : idiom.emit(job);
  const archived = emission.archived === true;
  const moved = takes.map((take, at) => carried(take, emission.lands?.[at] ?? take.lands, archived));
  const arrivals = takes.map((take, at) => ({ ...take, stage: index, archived, path: moved[at]?.path ?? take.path }));
  const betweens = archived ? [] : takes.map(({ between }) => between.name);
  return {
    lines: [...gone.lines, ...emission.lines, ...moved.flatMap((one) => one.lines)],
    arrivals,
    change: emission.builder ?? {},
    functions: emission.functions ?? [],
    used: takes.length === 0 ? [] : [idiom.name, detour.name, ...betweens],
    leftovers: arrivals.map(({ path }) => path),
  };
}

/** The COPY or ADD of what stands on the host; the last name of a renamed file is put back. */
function injection(one: Import, context: string, arrivals: readonly Arrival[]): string {
  const found = arrivals.find((x) => x.artifact === one.artifact && x.context === context);
  if (!found) throw new Error(`nothing extracts ${one.artifact.path}`);
  const source = posix.relative(context, found.path);
  if (found.archived) return `ADD ${source} ${one.destination}`;
  const renamed = posix.basename(found.path) !== posix.basename(one.artifact.path);
  const name =
    one.artifact.form === "file" && renamed && one.destination.endsWith("/") ? posix.basename(one.artifact.path) : "";
  return `COPY ${source} ${one.destination}${name}`;
}

function dockerfileText(plan: Plan, index: number, change: BuilderChange, arrivals: readonly Arrival[]): string {
  const { graph, ways, builds, ception } = plan;
  const stage = pick(graph.stages, index);
  const context = builds[index]?.context ?? ".";
  const copies = [
    ...(change.withoutCopies ? [] : stage.contextCopies.map((copy) => `COPY ${copy.source} ${copy.destination}`)),
    ...stage.imports.map((one) =>
      ception?.final === index
        ? `COPY ${posix.basename(one.artifact.path)} ${one.destination}`
        : injection(one, context, arrivals),
    ),
  ];
  const from = stage.parent === undefined ? stage.base : tagOf(plan, stage.parent).value;
  const shown = change.withoutArgs ? { ...stage, args: [] } : stage;
  const lines = stageLines(shown, `FROM ${from}`, copies, change.withoutRuns ? [] : undefined);
  const inner = ception?.builder === index ? ceptionLines(plan, ception) : [];
  const comment = ways.comments ? [`# makes part ${index}`] : [];
  const all = [
    ...comment,
    ...(stage.global === undefined ? [] : [stage.global]),
    ...lines,
    ...inner,
    ...(change.ends ?? []),
  ];
  return `${all.join("\n")}\n`;
}

/** What the builder of a dockerception calls the last Dockerfile in its own context. */
export const INNER_DOCKERFILE = "Dockerfile.final";

/** The builder of a dockerception holds the last Dockerfile, and prints the context. */
function ceptionLines({ graph }: Plan, { final, folder }: NonNullable<Plan["ception"]>): readonly string[] {
  const names = (graph.stages[final]?.imports ?? []).map(({ artifact }) => posix.basename(artifact.path));
  return [
    `COPY ${INNER_DOCKERFILE} ${posix.join(folder, "Dockerfile")}`,
    `CMD ${exec(["tar", "-cf", "-", "-C", folder, "Dockerfile", ...new Set(names)])}`,
  ];
}

function buildStep(plan: Plan, index: number, change: BuilderChange): Step {
  const { graph, builds, ception } = plan;
  const stage = pick(graph.stages, index);
  const { way, file, context } = pick(builds, index);
  const tag = tagOf(plan, index).word;
  const args = change.withoutArgs ? "" : argumentsFor(plan, stage);
  const title = ships(graph, index) ? imageName(graph, index) : `part ${index}`;
  if (ception?.final === index) {
    const builder = tagOf(plan, ception.builder).word;
    return { title, lines: [`docker run --rm ${builder} | docker build ${args}-t ${tag} -`], makes: [] };
  }
  const carried = ception?.builder === index ? [INNER_DOCKERFILE] : [];
  const sources = [...stage.contextCopies.map(({ source }) => source), ...carried].map((source) =>
    posix.join(stage.context, source),
  );
  return { title, lines: way.lines({ file, context, tag, args, sources }), makes: [] };
}

/** The files of the context that the graph's COPY lines name. */
function contextFiles(graph: Graph): Tree {
  const copies = graph.stages.flatMap((stage) =>
    stage.contextCopies.map((copy) => ({ ...copy, context: stage.context })),
  );
  return Object.fromEntries(
    copies.map(({ context, source, form }) =>
      form === "file" ? [posix.join(context, source), "text\n"] : [posix.join(context, source, "main.txt"), "text\n"],
    ),
  );
}

const spoken = (tree: Tree, engine: Ways["engine"]): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [
      path,
      engine === "docker" ? text : text.replace(/\bdocker (?=[a-z])/g, `${engine} `),
    ]),
  );

/** The old project: Dockerfiles, driver and sources. */
export function split(graph: Graph, ways: Ways): Split {
  const driver = chosen(DRIVERS, ways.driver, () => true);
  const ception = planCeption(graph, ways, driver);
  const plan: Plan = { graph, ways, driver, ception, builds: planBuilds(graph, ways, driver) };
  const stages = graph.stages.map((_, index) => splitStage(plan, index));
  const arrivals = stages.flatMap((one) => one.arrivals);
  const dockerfiles = graph.stages.map((_, index): readonly [string, string] => [
    ception?.final === index
      ? posix.join(pick(graph.stages, ception.builder).context, INNER_DOCKERFILE)
      : pick(plan.builds, index).file,
    dockerfileText(plan, index, stages[index]?.change ?? {}, arrivals),
  ]);
  const ignored = ways.ignores
    ? graph.stages.map(({ context }): readonly [string, string] => [
        posix.join(context, ".dockerignore"),
        "*.log\n/tmp-*\n",
      ])
    : [];
  const driverTree = spoken(driver.wrap(scriptOf(plan, stages)), driver.start !== undefined ? ways.engine : "docker");
  const used = new Set([
    driver.name,
    ...stages.flatMap((one) => one.used),
    ...plan.builds.map(({ way }) => way.name),
    ...(ception === undefined ? [] : [DOCKERCEPTION]),
  ]);
  return {
    tree: { ...contextFiles(graph), ...Object.fromEntries([...ignored, ...dockerfiles]), ...driverTree },
    driver,
    driverFiles: Object.keys(driverTree),
    used: [...used],
    compiled: stages.some(({ change }) => change.withoutRuns === true),
  };
}

function scriptOf(plan: Plan, stages: readonly ReturnType<typeof splitStage>[]): Script {
  const { ways, graph } = plan;
  const staging = plan.builds.flatMap(({ way, context }) => (way.staged ? [context] : []));
  const start = staging.length === 0 ? [] : [{ title: "prepare", lines: [`mkdir -p ${staging.join(" ")}`], makes: [] }];
  const steps = stages.flatMap((one, index): readonly Step[] => {
    const built = buildStep(plan, index, one.change);
    if (one.lines.length === 0) return [built];
    return [built, { title: `take part ${index}`, lines: one.lines, makes: one.arrivals.map(({ path }) => path) }];
  });
  const args = graph.stages.flatMap((stage, index) => (stages[index]?.change.withoutArgs ? [] : stage.args));
  const leftovers = ways.cleans ? [...stages.flatMap((one) => one.leftovers), ...staging] : [];
  return {
    variables: variablesOf(plan, [...new Set(args)].sort()),
    functions: [...new Set(stages.flatMap((one) => one.functions))],
    steps: [...start, ...steps],
    leftovers,
    header: ways.header,
    comments: ways.comments,
    joined: ways.joined,
  };
}
