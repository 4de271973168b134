/**
 * Dockerfiles that a command of the script writes to: what is built is not what the checkout has, and after joining the command
 * would change a file that is gone, or another one.
 *
 *     sed -i "s/^FROM alpine.*$/FROM alpine:$V/" Dockerfile.*      refused, with the file that it changes
 *     echo "LABEL version=$V" >> Dockerfile                        likewise
 *
 * What is not decided here: Dockerfiles that the script only renames or copies, which are followed.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { type HostPath, hostPath } from "../../text/paths.ts";
import { fromCheckout, toCheckout } from "./host-tree.ts";
import { effectsOf, shortText, spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { type Build, hasOwnFile, type Visit } from "./trace.ts";

/** Reports the first command that changes a Dockerfile of the setup where it stands. */
export function checkDockerfileChanges({ run, groups }: Recognized, reporter: Reporter): void {
  const parts = groups.flatMap((group) => [...group.builders, ...group.finals]);
  const paths = [...new Set(parts.flatMap(({ build }) => (hasOwnFile(build) ? [build.file.path] : [])))].sort();
  for (const { effect, visit } of effectsOf(run, "foreign")) {
    const path = paths.find((one) => effect.writes.some((written) => mayName(written, one)));
    if (path === undefined) continue;
    report(path, visit, reporter);
    return;
  }
}

/** Says so of a build whose Dockerfile the script wrote itself, over the one of the checkout; false where it did not. */
export function sayOverwritten({ file, host, step }: Build, visits: readonly Visit[], reporter: Reporter): boolean {
  const path = file.kind === "missing" ? hostPath(file.path) : undefined;
  if (path === undefined || host.files.entry(path)?.kind !== "file") return false;
  const place = fromCheckout(path);
  const visit = visits
    .slice(0, step)
    .findLast(({ effects }) => effects.some((effect) => effect.kind === "move" && effect.to.includes(place)));
  if (visit === undefined) return false;
  report(path, visit, reporter);
  return true;
}

function report(path: HostPath, visit: Visit, reporter: Reporter): void {
  reporter.report("dockerfile-changed-on-host", { path, command: shortText(visit) }, spanOf(visit));
}

/** Whether a path as a command has it, with patterns and parts that only a run knows, may be that of a file. */
function mayName(written: string, path: HostPath): boolean {
  const pattern = toCheckout(written.replace(/‹[^›]*›/g, "*"));
  return pattern !== undefined && matchesWildcard(pattern, path);
}
