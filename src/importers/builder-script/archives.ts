/**
 * What is in archives, where that is known.
 *
 *     tar czf app.tgz -C out .            members: . → the directory out
 *     docker cp x:/rootfs.tar .           an archive of the image, unpacked in its stage where something needs what is in it
 *
 * Compression does not matter: a compressed archive has the same members. What is not decided here: which command makes or
 * unpacks which archive (archive-commands.ts).
 */
import { posix } from "node:path";
import { isArchiveName } from "../../dockerfile/copy-semantics.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import {
  ABSENT,
  arrive,
  child,
  type HostNode,
  type HostTree,
  type ImageNode,
  look,
  names,
  place,
} from "./host-tree.ts";

/** The directories of members that are left off at most. */
const DEEPEST_STRIP = 16;

/** A member's path as tar stores it: without a leading `/`, `./` or `../` (GNU tar, "Absolute File Names"). */
export function memberName(path: string): string {
  const plain = posix
    .normalize(path)
    .replace(/^(?:\.{0,2}\/)+/, "")
    .replace(/\/+$/, "");
  return plain === "" || plain === ".." ? "." : plain;
}

/** What an archive holds, as a directory, or `undefined` where nobody knows. */
export function contentsOf(files: ProjectFiles, node: HostNode): HostNode | undefined {
  if (node.kind === "archive" && node.listing === true) return undefined;
  if (node.kind === "archive") return directoryOf(files, node.members);
  if (node.kind === "image" && node.compressed !== undefined) return contentsOf(files, node.compressed.of);
  return node.kind === "image" && node.shape !== "directory" && isArchiveName(node.path)
    ? unpacked(node, 0)
    : undefined;
}

/** Members as one directory. */
function directoryOf(files: ProjectFiles, members: ReadonlyMap<string, HostNode>): HostNode {
  const empty: HostTree = { files, root: { kind: "directory", layers: [], entries: new Map(), by: [] } };
  return [...members].reduce((tree, [path, node]) => {
    if (path === ".") return arrive(tree, { path: "/", name: "", contents: true, into: true }, node).tree;
    return place(tree, `/${path}`, node);
  }, empty).root;
}

/** The place in an image where an archive of it is unpacked. */
function unpacked(node: ImageNode, strip: number): ImageNode {
  const plain = node.path.replace(/\.(?:tar|tgz|tbz2?|txz|tzst)$|\.tar\.\w+$/i, "");
  const into = imagePath(posix.join("/unpacked", strip === 0 ? plain : `${plain}-${strip}`)) as ImagePath;
  return { ...node, path: into, shape: "directory", presumed: false, unpacked: { archive: node.path, into, strip } };
}

/** Contents with that many leading names left off; `undefined` where the names are not known. */
export function stripped(files: ProjectFiles, node: HostNode, count: number): HostNode | undefined {
  if (count === 0) return node;
  if (count > DEEPEST_STRIP) return undefined;
  if (node.kind === "image" && node.unpacked?.into === node.path) {
    const archive = { ...node, path: node.unpacked.archive };
    return unpacked(archive, node.unpacked.strip + count);
  }
  if (node.kind !== "directory" && node.kind !== "checkout") return undefined;
  if (node.kind === "directory" && node.layers.some((layer) => layer.kind === "image")) {
    const [layer, ...others] = node.layers;
    return layer !== undefined && others.length === 0 && node.entries.size === 0
      ? stripped(files, layer, count)
      : undefined;
  }
  const inner = names(files, node).map((name) => child(files, node, name));
  const parts = inner.filter(({ kind }) => kind !== "absent").map((part) => stripOne(files, part, count - 1));
  if (parts.some((part) => part === undefined)) return undefined;
  const root = parts.reduce<HostTree>(
    (tree, part) => arrive(tree, { path: "/", name: "", contents: true, into: true }, part ?? ABSENT).tree,
    { files, root: { kind: "directory", layers: [], entries: new Map(), by: [] } },
  ).root;
  return root;
}

/** A file has no names left, so it is left out. */
function stripOne(files: ProjectFiles, node: HostNode, count: number): HostNode | undefined {
  if (node.kind === "checkout" && files.entry(node.path)?.kind !== "directory") return ABSENT;
  return count === 0 ? node : stripped(files, node, count);
}

/** The chosen members of an archive's contents, each under its path; all of them where none is named. */
export function chosen(
  files: ProjectFiles,
  contents: HostNode,
  wanted: readonly string[],
): ReadonlyMap<string, HostNode> | undefined {
  if (wanted.length === 0) return new Map([[".", contents]]);
  const found = wanted.map(memberName).map((name): readonly [string, HostNode] => {
    const node = name === "." ? contents : look({ files, root: contents }, `/${name}`);
    return [name, node];
  });
  return found.every(([, node]) => node.kind !== "absent") ? new Map(found) : undefined;
}
