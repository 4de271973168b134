/**
 * The files of an image as far as a Dockerfile tells: what came from the context, what the build made, and by which instruction.
 *
 *     COPY . /app              /app/main.go       from the context's main.go
 *     RUN go build -o /app/x   /app/x             made by that instruction
 *     RUN mv /app/x /bin/x     /bin/x             made by this one; /app/x is gone
 *
 * Files of the base image are not in it.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";

/** Where a file comes from; `at` is the index of the instruction that put it there. */
export type Origin =
  | { readonly kind: "context"; readonly host: HostPath; readonly at: number }
  /** Content that an instruction made; a directory may hold more than is known. `copyOf`: a file that holds what this one does. */
  | { readonly kind: "made"; readonly at: number; readonly copyOf?: HostPath }
  /** Copied out of another image or stage; `host` where it is an unchanged copy of the context there. */
  | { readonly kind: "foreign"; readonly at: number; readonly host?: HostPath };

export interface TreeNode {
  readonly kind: "file" | "directory";
  readonly origin: Origin;
  /** It may as well be of the other kind: a copy of something that a build wrote without saying what. */
  readonly guessed?: true;
}

/** The file or directory of the checkout that a node is an unchanged copy of. */
export function hostOf(node: TreeNode | undefined): HostPath | undefined {
  return node === undefined || node.origin.kind === "made" ? undefined : node.origin.host;
}

/** The tree of one image while its instructions are read; changed in place. */
export class ImageTree {
  readonly #nodes = new Map<ImagePath, TreeNode>();
  readonly #names = new Map<ImagePath, Set<string>>();
  readonly #byHost = new Map<HostPath, Set<ImagePath>>();

  node(path: ImagePath): TreeNode | undefined {
    return this.#nodes.get(path);
  }

  kindOf(path: ImagePath): "file" | "directory" | undefined {
    const node = this.#nodes.get(path);
    if (node !== undefined) return node.kind;
    return this.#names.has(path) ? "directory" : undefined;
  }

  children(path: ImagePath): readonly string[] {
    return [...(this.#names.get(path) ?? [])].sort();
  }

  placesOf(host: HostPath): readonly ImagePath[] {
    return [...(this.#byHost.get(host) ?? [])].sort();
  }

  /** Puts a node at a path; what stood there or below it as a file is replaced. */
  put(path: ImagePath, node: TreeNode): void {
    if (path === "/") return;
    const before = this.#nodes.get(path);
    const left = hostOf(before);
    const host = hostOf(node);
    if (left !== undefined) this.#byHost.get(left)?.delete(path);
    // A directory that is written again keeps what it holds.
    if (before?.kind === "directory" && node.kind === "directory" && node.origin.kind !== "context") return;
    this.#nodes.set(path, node);
    if (host !== undefined) this.#placeHost(host, path);
    this.#link(path);
  }

  #placeHost(host: HostPath, path: ImagePath): void {
    const places = this.#byHost.get(host) ?? new Set();
    this.#byHost.set(host, places.add(path));
  }

  #link(path: ImagePath): void {
    for (let at = path; at !== "/"; at = imagePath("..", at)) {
      const parent = imagePath("..", at);
      const names = this.#names.get(parent) ?? new Set();
      const known = names.has(baseName(at));
      this.#names.set(parent, names.add(baseName(at)));
      if (known) return;
    }
  }

  /** Everything at and below a path, sorted. */
  below(path: ImagePath): readonly (readonly [ImagePath, TreeNode])[] {
    const own = this.#nodes.get(path);
    const found: (readonly [ImagePath, TreeNode])[] = own === undefined ? [] : [[path, own]];
    for (const name of this.children(path)) found.push(...this.below(imagePath(name, path)));
    return found;
  }

  remove(path: ImagePath): void {
    for (const name of this.children(path)) this.remove(imagePath(name, path));
    const host = hostOf(this.#nodes.get(path));
    if (host !== undefined) this.#byHost.get(host)?.delete(path);
    this.#nodes.delete(path);
    this.#names.delete(path);
    this.#names.get(imagePath("..", path))?.delete(baseName(path));
  }

  /** Copies or moves a subtree; the result is made by instruction `at`, whatever it was before. */
  copy(from: ImagePath, to: ImagePath, at: number, move: boolean): void {
    const nodes = this.below(from);
    if (move) this.remove(from);
    if (nodes.length === 0) this.put(to, { kind: "file", origin: { kind: "made", at }, guessed: true });
    for (const [path, node] of nodes) {
      const target = imagePath(`.${path.slice(from.length)}`, to);
      this.put(target, { kind: node.kind, origin: madeFrom(node, at) });
    }
  }

  /** Copies a file or directory of the checkout, without what `excluded` names. */
  copyContext(
    files: ProjectFiles,
    host: HostPath,
    to: ImagePath,
    at: number,
    excluded: (path: HostPath) => boolean,
  ): void {
    if (files.entry(host)?.kind === "directory") {
      this.put(to, { kind: "directory", origin: { kind: "context", host, at } });
      for (const path of files.walk(host)) {
        if (excluded(path)) continue;
        const relative = host === "." ? path : path.slice(host.length + 1);
        this.put(imagePath(relative, to), { kind: "file", origin: { kind: "context", host: path, at } });
      }
    } else this.put(to, { kind: "file", origin: { kind: "context", host, at } });
  }

  /** The nearest directory at or above a path that a build wrote without saying what into it, or that another stage filled. */
  writtenAbove(path: ImagePath): TreeNode | undefined {
    const at = this.#openAt(path);
    const node = at && this.#nodes.get(at);
    const touched = at && this.#touched.get(at);
    return node && touched !== undefined && node.origin.kind !== "made"
      ? { kind: "directory", origin: { kind: "made", at: touched } }
      : node;
  }

  /** The directory at or above a path that came out of another stage with more in it than is known. */
  filledAbove(path: ImagePath): ImagePath | undefined {
    const at = this.#openAt(path);
    return at !== undefined && this.#nodes.get(at)?.origin.kind === "foreign" && !this.#touched.has(at)
      ? at
      : undefined;
  }

  #openAt(path: ImagePath): ImagePath | undefined {
    for (let at = path; at !== "/"; at = imagePath("..", at)) {
      const node = this.#nodes.get(at);
      if (node?.kind !== "directory") continue;
      const filled = node.origin.kind === "foreign" && node.origin.host === undefined;
      if (node.origin.kind === "made" || filled || this.#touched.has(at)) return at;
    }
    return undefined;
  }

  /** Whether a path lies in a directory that an instruction wrote, or another stage filled, without saying what into it. */
  isBelowTouched(path: ImagePath): boolean {
    const above = this.guessedAbove(path) ?? this.filledAbove(path);
    return above !== undefined || [...this.#touched.keys()].some((at) => isWithin(path, at));
  }

  /** The copy of a part of a build above a path, of which it is not known whether it is a directory. */
  guessedAbove(path: ImagePath): ImagePath | undefined {
    for (let at = path; at !== "/"; at = imagePath("..", at)) if (this.#nodes.get(at)?.guessed === true) return at;
    return undefined;
  }

  readonly #touched = new Map<ImagePath, number>();

  /** Notes that an instruction may have written anything below a directory. */
  touch(path: ImagePath, at: number): void {
    if (path === "/") return;
    this.put(path, { kind: "directory", origin: { kind: "made", at } });
    this.#touched.set(path, at);
  }

  /** Whether everything below a path is an unchanged copy of the context. */
  isContextOnly(path: ImagePath): boolean {
    const nodes = this.below(path);
    return nodes.length > 0 && nodes.every(([, node]) => node.origin.kind === "context") && !this.isTouched(path);
  }

  /** The last instruction that may have written anything at or below a path. */
  touchedAt(path: ImagePath): number | undefined {
    const all = [...this.#touched].filter(([at]) => isWithin(at, path)).map(([, index]) => index);
    return all.length === 0 ? undefined : Math.max(...all);
  }

  /** Whether an instruction may have written anything at or below a path. */
  isTouched(path: ImagePath): boolean {
    return [...this.#touched.keys()].some((at) => isWithin(at, path));
  }
}

/** The origin of a copy of a node. */
export function madeFrom({ kind, origin }: TreeNode, at: number): Origin {
  const host = origin.kind === "context" ? origin.host : origin.kind === "made" ? origin.copyOf : undefined;
  return kind === "file" && host !== undefined ? { kind: "made", at, copyOf: host } : { kind: "made", at };
}
