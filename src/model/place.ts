/**
 * Provenance as the result shows it: where, and the words on one line, secrets masked.
 *
 *     placeOf(because)      // { path: "build.sh", line: 4, column: 1, text: "docker cp extract:/app ./app" }
 */
import { maskSecrets } from "./mask.ts";
import type { Place } from "./migration.ts";
import type { Provenance } from "./provenance.ts";

export function placeOf({ span, line, column, text }: Provenance): Place {
  return { path: span.path, line, column, text: maskSecrets(text) };
}

/** Places in order, each once. */
export function placesOf(because: readonly Provenance[]): readonly Place[] {
  const places = new Map(
    because.map((item) => [`${item.span.path}:${item.span.start}:${item.span.end}`, placeOf(item)]),
  );
  return [...places.values()];
}
