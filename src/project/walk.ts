/**
 * Lists a tree in one fixed order, whatever order the file system has:
 *
 *     Dockerfile, docker/build.sh, docker/run.sh, src/main.c
 *
 * Folders are entered where their own name stands among their neighbours. Symlinks are listed and never followed, so the walk
 * ends on every tree.
 */
import { type HostPath, joinHost } from "../text/paths.ts";

/** Folders that are never part of what the user wrote: git's, ours, and installed packages. */
const NEVER_ENTERED: ReadonlySet<string> = new Set([".git", ".restage", "node_modules"]);

export interface Tree {
  children(directory: HostPath): readonly string[];
  kind(path: HostPath): "file" | "directory" | "symlink" | undefined;
}

/** Every file and symlink below `directory`. */
export function* walkTree(tree: Tree, directory: HostPath): Generator<HostPath> {
  const open = [childrenOf(tree, directory)];
  for (let level = open.at(-1); level; level = open.at(-1)) {
    const { value: path, done } = level.next();
    if (done === true) open.pop();
    else if (tree.kind(path) === "directory") open.push(childrenOf(tree, path));
    else yield path;
  }
}

function* childrenOf(tree: Tree, directory: HostPath): Generator<HostPath, undefined> {
  for (const name of tree.children(directory)) {
    const path = joinHost(directory, name);
    if (path === undefined) continue;
    const kind = tree.kind(path);
    if (kind === undefined || (kind === "directory" && NEVER_ENTERED.has(name))) continue;
    yield path;
  }
  return undefined;
}
