/**
 * The home of the user that a command runs as:
 *
 *     RUN stack install                    /root
 *     ENV HOME=/srv, USER app              /srv
 *     USER www-data on Debian              /var/www
 *     USER app                             not known: the user's own entry says it
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import type { ImageView, ResolvedCommand } from "./ecosystem.ts";

/** Users that every Debian has, and so Ubuntu (https://salsa.debian.org/debian/base-passwd/-/blob/master/passwd.master). */
const DEBIAN: Readonly<Record<string, string>> = { "www-data": "/var/www", daemon: "/usr/sbin", games: "/usr/games" };

export function homeOf({ environment, user }: ResolvedCommand, image: ImageView): ImagePath | undefined {
  const home = environment.get("HOME");
  if (home?.known === true) return imagePath(home.text);
  const name = user?.split(":")[0];
  if (name === undefined || name === "root" || name === "0") return imagePath("/root");
  const system = /^(?:debian|ubuntu)$/.test(image.base.distribution?.name ?? "") ? DEBIAN[name] : undefined;
  return system === undefined ? undefined : imagePath(system);
}

/** Why a command cannot be followed whose files lie in a home that is not known: a clause after "since". */
export function homeUnknown({ user }: ResolvedCommand): string {
  return `the home of the user "${user ?? ""}" is not known`;
}
