/**
 * Data that programs open when they run, as far as it can be told from names:
 *
 *     "templates/index.html" in the sources      the path, where the image holds it, on the working directory
 *     a directory "static" beside the program    data by its customary name, where nothing mentions it
 */
import { type ImagePath, imagePath, isWithin } from "../text/paths.ts";
import type { ImageView } from "./ecosystem.ts";

const DATA =
  /^(?:templates?|views?|static|public|assets?|web|www|html|migrations?|i18n|locales?|lang|translations?|config|configs|conf|etc|data|fixtures|resources?|themes?|seeds?)$/;

/** Directories with data's customary names, that hold more than sources and that nothing names. */
export function customaryData(
  workdir: ImagePath,
  known: readonly ImagePath[],
  image: ImageView,
  sources: RegExp,
): readonly ImagePath[] {
  if (workdir === "/") return [];
  return image
    .children(workdir)
    .filter((name) => DATA.test(name))
    .map((name) => imagePath(name, workdir))
    .filter((path) => image.kindOf(path) === "directory" && holdsData(path, image, sources))
    .filter((path) => !known.some((one) => isWithin(one, path) || isWithin(path, one)));
}

function holdsData(path: ImagePath, image: ImageView, sources: RegExp): boolean {
  return image.children(path).some((name) => {
    const below = imagePath(name, path);
    return image.kindOf(below) === "directory"
      ? holdsData(below, image, sources)
      : image.hostOf(below) !== undefined && !sources.test(name);
  });
}

/** The directory above the first part with a wildcard: `templates/*.html` gives `templates`. */
export function withoutPattern(path: string): string {
  const parts = path.split("/");
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  return wild < 0 ? path : parts.slice(0, wild).join("/");
}

/** The path of the image that a string of a program names; a bare word only where a call beside it takes a path. */
export function namedPath(
  literal: string,
  nearCall: boolean,
  workdir: ImagePath,
  image: ImageView,
): ImagePath | undefined {
  if (literal === "" || literal.length > 200 || /[\s%<>|;,=\\]|:\/\//.test(literal)) return undefined;
  const plain = withoutPattern(literal);
  const bare = !/[/.]/.test(plain) || /^\.{0,2}\/?$/.test(plain);
  if (plain === "" || (bare && !nearCall) || /^\.{1,2}\/?$/.test(plain)) return undefined;
  const path = imagePath(plain, workdir);
  if (path === workdir || path === "/") return undefined;
  return image.kindOf(path) === undefined ? undefined : path;
}

/** Without paths that lie below another of them. */
export function outermost(paths: readonly ImagePath[]): readonly ImagePath[] {
  const all = [...new Set(paths)].sort();
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
}
