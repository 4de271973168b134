/**
 * An existing multi-stage file whose stages are found by number:
 *
 *     FROM golang:1.22                     FROM golang:1.22 AS builder
 *     FROM scratch                    →    FROM scratch AS production
 *     COPY --from=0 /app /app              COPY --from=builder /app /app
 *
 * Only names change. A file without numbers stays as it is.
 */

import type {
  CopyInstruction,
  DockerfileDocument,
  Instruction,
  InstructionFlag,
  InstructionRef,
  RunInstruction,
  StageSyntax,
} from "../../dockerfile/syntax.ts";
import type { Because, PlannedDockerfile, Stage, StageRole, StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import type { HostPath } from "../../text/paths.ts";
import { freeName, imageNames } from "./stage-names.ts";

/** A place that names a stage by its number. */
interface NumericReference {
  readonly instruction: CopyInstruction | RunInstruction;
  readonly stage: number;
  readonly index: number;
  /** Of the number in the file. */
  readonly range: { readonly start: number; readonly end: number };
}

export interface NamedStages {
  /** The file with names; absent where nothing in it is found by number. */
  readonly dockerfile?: PlannedDockerfile;
  /** All stages but the last one, with names. */
  readonly earlier: readonly Stage[];
  /** A step of the user's own with names for numbers. */
  readonly renamed: (step: StageStep) => StageStep;
  /** References to stages that do not stand above. */
  readonly wrong: readonly Pick<NumericReference, "index" | "range">[];
}

/** Gives names to stages that are found by number. */
export function nameStages(document: DockerfileDocument, context: HostPath): NamedStages {
  const references = document.stages.flatMap((stage, at) =>
    stage.instructions.flatMap((one) => numericReferences(one, at, document)),
  );
  const names = namesFor(document, new Set(references.map((one) => one.index)));
  const stages = document.stages.map((stage, at) => namedStage(stage, at, names, references, document));
  const frame = {
    earlier: stages.slice(0, -1),
    renamed: (step: StageStep) => renamedStep(step, references, names, document),
    wrong: references.filter((one) => one.index >= one.stage),
  };
  if (references.length === 0) return frame;
  const globals = document.preamble.map((instruction): StageStep => original(instruction, document));
  const outputs = [{ target: names.at(-1) ?? "production", replaces: document.source.path, tags: [] }];
  return {
    ...frame,
    dockerfile: { path: document.source.path, template: document, context, globals, stages, outputs },
  };
}

function renamedStep(
  step: StageStep,
  references: readonly NumericReference[],
  names: readonly string[],
  document: DockerfileDocument,
): StageStep {
  if (step.kind === "original") {
    const { instruction } = step.source;
    return references.some((one) => one.instruction === instruction)
      ? renamed(instruction, references, names, document)
      : step;
  }
  if (step.kind !== "rewritten" && step.kind !== "synthesized") return step;
  const text = step.text.replace(
    /^([^\n]*?--mount=\S*?\bfrom=)(\d+)(?=[,\s])/gm,
    (_, start: string, index: string) => `${start}${names[Number(index)] ?? index}`,
  );
  return text === step.text ? step : { ...step, text };
}

function numericReferences(
  instruction: Instruction,
  stage: number,
  document: DockerfileDocument,
): readonly NumericReference[] {
  if (instruction.kind === "copy" || instruction.kind === "add") {
    const flag = instruction.flags.find((one) => one.name === "from" && /^\d+$/.test(one.value ?? ""));
    return flag === undefined
      ? []
      : [{ instruction, stage, index: Number(flag.value), range: numberRange(flag, document) }];
  }
  if (instruction.kind !== "run") return [];
  return instruction.flags.flatMap((flag): readonly NumericReference[] => {
    const index = flag.name === "mount" ? /(?:^|,)from=(\d+)(?:,|$)/.exec(flag.value ?? "")?.[1] : undefined;
    return index === undefined
      ? []
      : [{ instruction, stage, index: Number(index), range: numberRange(flag, document) }];
  });
}

function numberRange(flag: InstructionFlag, document: DockerfileDocument): { start: number; end: number } {
  const text = document.source.text.slice(flag.range.start, flag.range.end);
  const match = /from=["']?(\d+)/.exec(text);
  const end = flag.range.start + (match === null ? text.length : match.index + match[0].length);
  return { start: end - (match?.[1]?.length ?? 0), end };
}

/** Stages that have a name keep it; the first unnamed one that is copied from is the builder, the last stage ships. */
function namesFor(document: DockerfileDocument, referenced: ReadonlySet<number>): readonly string[] {
  const taken = new Set([
    ...imageNames(document),
    ...document.stages.flatMap((stage) => stage.from.name?.text.toLowerCase() ?? []),
  ]);
  const last = document.stages.length - 1;
  return document.stages.map((stage, at) => {
    const own = stage.from.name?.text;
    if (own !== undefined) return own.toLowerCase();
    const wanted = at === last ? "production" : referenced.has(at) ? "builder" : "base";
    const name = freeNumbered(wanted, taken);
    taken.add(name);
    return name;
  });
}

/** "builder", "builder-2", "builder-3". */
function freeNumbered(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; number < 1000; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
  return freeName(wanted, taken);
}

function original(instruction: Instruction, document: DockerfileDocument): StageStep {
  return { kind: "original", source: { document, instruction }, ...same(instruction, document, "It stays as it is.") };
}

function same(instruction: Instruction, document: DockerfileDocument, reason: string): Because {
  return { reason, because: [provenance(document.source, instruction.range)], confidence: "certain" };
}

function namedStage(
  stage: StageSyntax,
  at: number,
  names: readonly string[],
  references: readonly NumericReference[],
  document: DockerfileDocument,
): Stage {
  const name = names[at] ?? "production";
  const image = stage.from.image.text;
  const number = /^\d+$/.test(image)
    ? undefined
    : document.stages.findIndex((other) => other.from.name?.text.toLowerCase() === image.toLowerCase());
  const onStage = number !== undefined && number >= 0 && number < at;
  const platform = stage.from.flags.find((flag) => flag.name === "platform")?.value;
  return {
    name,
    role: roleOf(at, document),
    base: onStage
      ? { kind: "stage", stage: names[number] ?? image }
      : { kind: "image", reference: image, ...(platform === undefined ? {} : { platform }) },
    from: { document, instruction: stage.from },
    steps: stage.instructions.map((one) => renamed(one, references, names, document)),
    ...same(
      stage.from,
      document,
      stage.from.name === undefined
        ? "The stage gets a name, so that nothing depends on its place."
        : "The stage stays as it is.",
    ),
  };
}

function roleOf(at: number, document: DockerfileDocument): StageRole {
  if (at === document.stages.length - 1) return "runtime";
  const name = document.stages[at]?.from.name?.text ?? "";
  return /test/i.test(name) ? "test" : /dep/i.test(name) ? "dependencies" : "build";
}

function renamed(
  instruction: Instruction,
  references: readonly NumericReference[],
  names: readonly string[],
  document: DockerfileDocument,
): StageStep {
  const own = references.filter((one) => one.instruction === instruction);
  if (own.length === 0) return original(instruction, document);
  const { start, end } = instruction.range;
  const edits = own.map(
    (one): TextEdit => ({ start: one.range.start - start, end: one.range.end - start, text: names[one.index] ?? "" }),
  );
  const text = applyEdits(document.source.text.slice(start, end), edits);
  const source: InstructionRef = { document, instruction };
  return {
    kind: "rewritten",
    source,
    text,
    ...same(instruction, document, "It names the stage, not its place in the file."),
  };
}
