/**
 * A Dockerfile as it stands, in the terms of the result: its stages, in file order, each with a role.
 *
 *     FROM golang:1.22 AS builder      { name: "builder", role: "build", from: "golang:1.22", fromKind: "image" }
 *     FROM alpine                      { name: "1", role: "runtime", from: "alpine", fromKind: "image" }
 */
import type { DockerfileDocument, StageSyntax } from "../dockerfile/syntax.ts";
import { stageName } from "./flows.ts";
import type { MigrationStage } from "./migration.ts";
import type { StageRole } from "./plan.ts";

export function stagesOf({ stages, source }: DockerfileDocument): readonly MigrationStage[] {
  const names = stages.map(stageName);
  return stages.map((stage, index) => {
    const from = stage.from.image.text;
    const isStage = names.slice(0, index).includes(from.toLowerCase());
    return {
      name: names[index] ?? String(index),
      role: roleOf(stage, index, stages),
      from: isStage ? from.toLowerCase() : from,
      fromKind: isStage ? "stage" : "image",
      dockerfile: source.path,
    };
  });
}

/** Names first, since people say what a stage is for; else by who uses it. */
function roleOf(stage: StageSyntax, index: number, stages: readonly StageSyntax[]): StageRole {
  const name = stageName(stage, index);
  if (index === stages.length - 1)
    return stage.from.image.text === "scratch" && !hasCommand(stage) ? "export" : "runtime";
  if (/test|lint|check/.test(name)) return "test";
  if (/^(?:dev|develop|development)\b/.test(name)) return "development";
  if (/dep(?:s|endenc)|vendor|modules/.test(name)) return "dependencies";
  const later = stages.slice(index + 1);
  const isBase = later.some(({ from }) => from.image.text.toLowerCase() === name);
  const isCopied = later.some(({ instructions }) =>
    instructions.some((instruction) => copiesFrom(instruction, name, index)),
  );
  return isBase && !isCopied ? "base" : "build";
}

function hasCommand({ instructions }: StageSyntax): boolean {
  return instructions.some(({ kind }) => kind === "cmd" || kind === "entrypoint");
}

function copiesFrom(instruction: StageSyntax["instructions"][number], name: string, index: number): boolean {
  if (instruction.kind !== "copy" && instruction.kind !== "add") return false;
  const from = instruction.flags.find((flag) => flag.name === "from")?.value?.toLowerCase();
  return from === name || from === String(index);
}
