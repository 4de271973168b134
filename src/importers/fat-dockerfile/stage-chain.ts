/**
 * The stages that an image stands on, one on the other, as one list of instructions:
 *
 *     FROM golang:1.22 AS base      root: the base image of all that follows
 *     ENV CGO_ENABLED=0             0, inherited
 *     FROM base                     stage
 *     COPY . .                      1, its own
 *
 * Stages that are only copied from are not in it.
 */
import type { DockerfileDocument, Instruction, StageSyntax } from "../../dockerfile/syntax.ts";
import type { Environment } from "../../ecosystems/ecosystem.ts";
import { stageName } from "../../model/flows.ts";
import { expandText, namesIn } from "./variables.ts";

export interface StageChain {
  readonly stage: StageSyntax;
  /** The stage whose FROM names an image; the stage itself where that is its own. */
  readonly root: StageSyntax;
  /** The name of the stage that it stands on; absent where it stands on an image. */
  readonly lead?: string;
  /** Those of the stages below it, then its own. */
  readonly instructions: readonly Instruction[];
  /** How many of them are inherited: the index of the first one of its own. */
  readonly inherited: number;
  /** Those of the stages below it that count for nothing any more. */
  readonly reset: readonly Instruction[];
  /** A build argument chooses one of its stages or images, so that another one may stand there. */
  readonly chosen: boolean;
}

/** The chain of the stage at an index; `globals` are the values of the ARGs before the first FROM. */
export function stageChain(document: DockerfileDocument, index: number, globals: Environment): StageChain | undefined {
  const stage = document.stages[index];
  if (stage === undefined) return undefined;
  const written = stage.from.image.text;
  const at = stageNamed(document, expandText(written, globals).text, index);
  const below = at === undefined ? undefined : stageChain(document, at, globals);
  if (at === undefined || below === undefined)
    return { stage, root: stage, instructions: stage.instructions, inherited: 0, reset: [], chosen: false };
  const own = stage.instructions;
  // "If CMD is defined from the base image, setting ENTRYPOINT will reset CMD to an empty value"
  // (https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact).
  const resets = own.some(({ kind }) => kind === "entrypoint");
  const isReset = ({ kind }: Instruction): boolean => resets && kind === "cmd";
  const inherited = below.instructions.filter((one) => !isReset(one));
  return {
    stage,
    root: below.root,
    lead: stageName(document.stages[at] ?? stage, at),
    instructions: [...inherited, ...own],
    inherited: inherited.length,
    reset: [...below.reset, ...below.instructions.filter(isReset)],
    chosen: below.chosen || namesIn(written).length > 0,
  };
}

/** The index of the stage that `--from` of the stage at `before` names, by name or by number. */
export function copiedStage(document: DockerfileDocument, reference: string, before: number): number | undefined {
  if (/^\d+$/.test(reference)) return Number(reference) < before ? Number(reference) : undefined;
  return stageNamed(document, reference, before);
}

/** The nearest stage above of a name; FROM takes no numbers. */
function stageNamed(document: DockerfileDocument, reference: string, before: number): number | undefined {
  const name = reference.toLowerCase();
  const at = document.stages.slice(0, before).findLastIndex((stage) => stage.from.name?.text.toLowerCase() === name);
  return at < 0 ? undefined : at;
}
