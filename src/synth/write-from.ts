/**
 * FROM lines. The user's own is edited as little as possible; a new one is written plainly:
 *
 *     from --platform=linux/amd64 node:20     →   from --platform=linux/amd64 node:20 as builder
 *     FROM node:20 AS Build                   →   FROM node:20 AS Build            (Docker takes no notice of case)
 *     (none)                                  →   FROM node:20-slim AS production
 */

import type { FromInstruction, InstructionRef } from "../dockerfile/syntax.ts";
import { writeFrom } from "../dockerfile/write-instruction.ts";
import type { Stage, StageBase } from "../model/plan.ts";
import { applyEdits, type TextEdit } from "../text/edits.ts";

/** The FROM line of a stage that is ours alone. */
export function fromText({ name, base }: Stage): string {
  const platform = base.kind === "image" && base.platform !== undefined ? { platform: base.platform } : {};
  return writeFrom({ image: referenceOf(base), name, ...platform });
}

/** The edits of the user's FROM, as offsets of its own file. */
export function editsOfFrom(stage: Stage, from: InstructionRef<FromInstruction>): readonly TextEdit[] {
  const { instruction } = from;
  return [
    ...platformEdit(stage.base, instruction),
    ...baseEdit(stage.base, instruction),
    ...nameEdit(stage, instruction),
  ];
}

/** The text of an instruction's range with edits in it. */
export function editedText(ref: InstructionRef, edits: readonly TextEdit[]): string {
  const { start, end } = ref.instruction.range;
  const shifted = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  return applyEdits(ref.document.source.text.slice(start, end), shifted);
}

function referenceOf(base: StageBase): string {
  return base.kind === "image" ? base.reference : base.stage;
}

function platformEdit(base: StageBase, { flags, image }: FromInstruction): readonly TextEdit[] {
  if (base.kind !== "image" || base.platform === undefined) return [];
  const flag = flags.find(({ name }) => name === "platform");
  const text = `--platform=${base.platform}`;
  if (!flag) return [{ start: image.range.start, end: image.range.start, text: `${text} ` }];
  return flag.value === base.platform ? [] : [{ ...flag.range, text }];
}

function baseEdit(base: StageBase, { image }: FromInstruction): readonly TextEdit[] {
  const text = referenceOf(base);
  const same = base.kind === "stage" ? sameName(text, image.text) : text === image.text;
  return same ? [] : [{ ...image.range, text }];
}

function nameEdit({ name }: Stage, from: FromInstruction): readonly TextEdit[] {
  if (from.name) return sameName(from.name.text, name) ? [] : [{ ...from.name.range, text: name }];
  const { end } = from.image.range;
  const as = from.keyword === from.keyword.toLowerCase() ? "as" : "AS";
  return [{ start: end, end, text: ` ${as} ${name}` }];
}

/** Stage names are compared without regard to case (https://docs.docker.com/reference/build-checks/stage-name-casing/). */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
