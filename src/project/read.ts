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
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { EntryKind, ProjectEntry, ProjectFiles, ReadResult } from "../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, joinHost, ROOT } from "../text/paths.ts";
import { decodeText, LARGEST_TEXT } from "./decode.ts";
import { type Followed, type Found, followLinks } from "./follow.ts";
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

/** An entry with what its symlink says. */
interface Known extends Found {
  readonly entry: ProjectEntry;
}

class DirectoryFiles implements ProjectFiles {
  readonly name: string;
  readonly #root: string;
  /** By paths without symlinks on the way. */
  readonly #known = new Map<HostPath, Known | undefined>();
  readonly #kinds = new Map<HostPath, EntryKind | undefined>();
  readonly #children = new Map<HostPath, readonly string[]>();
  readonly #texts = new Map<HostPath, ReadResult>();
  readonly #followed = new Map<HostPath, Followed>();
  readonly #entries = new Map<HostPath, ProjectEntry | undefined>();
  /** All files, which many questions about a project go through. */
  #all: readonly HostPath[] | undefined;

  constructor(root: string) {
    this.#root = root;
    this.name = basename(root);
  }

  entry(path: HostPath): ProjectEntry | undefined {
    if (path === ROOT) return { kind: "directory", size: 0 };
    if (!this.#entries.has(path)) this.#entries.set(path, this.#findEntry(path));
    return this.#entries.get(path);
  }

  #findEntry(path: HostPath): ProjectEntry | undefined {
    const folder = this.resolve(hostDirectory(path));
    const real = folder === undefined ? undefined : joinHost(folder, baseName(path));
    return real === undefined ? undefined : this.#look(real)?.entry;
  }

  children(directory: HostPath): readonly string[] {
    const real = this.resolve(directory);
    if (real === undefined) return [];
    const known = this.#children.get(real);
    if (known) return known;
    const names = this.#list(real);
    this.#children.set(real, names);
    return names;
  }

  read(path: HostPath): ReadResult {
    const followed = this.#follow(path);
    if (!followed.ok) return followed.reason === "missing" ? this.#missing(path) : followed;
    const known = this.#texts.get(followed.path);
    if (known) return known;
    const result = readText(this.#onDisk(followed.path));
    this.#texts.set(followed.path, result);
    return result;
  }

  resolve(path: HostPath): HostPath | undefined {
    const followed = this.#follow(path);
    return followed.ok ? followed.path : undefined;
  }

  walk(directory: HostPath): Iterable<HostPath> {
    if (directory !== ROOT) return this.#below(directory);
    this.#all ??= [...this.#below(ROOT)];
    return this.#all;
  }

  #below(directory: HostPath): Iterable<HostPath> {
    return walkTree({ children: (d) => this.children(d), kind: (p) => this.#kind(p) }, directory);
  }

  /** The kind alone, from the folder's listing where that was read: saves a system call a file. */
  #kind(path: HostPath): EntryKind | undefined {
    return this.#kinds.has(path) ? this.#kinds.get(path) : this.entry(path)?.kind;
  }

  #follow(path: HostPath): Followed {
    const known = this.#followed.get(path) ?? followLinks(path, (at) => this.#look(at));
    this.#followed.set(path, known);
    return known;
  }

  #look(at: HostPath): Known | undefined {
    if (!this.#known.has(at)) this.#known.set(at, lookAt(this.#onDisk(at), this.#root));
    return this.#known.get(at);
  }

  #onDisk(path: HostPath): string {
    return join(this.#root, path);
  }

  #list(directory: HostPath): readonly string[] {
    const listed = listing(this.#onDisk(directory)).filter((entry) => entry.name !== ".git");
    for (const entry of listed) {
      const path = joinHost(directory, entry.name);
      if (path !== undefined) this.#kinds.set(path, kindOf(entry));
    }
    return listed.map((entry) => entry.name).sort();
  }

  /** Tells a pipe, which has no kind, and what may not be looked at from what is not there. */
  #missing(path: HostPath): ReadResult {
    const folder = this.resolve(hostDirectory(path));
    const real = folder === undefined ? undefined : joinHost(folder, baseName(path));
    const failed = real === undefined ? undefined : readText(this.#onDisk(real));
    return failed === undefined || failed.ok ? { ok: false, reason: "missing" } : failed;
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function lookAt(path: string, root: string): Known | undefined {
  try {
    const entry = describe(lstatSync(path));
    if (entry?.kind !== "symlink") return entry && { kind: entry.kind, entry };
    return { kind: "symlink", entry, target: linkTarget(readlinkSync(path), root) };
  } catch {
    return undefined;
  }
}

/** An absolute target inside the root counts from there; any other leads outside. */
function linkTarget(written: string, root: string): string {
  if (!isAbsolute(written)) return written.split(sep).join("/");
  return isBelow(root, written) ? `/${relative(root, written).split(sep).join("/")}` : "..";
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
    return ["ENOENT", "ENOTDIR", "ELOOP"].includes(code)
      ? { ok: false, reason: "missing" }
      : { ok: false, reason: "unreadable", detail: code };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
