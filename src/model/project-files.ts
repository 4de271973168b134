/**
 * What the tool may know of a checkout: a read-only view, the same for a directory on disk, an in-memory tree or a git tree.
 * Nothing outside the root is ever visible: a symlink that leaves it reads as `outside`.
 */
import type { HostPath } from "../text/paths.ts";

export type EntryKind = "file" | "directory" | "symlink";

export interface ProjectEntry {
  readonly kind: EntryKind;
  /** Git's mode of a file: "100644" or "100755", "120000" for a symlink; absent for directories. */
  readonly mode?: "100644" | "100755" | "120000";
  /** Bytes; 0 for directories. */
  readonly size: number;
}

export type ReadFailure = "missing" | "directory" | "binary" | "invalid-utf8" | "unreadable" | "too-large" | "outside";

/** `detail` says more where it is known: "byte 0xE9 in line 3". */
export type ReadResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: ReadFailure; readonly detail?: string };

export interface ProjectFiles {
  /** The base name of the root directory. */
  readonly name: string;
  /** What is at `path`, symlinks not followed; `undefined` when nothing is. */
  entry(path: HostPath): ProjectEntry | undefined;
  /** Names in a directory, sorted by code unit; `[]` when it is none. `.git` is never listed. */
  children(directory: HostPath): readonly string[];
  /** The text of a file, symlinks inside the root followed, a byte-order mark and line ends kept. Cached. */
  read(path: HostPath): ReadResult;
  /** Where `path` leads once all symlinks are followed; `undefined` when that is nothing, or lies outside the root. */
  resolve(path: HostPath): HostPath | undefined;
  /** Every file and symlink below `directory` in sorted order; `.git`, `.restage` and `node_modules` are left out. */
  walk(directory: HostPath): Iterable<HostPath>;
}
