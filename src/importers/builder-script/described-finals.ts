/**
 * Builds that a step describes by its inputs, in the driver itself: the inputs have to say what a call would say.
 *
 *     file: Dockerfile.prod      file: Dockerfile          other-callers/ knows the keys of each kind of step
 *     file: ${{ matrix.file }}   cannot be told: refused
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { TextEdit } from "../../text/edits.ts";
import { toCheckout } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import type { LinkedBuild } from "./links.ts";
import type { BuildReference } from "./other-callers/reference.ts";
import { CALLER_READERS } from "./other-callers/registry.ts";

/** The edits of the inputs; `undefined` where they cannot be told exactly what to build, which is reported. */
export function describedEdits(
  files: ProjectFiles,
  own: LinkedBuild,
  one: Joined,
  reporter: Reporter,
): readonly TextEdit[] | undefined {
  const { build } = own;
  if (isUnchanged(own, one)) return [];
  const stage = one.stages.get(build.id);
  const isLast = stage === one.dockerfile.stages.at(-1)?.name;
  const edits = referenceOf(files, own)?.rewrite({
    dockerfile: one.dockerfile.path,
    context: one.context.directory,
    target: isLast && build.target === undefined ? undefined : stage,
  });
  if (edits === undefined) reportFixed(own, reporter);
  return edits;
}

/** Says that a step has to go on building what is no longer there. */
export function reportFixed({ build }: LinkedBuild, reporter: Reporter): void {
  const range = build.described ?? { start: 0, end: 0 };
  const line = build.source.text.indexOf("\n", range.start);
  const end = line < 0 ? range.end : Math.min(range.end, line);
  const span = { path: build.source.path, start: range.start, end };
  reporter.report("step-inputs-fixed", { dockerfile: build.file.path }, span);
}

function referenceOf(files: ProjectFiles, { build }: LinkedBuild): BuildReference | undefined {
  const { source, described } = build;
  return CALLER_READERS.filter((reader) => reader.accepts(source.path))
    .flatMap((reader) => reader.read(files, source))
    .find(({ range }) => range.start === described?.start);
}

/** Whether a service or a step builds the same stage of the same file over the same context as before. */
export function isUnchanged({ build }: LinkedBuild, { dockerfile, context, stages }: Joined): boolean {
  const stage = stages.get(build.id);
  const target = build.target ?? dockerfile.stages.at(-1)?.name;
  return build.file.path === dockerfile.path && toCheckout(build.context) === context.directory && stage === target;
}
