/**
 * What would stay out of the image, in words for the summary; nothing means that stages bring no benefit.
 *
 *     ["the Go toolchain", "the sources", "gcc and musl-dev"]
 */

import { isWithin } from "../../text/paths.ts";
import type { ChosenBase } from "./choose-base.ts";
import type { ChosenLibraries } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Slice } from "./slice.ts";

const TOOLCHAINS: Readonly<Record<string, string>> = { go: "The Go toolchain", node: "The full Node.js image" };

export function gainsOf(
  reading: ImageReading,
  _needs: RuntimeNeeds,
  slice: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
): readonly string[] {
  const old = reading.image.base;
  const gains: string[] = [];
  if (!base.same) gains.push(TOOLCHAINS[old.toolchain ?? ""] ?? `"${reading.stage.from.image.text}"`);
  if (libraries.some(({ need, choice }) => choice.value !== "as-built" && !need.tree.production))
    gains.push("development dependencies");
  const gone = slice.packages.filter((fate) => !fate.stays).map((fate) => fate.package.name);
  if (gone.length > 0) gains.push(listed(gone));
  if (leavesSources(reading, slice)) gains.push("build-only files");
  // Another base alone is no gain where the old one holds nothing but a distribution.
  const plain = ["debian", "alpine", "ubuntu", undefined].includes(old.toolchain);
  return plain && gains.length === 1 && !base.same ? [] : gains;
}

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more packages`;
  return names.length === 1 ? `"${names[0] ?? ""}"` : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** Files of the context, or made by the build, that do not cross although they stand in the old image. */
function leavesSources(reading: ImageReading, slice: Slice): boolean {
  const built = slice.supplies.some((supply) => supply.kind === "build");
  if (!built) return false;
  return reading.image.tree
    .below("/" as never)
    .some(
      ([path, node]) =>
        node.kind === "file" &&
        node.origin.kind === "context" &&
        slice.places.isProject(path) &&
        !slice.supplies.some((supply) => isWithin(path, supply.path)),
    );
}
