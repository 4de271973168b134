/**
 * What the runtime stage gets from the others, with its owner:
 *
 *     /src/app, built                      COPY --from=builder /src/app /src/app
 *     /app/node_modules, USER node         COPY --from=dependencies --chown=node /app/node_modules /app/node_modules
 */
import type { DependencyTree } from "../../ecosystems/ecosystem.ts";
import type { Stage } from "../../model/plan.ts";
import { installOf } from "./build-stages.ts";
import type { ChosenLibraries } from "./image-outcome.ts";
import { ownerAt } from "./owners.ts";
import type { ImageReading } from "./read-image.ts";
import type { HandOver } from "./runtime-parts.ts";
import type { Slice } from "./slice.ts";

/** The COPY that brought a tree of libraries out of another stage. */
export function arrivalOf(tree: DependencyTree, { image }: ImageReading): number | undefined {
  const [place] = tree.places;
  const origin = place === undefined ? undefined : image.tree.node(place)?.origin;
  return origin?.kind === "foreign" ? origin.at : undefined;
}

export function artifactsOver(slice: Slice, reading: ImageReading, stage: string): readonly HandOver[] {
  return slice.supplies
    .filter((supply) => supply.kind === "build")
    .map(({ path, form, guessed, at, reason, because, confidence }) => ({
      ...{ path, form, stage, at, reason, because, confidence },
      ...(guessed === undefined ? {} : { guessed }),
      ...ownerAt(path, at, form, reading),
    }));
}

export function librariesOver(
  libraries: readonly ChosenLibraries[],
  stages: ReadonlyMap<ChosenLibraries, Stage>,
  reading: ImageReading,
  builder: string,
): readonly HandOver[] {
  return libraries.flatMap((library) => {
    const { need } = library;
    const at = installOf(need.tree, reading)?.at ?? arrivalOf(need.tree, reading) ?? reading.instructions.length - 1;
    const stage = stages.get(library)?.name ?? builder;
    const { alias } = need.tree;
    return need.tree.places.map(
      (path, place): HandOver => ({
        path,
        ...(alias === undefined || place > 0 ? {} : { alias }),
        form: "directory",
        stage,
        at,
        reason: need.reason,
        because: [need.tree.because, ...need.because],
        confidence: need.confidence,
        ...ownerAt(path, at, "directory", reading),
      }),
    );
  });
}
