/**
 * Build arguments that a stage uses without having them:
 *
 *     ARG VERSION              serves FROM lines only
 *     FROM alpine AS build
 *     RUN echo $VERSION        empty, unless the stage says ARG VERSION too
 *
 * That is the most frequent mistake of hand-made migrations after lost libraries. What was already unset in the user's own
 * file stays the user's business.
 */
import { PREDEFINED_ARGUMENTS } from "../dockerfile/scope.ts";
import type { DockerfileDocument, Instruction, InstructionRef, StageSyntax } from "../dockerfile/syntax.ts";
import { positionAt } from "../text/source.ts";
import type { CheckedDockerfile } from "./checked-dockerfile.ts";
import { stageName } from "./flows.ts";

/** One clause for each variable and stage. */
export function undeclaredArguments({ planned, document, pieces }: CheckedDockerfile): readonly string[] {
  const sources = pieces.flatMap(({ step }) =>
    step && step.kind !== "synthesized" && step.source ? [step.source] : [],
  );
  const declared = argumentNames([document, planned.template, ...sources.map((source) => source.document)]);
  const found = document.stages.flatMap((stage, index) =>
    stage.instructions.flatMap((instruction, at) => {
      const line = positionAt(document.source, instruction.range.start).line;
      const piece = pieces.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
      const source = piece?.step && piece.step.kind !== "synthesized" ? piece.step.source : undefined;
      return usedNames(instruction)
        .filter((name) => declared.has(name) && !namesInScope(document, index, at).has(name))
        .filter((name) => !source || namesInScopeOf(source).has(name))
        .map((name) => `"${name}" is used in stage "${stageName(stage, index)}" and not declared there`);
    }),
  );
  return [...new Set(found)];
}

function argumentNames(documents: readonly DockerfileDocument[]): ReadonlySet<string> {
  const instructions = [...new Set(documents)].flatMap((document) => document.instructions);
  const names = instructions.flatMap((i) => (i.kind === "arg" ? i.pairs.map(({ key }) => key) : []));
  return new Set(names.filter((name) => !PREDEFINED_ARGUMENTS.has(name)));
}

/** Variables that an instruction refers to; those that a RUN sets itself are the shell's. */
function usedNames(instruction: Instruction): readonly string[] {
  if (instruction.kind === "from" || instruction.kind === "cmd" || instruction.kind === "entrypoint") return [];
  const text = [instruction.logical.text, ...instruction.heredocs.map(({ body }) => body)].join("\n");
  const names = new Set(
    [...text.matchAll(/(?<!\\)\$(?:\{(\w+)|(\w+))/g)].map(([, braced, bare]) => braced ?? bare ?? ""),
  );
  const own = instruction.kind === "run" ? text : "";
  return [...names].filter(
    (name) => !new RegExp(String.raw`(?:^|[\s;&|(])(?:${name}=|(?:read|for)\s+(?:-\w\s+)?${name}\b)`).test(own),
  );
}

/** ARG and ENV names that a stage has before instruction `at`; those of the stages that it is built from too. */
function namesInScope(document: DockerfileDocument, index: number, at: number): ReadonlySet<string> {
  const stage = document.stages[index];
  if (!stage) return new Set();
  const own = stage.instructions.slice(0, at).flatMap(declaredBy);
  const base = document.stages
    .slice(0, index)
    .findLastIndex((other, i) => stageName(other, i) === stage.from.image.text.toLowerCase());
  return new Set([...own, ...(base < 0 ? [] : namesInScope(document, base, Number.MAX_SAFE_INTEGER))]);
}

function declaredBy(instruction: Instruction): readonly string[] {
  return instruction.kind === "arg" || instruction.kind === "env" ? instruction.pairs.map(({ key }) => key) : [];
}

function namesInScopeOf({ document, instruction }: InstructionRef): ReadonlySet<string> {
  const index = document.stages.findIndex((stage: StageSyntax) => stage.instructions.includes(instruction));
  const at = document.stages[index]?.instructions.indexOf(instruction) ?? -1;
  return at < 0 ? new Set() : namesInScope(document, index, at);
}
