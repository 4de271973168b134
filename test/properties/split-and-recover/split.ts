/**
 * Takes a graph apart, as people built before multi-stage: one Dockerfile for each stage and a script that carries the artifacts
 * over the host.
 *
 *     docker build -f Dockerfile.part0 -t part0 .            one of many ways to say it: see the idioms
 *     docker create --name extract0 part0
 *     docker cp extract0:/out/app0 .
 *     docker rm -f extract0
 *     docker build -t final .                                COPY app0 /usr/bin/
 */
import { posix } from "node:path";
import fc from "fast-check";
import { type GeneratedStage, type Graph, type Import, type MadePath, stageLines } from "./graph.ts";

/** How the script says the same things; each list is used in turn, so that one script mixes several. */
export interface Idioms {
  readonly header: string;
  readonly engine: "docker" | "sudo docker" | "podman";
  readonly container: readonly ("named" | "captured" | "substituted" | "function")[];
  readonly file: readonly ("here" | "named" | "renamed" | "folder" | "moved" | "copied")[];
  readonly directory: readonly ("missing" | "renamed" | "nested" | "contents" | "here" | "moved")[];
  readonly build: readonly ("flags-first" | "context-first" | "long" | "changed-directory" | "image-build")[];
  readonly tag: readonly ("literal" | "variable" | "default")[];
  readonly joined: boolean;
  readonly cleans: boolean;
  readonly argument: "literal" | "variable" | "default";
  readonly comments: boolean;
  /** Contexts have ignore files, with rules that none of the copied files meets. */
  readonly ignores: boolean;
}

const several = <T>(...values: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

export const idioms: fc.Arbitrary<Idioms> = fc.record({
  header: fc.constantFrom("#!/bin/sh\nset -e", "#!/bin/bash\nset -euo pipefail", "#!/usr/bin/env bash", "#!/bin/sh -e"),
  engine: fc.constantFrom("docker", "docker", "sudo docker", "podman"),
  container: several("named", "captured", "substituted", "function"),
  file: several("here", "named", "renamed", "folder", "moved", "copied"),
  directory: several("missing", "renamed", "nested", "contents", "here", "moved"),
  build: several("flags-first", "context-first", "long", "changed-directory", "image-build"),
  tag: several("literal", "variable", "default"),
  joined: fc.boolean(),
  cleans: fc.boolean(),
  argument: fc.constantFrom("literal", "variable", "default"),
  comments: fc.boolean(),
  ignores: fc.boolean(),
});

export type Tree = Readonly<Record<string, string>>;

/** The value that every build passes for an argument. */
export const ARGUMENT_VALUE = "1.4";

const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("an idiom list is empty");
  return value;
};

/** Where an artifact stands on the host, and the commands that bring it there. `path` is relative to the project's root. */
interface Extraction {
  readonly stage: number;
  readonly artifact: MadePath;
  readonly context: string;
  readonly path: string;
  readonly prepare: readonly string[];
  /** Operand of `docker cp` after the colon. */
  readonly source: string;
  readonly target: string;
  readonly finish: readonly string[];
}

type Route = Pick<Extraction, "path" | "prepare" | "source" | "target" | "finish">;

/** `docker cp` of a file: to a name, or into a folder that exists. */
function fileRoute(way: Idioms["file"][number], artifact: MadePath, context: string, id: string): Route {
  const name = posix.basename(artifact.path);
  const at = (path: string) => posix.join(context, path);
  const direct = { prepare: [], source: artifact.path, finish: [] };
  switch (way) {
    case "here":
      return { ...direct, path: at(name), target: context };
    case "named":
      return { ...direct, path: at(name), target: `./${at(name)}` };
    case "renamed":
      return { ...direct, path: at(`bin${id}`), target: at(`bin${id}`) };
    case "folder":
      return {
        ...direct,
        path: at(`out${id}/${name}`),
        prepare: [`mkdir -p ${at(`out${id}`)}`],
        target: `${at(`out${id}`)}/`,
      };
    case "moved":
      return { ...direct, path: at(`bin${id}`), target: `tmp${id}`, finish: [`mv tmp${id} ${at(`bin${id}`)}`] };
    case "copied":
      return { ...direct, path: at(name), target: `tmp${id}`, finish: [`cp tmp${id} ${at(name)}`] };
  }
}

/** `docker cp` of a directory: its contents become a missing target; it nests in one that exists, unless it ends in `/.`. */
function directoryRoute(way: Idioms["directory"][number], artifact: MadePath, context: string, id: string): Route {
  const name = posix.basename(artifact.path);
  const at = (path: string) => posix.join(context, path);
  const direct = { prepare: [], source: artifact.path, finish: [] };
  switch (way) {
    case "missing":
      return { ...direct, path: at(name), target: at(name) };
    case "renamed":
      return { ...direct, path: at(`files${id}`), target: `./${at(`files${id}`)}` };
    case "nested":
      return {
        ...direct,
        path: at(`out${id}/${name}`),
        prepare: [`mkdir -p ${at(`out${id}`)}`],
        target: at(`out${id}`),
      };
    case "contents":
      return {
        ...direct,
        path: at(`out${id}`),
        prepare: [`rm -rf ${at(`out${id}`)}`, `mkdir -p ${at(`out${id}`)}`],
        source: `${artifact.path}/.`,
        target: at(`out${id}`),
      };
    case "here":
      return { ...direct, path: at(name), target: context };
    case "moved":
      return { ...direct, path: at(`files${id}`), target: `tmp${id}`, finish: [`mv tmp${id} ${at(`files${id}`)}`] };
  }
}

/** One extraction for each artifact and each context that needs it. */
function extractionsOf(graph: Graph, ways: Idioms): readonly Extraction[] {
  const wanted = graph.stages.flatMap((stage) => stage.imports.map((one) => ({ ...one, context: stage.context })));
  const distinct = wanted.filter((one, index) => wanted.findIndex((other) => sameExtraction(one, other)) === index);
  return distinct.map(({ stage, artifact, context }, index) => {
    const id = `${index}`;
    const route =
      artifact.form === "file"
        ? fileRoute(pick(ways.file, index), artifact, context, id)
        : directoryRoute(pick(ways.directory, index), artifact, context, id);
    return { stage, artifact, context, ...route };
  });
}

function sameExtraction(a: Import & { readonly context: string }, b: Import & { readonly context: string }): boolean {
  return a.stage === b.stage && a.artifact.path === b.artifact.path && a.context === b.context;
}

/** The COPY of what stands on the host; the last name of a renamed file is put back. */
function injection(one: Import, stage: GeneratedStage, extractions: readonly Extraction[]): string {
  const found = extractions.find((x) => sameExtraction({ ...one, context: stage.context }, { ...x, destination: "" }));
  if (!found) throw new Error(`nothing extracts ${one.artifact.path}`);
  const renamed = posix.basename(found.path) !== posix.basename(one.artifact.path);
  const name =
    one.artifact.form === "file" && renamed && one.destination.endsWith("/") ? posix.basename(one.artifact.path) : "";
  return `COPY ${posix.relative(stage.context, found.path)} ${one.destination}${name}`;
}

const dockerfileOf = (graph: Graph, index: number): string => {
  const stage = graph.stages[index];
  const name = index === graph.stages.length - 1 ? "Dockerfile" : `Dockerfile.part${index}`;
  return posix.join(stage?.context ?? ".", name);
};

/** The name of an image, and how the script spells it. */
function tagOf(
  way: Idioms["tag"][number],
  name: string,
): { readonly declare: readonly string[]; readonly word: string } {
  const variable = `${name.toUpperCase()}_IMAGE`;
  switch (way) {
    case "literal":
      return { declare: [], word: name };
    case "variable":
      return { declare: [`${variable}=example/${name}`], word: `"$${variable}"` };
    case "default":
      return { declare: [`${variable}=\${${variable}:-${name}:dev}`], word: `\${${variable}}` };
  }
}

function argumentWord(way: Idioms["argument"], name: string): string {
  return way === "literal" ? `--build-arg ${name}=${ARGUMENT_VALUE}` : `--build-arg ${name}="$${name}"`;
}

function declareArgument(way: Idioms["argument"], name: string): readonly string[] {
  if (way === "literal") return [];
  return [way === "variable" ? `${name}=${ARGUMENT_VALUE}` : `${name}=\${${name}:-${ARGUMENT_VALUE}}`];
}

function buildCommand(
  way: Idioms["build"][number],
  stage: GeneratedStage,
  file: string,
  tag: string,
  args: string,
): string {
  const { context } = stage;
  const here = posix.basename(file);
  switch (way) {
    case "flags-first":
      return `docker build ${args}-f ${file} -t ${tag} ${context}`;
    case "context-first":
      return `docker build ${context} ${args}-t ${tag} -f ${file}`;
    case "long":
      return `docker build --pull --file=${file} ${args}--tag ${tag} ./${context}`;
    case "image-build":
      return `docker image build ${args}--tag=${tag} --file ${file} ${context}`;
    case "changed-directory":
      return context === "."
        ? `docker build ${args}-t ${tag}${here === "Dockerfile" ? "" : ` -f ./${here}`} .`
        : `cd ${context}\ndocker build ${args}-t ${tag} -f ${here} .\ncd ..`;
  }
}

function extractionLines(
  way: Idioms["container"][number],
  tag: string,
  index: number,
  taken: readonly Extraction[],
): readonly string[] {
  const copy = (container: string) =>
    taken.flatMap((x) => [...x.prepare, `docker cp ${container}:${x.source} ${x.target}`, ...x.finish]);
  switch (way) {
    case "named":
      return [
        `docker create --name extract${index} ${tag}`,
        ...copy(`extract${index}`),
        `docker rm -f extract${index}`,
      ];
    case "captured":
      return [`id${index}=$(docker create ${tag})`, ...copy(`"$id${index}"`), `docker rm "$id${index}" > /dev/null`];
    case "substituted":
      return copy(`$(docker create ${tag})`);
    case "function":
      return taken.flatMap((x) => [...x.prepare, `extract ${tag} ${x.source} ${x.target}`, ...x.finish]);
  }
}

/** What the scripts that say `extract` mean by it. */
const EXTRACT = `extract() { # image, path, target
  local id
  id=$(docker create "$1")
  docker cp "$id:$2" "$3"
  docker rm "$id" > /dev/null
}`;

/** Joins commands by `&&` and continuations where that changes nothing. */
function join(lines: readonly string[], joined: boolean): string {
  return joined ? lines.join(" && \\\n  ") : lines.join("\n");
}

function scriptOf(graph: Graph, ways: Idioms, extractions: readonly Extraction[]): string {
  const tags = graph.stages.map((_, index) =>
    tagOf(pick(ways.tag, index), index === graph.stages.length - 1 ? "final" : `part${index}`),
  );
  const passed = [...new Set(graph.stages.flatMap((stage) => stage.args))].sort();
  const steps = graph.stages.map((stage, index) => {
    const tag = tags[index]?.word ?? "";
    const args = stage.args.map((name) => `${argumentWord(ways.argument, name)} `).join("");
    const build = buildCommand(pick(ways.build, index), stage, dockerfileOf(graph, index), tag, args);
    const taken = extractions.filter((x) => x.stage === index);
    const lines = [...build.split("\n"), ...extractionLines(pick(ways.container, index), tag, index, taken)];
    return `${ways.comments ? `\n# part ${index}\n` : ""}${join(taken.length === 0 ? build.split("\n") : lines, ways.joined)}`;
  });
  const cleaning = ways.cleans ? [`rm -rf ${extractions.map((x) => x.path).join(" ")}`, 'echo "done"'] : [];
  const declarations = [
    ...tags.flatMap((tag) => tag.declare),
    ...passed.flatMap((name) => declareArgument(ways.argument, name)),
  ];
  const functions = steps.some((step) => /\bextract /.test(step)) ? [EXTRACT] : [];
  const script = [ways.header, ...declarations, ...functions, ...steps, ...cleaning].join("\n");
  return `${script.replace(/\bdocker (?=image|build|create|cp|rm)/g, `${ways.engine} `)}\n`;
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

/** The old project: Dockerfiles, script and sources. */
export function split(graph: Graph, ways: Idioms): Tree {
  const extractions = extractionsOf(graph, ways);
  const dockerfiles = graph.stages.map((stage, index) => {
    const copies = [
      ...stage.contextCopies.map((copy) => `COPY ${copy.source} ${copy.destination}`),
      ...stage.imports.map((one) => injection(one, stage, extractions)),
    ];
    const comment = ways.comments ? [`# makes part ${index}`] : [];
    return [
      dockerfileOf(graph, index),
      `${[...comment, ...(stage.global === undefined ? [] : [stage.global]), ...stageLines(stage, `FROM ${stage.base}`, copies)].join("\n")}\n`,
    ] as const;
  });
  const ignored = ways.ignores
    ? graph.stages.map(({ context }) => [posix.join(context, ".dockerignore"), "*.log\n/tmp-*\n"])
    : [];
  return {
    ...contextFiles(graph),
    ...Object.fromEntries(ignored),
    ...Object.fromEntries(dockerfiles),
    "build.sh": scriptOf(graph, ways, extractions),
  };
}
