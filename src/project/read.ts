/**
 * A directory on disk as `ProjectFiles`: read on demand, each thing once.
 *
 *     const opened = openProject("/home/me/shop");
 *     if (opened.ok) opened.files.read(hostPath("Dockerfile"))      // { ok: true, text: "FROM …" }
 *
 * Every path is resolved folder by folder below the real root, so neither `..` nor a symlink shows anything outside. What is
 * not decided here: which files matter (discover.ts).
 */
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { EntryKind, ProjectEntry, ProjectFiles, ReadResult } from "../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, hostPath, joinHost, ROOT } from "../text/paths.ts";
import { decodeText, LARGEST_TEXT } from "./decode.ts";
import { walkTree } from "./walk.ts";

export type OpenedProject =
  | { readonly ok: true; readonly files: ProjectFiles /** The real path of the root. */; readonly root: string }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** Opens the project at `directory` (absolute); `shown` is how the user wrote it. */
export function openProject(directory: string, shown: string = directory): OpenedProject {
  try {
    const root = realpathSync(directory);
    if (!statSync(root).isDirectory())
      return { ok: false, diagnostic: diagnostic("project-not-directory", { path: shown }) };
    readdirSync(root);
    return { ok: true, root, files: new DirectoryFiles(root) };
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes(errorCode(error));
    const code = missing ? "project-missing" : "project-unreadable";
    return { ok: false, diagnostic: diagnostic(code, { path: shown }) };
  }
}

/** The system's name of an error (`"ENOENT"`), or `""`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** A place below the root with all folders on the way resolved; the last name itself may still be a symlink. */
type Located =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: "missing" | "outside" };

class DirectoryFiles implements ProjectFiles {
  readonly name: string;
  readonly #root: string;
  readonly #entries = new Map<HostPath, ProjectEntry | undefined>();
  readonly #kinds = new Map<HostPath, EntryKind | undefined>();
  readonly #children = new Map<HostPath, readonly string[]>();
  readonly #texts = new Map<HostPath, ReadResult>();
  readonly #folders = new Map<HostPath, Located>([]);

  constructor(root: string) {
    this.#root = root;
    this.name = basename(root);
    this.#folders.set(ROOT, { ok: true, path: root });
  }

  entry(path: HostPath): ProjectEntry | undefined {
    if (!this.#entries.has(path)) this.#entries.set(path, this.#readEntry(path));
    return this.#entries.get(path);
  }

  children(directory: HostPath): readonly string[] {
    const known = this.#children.get(directory);
    if (known) return known;
    const names = this.#readChildren(directory);
    this.#children.set(directory, names);
    return names;
  }

  read(path: HostPath): ReadResult {
    const known = this.#texts.get(path);
    if (known) return known;
    const result = this.#readText(path);
    this.#texts.set(path, result);
    return result;
  }

  resolve(path: HostPath): HostPath | undefined {
    const located = this.#follow(path);
    return located.ok ? hostPath(relative(this.#root, located.path).split(sep).join("/")) : undefined;
  }

  walk(directory: HostPath): Iterable<HostPath> {
    return walkTree({ children: (d) => this.children(d), kind: (p) => this.#kind(p) }, directory);
  }

  /** The kind alone, from the folder's listing where that was read: saves a system call a file. */
  #kind(path: HostPath): EntryKind | undefined {
    return this.#kinds.has(path) ? this.#kinds.get(path) : this.entry(path)?.kind;
  }

  #readEntry(path: HostPath): ProjectEntry | undefined {
    const located = this.#locate(path);
    const stats = located.ok ? statsOf(located.path) : undefined;
    return stats && describe(stats);
  }

  #readChildren(directory: HostPath): readonly string[] {
    const located = this.#follow(directory);
    if (!located.ok) return [];
    const listed = listing(located.path).filter((entry) => entry.name !== ".git");
    for (const entry of listed) {
      const path = joinHost(directory, entry.name);
      if (path !== undefined) this.#kinds.set(path, kindOf(entry));
    }
    return listed.map((entry) => entry.name).sort();
  }

  #readText(path: HostPath): ReadResult {
    const located = this.#follow(path);
    return located.ok ? readText(located.path) : { ok: false, reason: located.reason };
  }

  /** The real path of `path`'s folder, joined with its last name. */
  #locate(path: HostPath): Located {
    if (path === ROOT) return { ok: true, path: this.#root };
    const folder = this.#folder(hostDirectory(path));
    return folder.ok ? { ok: true, path: join(folder.path, baseName(path)) } : folder;
  }

  #folder(path: HostPath): Located {
    const known = this.#folders.get(path);
    if (known) return known;
    const located = this.#follow(path);
    this.#folders.set(path, located);
    return located;
  }

  #follow(path: HostPath): Located {
    const located = this.#locate(path);
    if (!located.ok) return located;
    const stats = statsOf(located.path);
    if (!stats) return { ok: false, reason: "missing" };
    return stats.isSymbolicLink() ? this.#followLink(located.path) : located;
  }

  #followLink(link: string): Located {
    try {
      const path = realpathSync(link);
      return isBelow(this.#root, path) ? { ok: true, path } : { ok: false, reason: "outside" };
    } catch {
      return { ok: false, reason: "missing" };
    }
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function listing(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Devices, sockets and pipes have no kind: for a build they are not there. */
function kindOf(found: Dirent | Stats): EntryKind | undefined {
  if (found.isSymbolicLink()) return "symlink";
  if (found.isDirectory()) return "directory";
  return found.isFile() ? "file" : undefined;
}

function describe(stats: Stats): ProjectEntry | undefined {
  const kind = kindOf(stats);
  switch (kind) {
    case undefined:
      return undefined;
    case "directory":
      return { kind, size: 0 };
    case "symlink":
      return { kind, size: stats.size, mode: "120000" };
    case "file":
      return { kind, size: stats.size, mode: (stats.mode & 0o100) === 0 ? "100644" : "100755" };
  }
}

/** Reads a file whose folders are known to be real. Not following a link put there meanwhile, nor waiting for a pipe. */
function readText(path: string): ReadResult {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return { ok: false, reason: "directory" };
    if (!stats.isFile()) return { ok: false, reason: "unreadable", detail: "it is not a regular file" };
    if (stats.size > LARGEST_TEXT) return { ok: false, reason: "too-large", detail: `${stats.size} bytes` };
    return decodeText(readFileSync(descriptor));
  } catch (error) {
    const code = errorCode(error);
    return code === "ENOENT" ? { ok: false, reason: "missing" } : { ok: false, reason: "unreadable", detail: code };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
