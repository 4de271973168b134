/**
 * Layers laid over each other, lowest first, as a container sees them:
 *
 *     /app/a (layer 1), /app/b (layer 1)  +  .wh.a (layer 2)      /app/b
 *
 * Source: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
 */
import type { ImageContents, ImageFile, RegularFile } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";

/** A layer as its archive has it. */
export interface LayerTable {
  /** By path; a later entry of one path wins. */
  readonly files: ReadonlyMap<ImagePath, ImageFile>;
  /** Paths that the layer takes away. */
  readonly removed: ReadonlySet<ImagePath>;
  /** Directories whose earlier contents it takes away. */
  readonly emptied: ReadonlySet<ImagePath>;
  readonly bytes: number;
  readonly texts: ReadonlyMap<ImagePath, string>;
}

/** Files, each with the layer that wrote it last, and the texts that were kept. */
export function mergeLayers(tables: readonly LayerTable[]): Pick<ImageContents, "files" | "texts"> {
  const files = new Map<ImagePath, ImageFile>();
  const texts = new Map<ImagePath, string>();
  for (const [layer, table] of tables.entries()) {
    takeAway(files, texts, table);
    for (const [path, file] of table.files) {
      // A directory that becomes something else loses what was in it.
      if (file.kind !== "directory" && files.get(path)?.kind === "directory") removeBelow(files, texts, path);
      files.set(path, linked({ ...file, layer }, files, table));
      const text = table.texts.get(path);
      if (text === undefined) texts.delete(path);
      else texts.set(path, text);
    }
  }
  return { files, texts };
}

function takeAway(files: Map<ImagePath, ImageFile>, texts: Map<ImagePath, string>, table: LayerTable): void {
  for (const directory of table.emptied) removeBelow(files, texts, directory);
  for (const path of table.removed) {
    if (files.get(path)?.kind === "directory") removeBelow(files, texts, path);
    files.delete(path);
    texts.delete(path);
  }
}

function removeBelow(files: Map<ImagePath, ImageFile>, texts: Map<ImagePath, string>, directory: ImagePath): void {
  const below = directory === "/" ? "/" : `${directory}/`;
  for (const path of files.keys()) {
    if (!path.startsWith(below)) continue;
    files.delete(path);
    texts.delete(path);
  }
}

/** A second name of a file has what the first one has; within one layer, archives put the first one first. */
function linked(file: ImageFile, files: ReadonlyMap<ImagePath, ImageFile>, table: LayerTable): ImageFile {
  if (file.kind !== "file" || file.hardlinkTo === undefined) return file;
  const first = table.files.get(imagePath(file.hardlinkTo)) ?? files.get(imagePath(file.hardlinkTo));
  if (first?.kind !== "file") return file;
  const { path, layer, hardlinkTo } = file;
  return { ...(first as RegularFile), path, layer, hardlinkTo };
}
