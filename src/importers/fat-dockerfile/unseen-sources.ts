/**
 * COPY of files that are not in the checkout, because something makes them before the build or a submodule is not there:
 *
 *     COPY proto /app/proto     only the build reads it, and /app/server is what ships: the plan holds
 *     COPY dist /app            what ships may lie in it: nothing is planned
 */
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import { expandText } from "./variables.ts";

/** Whether the runtime stage may need what the missing sources bring. */
export function needsUnseen(
  reading: ImageReading,
  missing: readonly string[],
  { needed, stages }: Extract<ImageOutcome, { kind: "plan" }>,
): boolean {
  const handed =
    stages
      .at(-1)
      ?.steps.flatMap((step) => (step.kind === "copy" && step.copy.from.kind === "stage" ? step.copy.sources : [])) ??
    [];
  return unseenPlaces(reading, missing).some(
    (place) =>
      needed.some((path) => isWithin(path, place)) ||
      (needed.some((path) => isWithin(place, path)) && !handed.some((path) => isWithin(place, imagePath(path)))),
  );
}

/** Where they land; a directory takes its contents to the destination itself, so both places count. */
function unseenPlaces({ instructions }: ImageReading, missing: readonly string[]): readonly ImagePath[] {
  return instructions.flatMap(({ instruction, before }) => {
    if (
      (instruction.kind !== "copy" && instruction.kind !== "add") ||
      flagValue(instruction.flags, "from") !== undefined
    )
      return [];
    const to = imagePath(expandText(instruction.destination.text, before.environment).text, before.workdir);
    const own = instruction.sources.filter(({ text }) => missing.includes(text));
    // A file by its name lands under it; what has no ending may be a directory.
    return own.map(({ text }) =>
      /\.\w+$/.test(text) && instruction.destination.text.endsWith("/") ? imagePath(baseName(text), to) : to,
    );
  });
}
