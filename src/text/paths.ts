/**
 * The three kinds of path that a build mixes, kept apart by type:
 *
 *     HostPath     "docker/prod/Dockerfile"   in the checkout, relative to the project root, "." is the root
 *     ContextPath  "src/main.c"               in a build context, relative to the context's root, "." is the root
 *     ImagePath    "/usr/src/app"             in an image, absolute, never ends in "/" but for "/" itself
 *
 * All are "/"-separated and normalised. What is not decided here: whether anything exists at a path.
 */
import { posix } from "node:path";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A path in the checkout, relative to the project root, without a leading `./`; the root itself is `.`. */
export type HostPath = Branded<"host">;
/** A path in a build context, relative to the context's root; the root itself is `.`. */
export type ContextPath = Branded<"context">;
/** An absolute, normalised path inside an image. */
export type ImagePath = Branded<"image">;

/** The project's root as a host path. */
export const ROOT = "." as HostPath;

/** Normalises a relative path; `undefined` when it is absolute or leaves its root through `..`. */
function relativeInside(raw: string): string | undefined {
  if (raw.startsWith("/")) return undefined;
  const path = posix.normalize(raw === "" ? "." : raw);
  if (path === ".." || path.startsWith("../")) return undefined;
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Reads a path relative to the project root; `undefined` when it is absolute or leaves the project. */
export function hostPath(raw: string): HostPath | undefined {
  return relativeInside(raw) as HostPath | undefined;
}

/** `raw` seen from the folder `from`; `undefined` when it is absolute or leaves the project. */
export function joinHost(from: HostPath, raw: string): HostPath | undefined {
  if (isPlainName(raw)) return (from === ROOT ? raw : `${from}/${raw}`) as HostPath;
  return raw.startsWith("/") ? undefined : hostPath(posix.join(from, raw === "" ? "." : raw));
}

/** Most paths are put together name by name, where nothing has to be normalised. */
function isPlainName(raw: string): boolean {
  return raw !== "" && raw !== "." && raw !== ".." && !raw.includes("/");
}

/** The folder that holds `path`; the root's is the root. */
export function hostDirectory(path: HostPath): HostPath {
  return posix.dirname(path) as HostPath;
}

/**
 * Reads a COPY/ADD source as Docker does: a leading `/` or `./` counts from the context's root, and `..` stops there
 * (https://docs.docker.com/reference/dockerfile/#copy: "the paths of files and directories will be interpreted as
 * relative to the source of the context of the build").
 */
export function contextPath(raw: string): ContextPath {
  return (relativeInside(posix.normalize(`/${raw}`).slice(1)) ?? ".") as ContextPath;
}

/** The host path of a context path whose context root is `context`. */
export function contextToHost(context: HostPath, path: ContextPath): HostPath {
  return posix.join(context, path) as HostPath;
}

/** The context path of a host path, or `undefined` when it lies outside the context. */
export function hostToContext(context: HostPath, path: HostPath): ContextPath | undefined {
  if (context === ROOT) return path as string as ContextPath;
  if (path === context) return "." as ContextPath;
  return path.startsWith(`${context}/`) ? (path.slice(context.length + 1) as ContextPath) : undefined;
}

/** Resolves a path in an image on a working directory. */
export function imagePath(raw: string, workdir: ImagePath | "/" = "/"): ImagePath {
  return posix.resolve("/", workdir, raw) as ImagePath;
}

/** Whether `child` is `parent` or lies below it. */
export function isWithin(child: string, parent: string): boolean {
  if (parent === "/" || parent === ".") return true;
  return child === parent || child.startsWith(`${parent}/`);
}

/** The last name of a path (`""` for `/`). */
export function baseName(path: string): string {
  return posix.basename(path);
}
