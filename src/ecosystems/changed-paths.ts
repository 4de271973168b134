/** The paths that an effect changes: what a move takes and gives, what a chmod names. Installs and builds of unknown extent: none. */
import type { ImagePath } from "../text/paths.ts";
import type { Effect } from "./ecosystem.ts";

export function changedPaths(effect: Effect): readonly ImagePath[] {
  switch (effect.kind) {
    case "writes":
    case "download":
    case "removes":
      return [effect.path];
    case "copies":
      return effect.move ? [effect.from, effect.to] : [effect.to];
    case "attributes":
      return effect.paths;
    default:
      return [];
  }
}
