/**
 * Scripts that build the final image for more than one caller, each with a builder of its own.
 *
 *     release.sh:   docker build --build-arg ENV=prod -t b -f Dockerfile.build . ; ./images.sh b
 *     dev.sh:       docker build --build-arg ENV=dev  -t d -f Dockerfile.build . ; ./images.sh d
 *
 * Once the builder is a stage, its arguments are given where the final is built: in images.sh, for all callers alike. What is not
 * decided here: arguments that differ within one run (argument-clashes.ts).
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { MOVED } from "./build-call.ts";
import type { LinkedBuild } from "./links.ts";
import { spanOf } from "./located.ts";
import { referencesTo } from "./references.ts";
import type { BuildGroup } from "./setup-graph.ts";
import type { Visit } from "./trace.ts";

const GIVES = new RegExp(`--(?:${[...MOVED].join("|")})\\b`);

/** Refuses a group whose final would get, in a script that others call too, what only one of the callers says. */
export function checkSharedScripts(
  files: ProjectFiles,
  group: BuildGroup,
  { visits, scripts, reporter }: { visits: readonly Visit[]; scripts: readonly HostPath[]; reporter: Reporter },
): void {
  for (const final of group.finals) {
    const { path } = final.build.source;
    const [builder] = group.builders.filter(({ build }) => build.derived === undefined && build.source.path !== path);
    const visit = builder && visits[builder.build.step];
    if (builder === undefined || visit === undefined) continue;
    const by = referencesTo(files, path, scripts).find(
      (caller) => givesMore(builder) || mentionsOptions(files, caller),
    );
    if (by === undefined) continue;
    reporter.report("script-shared", { script: path, by, path: builder.build.file.path }, spanOf(visit));
    return;
  }
}

function givesMore({ build }: LinkedBuild): boolean {
  return build.call.options.some(({ name }) => MOVED.has(name));
}

function mentionsOptions(files: ProjectFiles, path: HostPath): boolean {
  const read = files.read(path);
  return read.ok && GIVES.test(read.text);
}
