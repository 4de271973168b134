/**
 * Finds files of an image as its kernel does, links followed:
 *
 *     resolve(contents, "/bin/sh")      /usr/bin/dash, where /bin is a link to usr/bin, and sh one to dash
 */
import { posix } from "node:path";
import type { ImageContents, ImageFile } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** The file that a path leads to; `undefined` where it leads nowhere. */
export function resolveFile(contents: Pick<ImageContents, "files">, path: string): ImageFile | undefined {
  const place = resolvePlace(contents, path);
  return place === undefined ? undefined : contents.files.get(place);
}

/** Where a path leads, whether or not anything is there; `undefined` for links that never end. */
export function resolvePlace({ files }: Pick<ImageContents, "files">, path: string): ImagePath | undefined {
  let open = path.split("/").filter((part) => part !== "");
  let at = "/";
  let links = 0;
  while (open.length > 0) {
    const [part = "", ...rest] = open;
    open = rest;
    if (part === ".") continue;
    if (part === "..") {
      at = posix.dirname(at);
      continue;
    }
    const next = posix.join(at, part);
    const file = files.get(imagePath(next));
    if (file?.kind === "symlink") {
      links += 1;
      if (links > MOST_LINKS) return undefined;
      if (file.target.startsWith("/")) at = "/";
      open = [...file.target.split("/").filter((one) => one !== ""), ...rest];
    } else at = next;
  }
  return imagePath(at);
}

/** The program of a name, along PATH; a name with a slash counts from a directory. */
export function findProgram(
  contents: Pick<ImageContents, "files">,
  name: string,
  path: string,
  workdir: string,
): ImageFile | undefined {
  if (name.includes("/")) return resolveFile(contents, posix.resolve(workdir === "" ? "/" : workdir, name));
  for (const directory of path.split(":")) {
    const found = resolveFile(contents, posix.join(directory === "" ? workdir : directory, name));
    if (found?.kind === "file" && (found.mode & 0o111) !== 0) return found;
  }
  return undefined;
}
