/**
 * The stages of the joined Dockerfile: the user's own, with names, and with the COPYs that change.
 *
 *     FROM golang:1.22             FROM golang:1.22 AS builder
 *     RUN go build -o /app         RUN go build -o /app
 *     ---                      →
 *     FROM scratch                 FROM scratch AS production
 *     COPY app /app                COPY --from=builder /app /app
 */
import type { Instruction, StageSyntax } from "../../dockerfile/syntax.ts";
import { CONFIGURATION_KINDS, type Stage, type StageBase, type StageRole, type StageStep } from "../../model/plan.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import type { Renames } from "./argument-clashes.ts";
import { renamedArgument, renamedReferences } from "./argument-renames.ts";
import { type CopyWorld, copySteps } from "./copy-steps.ts";
import { type LinkedBuild, type LinkedCopy, stageReference } from "./links.ts";
import { type StageNames, stageKey } from "./stage-names.ts";

/** What the stages of one build are written with. */
export interface StageWorld extends CopyWorld {
  readonly names: StageNames;
  /** The name of the stage that makes an image, by the image's key. */
  readonly stageOf: (image: string) => string | undefined;
  /** Whether an instruction means nothing any more. */
  readonly leaves: (instruction: Instruction) => boolean;
  readonly role: (index: number) => StageRole;
  /** The commands that a build of ours stands for; `undefined` where the Dockerfile is the user's. */
  readonly madeBy: (linked: LinkedBuild) => readonly Provenance[] | undefined;
  /** Build arguments that have another name now. */
  readonly renames: Renames;
  /** Steps that a stage gets at its end. */
  readonly extra: (index: number) => readonly StageStep[];
}

/** The stages of one build by their index, without those that only name another build's image. */
export function stagesOf(linked: LinkedBuild, world: StageWorld): ReadonlyMap<number, Stage> {
  return new Map(
    [...linked.document.stages.entries()].flatMap(([index, stage]) =>
      linked.aliases.has(index) ? [] : [[index, stageOf(linked, stage, index, world)] as const],
    ),
  );
}

function stageOf(linked: LinkedBuild, stage: StageSyntax, index: number, world: StageWorld): Stage {
  const { document } = linked;
  const role = world.role(index);
  return {
    name: world.names.get(stageKey(linked, index)) ?? "builder",
    role,
    base: baseOf(linked, stage, index, world),
    ...(linked.build.derived === undefined ? { from: { document, instruction: stage.from } } : {}),
    steps: [
      ...stage.instructions
        .filter((instruction) => !world.leaves(instruction))
        .flatMap((instruction) => stepsOf(linked, instruction, index, world)),
      ...world.extra(index),
    ],
    reason: stageReason(linked, role),
    because: world.madeBy(linked) ?? [provenance(document.source, stage.from.range)],
    confidence: "certain",
  };
}

function stageReason({ build }: LinkedBuild, role: StageRole): string {
  if (role === "runtime") return "This is the image that ships.";
  if (build.derived !== undefined) return "What a container made before is made in this stage now.";
  return "This image was built on its own before; now it is a stage, and only what is copied out of it ships.";
}

function baseOf(linked: LinkedBuild, stage: StageSyntax, index: number, world: StageWorld): StageBase {
  const built = linked.bases.get(index);
  const name = built === undefined ? undefined : world.stageOf(built);
  if (name !== undefined) return { kind: "stage", stage: name };
  const own = ownStage(linked, index, stage.from.image.text);
  if (own !== undefined)
    return { kind: "stage", stage: world.names.get(stageKey(linked, own)) ?? stage.from.image.text };
  return { kind: "image", reference: renamedReferences(stage.from.image.text, world.renames) };
}

/** The earlier stage of the same file that a name or, where `numbers`, a number means. */
function ownStage(linked: LinkedBuild, before: number, name: string, numbers = false): number | undefined {
  const earlier = linked.document.stages.slice(0, before);
  const named = earlier.findLastIndex((stage) => stage.from.name?.text.toLowerCase() === name.toLowerCase());
  if (named >= 0) return named;
  return numbers && /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
}

/** Why an instruction of the old build stands in its stage unchanged. */
function keptReason({ kind }: Instruction): string {
  if (kind === "run") return "It runs in this stage, as before.";
  return CONFIGURATION_KINDS.has(kind)
    ? "It sets what it set before, for this stage."
    : "It stands in this stage, as before.";
}

function stepsOf(
  linked: LinkedBuild,
  instruction: Instruction,
  index: number,
  world: StageWorld,
): readonly StageStep[] {
  const source = { document: linked.document, instruction };
  const copy = linked.copies.find((candidate) => candidate.ref.instruction === instruction);
  const made = world.madeBy(linked);
  if (made !== undefined) return derivedSteps(linked, instruction, copy, made, world);
  if (copy !== undefined) return copySteps(copy, world);
  const renamed = renamedArgument(linked, instruction, world.renames);
  if (renamed !== undefined) return renamed;
  const because = [provenance(linked.document.source, instruction.range)];
  const edits = referenceEdits(linked, instruction, index, world);
  if (edits.length === 0) {
    return [{ kind: "original", source, reason: keptReason(instruction), because, confidence: "certain" }];
  }
  const { start, end } = instruction.range;
  const text = applyEdits(
    linked.document.source.text.slice(start, end),
    edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
  );
  return [
    {
      kind: "rewritten",
      source,
      text,
      reason: "It refers to a stage by its name in the joined file.",
      because,
      confidence: "certain",
    },
  ];
}

/** The instructions of a Dockerfile that is ours: they say the command that they come from. */
function derivedSteps(
  linked: LinkedBuild,
  instruction: Instruction,
  copy: LinkedCopy | undefined,
  because: readonly Provenance[],
  world: StageWorld,
): readonly StageStep[] {
  const { start, end } = instruction.range;
  const text = linked.document.source.text.slice(start, end);
  const renamed = renamedArgument(linked, instruction, world.renames);
  if (renamed !== undefined)
    return renamed.map(({ reason, ...step }): StageStep => {
      const own = "text" in step ? step.text : text;
      return { kind: "synthesized", text: own, reason, because, confidence: "likely" };
    });
  if (copy === undefined)
    return [{ kind: "synthesized", text, reason: derivedReason(instruction), because, confidence: "likely" }];
  const reason = linked.build.derived?.copies === true ? COPIED : MOUNTED;
  return copySteps(copy, world).map((step): StageStep => {
    if (step.kind !== "copy") return { kind: "synthesized", text, reason, because, confidence: "likely" };
    const { source: _, ...own } = step;
    const before = step.because.filter(({ span }) => span?.path !== linked.document.source.path);
    return { ...own, reason, because: [...because, ...before], confidence: "likely" };
  });
}

const MOUNTED = "The container saw these files through a mount.";
const COPIED = "The script copied these files into the container.";

function derivedReason({ kind }: Instruction): string {
  switch (kind) {
    case "arg":
      return "The container got this value from the script, and the build gets it as an argument.";
    case "workdir":
      return "The container ran there.";
    case "user":
      return "The container ran as this user.";
    case "env":
      return "The container ran with these variables.";
    default:
      return "The container ran this before its files were taken.";
  }
}

/** `--from=0`, `--from=old-name` and `--mount=…,from=x` with the names of the joined file. */
function referenceEdits(
  linked: LinkedBuild,
  instruction: Instruction,
  index: number,
  world: StageWorld,
): readonly TextEdit[] {
  return instruction.flags.flatMap((flag) => {
    const reference = stageReference(flag);
    if (reference === undefined) return [];
    const name = newName(linked, instruction, index, reference, world);
    if (name === undefined || name === reference) return [];
    const text = linked.document.source.text.slice(flag.range.start, flag.range.end);
    const at = text.lastIndexOf(reference);
    return at < 0 ? [] : [{ start: flag.range.start + at, end: flag.range.start + at + reference.length, text: name }];
  });
}

function newName(
  linked: LinkedBuild,
  instruction: Instruction,
  index: number,
  reference: string,
  world: StageWorld,
): string | undefined {
  const own = ownStage(linked, index, reference, true);
  if (own !== undefined) {
    const name = world.names.get(stageKey(linked, own));
    return name?.toLowerCase() === reference.toLowerCase() ? reference : name;
  }
  const image = linked.references.get(instruction);
  return image === undefined ? undefined : world.stageOf(image);
}
