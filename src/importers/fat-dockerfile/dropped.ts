/** What the runtime stage leaves out of the old file, each instruction with the reason. */
import type { DroppedInstruction } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { refOf } from "./build-stages.ts";
import type { ImageReading } from "./read-image.ts";

/** `kept`: the instructions of which at least a part serves run time. */
export function droppedOf(reading: ImageReading, kept: ReadonlySet<number>): readonly DroppedInstruction[] {
  const reset = reading.reset.map(
    (instruction): DroppedInstruction => ({
      source: refOf(reading, instruction),
      reason: "ENTRYPOINT resets it, as before.",
      because: [provenance(reading.document.source, instruction.range)],
      confidence: "certain",
    }),
  );
  const left = reading.instructions
    .filter((one) => !kept.has(one.index))
    .map(
      (one): DroppedInstruction => ({
        source: refOf(reading, one.instruction),
        reason: "Only the build needs it.",
        because: [one.because],
        confidence: "likely",
      }),
    );
  return [...reset, ...left];
}
