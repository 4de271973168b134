/**
 * A planned COPY as text:
 *
 *     COPY --from=builder --chown=0:0 /go/bin/app /app
 *     COPY ["my files/a.txt", "/srv/"]                     a path with a blank needs the JSON form
 *
 * Paths stand as the importer gives them: variables are the importer's wish.
 */
import type { PlannedCopy } from "../model/plan.ts";

export function writeCopy({ keyword, from, sources, destination, flags }: PlannedCopy): string {
  const origin = originFlag(from);
  return [keyword, ...origin, ...flags, operands([...sources, destination])].join(" ");
}

function originFlag(from: PlannedCopy["from"]): readonly string[] {
  if (from.kind === "context") return [];
  return [`--from=${from.kind === "stage" ? from.stage : from.image}`];
}

function operands(paths: readonly string[]): string {
  const plain = paths.every((path) => /^[^\s[\]"\\]\S*$/.test(path));
  return plain ? paths.join(" ") : `[${paths.map((path) => JSON.stringify(path)).join(", ")}]`;
}
