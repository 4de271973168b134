/**
 * Files that would have to become another one for each value of a variable, although their name does not depend on it.
 *
 *     docker build -f Dockerfile.build.$ARCH … docker cp … docker build .      one Dockerfile, and a builder for each ARCH
 *
 * Only drivers whose entries run for several values are looked at.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { flowsOf } from "./linked-flows.ts";
import type { LinkedBuild } from "./links.ts";
import { spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";

/** Reports each such file once. */
export function checkVariants({ run, groups }: Recognized, reporter: Reporter): void {
  if (run.driver.chosen === undefined) return;
  const paths = new Set(groups.flatMap((group) => [...group.builders, ...group.finals]).map(placeOf));
  const found = new Map<string, { readonly linked: LinkedBuild; readonly needs: string }>();
  const told = new Set<string>();
  for (const linked of run.repeated) {
    const place = placeOf(linked);
    const needs = needsOf(linked);
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
  return `${build.file.path} ${target} ${build.derived === undefined ? "" : build.id}`;
}

/** What comes in from other builds, and as what the file is built. */
function needsOf(linked: LinkedBuild): string {
  const { bases, references, build } = linked;
  const flows = flowsOf(linked).map(({ node, hostPath }) => [node.image, node.path, hostPath]);
  const images = [...bases, ...[...references.values()].map((image) => [image])];
  return flows.length + images.length === 0 ? "" : JSON.stringify([build.id, flows, images]);
}
