/**
 * Extractions that stay, because the host needs the files too, and that write over a source of a builder.
 *
 *     docker cp x:/app/version.go ./version.go     stays for a later command, and the builder's stage copies version.go
 *
 * All stages are built after it now, so the builder would see another file than it used to.
 */
import { posix } from "node:path";
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { ignoreFileOf, ignoreRules } from "../../dockerfile/dockerignore.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { contextPath, type HostPath, hostToContext, isWithin, ROOT } from "../../text/paths.ts";
import { type Step, toCheckout } from "./host-tree.ts";
import type { LinkedBuild } from "./links.ts";
import { spanOf } from "./located.ts";
import type { Recognized } from "./recognize.ts";

/** Reports them. `kept` are the commands whose files stay on the host. */
export function checkKeptExtractions(
  files: ProjectFiles,
  { groups, extractions }: Recognized,
  kept: ReadonlySet<Step>,
  reporter: Reporter,
): void {
  for (const { effect, visit } of extractions) {
    const path = kept.has(visit.step) ? toCheckout(effect.to) : undefined;
    if (path === undefined || files.entry(path)?.kind !== "file") continue;
    const reader = groups.flatMap(({ builders }) => builders).find((builder) => copies(files, builder, path));
    if (reader !== undefined)
      reporter.report("context-changed", { path, dockerfile: reader.build.file.path }, spanOf(visit));
  }
}

/** Whether a build copies a file of its context that its ignore rules do not hide. */
function copies(files: ProjectFiles, { build, copies: all }: LinkedBuild, path: HostPath): boolean {
  const context = toCheckout(build.context) ?? ROOT;
  const inside = hostToContext(context, path);
  if (inside === undefined) return false;
  const ignored = ignoreFileOf(build.file.path, context, (candidate) => files.entry(candidate)?.kind === "file");
  const read = ignored === undefined ? undefined : files.read(ignored);
  if (read?.ok === true && ignoreRules(read.text).ignores(inside)) return false;
  const sources = all.flatMap((copy) => copy.sources).map(({ text }) => contextPath(text));
  return sources.some((source) => isWithin(inside, posix.normalize(source || ".")));
}
