/**
 * A project that lives in memory, for tests and for users of the library:
 *
 *     const files = memoryProject({
 *       "Dockerfile": "FROM scratch\n",
 *       "build.sh": { text: "#!/bin/sh\n", mode: "100755" },
 *       "current": { symlink: "releases/2" },
 *     });
 *
 * It answers like a directory on disk: the same order, the same failures, symlinks followed inside and never outside.
 */
import type { EntryKind, ProjectEntry, ProjectFiles, ReadFailure, ReadResult } from "../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, hostPath, joinHost, ROOT } from "../text/paths.ts";
import { decodeText } from "./decode.ts";
import { type Followed, type Found, followLinks } from "./follow.ts";
import { walkTree } from "./walk.ts";

/** What stands at a path: text, text with a mode, raw bytes, a symlink's target, or a file that fails to read. */
export type MemoryEntry =
  | string
  | { readonly text: string; readonly mode?: "100644" | "100755" }
  | { readonly bytes: Uint8Array }
  | { readonly symlink: string }
  | { readonly failure: ReadFailure };

type Node = Exclude<MemoryEntry, string>;
/** Makes a project of `tree`; throws on a path that is absolute or leaves the root. */
export function memoryProject(tree: Readonly<Record<string, MemoryEntry>>, name = "project"): ProjectFiles {
  return new MemoryFiles(tree, name);
}

class MemoryFiles implements ProjectFiles {
  readonly name: string;
  readonly #nodes = new Map<HostPath, Node>();
  readonly #folders = new Map<HostPath, Set<string>>([[ROOT, new Set()]]);
  readonly #texts = new Map<HostPath, ReadResult>();

  constructor(tree: Readonly<Record<string, MemoryEntry>>, name: string) {
    this.name = name;
    for (const [raw, entry] of Object.entries(tree)) this.#add(raw, entry);
  }

  entry(path: HostPath): ProjectEntry | undefined {
    const real = this.#folderOf(path);
    if (real === undefined) return undefined;
    const node = this.#nodes.get(real);
    if (node) return describe(node);
    return this.#folders.has(real) ? { kind: "directory", size: 0 } : undefined;
  }

  children(directory: HostPath): readonly string[] {
    const real = this.resolve(directory);
    const names = real === undefined ? undefined : this.#folders.get(real);
    return [...(names ?? [])].filter((name) => name !== ".git").sort();
  }

  read(path: HostPath): ReadResult {
    const followed = this.#follow(path);
    if (!followed.ok) return followed;
    const known = this.#texts.get(followed.path);
    if (known) return known;
    const node = this.#nodes.get(followed.path);
    const result: ReadResult = node ? readNode(node) : { ok: false, reason: "directory" };
    this.#texts.set(followed.path, result);
    return result;
  }

  resolve(path: HostPath): HostPath | undefined {
    const followed = this.#follow(path);
    return followed.ok ? followed.path : undefined;
  }

  walk(directory: HostPath): Iterable<HostPath> {
    return walkTree({ children: (d) => this.children(d), kind: (p) => this.#kind(p) }, directory);
  }

  #kind(path: HostPath): EntryKind | undefined {
    return this.entry(path)?.kind;
  }

  #add(raw: string, entry: MemoryEntry): void {
    const path = hostPath(raw);
    if (path === undefined || path === ROOT) throw new Error(`not a path inside the project: ${raw}`);
    this.#nodes.set(path, typeof entry === "string" ? { text: entry } : entry);
    for (let at = path; at !== ROOT; at = hostDirectory(at)) {
      const folder = hostDirectory(at);
      const names = this.#folders.get(folder) ?? new Set();
      this.#folders.set(folder, names.add(baseName(at)));
    }
  }

  /** `path` with the folders on the way resolved, the last name as it is. */
  #folderOf(path: HostPath): HostPath | undefined {
    if (path === ROOT) return ROOT;
    const folder = this.resolve(hostDirectory(path));
    return folder === undefined ? undefined : joinHost(folder, baseName(path));
  }

  #follow(path: HostPath): Followed {
    return followLinks(path, (at) => this.#look(at));
  }

  #look(at: HostPath): Found | undefined {
    const node = this.#nodes.get(at);
    if (!node) return this.#folders.has(at) ? { kind: "directory" } : undefined;
    if (!("symlink" in node)) return { kind: "file" };
    return { kind: "symlink", target: node.symlink.startsWith("/") ? ".." : node.symlink };
  }
}

function describe(node: Node): ProjectEntry {
  if ("symlink" in node) return { kind: "symlink", size: Buffer.byteLength(node.symlink), mode: "120000" };
  if ("text" in node) return { kind: "file", size: Buffer.byteLength(node.text), mode: node.mode ?? "100644" };
  return { kind: "file", size: "bytes" in node ? node.bytes.byteLength : 0, mode: "100644" };
}

function readNode(node: Node): ReadResult {
  if ("text" in node) return node.text.includes("\0") ? { ok: false, reason: "binary" } : { ok: true, text: node.text };
  if ("bytes" in node) return decodeText(node.bytes);
  return { ok: false, reason: "failure" in node ? node.failure : "missing" };
}
