/**
 * Files that would have to become another one for each value of a variable, although their name does not depend on it.
 *
 *     docker build -f Dockerfile.build.$ARCH … docker cp … docker build .      one Dockerfile, and a builder for each ARCH
 *
 * Builds of other drivers are images of their own where they take in other things (run-script.ts); what is left of that is told
 * here too.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { intakeOf } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { hasOwnFile } from "./trace.ts";

/** Reports each such file once. */
export function checkVariants({ run, groups }: Recognized, reporter: Reporter): void {
  // Where no variable chooses the file, builds that take in other things are images of their own.
  const keyOf = run.driver.chosen === undefined ? ({ build }: LinkedBuild) => build.id : placeOf;
  const paths = new Set(groups.flatMap((group) => [...group.builders, ...group.finals]).map(keyOf));
  const found = new Map<string, { readonly linked: LinkedBuild; readonly needs: string }>();
  const told = new Set<string>();
  for (const linked of run.repeated) {
    const place = keyOf(linked);
    const needs = intakeOf(linked);
    const before = found.get(place);
    if (!paths.has(place) || needs === "" || told.has(place)) continue;
    if (before === undefined) found.set(place, { linked, needs });
    if (before === undefined || before.needs === needs) continue;
    told.add(place);
    const visit = run.visits[linked.build.step];
    reporter.report("variants-disagree", { path: linked.build.file.path }, visit && spanOf(visit));
  }
}

function placeOf({ build, target }: LinkedBuild): string {
  return `${build.file.path} ${target} ${hasOwnFile(build) ? "" : build.id}`;
}
