/**
 * Where on the host the sources of a build's COPY and ADD would have to be.
 *
 *     COPY bin/app /app      /⌂/bin/app, in a build whose context is the checkout
 */
import { posix } from "node:path";
import { hasWildcard } from "../../dockerfile/wildcards.ts";
import { contextPath } from "../../text/paths.ts";
import type { LinkedBuild } from "./links.ts";

/** The absolute paths of sources that are not there when the build runs; up to the first pattern in a path. */
export function missingSources({ build, copies }: LinkedBuild): readonly string[] {
  return copies
    .flatMap((copy) => copy.sources)
    .filter((source) => source.injections.some(({ pieces }) => pieces.some(({ kind }) => kind === "missing")))
    .map((source) => {
      const segments = contextPath(source.text).split("/");
      const pattern = segments.findIndex(hasWildcard);
      return posix.join(build.context, ...(pattern < 0 ? segments : segments.slice(0, pattern)));
    });
}
