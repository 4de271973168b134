/**
 * Directories that a build copies as a whole after a container may have put more into them.
 *
 *     docker run -v "$PWD:/src" -w /src golang go build       leaves a program whose name nobody wrote down
 *     COPY . /app                                             takes it along with the sources
 *
 * Nothing says which of the files are the container's, so such a build is named and left alone. Builds that compile by themselves
 * do not count, since they would not need what the container made.
 */

import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { contextPath } from "../../text/paths.ts";
import { compiles, makesFiles } from "./container-work.ts";
import { asDirectory, type HostNode, type ImageNode, look, toCheckout } from "./host-tree.ts";
import type { LinkedBuild, LinkedCopy } from "./links.ts";
import { effectsOf, shortText, spanOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";

/** Reports each COPY of such a directory; true where there is one. */
export function sayUnreadMounts(run: ScriptRun, builds: Iterable<LinkedBuild>, reporter: Reporter): boolean {
  const workers = new Map(
    effectsOf(run, "derive").flatMap(({ effect, visit }) =>
      makesFiles(effect.build) ? [[effect.build.id, visit] as const] : [],
    ),
  );
  let found = false;
  for (const linked of builds) {
    if (linked.build.derived !== undefined || compiles(linked.document)) continue;
    for (const copy of linked.copies) {
      const worker = maybeIn(linked, copy).flatMap(({ image }) => workers.get(image) ?? [])[0];
      if (worker === undefined) continue;
      found = true;
      const { document, instruction } = copy.ref;
      const text = document.source.text.slice(instruction.range.start, instruction.range.end);
      const path = worker === undefined ? "" : placeOf(linked, copy);
      reporter.report("mount-contents-unknown", { copy: text, path, command: shortText(worker) }, spanOf(worker));
    }
  }
  return found;
}

/** What containers may have written into the directories that a COPY takes. */
function maybeIn({ build }: LinkedBuild, { sources }: LinkedCopy): readonly ImageNode[] {
  return sources
    .map(({ text }) => look(build.host, posix.join(build.context, contextPath(text))))
    .flatMap((node): readonly HostNode[] => (node.kind === "directory" ? asDirectory(node).layers : []))
    .flatMap((layer) => (layer.kind === "image" && layer.maybe === true ? [layer] : []));
}

function placeOf({ build }: LinkedBuild, { sources }: LinkedCopy): string {
  const [first] = sources;
  const path = first && toCheckout(posix.join(build.context, contextPath(first.text)));
  return path ?? ".";
}
