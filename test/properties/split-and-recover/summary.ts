/**
 * What must be equal when a graph comes back: a Dockerfile as stages, each with its base, its own instructions in order, and what
 * its COPY lines bring from where to where.
 *
 *     { base: "alpine:3.19", instructions: ["WORKDIR /work", "CMD [\"x\"]"], copies: [["context app/a.txt -> /work/a.txt"]] }
 *
 * Context paths are seen from the project's root. Not compared: stage names, `--chown`, the order of COPY lines that stand together.
 */
import { posix } from "node:path";
import { parseDockerfile } from "../../../src/dockerfile/parse.ts";
import type { CopyInstruction, DockerfileDocument, Instruction, StageSyntax } from "../../../src/dockerfile/syntax.ts";
import type { Migration } from "../../../src/model/migration.ts";
import type { HostPath } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";
import { type Graph, landingPlace } from "./graph.ts";

export interface StageSummary {
  readonly base: string;
  /** Instructions other than FROM and COPY, in order. */
  readonly instructions: readonly string[];
  /** What COPY brings, sorted; one group for each run of COPY lines between other instructions. */
  readonly copies: readonly (readonly string[])[];
}

export const parse = (text: string): DockerfileDocument => parseDockerfile(sourceFile("Dockerfile" as HostPath, text));

/** The forms of the paths that a graph copies, by their last name. */
function formsOf(graph: Graph): ReadonlyMap<string, "file" | "directory"> {
  const made = graph.stages.flatMap((stage) =>
    stage.imports.map((one) => [posix.basename(one.artifact.path), one.artifact.form] as const),
  );
  const given = graph.stages.flatMap((stage) =>
    stage.contextCopies.map((copy) => [posix.basename(copy.source), copy.form] as const),
  );
  return new Map([...made, ...given]);
}

const written = ({ keyword, logical, rest }: Instruction): string =>
  `${keyword} ${logical.text.slice(rest.offset)}`.trim();

interface Reading {
  readonly document: DockerfileDocument;
  readonly context: string;
  readonly forms: ReadonlyMap<string, "file" | "directory">;
}

/** The stages of a Dockerfile text that is built from `context`, stages of COPY --from by their position. */
export function summarize(text: string, context: string, graph: Graph): readonly StageSummary[] {
  const reading = { document: parse(text), context, forms: formsOf(graph) };
  return reading.document.stages.map((stage) => summarizeStage(stage, reading));
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
  return { base: stage.from.image.text, instructions, copies: groups.map((group) => group.sort()) };
}

function describeCopy(
  copy: CopyInstruction,
  workdir: string,
  { document, context, forms }: Reading,
): readonly string[] {
  const from = copy.flags.find((flag) => flag.name === "from")?.value;
  const position = document.stages.findIndex((stage) => stage.from.name?.text === from);
  return copy.sources.map(({ text }) => {
    const source = from === undefined ? hostOf(context, text) : posix.resolve("/", text);
    const form = forms.get(posix.basename(source)) ?? "directory";
    return `${from === undefined ? "context" : position} ${source} -> ${landingPlace({ workdir }, source, form, copy.destination.text)}`;
  });
}

/** A context path seen from the project's root. */
function hostOf(context: string, path: string): string {
  return posix.join(context, path).replace(/\/$/, "");
}

/** The flows that a graph has, as `describeFlows` writes them. */
export function expectedFlows(graph: Graph): readonly string[] {
  return graph.stages
    .flatMap((stage, index) => [
      ...stage.contextCopies.map(({ source, form, destination }) => {
        return `context ${hostOf(stage.context, source)} -> ${index} ${landingPlace(stage, source, form, destination)}`;
      }),
      ...stage.imports.map(({ stage: from, artifact, destination }) => {
        return `${from} ${artifact.path} -> ${index} ${landingPlace(stage, artifact.path, artifact.form, destination)}`;
      }),
    ])
    .sort();
}

/** The flows of a migration, stages by their position in it. */
export function describeFlows(migration: Migration): readonly string[] {
  const position = (name: string) => migration.stages.findIndex((stage) => stage.name === name);
  return migration.flows
    .map(({ from, to }) => {
      const source =
        from.kind === "context" ? `context ${hostOf(from.name, from.path)}` : `${position(from.name)} ${from.path}`;
      return `${source} -> ${position(to.stage)} ${to.path}`;
    })
    .sort();
}

/** The directory from which a migrated Dockerfile is built, as its flows say; the root where it copies nothing. */
export function contextOf(migration: Migration): string {
  return migration.flows.find(({ from }) => from.kind === "context")?.from.name ?? ".";
}
