/**
 * Final images that compose builds: the compose file has to say what the script's own call would say.
 *
 *     web: { build: { context: ., dockerfile: Dockerfile.prod } }      the file is told the new Dockerfile, context and target
 *     web: { build: { context: ., dockerfile: $FILE } }                cannot be told: refused
 *     docker build --build-arg V=$V -f Dockerfile.build .              an option for which the service has no place: refused
 *
 * The edits are made with those of all other callers (other-callers/compose.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { isUnchanged, reportFixed } from "./described-finals.ts";
import type { Joined } from "./join.ts";
import { spanOf } from "./located.ts";
import type { OtherCallers } from "./other-callers/plan-other-callers.ts";
import type { Visit } from "./trace.ts";

/** Reports compose files, and steps that write files for the host, that would go on building what is no longer there. */
export function checkComposed(
  joined: readonly Joined[],
  others: OtherCallers,
  visits: readonly Visit[],
  reporter: Reporter,
): void {
  for (const one of joined) {
    const exporting = one.group.exports.map(({ source }) => source);
    for (const part of [...one.group.finals, ...exporting]) {
      const { composedIn, file, step } = part.build;
      const visit = visits[step];
      if (part.build.described !== undefined && exporting.includes(part)) reportFixed(part, reporter);
      if (composedIn === undefined || visit === undefined) continue;
      const told = isUnchanged(part, one) || others.edits.some(({ path }) => path === composedIn);
      if (!told || others.keptFor.has(file.path) || exporting.includes(part))
        reporter.report("compose-build-fixed", { path: composedIn, dockerfile: file.path }, spanOf(visit));
    }
  }
}
