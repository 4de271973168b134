/**
 * Copies of a checkout that may be built in and changed, outside of it:
 *
 *     const scratch = openScratch();
 *     const before = scratch.copyOf("/home/me/shop");       // /tmp/restage-…/1
 *     await prepareFiles(before, recipe.prepared, …);       // "app" out of an image, as the script had put it there
 *     scratch.close();
 *
 * Everything is copied as it is, links as links, but for what restage keeps of its own. Nothing is written through a link that
 * leads out of the copy. What is not decided here: what is copied and prepared.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { FileChange } from "../model/migration.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import type { PreparedFile } from "../model/recipe.ts";
import { type HostPath, type ImagePath, ROOT } from "../text/paths.ts";
import { errorCode } from "./read.ts";

export interface Scratch {
  /** A directory that is there until `close`. */
  readonly directory: string;
  /** A new copy of a directory; returns its path. */
  copyOf(directory: string): string;
  /** A new name in it, at which nothing is yet. */
  fresh(name: string): string;
  close(): void;
}

export function openScratch(): Scratch {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "restage-")));
  let count = 0;
  const fresh = (name: string): string => {
    count += 1;
    return join(directory, `${count}-${name}`);
  };
  return {
    directory,
    fresh,
    copyOf: (from) => {
      const to = fresh("copy");
      copyTree(from, to);
      return to;
    },
    close: () => removeTree(directory),
  };
}

/** Sockets and pipes are no part of a build context, and cannot be copied. */
function copyTree(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => {
      const kind = lstatSync(path, { throwIfNoEntry: false });
      const isOwn = basename(path) === ".restage" || path.endsWith(`${sep}.git${sep}restage`);
      return kind !== undefined && !isOwn && (kind.isFile() || kind.isDirectory() || kind.isSymbolicLink());
    },
  });
}

/** Also what was copied without the right to be written. */
function removeTree(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== "EACCES") throw error;
    openUp(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}

function openUp(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory()) openUp(join(directory, entry.name));
}

/** Writes a change set into a copy. */
export function writeChanges(root: string, changes: readonly Pick<FileChange, "path" | "after" | "mode">[]): void {
  for (const { path, after, mode } of changes) {
    const file = safePath(root, path);
    const old = lstatSync(file, { throwIfNoEntry: false });
    rmSync(file, { force: true });
    if (after === undefined) continue;
    writeFileSync(file, after);
    chmodSync(file, old?.isFile() === true ? old.mode & 0o7777 : mode === "100755" ? 0o755 : 0o644);
  }
}

/** Puts files into a copy as a script had put them into the checkout. `copyOut` takes a path out of an image of the recipe. */
export async function prepareFiles(
  scratch: Scratch,
  root: string,
  prepared: readonly PreparedFile[],
  copyOut: (image: string, path: ImagePath, destination: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const one of prepared) {
    const path = safePath(root, one.path);
    switch (one.kind) {
      case "image": {
        const taken = scratch.fresh("artifact");
        if (await copyOut(one.image, one.from, taken)) merge(taken, path);
        else if (!one.optional) missing.push(one.from);
        break;
      }
      case "checkout":
        merge(safePath(root, one.from), path);
        break;
      case "archive": {
        const folder = scratch.fresh("archive");
        mkdirSync(folder);
        missing.push(...(await prepareFiles(scratch, folder, one.members, copyOut)));
        const archive = await packed(folder);
        writeFileSync(path, one.gzip ? gzipSync(archive) : archive);
        break;
      }
      case "text":
        writeFileSync(path, one.text);
        break;
      case "directory":
        mkdirSync(path, { recursive: true });
        break;
      case "mode":
        changeMode(path, one.mode);
        break;
      case "removed":
        rmSync(path, { recursive: true, force: true });
        break;
    }
  }
  return missing;
}

/** A directory is merged into one that is there; a file takes the place of another. */
function merge(from: string, to: string): void {
  if (lstatSync(from).isFile()) rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, force: true });
}

/** The file's place, whose directory is made; throws where a link leads out of the root. */
function safePath(root: string, path: HostPath | string): string {
  const file = join(root, path);
  if (file === root || file === `${root}/`) return root;
  let directory = dirname(file);
  while (lstatSync(directory, { throwIfNoEntry: false }) === undefined) directory = dirname(directory);
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (!isInside(root, directory) || (isLink && !isInside(root, file)))
    throw new Error(`"${path}" leads out of the project`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** A link that leads nowhere may lead anywhere once something is written through it. */
function isInside(root: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    return real === root || real.startsWith(root + sep);
  } catch {
    return false;
  }
}

/** `0755`, or `[ugoa]*[+-=][rwx]+` with the bits of all that are named (chmod(1)). */
function changeMode(path: string, mode: string): void {
  const old = lstatSync(path, { throwIfNoEntry: false });
  if (old === undefined || old.isSymbolicLink()) return;
  const wanted = /^[0-7]{3,4}$/.test(mode) ? Number.parseInt(mode, 8) : symbolicMode(old.mode & 0o7777, mode);
  if (wanted !== undefined) chmodSync(path, wanted);
}

function symbolicMode(old: number, mode: string): number | undefined {
  let result = old;
  for (const clause of mode.split(",")) {
    const [, who = "", operator, rights = ""] = /^([ugoa]*)([+=-])([rwxX]*)$/.exec(clause) ?? [];
    if (operator === undefined) return undefined;
    const bits = (rights.includes("r") ? 4 : 0) | (rights.includes("w") ? 2 : 0) | (/[xX]/.test(rights) ? 1 : 0);
    for (const [name, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (who !== "" && !who.includes("a") && !who.includes(name)) continue;
      const cleared = operator === "=" ? result & ~(7 << shift) : result;
      result = operator === "-" ? cleared & ~(bits << shift) : cleared | (bits << shift);
    }
  }
  return result;
}

/** A tar archive of what is in a directory, owned by root as on the host of most scripts. */
async function packed(folder: string): Promise<Buffer> {
  const archive = pack();
  const add = (directory: string, prefix: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const name = `${prefix}${entry.name}`;
      const { mode } = lstatSync(path);
      if (entry.isDirectory()) {
        archive.entry({ name: `${name}/`, type: "directory", mode: mode & 0o7777 });
        add(path, `${name}/`);
      } else if (entry.isFile()) archive.entry({ name, mode: mode & 0o7777 }, readFileSync(path));
    }
  };
  add(folder, "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a project holds: names and digests of its files (SHA-256, in hex), targets of its links, and its directories by their paths. */
export function digestTree(root: string): { readonly digests: Set<string>; readonly directories: Set<string> } {
  const digests = new Set<string>();
  const directories = new Set<string>();
  const visit = (directory: string, prefix: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        directories.add(`${prefix}${entry.name}`);
        visit(path, `${prefix}${entry.name}/`);
      } else if (entry.isSymbolicLink()) digests.add(`${entry.name} link ${readlinkSync(path)}`);
      else if (entry.isFile())
        digests.add(`${entry.name} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
    }
  };
  visit(root, "");
  return { digests, directories };
}

/** Files whose change by one empty line at the end means nothing. */
const HARMLESS = /\.(?:go|[cm]?[jt]sx?|vue|svelte|py|rb|rs|java|kt|scala|c|cc|cpp|h|css|php|ex|hs|swift)$/;

/** A source file below one of the given places of a project, the first by name. */
export function sourceToTouch(files: ProjectFiles, places: readonly HostPath[]): HostPath | undefined {
  const isBelow = (path: HostPath): boolean =>
    places.some((place) => place === ROOT || path === place || path.startsWith(`${place}/`));
  for (const path of files.walk(ROOT)) if (HARMLESS.test(path) && isBelow(path)) return path;
  return undefined;
}

/** Adds empty lines to a file of a copy; another number of them than before is another file to a build cache. */
export function touch(root: string, path: string, lines: number): void {
  const file = safePath(root, path);
  writeFileSync(file, readFileSync(file, "utf8") + "\n".repeat(lines));
}

/** A Dockerfile outside of the copy, where its text is not that of the file; the ignore file that counts for it lies beside it. */
export function placeDockerfile(scratch: Scratch, root: string, path: string | undefined, text: string): string {
  const own = path === undefined ? undefined : safePath(root, path);
  if (own !== undefined && existsSync(own) && readFileSync(own, "utf8") === text) return own;
  const folder = scratch.fresh("dockerfile");
  mkdirSync(folder);
  const file = join(folder, path === undefined ? "Dockerfile" : basename(path));
  writeFileSync(file, text);
  const ignore = own === undefined ? undefined : `${own}.dockerignore`;
  if (ignore !== undefined && existsSync(ignore)) writeFileSync(`${file}.dockerignore`, readFileSync(ignore));
  return file;
}
