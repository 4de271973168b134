/**
 * The directories of an image that hold what PHP reads when it runs:
 *
 *     COPY . /app, RUN composer install in /app     /app
 *     COPY public /var/www/html/public              /var/www/html/public
 *     WORKDIR /srv with a file in it                /srv
 *
 * Each is taken whole, since PHP includes files by names that it computes. Directories of the system are left out.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";

/** Debian's, and so the images', directory of web sites; FHS's of served data; nginx's own. */
const SERVED = ["/var/www", "/srv", "/usr/share/nginx/html"] as ImagePath[];
const SYSTEM =
  /^\/(?:etc|bin|sbin|lib|lib64|proc|sys|dev|tmp|run|boot|usr\/(?:bin|sbin|lib|include)|usr\/local\/(?:bin|sbin|lib|etc|include)|usr\/src\/php)$/;

/** None of them lies below another. */
export function phpPlaces(workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  const trees = image.dependencies.filter(({ ecosystem, repeatable }) => ecosystem === "php" && repeatable !== true);
  const own = [workdir, ...trees.map(({ directory }) => directory)].filter((path) => holdsFiles(path, image));
  const made = image.artifacts
    .filter(({ ecosystem }) => ecosystem === "php")
    .map(({ path }) => path)
    .filter((path) => !isLinked(path, image));
  const all = [...new Set([...own, ...made, ...placesBelow(imagePath("/"), image)])].filter((path) => path !== "/");
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other))).sort();
}

/** What a link leads to is taken where it stands. */
function isLinked(path: ImagePath, image: ImageView): boolean {
  return path !== "/" && (image.isLink(path) || isLinked(imagePath("..", path), image));
}

function holdsFiles(path: ImagePath, image: ImageView): boolean {
  return path !== "/" && image.kindOf(path) === "directory" && filesBelow(path, image, () => true);
}

function placesBelow(path: ImagePath, image: ImageView): readonly ImagePath[] {
  return image.children(path).flatMap((name): readonly ImagePath[] => {
    const child = imagePath(name, path);
    if (image.kindOf(child) === "file") return path === "/" && name.endsWith(".php") ? [child] : [];
    if (SYSTEM.test(child) || image.isLink(child)) return [];
    return isPlace(child, image) ? [child] : placesBelow(child, image);
  });
}

/** A directory with files of its own that serves pages, or has PHP below it. */
function isPlace(path: ImagePath, image: ImageView): boolean {
  const own = image.children(path).some((name) => image.kindOf(imagePath(name, path)) === "file");
  if (!own) return false;
  return (
    SERVED.some((root) => isWithin(path, root)) || filesBelow(path, image, (name) => /\.(?:php|phtml)$/.test(name))
  );
}

function filesBelow(path: ImagePath, image: ImageView, wanted: (name: string) => boolean): boolean {
  return image.children(path).some((name) => {
    const child = imagePath(name, path);
    if (image.isLink(child)) return false;
    return image.kindOf(child) === "directory" ? filesBelow(child, image, wanted) : wanted(name);
  });
}
