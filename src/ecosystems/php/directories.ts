/**
 * Where a command works whose directory is the base's own and not known:
 *
 *     FROM trafex/php-nginx, COPY . /var/www/html, RUN composer install     beside the only composer.json: /var/www/html
 *
 * The build went well, so the file that the command needs stood there.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";

const SKIPPED = /^(?:vendor|node_modules|tests?|\..*)$/;

/** The working directory as told, or the only one that holds `file`; `undefined` where several may. */
export function directoryOf(file: string, workdir: ImagePath, image: ImageView): ImagePath | undefined {
  const told = workdir !== "/" || image.base.known || image.base.workdir !== undefined;
  if (told || image.kindOf(imagePath(file, workdir)) !== undefined) return workdir;
  const found = holdersBelow(file, workdir, image);
  return found.length === 1 ? found[0] : undefined;
}

function holdersBelow(file: string, path: ImagePath, image: ImageView): readonly ImagePath[] {
  if (image.kindOf(imagePath(file, path)) === "file") return [path];
  return image
    .children(path)
    .filter((name) => !SKIPPED.test(name))
    .map((name) => imagePath(name, path))
    .flatMap((child) =>
      image.kindOf(child) === "directory" && !image.isLink(child) ? holdersBelow(file, child, image) : [],
    );
}
