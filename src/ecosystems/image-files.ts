/**
 * Files of an image below directories, as far as they are known:
 *
 *     filesBelow(["/src"], image, /\.py$/, /^tests?$/)     sources, without those of tests
 *
 * A project that is larger than any real one is not read to its end.
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import type { ImageView } from "./ecosystem.ts";

/** Where a list ends, whatever else there is. */
export const MOST_FILES = 4000;
const MOST_DIRECTORIES = 20_000;

/** Files whose names fit; directories of `skipped` names are left out. In no order. */
export function filesBelow(
  directories: readonly ImagePath[],
  image: ImageView,
  names: RegExp,
  skipped = /^(?!)/,
): readonly ImagePath[] {
  const files: ImagePath[] = [];
  const open = directories.filter((path) => image.kindOf(path) === "directory");
  for (let count = 0; count < MOST_DIRECTORIES && files.length < MOST_FILES; count++) {
    const at = open.pop();
    if (at === undefined) break;
    for (const name of image.children(at)) {
      const path = imagePath(name, at);
      if (image.kindOf(path) !== "directory") {
        if (names.test(name)) files.push(path);
      } else if (!skipped.test(name)) open.push(path);
    }
  }
  return files;
}
