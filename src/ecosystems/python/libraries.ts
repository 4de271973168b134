/** Trees of Python's libraries as effects, joined with what the same place held before. */
import { type ImagePath, isWithin } from "../../text/paths.ts";
import { CONDA_ROOT } from "../base-conda.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import type { Prefix } from "./prefixes.ts";
import { joinLists, type PackageList } from "./requirements.ts";

/** `beside`: directories that the installed packages point to, as `pip install -e` makes them. */
export function dependencies(
  prefix: Prefix,
  list: PackageList,
  command: ResolvedCommand,
  image: ImageView,
  beside: readonly ImagePath[] = [],
): Effect {
  const { directory, places, alias } = prefix;
  const before = image.dependencies.find((tree) => tree.directory === directory);
  const known =
    before?.names === undefined
      ? { names: [], complete: before === undefined }
      : { names: before.names, complete: true };
  const { names, complete } = joinLists([known, list]);
  const ofBase = directory === CONDA_ROOT && image.base.executables.includes("conda");
  const all = [...new Set([...places, ...(before?.places ?? []), ...beside])];
  return {
    kind: "dependencies",
    tree: {
      directory,
      places: all.filter((place) => !all.some((other) => other !== place && isWithin(place, other))),
      production: true,
      ecosystem: "python",
      command: command.argv.map(({ text }) => text).join(" "),
      ...(complete ? { names } : {}),
      ...(alias === undefined ? {} : { alias }),
      ...(before?.interpreter === undefined && !ofBase ? {} : { interpreter: true }),
      // What the image brings there would be mixed with what is copied over it; micromamba's image brings an empty one.
      ...(ofBase ? { overBase: "Conda" } : {}),
      because: command.because,
    },
  };
}
