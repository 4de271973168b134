/**
 * A planned COPY as text, its origin as a flag:
 *
 *     COPY --from=builder --chown=0:0 /go/bin/app /app
 *     COPY ["my files/a.txt", "/srv/"]
 */
import { writeCopy } from "../dockerfile/write-instruction.ts";
import type { CopyOrigin, PlannedCopy } from "../model/plan.ts";

export function copyText({ keyword, from, sources, destination, flags }: PlannedCopy): string {
  return writeCopy({ keyword, flags: [...originFlag(from), ...flags], sources, destination });
}

function originFlag(from: CopyOrigin): readonly string[] {
  if (from.kind === "context") return [];
  return [`--from=${from.kind === "stage" ? from.stage : from.image}`];
}
