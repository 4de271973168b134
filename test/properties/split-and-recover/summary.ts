/**
 * What must be equal when a graph comes back: stages, each with its base, its own instructions in order, and what its COPY lines bring
 * from where to where.
 *
 *     { label: "ships", base: "alpine:3.19", instructions: ["WORKDIR /work"], copies: [["context app/a.txt -> /work/a.txt"]] }
 *
 * A stage is known by what it runs, since names and the order of independent stages are free. Context paths are seen from the
 * project's root. Not compared either: `--chown`, and the order of COPY lines that stand together.
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../../src/dockerfile/parse.ts";
import type { CopyInstruction, DockerfileDocument, Instruction, StageSyntax } from "../../../src/dockerfile/syntax.ts";
import type { Migration } from "../../../src/model/migration.ts";
import type { HostPath } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";
import { type Form, type Graph, landingPlace, multiStageText, stageName } from "./graph.ts";

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
}

/** The label of a stage by its name in the file. */
type Labels = ReadonlyMap<string, string>;

const parse = (text: string): DockerfileDocument => parseDockerfile(sourceFile("Dockerfile" as HostPath, text));

const written = ({ keyword, logical, rest }: Instruction): string =>
  `${keyword} ${logical.text.slice(rest.offset)}`.trim();

/** The last stage ships; every other one runs something that no other runs. */
function labelsOf(document: DockerfileDocument): Labels {
  const label = (stage: StageSyntax) => {
    const run = stage.instructions.find((instruction) => instruction.kind === "run");
    return stage === document.stages.at(-1) || run === undefined ? "ships" : run.rest.text;
  };
  return new Map(document.stages.map((stage) => [stage.from.name?.text ?? "", label(stage)]));
}

/** The forms of the paths that a graph copies, by their last name. */
function formsOf(graph: Graph): ReadonlyMap<string, Form> {
  const made = graph.stages.flatMap((stage) => stage.made.map((one) => [posix.basename(one.path), one.form] as const));
  const given = graph.stages.flatMap((stage) =>
    stage.contextCopies.map((copy) => [posix.basename(copy.source), copy.form] as const),
  );
  return new Map([...made, ...given]);
}

/** What stands before the first stage, and the stages of a Dockerfile text that is built from `context`, by label. */
export function summarize(text: string, context: string, graph: Graph): readonly StageSummary[] {
  const document = parse(text);
  const reading = { context, labels: labelsOf(document), forms: formsOf(graph) };
  const globals = { label: "", base: "", instructions: document.preamble.map(written).sort(), copies: [] };
  const stages = document.stages.map((stage) => summarizeStage(stage, reading));
  return [globals, ...stages.sort((a, b) => (a.label < b.label ? -1 : 1))];
}

function summarizeStage(stage: StageSyntax, reading: Reading): StageSummary {
  const instructions: string[] = [];
  const groups: string[][] = [[]];
  let workdir = "/";
  for (const instruction of stage.instructions) {
    if (instruction.kind === "copy") {
      groups.at(-1)?.push(...describeCopy(instruction, workdir, reading));
      continue;
    }
    if (instruction.kind === "workdir") workdir = posix.resolve(workdir, instruction.value);
    instructions.push(written(instruction));
    groups.push([]);
  }
  const label = reading.labels.get(stage.from.name?.text ?? "") ?? "";
  return { label, base: stage.from.image.text, instructions, copies: groups.map((group) => group.sort()) };
}

function describeCopy(copy: CopyInstruction, workdir: string, { context, labels, forms }: Reading): readonly string[] {
  const from = copy.flags.find((flag) => flag.name === "from")?.value;
  return copy.sources.map(({ text }) => {
    const source = from === undefined ? hostOf(context, text) : posix.resolve("/", text);
    const form = forms.get(posix.basename(source)) ?? "directory";
    const origin = from === undefined ? "context" : `(${labels.get(from)})`;
    return `${origin} ${source} -> ${landingPlace({ workdir }, source, form, copy.destination.text)}`;
  });
}

/** A context path seen from the project's root. */
function hostOf(context: string, path: string): string {
  return posix.join(context, path).replace(/\/$/, "");
}

/** The flows that a graph has, as `describeFlows` writes them. */
export function expectedFlows(graph: Graph): readonly string[] {
  const labels = labelsOf(parse(multiStageText(graph)));
  const label = (index: number) => `(${labels.get(stageName(index))})`;
  return graph.stages
    .flatMap((stage, index) => [
      ...stage.contextCopies.map(({ source, form, destination }) => {
        return `context ${hostOf(stage.context, source)} -> ${label(index)} ${landingPlace(stage, source, form, destination)}`;
      }),
      ...stage.imports.map(({ stage: from, artifact, destination }) => {
        return `${label(from)} ${artifact.path} -> ${label(index)} ${landingPlace(stage, artifact.path, artifact.form, destination)}`;
      }),
    ])
    .sort();
}

/** The flows of a migration whose Dockerfile is `text`. */
export function describeFlows(migration: Migration, text: string): readonly string[] {
  const labels = labelsOf(parse(text));
  return migration.flows
    .map(({ from, to }) => {
      const source =
        from.kind === "context" ? `context ${hostOf(from.name, from.path)}` : `(${labels.get(from.name)}) ${from.path}`;
      return `${source} -> (${labels.get(to.stage)}) ${to.path}`;
    })
    .sort();
}

/** The directory from which a migrated Dockerfile is built, as its flows say; the root where it copies nothing. */
export function contextOf(migration: Migration): string {
  return migration.flows.find(({ from }) => from.kind === "context")?.from.name ?? ".";
}
