/**
 * What would stay out of the image, in words for the summary; nothing means that stages bring no benefit.
 *
 *     ["the Go toolchain", "the sources", "gcc and musl-dev"]
 */

import { sentence } from "../../diagnostics/diagnostic.ts";
import { type ImagePath, isWithin } from "../../text/paths.ts";
import type { ChosenBase } from "./choose-base.ts";
import { fetchedTools } from "./fetched-tools.ts";
import type { ChosenLibraries } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import type { Slice } from "./slice.ts";

const TOOLCHAINS: Readonly<Record<string, string>> = {
  conda: "Conda itself",
  gcc: "the compilers of GCC",
  go: "the Go toolchain",
  java: "the Java development kit",
  node: "the full Node.js image",
  elixir: "the full Elixir image",
  erlang: "the full Erlang image",
  python: "the full Python image",
  ruby: "the full Ruby image",
  rust: "the Rust toolchain",
};

export function gainsOf(
  reading: ImageReading,
  needs: RuntimeNeeds,
  slice: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
): readonly string[] {
  const old = reading.image.base;
  const gains: string[] = [];
  if (!base.same) gains.push(TOOLCHAINS[old.toolchain ?? ""] ?? `"${reading.root.from.image.text}"`);
  if (libraries.some(({ need, choice }) => choice.value !== "as-built" && !need.tree.production))
    gains.push("development dependencies");
  gains.push(...fetchedTools(reading, needs, slice));
  const gone = slice.packages
    .filter((fate) => fate.package.removed !== true)
    .filter((fate) => !fate.stays || fate.instead?.includes(fate.package.name) === false)
    .map((fate) => fate.package.name);
  gains.push(...shortened(gone));
  if (leavesSources(reading, slice)) gains.push("build-only files");
  if (leavesLibraries(reading, slice)) gains.push("libraries to compile with");
  if (gains.length === 0 && movesLayers(reading, slice)) gains.push("second copies of moved files");
  // Another base alone is no gain where the old one holds nothing but a distribution.
  const plain = ["debian", "alpine", "ubuntu", undefined].includes(old.toolchain);
  return plain && gains.length === 1 && !base.same ? [] : gains;
}

function shortened(names: readonly string[]): readonly string[] {
  return names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more packages`] : names;
}

/** One sentence for lists: "The Go toolchain, git and build-only files stay out of the image." */
export function describeGains(gains: readonly string[]): string {
  const [first = "nothing", ...others] = gains;
  const last = others.pop();
  const all = last === undefined ? first : `${[first, ...others].join(", ")} and ${last}`;
  const one =
    last === undefined && !/(?:files|dependencies|packages|libraries to compile with|moved files)$/.test(first);
  return sentence(`${all} ${one ? "stays" : "stay"} out of the image`);
}

/**
 * `mv /build/node_modules /app` in another RUN than the install: the layer of the install holds the files for good, and so does that of
 * the move (https://docs.docker.com/build/building/best-practices/, https://docs.docker.com/engine/storage/drivers/#images-and-layers).
 */
function movesLayers({ instructions }: ImageReading, { supplies }: Slice): boolean {
  const madeBefore = (path: ImagePath, at: number): boolean =>
    instructions
      .slice(0, at)
      .some(({ units }) =>
        units.some(({ effects }) =>
          effects.some(
            (effect) =>
              (effect.kind === "dependencies" && effect.tree.places.some((place) => isWithin(place, path))) ||
              (effect.kind === "artifact" && isWithin(effect.artifact.path, path)),
          ),
        ),
      );
  // Of a directory that ships as a whole what was moved into it is the smaller part.
  const ships = (path: ImagePath): boolean =>
    supplies.some((supply) => supply.kind === "build" && isWithin(supply.path, path));
  return instructions.some(({ units, index }) =>
    units.some(({ effects }) =>
      effects.some(
        (effect) => effect.kind === "copies" && effect.move && ships(effect.to) && madeBefore(effect.from, index),
      ),
    ),
  );
}

/** Packages of sources that what ships was compiled with, in a stage that the runtime stage does not repeat. */
function leavesLibraries({ instructions }: ImageReading, { supplies, roles }: Slice): boolean {
  if (!supplies.some((supply) => supply.kind === "build")) return false;
  return instructions.some(({ units, index }) =>
    units.some(
      ({ effects }, unit) =>
        roles[index]?.[unit] === "build" &&
        effects.some((effect) => effect.kind === "tools" && effect.libraries === true),
    ),
  );
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
