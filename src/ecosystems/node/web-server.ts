/**
 * nginx that hands out what a build made:
 *
 *     CMD ["nginx", "-g", "daemon off;"]     its configuration, and the directories that "root" and "alias" name
 *
 * Directives: https://nginx.org/en/docs/http/ngx_http_core_module.html#root. Certificates and included files count where the image
 * holds them.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { executableNeed, pathNeed, type Reason } from "./project-needs.ts";

const SETTINGS = "/etc/nginx" as ImagePath;
/** Debian's package, and the packages and images of nginx.org and Alpine. */
const WEB_ROOTS = ["/usr/share/nginx/html", "/var/www/html", "/var/lib/nginx/html"] as ImagePath[];
const NAMED =
  /^\s*(?:root|alias|include|ssl_certificate|ssl_certificate_key|auth_basic_user_file|error_page\s+[\d\s]+)\s+"?([^\s;"$*]+)/gm;

/** Needs of nginx, or `undefined` for any other command. */
export function webServerNeeds({ command }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  if (command.name !== "nginx" || servesPhp(image)) return undefined;
  const why: Reason = { because: [command.because] };
  const files = filesBelow(SETTINGS, image);
  const named = files.flatMap((file) => namedPaths(image.read(file) ?? ""));
  const paths = [...WEB_ROOTS, ...named].filter((path) => isHeld(path, image));
  return [
    executableNeed("nginx", "nginx answers.", why),
    ...files.map((path) => pathNeed(path, "nginx reads its configuration.", why)),
    ...[...new Set(paths)].map((path) => pathNeed(path, "nginx hands out its files.", why, "likely")),
  ];
}

/** Behind nginx then stands PHP, which needs more than the directories that nginx names. */
function servesPhp({ base, dependencies }: ImageView): boolean {
  return base.toolchain === "php" || dependencies.some(({ ecosystem }) => ecosystem === "php");
}

function filesBelow(directory: ImagePath, image: ImageView): readonly ImagePath[] {
  return image.children(directory).flatMap((name) => {
    const path = imagePath(name, directory);
    return image.kindOf(path) === "directory" ? filesBelow(path, image) : [path];
  });
}

function namedPaths(text: string): readonly ImagePath[] {
  return [...text.matchAll(NAMED)].flatMap(([, path = ""]) =>
    path.startsWith("/") ? [imagePath(path)] : [imagePath(path, SETTINGS)],
  );
}

function isHeld(path: ImagePath, image: ImageView): boolean {
  return (
    path !== "/" &&
    (image.kindOf(path) !== undefined ||
      image.artifacts.some((artifact) => artifact.path === path || path.startsWith(`${artifact.path}/`)))
  );
}
