/**
 * What must be equal when a graph comes back: stages, each with its base, its own instructions in order, and what its COPY lines bring
 * from where to where.
 *
 *     { label: "ships", base: "alpine:3.19", instructions: ["WORKDIR /work"], copies: [["context app/a.txt -> /work/a.txt"]] }
 *
 * A stage is known by what it runs, since names and the order of independent stages are free. Context paths are seen from the
 * project's root. Not compared either: `--chown`, the order of COPY lines that stand together, and what a builder's container would
 * have run by itself, and a mode given to a made file that has it, in the stage that makes it. Where containers compiled, a builder's commands are compared as one text with the values of its arguments.
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../../src/dockerfile/parse.ts";
import type { CopyInstruction, DockerfileDocument, Instruction, StageSyntax } from "../../../src/dockerfile/syntax.ts";
import type { Migration } from "../../../src/model/migration.ts";
import type { HostPath } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";
import { type Form, type Graph, landingPlace, landings, multiStageText, stageName } from "./graph.ts";
import { INNER_DOCKERFILE } from "./split.ts";

export interface StageSummary {
  readonly label: string;
  readonly base: string;
  /** Instructions other than FROM and COPY, in order. */
  readonly instructions: readonly string[];
  /** What COPY brings, sorted; one group for each run of COPY lines between other instructions. */
  readonly copies: readonly (readonly string[])[];
}

interface Reading {
  readonly context: string;
  readonly labels: Labels;
  readonly forms: ReadonlyMap<string, Form>;
  readonly compiled: boolean;
  readonly made: MadeFiles;
}

/** What a graph's builders make, and the copies of it that were set aside. */
interface MadeFiles {
  /** The label of the stage that makes a file, by the file's path. */
  readonly labels: ReadonlyMap<string, string>;
  /** Where a copy that was set aside comes from. */
  readonly originals: ReadonlyMap<string, string>;
}

/** The label of a stage by its name in the file. */
type Labels = ReadonlyMap<string, string>;

const parse = (text: string): DockerfileDocument => parseDockerfile(sourceFile("Dockerfile" as HostPath, text));

const written = ({ keyword, logical, rest }: Instruction): string =>
  `${keyword} ${logical.text.slice(rest.offset)}`.trim();

/** What is unique about the stages of a graph, with their labels: a file that each builder makes; what each final says. */
function marksOf(graph: Graph): readonly (readonly [mark: string, label: string])[] {
  return graph.stages.flatMap((stage, index): readonly (readonly [string, string])[] => {
    const [made] = stage.made;
    if (made !== undefined) return [[`> ${made.path}`, `makes ${made.path}`]];
    return index === graph.stages.length - 1 && graph.finals > 1 ? [[stage.settings[0] ?? "", "second"]] : [];
  });
}

function labelsOf(document: DockerfileDocument, graph: Graph): Labels {
  const marks = marksOf(graph);
  const made = madeFilesOf(document, graph);
  const label = (stage: StageSyntax): string => {
    const parent = isAside(stage, made)
      ? document.stages.find(({ from }) => from.name?.text === stage.from.image.text)
      : undefined;
    if (parent !== undefined) return label(parent);
    const lines = stage.instructions.filter(({ kind }) => kind === "run" || kind === "label").map(written);
    const own = marks.find(([mark]) => lines.some((line) => line.includes(mark)))?.[1];
    const next = document.stages.find(({ from }) => from.image.text === stage.from.name?.text);
    return own ?? (next === undefined || isAside(next, made) ? "ships" : label(next));
  };
  return new Map(document.stages.map((stage) => [stage.from.name?.text ?? "", label(stage)]));
}

const isBuilder = (label: string): boolean => label.startsWith("makes ");

/** The forms of the paths that a graph copies, by their last name. */
function formsOf(graph: Graph): ReadonlyMap<string, Form> {
  const made = graph.stages.flatMap((stage) => stage.made.map((one) => [posix.basename(one.path), one.form] as const));
  const given = graph.stages.flatMap((stage) =>
    stage.contextCopies.map((copy) => [posix.basename(copy.source), copy.form] as const),
  );
  return new Map([...made, ...given]);
}

function madeFilesOf(document: DockerfileDocument, graph: Graph): MadeFiles {
  const labels = graph.stages.flatMap(({ made }) =>
    made.filter(({ form }) => form === "file").map(({ path }) => [path, `makes ${made[0]?.path}`] as const),
  );
  return { labels: new Map(labels), originals: originalsOf(document) };
}

/** What stands before the first stage, and the stages of a Dockerfile text that is built from `context`, by label. */
export function summarize(text: string, context: string, graph: Graph, compiled: boolean): readonly StageSummary[] {
  const document = parse(text);
  const reading = {
    context,
    labels: labelsOf(document, graph),
    forms: formsOf(graph),
    compiled,
    made: madeFilesOf(document, graph),
  };
  const globals = { label: "", base: "", instructions: document.preamble.map(written).sort(), copies: [] };
  const stages = joined(document, reading).map((stage) => summarizeStage(stage, reading));
  return [globals, ...stages.sort((a, b) => (a.label < b.label ? -1 : 1))];
}

/** The stages, where one that only prepares the next is a part of it, and copies set aside are none. */
function joined(document: DockerfileDocument, { labels, made }: Reading): readonly StageSyntax[] {
  const prepares = (stage: StageSyntax): boolean => {
    const name = stage.from.name?.text ?? "";
    const next = document.stages.filter(({ from }) => from.image.text === name);
    return next.some((one) => !isAside(one, made) && labels.get(one.from.name?.text ?? "") === labels.get(name));
  };
  return document.stages
    .filter((stage) => !isAside(stage, made) && !prepares(stage))
    .map((stage) => {
      const before = document.stages.find((one) => one.from.name?.text === stage.from.image.text && prepares(one));
      if (before === undefined) return stage;
      const from = { ...stage.from, image: before.from.image };
      return { ...stage, from, instructions: [...before.instructions, ...stage.instructions] };
    });
}

function summarizeStage(stage: StageSyntax, reading: Reading): StageSummary {
  const label = reading.labels.get(stage.from.name?.text ?? "") ?? "";
  const lax = reading.compiled && isBuilder(label);
  const instructions: string[] = [];
  const groups: string[][] = [[]];
  let workdir = "/";
  for (const instruction of stage.instructions) {
    if (instruction.kind === "copy") {
      groups.at(-1)?.push(...describeCopy(instruction, workdir, reading));
      continue;
    }
    if (instruction.kind === "workdir") workdir = posix.resolve(workdir, instruction.value);
    if (isBuilder(label) && (instruction.kind === "cmd" || instruction.kind === "entrypoint")) continue;
    if (lax && instruction.kind !== "run") continue;
    if (hostMode(instruction, reading.made) === label || copiedAside(instruction) !== undefined) continue;
    instructions.push(written(instruction));
    groups.push([]);
  }
  const copies = lax ? [groups.flat().sort()] : groups.map((group) => group.sort());
  const base = reading.labels.get(stage.from.image.text) ?? stage.from.image.text;
  return { label, base, instructions: lax ? [commandText(stage, label, reading.made)] : instructions, copies };
}

/** `cp -r /out/app00 /handover0` in a container, before `docker cp` took the copy: [copy, original]. */
function copiedAside(one: Instruction): readonly [string, string] | undefined {
  const [, original, copy] = /^RUN cp -r (\S+) (\/handover\d+)$/.exec(written(one)) ?? [];
  return original === undefined || copy === undefined ? undefined : [copy, original];
}

/** A stage that goes on from a builder and only makes such copies, with the mode that the host gave to them. */
const isAside = ({ instructions }: StageSyntax, made: MadeFiles): boolean =>
  instructions.some((one) => copiedAside(one) !== undefined) &&
  instructions.every((one) => copiedAside(one) !== undefined || hostMode(one, made) !== undefined);

/** Where the copies of a file's builders come from. */
const originalsOf = (document: DockerfileDocument): ReadonlyMap<string, string> =>
  new Map(
    document.stages.flatMap(({ instructions }) => instructions.map(copiedAside).filter((pair) => pair !== undefined)),
  );

/** The directory that a mount made in the container, before the command that wrote to it. */
const isMountPoint = (one: Instruction): boolean => /^RUN mkdir -p \S+$/.test(written(one));

/** A mode that the host gave to a file which has it already, now given in the builder: the label of the stage that makes the file. */
function hostMode(one: Instruction, { labels, originals }: MadeFiles): string | undefined {
  const [, path] = /^RUN chmod 0?644 (\S+)$/.exec(written(one)) ?? [];
  return path === undefined ? undefined : labels.get(originals.get(path) ?? path);
}

/** What a builder runs, as one shell text, and the arguments that it is given. */
function commandText(stage: StageSyntax, label: string, made: MadeFiles): string {
  const commands = stage.instructions.flatMap((one) =>
    one.kind === "run" && !isMountPoint(one) && hostMode(one, made) !== label && copiedAside(one) === undefined
      ? [unwrapped(one)]
      : [],
  );
  const given = stage.instructions.flatMap((one) => (/^(?:arg|env|run)$/.test(one.kind) ? givenNames(one) : []));
  return [...given.sort(), commands.join(" && ")].join(" ");
}

/** Values that hold for one RUN alone. */
const EXPORTED = /^export ([^;]*); /;

/** `VERSION` for `ARG VERSION`, and for `ENV VERSION=1.4` or `RUN export VERSION=1.4; …` where that is the value that every build passes. */
const givenNames = (one: Instruction): readonly string[] =>
  (one.kind === "run" ? (EXPORTED.exec(shellText(one))?.[1] ?? "") : written(one))
    .replace(/^(?:ARG|ENV) /, "")
    .split(" ")
    .filter((pair) => pair !== "")
    .map((pair) => pair.replace(/^(\w+)="?1\.4"?$/, "$1"));

function unwrapped(run: Instruction): string {
  return shellText(run).replace(EXPORTED, "");
}

function shellText(run: Instruction): string {
  const text = written(run).replace(/^RUN /, "");
  const exec = /^\[\s*"(?:\/bin\/)?sh",\s*"-c",\s*("(?:[^"\\]|\\.)*")\s*\]$/.exec(text);
  if (exec?.[1] !== undefined) return JSON.parse(exec[1]);
  const [, inner] = /^(?:\/bin\/)?sh -c '([^']*)'$/.exec(text) ?? [];
  return inner ?? text;
}

function describeCopy(
  copy: CopyInstruction,
  workdir: string,
  { context, labels, forms, made }: Reading,
): readonly string[] {
  const from = copy.flags.find((flag) => flag.name === "from")?.value;
  return copy.sources.flatMap(({ text }) => {
    const path = posix.resolve("/", text);
    const source = from === undefined ? hostOf(context, text) : (made.originals.get(path) ?? path);
    if (isInnerDockerfile(source)) return [];
    const form = forms.get(posix.basename(source)) ?? "directory";
    const origin = from === undefined ? "context" : `(${labels.get(from)})`;
    return [`${origin} ${source} -> ${landingPlace({ workdir }, source, form, copy.destination.text)}`];
  });
}

/** The Dockerfile that a builder only carried for the build that it fed. */
const isInnerDockerfile = (path: string): boolean => posix.basename(path) === INNER_DOCKERFILE;

/** A context path seen from the project's root. */
function hostOf(context: string, path: string): string {
  return posix.join(context, path).replace(/\/$/, "");
}

/** The flows that a graph has, as `describeFlows` writes them. */
export function expectedFlows(graph: Graph): readonly string[] {
  const labels = labelsOf(parse(multiStageText(graph)), graph);
  const label = (index: number) => `(${labels.get(stageName(index))})`;
  return graph.stages
    .flatMap((stage, index) => {
      const sources = [
        ...stage.contextCopies.map(({ source }) => `context ${hostOf(stage.context, source)}`),
        ...stage.imports.map(({ stage: from, artifact }) => `${label(from)} ${artifact.path}`),
      ];
      return landings(graph, index).map((place, at) => `${sources[at]} -> ${label(index)} ${place}`);
    })
    .sort();
}

/** The flows of a migration whose Dockerfile is `text`. */
export function describeFlows(migration: Migration, text: string, graph: Graph): readonly string[] {
  const document = parse(text);
  const labels = labelsOf(document, graph);
  const originals = originalsOf(document);
  return migration.flows
    .filter(({ from }) => !isInnerDockerfile(from.path))
    .map(({ from, to }) => {
      const source =
        from.kind === "context"
          ? `context ${hostOf(from.name, from.path)}`
          : `(${labels.get(from.name)}) ${originals.get(from.path) ?? from.path}`;
      return `${source} -> (${labels.get(to.stage)}) ${to.path}`;
    })
    .sort();
}

/** The directory from which a migrated Dockerfile is built, as its flows say; the root where it copies nothing. */
export function contextOf(migration: Migration): string {
  return migration.flows.find(({ from }) => from.kind === "context")?.from.name ?? ".";
}
