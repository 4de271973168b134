/**
 * The host's files as a script changes them: an overlay over the checkout in which each path says where it came from.
 *
 *     tree = place(tree, at("dist"), { kind: "image", image, path: "/app/dist", … })
 *     look(tree, at("dist/index.html"))        // { kind: "image", path: "/app/dist/index.html", presumed: true }
 *     look(tree, at("package.json"))           // { kind: "checkout", path: "package.json" }
 *
 * A value: every change gives a new tree. Paths are absolute; the checkout is mounted at CHECKOUT, whatever its real place is.
 * What is not decided here: which command makes which change (host-commands.ts), and what a COPY makes of it (injection.ts).
 */
import { posix } from "node:path";
import { hasWildcard, matchesWildcard } from "../../dockerfile/wildcards.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type HostPath, hostPath, type ImagePath, imagePath, joinHost, ROOT } from "../../text/paths.ts";

/** Where the checkout is mounted in a script's world. */
export const CHECKOUT = "/\u2302";

/** Where named volumes are mounted in a script's world. */
export const VOLUMES = "/\u2302volumes";

export type Shape = "file" | "directory" | "unknown";

/** The place in the run at which something was done; an index into the trace. */
export type Step = number;

interface Changed {
  /** The commands through which it came to be where it is, in order. */
  readonly by: readonly Step[];
}

/** Nothing is there. */
export interface AbsentNode {
  readonly kind: "absent";
  /** Set where the script removed something that the checkout has. */
  readonly removed?: boolean;
  /** The command that took away what was there. */
  readonly since?: Step;
}

/** A file or directory as the checkout has it, here or moved here. */
export interface CheckoutNode extends Changed {
  readonly kind: "checkout";
  readonly path: HostPath;
}

/** Taken out of an image. */
export interface ImageNode extends Changed {
  readonly kind: "image";
  /** The key of the image that it came out of. */
  readonly image: string;
  readonly path: ImagePath;
  readonly shape: Shape;
  /** True when it is only taken to be there, because a directory above it was taken out. */
  readonly presumed: boolean;
  /** True when a container may have written it into a mount; it then counts only where nothing else is. */
  readonly maybe?: boolean;
  /** True where the image has all that stands in the directory: the container saw it through the mount, and worked on it. */
  readonly all?: boolean;
  /** Set where only what has such a name was taken out of the directory, and `met` below one of those names. */
  readonly only?: { readonly names: readonly string[]; readonly met: boolean };
  /** Set where the path is not in the image yet: it lies where an archive of the image is to be unpacked. */
  readonly unpacked?: Unpacking;
  /** Set where the path is not in the image yet: it is a file of the image, compressed by itself. */
  readonly compressed?: Compression;
}

/** A single file that was compressed, and by what: `gzip -9`, as a file (with its mode) or on standard output. */
export interface Compression {
  readonly of: ImageNode;
  readonly program: "bzip2" | "gzip" | "xz" | "zstd";
  readonly options: readonly string[];
  readonly prints: boolean;
  /** The command that did it. */
  readonly step: Step;
}

/** An archive that stands in an image, and the directory of that image that it is unpacked into. */
export interface Unpacking {
  readonly archive: ImagePath;
  readonly into: ImagePath;
  /** Leading names that are left off each member (`tar --strip-components`). */
  readonly strip: number;
}

/** A tar archive of something else: what stands under each member's path, `.` for what is at its top. */
export interface ArchiveNode extends Changed {
  readonly kind: "archive";
  readonly members: ReadonlyMap<string, HostNode>;
  /** True where it was packed on the host, so that it names the host's user as the owner of what is in it. */
  readonly packedOnHost?: boolean;
  /** True for the names of the members alone, which something else has to pack. */
  readonly listing?: boolean;
}

/** Written by a command whose result is not known. */
export interface MadeNode extends Changed {
  readonly kind: "made";
  readonly shape: Shape;
  /** What a file holds, where the script says so. */
  readonly text?: string;
  /** The image whose container wrote it, through a mount or on its standard output. */
  readonly image?: string;
  /** True when it only may be there, since a command could write into the directory above. */
  readonly presumed: boolean;
  /** The path on the machine itself that it was copied from. */
  readonly system?: string;
  /** The repository that it is a clone of, or in a clone of: where that is, and the branch or tag. */
  readonly repository?: { readonly url: string; readonly ref?: string };
  /** The images that `docker save` put into it, under the names that it keeps. */
  readonly saved?: readonly SavedImage[];
}

/** An image in an archive. */
export interface SavedImage {
  readonly image: string;
  /** The key of the reference that it is saved under; absent where it was saved by its id. */
  readonly reference?: string;
}

/** A directory that the script made or changed: `layers` from the bottom up, `entries` above all of them. */
export interface DirectoryNode extends Changed {
  readonly kind: "directory";
  readonly layers: readonly HostNode[];
  readonly entries: ReadonlyMap<string, HostNode>;
}

export type HostNode = AbsentNode | CheckoutNode | ImageNode | ArchiveNode | MadeNode | DirectoryNode;

/** A tree of the host's files; `root` is `/`. */
export interface HostTree {
  readonly files: ProjectFiles;
  readonly root: HostNode;
}

export const ABSENT: AbsentNode = { kind: "absent" };

/** The host before the script runs: a clean checkout, and nothing else that is known. */
export function cleanCheckout(files: ProjectFiles): HostTree {
  const checkout: CheckoutNode = { kind: "checkout", path: ROOT, by: [] };
  const entries = new Map<string, HostNode>([[posix.basename(CHECKOUT), checkout]]);
  return { files, root: { kind: "directory", layers: [], entries, by: [] } };
}

/** Whether text is the last name of CHECKOUT, which nobody knows: the directory is called as whoever made it wanted. */
export function isCheckoutName(text: string): boolean {
  return text.trim() === posix.basename(CHECKOUT);
}

/** The checkout path of an absolute path; `undefined` outside the checkout. */
export function toCheckout(path: string): HostPath | undefined {
  if (path === CHECKOUT) return ROOT;
  return path.startsWith(`${CHECKOUT}/`) ? hostPath(path.slice(CHECKOUT.length + 1)) : undefined;
}

/** The absolute path of a checkout path. */
export function fromCheckout(path: HostPath): string {
  return posix.join(CHECKOUT, path);
}

/** What stands at an absolute path. */
export function look(tree: HostTree, path: string): HostNode {
  return segments(path).reduce<HostNode>((node, name) => child(tree.files, node, name), tree.root);
}

/** The file or directory of the checkout that is seen at an absolute path, whatever else is there by now. */
export function checkoutSeen(node: HostNode): HostPath | undefined {
  if (node.kind === "checkout") return node.path;
  return node.kind === "directory" ? node.layers.map(checkoutSeen).find((path) => path !== undefined) : undefined;
}

/** Puts `node` at an absolute path, directories above it included. */
export function place(tree: HostTree, path: string, node: HostNode): HostTree {
  return { ...tree, root: placeIn(tree.files, tree.root, segments(path), node) };
}

function segments(path: string): readonly string[] {
  return posix.normalize(path).split("/").filter(Boolean);
}

function placeIn(files: ProjectFiles, at: HostNode, path: readonly string[], node: HostNode): HostNode {
  const [name, ...rest] = path;
  if (name === undefined) return node;
  const directory = asDirectory(at);
  const entries = new Map(directory.entries);
  entries.set(name, placeIn(files, child(files, at, name), rest, node));
  return { ...directory, entries };
}

/** The same thing as a directory that can take entries. */
export function asDirectory(node: HostNode): DirectoryNode {
  if (node.kind === "directory") return node;
  const layers = node.kind === "absent" ? [] : [node];
  return { kind: "directory", layers, entries: new Map(), by: "by" in node ? node.by : [] };
}

/** What stands under a name in a directory. */
export function child(files: ProjectFiles, node: HostNode, name: string): HostNode {
  switch (node.kind) {
    case "absent":
    case "archive":
      return ABSENT;
    case "made":
      return node.shape === "file" ? ABSENT : { ...node, shape: "unknown", presumed: true };
    case "checkout":
      return checkoutChild(files, node, name);
    case "image":
      return node.shape === "file" ? ABSENT : imageChild(node, name);
    case "directory":
      return node.entries.get(name) ?? patternChild(node, name) ?? layeredChild(files, node.layers, name);
  }
}

/** A file that a pattern brought out of an image: `mv /app/*.jar /out/` puts `app.jar` there, if the image has it. */
function patternChild({ entries }: DirectoryNode, name: string): HostNode | undefined {
  for (const [pattern, entry] of entries) {
    const found = entry.kind === "image" && hasWildcard(pattern) && matchesWildcard(pattern, name);
    if (found) return { ...entry, path: imagePath(name, imagePath(posix.dirname(entry.path))), presumed: true };
  }
  return undefined;
}

function checkoutChild(files: ProjectFiles, node: CheckoutNode, name: string): HostNode {
  const path = joinHost(node.path, name);
  return path !== undefined && files.entry(path) !== undefined ? { ...node, path } : ABSENT;
}

function imageChild(node: ImageNode, name: string): ImageNode {
  const { only } = node;
  // A plain name is joined without being resolved: trees are walked by their hundreds of thousands of names.
  const path = /^(?!\.{0,2}$)[^/]*$/.test(name)
    ? (`${node.path === "/" ? "" : node.path}/${name}` as ImagePath)
    : imagePath(name, node.path);
  const inner: ImageNode = { ...node, path, shape: "unknown", presumed: true };
  if (only === undefined || only.met) return inner;
  // Under any other name only a directory can stand, on the way to what was looked for.
  return only.names.some((pattern) => matchesWildcard(pattern, name))
    ? { ...inner, only: { ...only, met: true } }
    : { ...inner, shape: "directory" };
}

/** From the top layer down. What a command may have written counts only where nothing else is; directories are merged. */
function layeredChild(files: ProjectFiles, layers: readonly HostNode[], name: string): HostNode {
  const all = layers.map((layer) => child(files, layer, name)).filter((node) => node.kind !== "absent");
  const told = all.filter((node) => !isMaybe(node));
  const only = told.length > 0 ? told : all.slice(0, 1);
  const open = told.length > 0 && told.every((node) => shapeOf(files, node) === "directory");
  const found = open ? all : only;
  const sure = found.filter((node) => !isPresumed(node));
  if (found.length <= 1) return found[0] ?? ABSENT;
  if (sure.length === found.length && !sure.every((node) => shapeOf(files, node) === "directory")) {
    return sure.at(-1) ?? ABSENT;
  }
  return { kind: "directory", layers: found, entries: new Map(), by: found.flatMap((n) => ("by" in n ? n.by : [])) };
}

/** What a container may have written, for all that is known. */
export function isMaybe(node: HostNode): boolean {
  if (node.kind === "directory") return node.entries.size === 0 && node.layers.length > 0 && node.layers.every(isMaybe);
  return (node.kind === "made" && node.presumed) || (node.kind === "image" && (node.maybe === true || isChosen(node)));
}

/** Whether something below a directory of an image was taken out by its name, so that nobody knows what that is. */
export function isChosen(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].some(isChosen);
  return node.kind === "image" && node.only?.met === false;
}

/** The same node with one image's key in place of another's. */
export function rekeyed(node: HostNode, from: string, to: string): HostNode {
  if (node.kind === "image") return rekeyedImage(node, from, to);
  if (node.kind === "archive") return { ...node, members: rekeyedAll(node.members, from, to) };
  if (node.kind !== "directory") return node;
  const layers = node.layers.map((layer) => rekeyed(layer, from, to));
  const same = layers.every((layer, index) => layer === node.layers[index]);
  const entries = rekeyedAll(node.entries, from, to);
  return same && entries === node.entries ? node : { ...node, layers, entries };
}

function rekeyedImage(node: ImageNode, from: string, to: string): ImageNode {
  if (node.image !== from) return node;
  const { compressed } = node;
  return {
    ...node,
    image: to,
    ...(compressed === undefined ? {} : { compressed: { ...compressed, of: rekeyedImage(compressed.of, from, to) } }),
  };
}

function rekeyedAll(nodes: ReadonlyMap<string, HostNode>, from: string, to: string): ReadonlyMap<string, HostNode> {
  const moved = [...nodes].map(([name, node]) => [name, rekeyed(node, from, to)] as const);
  return moved.every(([name, node]) => node === nodes.get(name)) ? nodes : new Map(moved);
}

export function isPresumed(node: HostNode): boolean {
  return (node.kind === "image" || node.kind === "made") && node.presumed;
}

/** Whether something is there, for a command that behaves differently when it is not. */
export function exists(node: HostNode): boolean {
  return node.kind !== "absent";
}

export function shapeOf(files: ProjectFiles, node: HostNode): Shape {
  switch (node.kind) {
    case "absent":
      return "unknown";
    case "archive":
      return "file";
    case "directory":
      return "directory";
    case "checkout":
      return files.entry(node.path)?.kind === "directory" ? "directory" : "file";
    case "image":
    case "made":
      return node.shape;
  }
}

/** The names that are known to stand in a directory, sorted. */
export function names(files: ProjectFiles, node: HostNode): readonly string[] {
  if (node.kind === "checkout") return files.children(node.path);
  if (node.kind !== "directory") return [];
  const found = new Set(node.layers.flatMap((layer) => [...names(files, layer)]));
  for (const [name, entry] of node.entries) {
    if (exists(entry)) found.add(name);
    else found.delete(name);
  }
  return [...found].sort();
}

/** The node with one more command in its history, and in that of all that is known to be in it. */
export function touched(node: HostNode, step: Step): HostNode {
  if (node.kind === "absent") return node;
  const by = [...node.by, step];
  if (node.kind === "archive")
    return { ...node, by, members: new Map([...node.members].map(([name, member]) => [name, touched(member, step)])) };
  if (node.kind !== "directory") return { ...node, by };
  const layers = node.layers.map((layer) => touched(layer, step));
  const entries = new Map([...node.entries].map(([name, entry]) => [name, touched(entry, step)] as const));
  return { ...node, layers, entries, by };
}

/**
 * `docker cp`, `cp -r` and `mv` agree: into a directory that exists goes the source under its own name, to any other place it
 * goes under the name given. With `contents` (a source that ends in `/.`) it is poured into an existing directory instead
 * (https://docs.docker.com/reference/cli/docker/container/cp/#description).
 * `into` says that the destination is a directory, there or not (`-t`, several sources), or with false that it is not (`-T`).
 */
export function arrive(
  tree: HostTree,
  to: { readonly path: string; readonly name: string; readonly contents: boolean; readonly into?: boolean | undefined },
  node: HostNode,
): { readonly tree: HostTree; readonly path: string } {
  const target = look(tree, to.path);
  const nests = exists(target) && shapeOf(tree.files, target) !== "file" && isDirectoryLike(tree.files, target);
  if (to.into === false) return { tree: place(tree, to.path, settle(tree.files, target, node)), path: to.path };
  if (to.into === true || nests) {
    if (to.contents) return { tree: place(tree, to.path, pour(target, node)), path: to.path };
    const path = posix.join(to.path, to.name);
    return { tree: place(tree, path, settle(tree.files, look(tree, path), node)), path };
  }
  return { tree: place(tree, to.path, node), path: to.path };
}

function isDirectoryLike(files: ProjectFiles, node: HostNode): boolean {
  return shapeOf(files, node) === "directory" || node.kind === "image";
}

/** A directory that arrives where one stands is merged into it; anything else replaces it. */
function settle(files: ProjectFiles, old: HostNode, node: HostNode): HostNode {
  const merges = shapeOf(files, old) === "directory" && shapeOf(files, node) !== "file";
  return merges ? pour(old, node) : node;
}

function pour(target: HostNode, node: HostNode): DirectoryNode {
  const base = asDirectory(target);
  const below = base.entries.size === 0 ? base.layers : [base];
  const by = "by" in node ? [...base.by, ...node.by] : base.by;
  return { kind: "directory", layers: [...below, node], entries: new Map(), by };
}

/** Whether something that came out of an image is at a node, or known to be below it. */
export function containsImage(node: HostNode): boolean {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].some(containsImage);
  return node.kind === "image" || (node.kind === "archive" && [...node.members.values()].some(containsImage));
}

/** The images that what is at a node came out of, or what is below it. */
export function imagesAt(node: HostNode): readonly string[] {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].flatMap(imagesAt);
  if (node.kind === "archive") return [...node.members.values()].flatMap(imagesAt);
  return node.kind === "image" ? [node.image] : [];
}

/** The commands through which what came out of images is at a node, or below it. */
export function imageSteps(node: HostNode): readonly Step[] {
  if (node.kind === "directory") return [...node.layers, ...node.entries.values()].flatMap(imageSteps);
  if (node.kind === "archive") return [...node.by, ...[...node.members.values()].flatMap(imageSteps)];
  return node.kind === "image" ? node.by : [];
}
