/**
 * Where COPY and ADD put things:
 *
 *     COPY bin/app /usr/bin/      the file becomes /usr/bin/app
 *     COPY bin/app /usr/bin       the same if /usr/bin is a directory in the image, else the file /usr/bin
 *     COPY dist /web              the contents of dist land in /web; the directory itself is never copied
 *     ADD app.tar.gz /web         a local archive is unpacked, so it acts as a directory
 *
 * Pure functions over operands whose variables are expanded. What exists in the context or the image is asked of the caller.
 * Sources: https://docs.docker.com/reference/dockerfile/#copy (and #add); `NormalizePath` in
 * https://github.com/moby/buildkit/blob/master/util/system/path.go; `prepareTargetDir` in
 * https://github.com/tonistiigi/fsutil/blob/master/copy/copy.go
 */
import { baseName, type ImagePath, imagePath } from "../text/paths.ts";

/** A destination operand, resolved. */
export interface CopyDestination {
  readonly path: ImagePath;
  /** Written as a directory: ends in `/` or `/.`, or is `.` or empty. Files then land in it under their own names. */
  readonly directory: boolean;
}

/** Resolves a destination on the working directory; `undefined` when it is relative and that is unknown. */
export function copyDestination(text: string, workdir: ImagePath | undefined): CopyDestination | undefined {
  const directory = text === "" || text === "." || text.endsWith("/") || text.endsWith("/.");
  if (text.startsWith("/")) return { path: imagePath(text), directory };
  return workdir === undefined ? undefined : { path: imagePath(text, workdir), directory };
}

/** `git` and `url` sources only ADD can have; a heredoc is a file of its own. */
export type SourceKind = "local" | "url" | "git" | "heredoc";

const GIT = /^(?:git@|git:\/\/|ssh:\/\/|github\.com\/|https?:\/\/[^?#]*\.git(?:[?#]|$))/;

/** What a source operand is, by its text. https://docs.docker.com/reference/dockerfile/#source */
export function sourceKind(keyword: "COPY" | "ADD", source: string): SourceKind {
  if (source.startsWith("<<")) return "heredoc";
  if (keyword === "COPY") return "local";
  if (GIT.test(source)) return "git";
  return /^https?:\/\//.test(source) ? "url" : "local";
}

/** Compressed and plain tar files by name; the builder itself looks at the contents. */
const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst))$/i;

/** Whether a local source is, by its name, an archive that ADD unpacks. */
export function isArchiveName(source: string): boolean {
  return ARCHIVE.test(source);
}

/** What lies at a source: `archive` is a file that ADD unpacks. */
export type SourceType = "file" | "directory" | "archive";

/** Where a source ends up. */
export interface FinalPlace {
  /** A file's own final path; for a directory or archive the place where its contents land. */
  readonly path: ImagePath;
  /** False where it depends on what the image holds at the destination. */
  readonly certain: boolean;
}

/**
 * The final place of one source. `isDirectory` says what the image has at a path, `undefined` where nobody knows; without
 * it only the destination's own form counts.
 */
export function finalPlace(
  source: { readonly path: string; readonly type: SourceType },
  destination: CopyDestination,
  isDirectory: (path: ImagePath) => boolean | undefined = () => undefined,
): FinalPlace {
  if (source.type !== "file" || source.path.endsWith("/.")) return { path: destination.path, certain: true };
  const inside = imagePath(sourceName(source.path), destination.path);
  if (destination.directory || destination.path === "/") return { path: inside, certain: true };
  const directory = isDirectory(destination.path);
  return { path: directory === true ? inside : destination.path, certain: directory !== undefined };
}

/** The name under which a file source lands in a directory: the last one of its path, or of its URL's. */
export function sourceName(source: string): string {
  if (!/^https?:\/\//.test(source)) return baseName(source);
  const path = URL.canParse(source) ? new URL(source).pathname : "";
  // BuildKit's name for a URL that has none.
  return baseName(path) || "__unnamed__";
}

/**
 * Why several files cannot be copied as written: more than one lands on one file name and the last silently wins.
 * https://docs.docker.com/reference/dockerfile/#copy: "If multiple source files are specified […] then the destination must
 * be a directory, and it must end with a slash /."
 */
export function overwritesItself(types: readonly SourceType[], destination: CopyDestination): boolean {
  return !destination.directory && types.filter((type) => type === "file").length > 1;
}
