/**
 * Says whether a file of the project may be written, and what stands there now:
 *
 *     targetProblem(root, "docker/Dockerfile")     // undefined: go on
 *     targetProblem(root, ".git/config")           // write-not-allowed
 *     targetProblem(root, "link/Dockerfile")       // write-through-link
 *
 * Looks at the disk at the moment of the call, never at what was read before.
 */
import { accessSync, constants, lstatSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { type HostPath, hostDirectory, hostPath, ROOT } from "../text/paths.ts";
import { errorCode } from "./read.ts";

/** What a file holds: its exact bytes and its permission bits. */
export interface Content {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** Why `path` must not or cannot be written, whether it exists or not. */
export function targetProblem(root: string, path: string): Diagnostic | undefined {
  const target = allowedPath(path);
  if (target === undefined) return diagnostic("write-not-allowed", { path });
  const at = { path: target, start: 0, end: 0 };
  for (const part of pathsDownTo(target)) {
    const stats = statsAt(root, part);
    if (stats === undefined) break;
    if (stats.isSymbolicLink()) return diagnostic("write-through-link", { path }, at);
    const fits = part === target ? stats.isFile() : stats.isDirectory();
    if (!fits) return diagnostic("write-denied", { path, detail: `"${part}" is in the way` }, at);
  }
  const folder = parents(target).find((parent) => statsAt(root, parent) !== undefined) ?? ROOT;
  const locked = [folder, target].find((part) => isLocked(root, part));
  return locked === undefined ? undefined : diagnostic("write-denied", { path: locked, detail: "it is read-only" }, at);
}

/** Git's own files and our records are no files of the project. */
function allowedPath(path: string): HostPath | undefined {
  const normal = hostPath(path);
  if (normal !== path || normal === ROOT || path.includes("\0")) return undefined;
  const parts = path.toLowerCase().split("/");
  return parts.includes(".git") || parts[0] === ".restage" ? undefined : normal;
}

/** `["a", "a/b", "a/b/c"]` */
function pathsDownTo(path: HostPath): readonly HostPath[] {
  return [...directoriesAbove(path), path];
}

/** `["a", "a/b"]` for `a/b/c`: outermost first, without the root. */
export function directoriesAbove(path: HostPath): readonly HostPath[] {
  return parents(path).slice(0, -1).reverse();
}

/** `["a/b", "a", "."]` */
function parents(path: HostPath): readonly HostPath[] {
  const found: HostPath[] = [];
  for (let at = hostDirectory(path); ; at = hostDirectory(at)) {
    found.push(at);
    if (at === ROOT) return found;
  }
}

function isLocked(root: string, path: HostPath): boolean {
  try {
    accessSync(join(root, path), constants.W_OK);
    return false;
  } catch (error) {
    return errorCode(error) !== "ENOENT";
  }
}

function statsAt(root: string, path: HostPath): Stats | undefined {
  return lstatSync(join(root, path), { throwIfNoEntry: false });
}

/** What is at `path` now; `undefined` when nothing is. The target has no problem. */
export function contentAt(root: string, path: string): Content | undefined {
  const file = join(root, path);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats && { bytes: readFileSync(file), mode: stats.mode & 0o7777 };
}

/** Directories above `path` that do not exist yet, outermost first. */
export function missingDirectories(root: string, path: HostPath): readonly HostPath[] {
  return parents(path)
    .filter((parent) => statsAt(root, parent) === undefined)
    .reverse();
}
