/**
 * The files of a Makefile: each one source, by the path that make has for it.
 *
 *     relativeTo("images", "common.mk")      "../common.mk"
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { type SourceFile, sourceFile } from "../../text/source.ts";

/** A path of the project as make sees it from its directory; only files below it have one without `..`. */
export function relativeTo(directory: HostPath, path: HostPath): string {
  if (directory === ".") return path;
  if (path.startsWith(`${directory}/`)) return path.slice(directory.length + 1);
  return `${directory
    .split("/")
    .map(() => "..")
    .join("/")}/${path}`;
}

const SOURCES = new WeakMap<ProjectFiles, Map<HostPath, SourceFile>>();

/** One and the same source for a file, however often it is included. */
export function sourceOf(files: ProjectFiles, path: HostPath, text: string): SourceFile {
  const known = SOURCES.get(files) ?? new Map<HostPath, SourceFile>();
  SOURCES.set(files, known);
  const source = known.get(path) ?? sourceFile(path, text);
  known.set(path, source);
  return source;
}
