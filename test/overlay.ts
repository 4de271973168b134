/** A project as it is after a change set: what a second run of the tool would see. */
import type { FileChange } from "../src/model/migration.ts";
import type { ProjectEntry, ProjectFiles, ReadResult } from "../src/model/project-files.ts";
import { baseName, type HostPath, hostDirectory, joinHost } from "../src/text/paths.ts";

/** `files` with `changes` on top; files in new directories are not supported. */
export function overlay(files: ProjectFiles, changes: readonly FileChange[]): ProjectFiles {
  const changed = new Map<string, FileChange>(changes.map((change) => [change.path, change]));
  const children = (directory: HostPath): readonly string[] => {
    const kept = files
      .children(directory)
      .filter((name) => changed.get(joinHost(directory, name) ?? "")?.action !== "delete");
    const created = changes.filter(
      ({ path, action }) => action === "create" && hostDirectory(path as HostPath) === directory,
    );
    return [...new Set([...kept, ...created.map(({ path }) => baseName(path))])].sort();
  };
  const entry = (path: HostPath): ProjectEntry | undefined => {
    const change = changed.get(path);
    if (!change) return files.entry(path);
    return change.after === undefined
      ? undefined
      : { kind: "file", mode: change.mode, size: Buffer.byteLength(change.after) };
  };
  const read = (path: HostPath): ReadResult => {
    const change = changed.get(path);
    if (!change) return files.read(path);
    return change.after === undefined ? { ok: false, reason: "missing" } : { ok: true, text: change.after };
  };
  const resolve = (path: HostPath): HostPath | undefined => {
    const change = changed.get(path);
    return change ? (change.after === undefined ? undefined : path) : files.resolve(path);
  };
  function* walk(directory: HostPath): Generator<HostPath> {
    for (const name of children(directory)) {
      const path = joinHost(directory, name);
      if (path === undefined || name === "node_modules") continue;
      if (entry(path)?.kind === "directory") yield* walk(path);
      else yield path;
    }
  }
  return { name: files.name, entry, children, read, resolve, walk };
}
