/**
 * Whether a path in an image is a file or a directory, as far as names tell. The last resort: facts come first.
 *
 *     kindByName("/go/bin/server")      // "file"        programs stand in bin
 *     kindByName("/app/dist")           // "directory"   what bundlers call their output
 *     kindByName("/app/app.jar")        // "file"        an extension
 *     kindByName("/src/server")         // undefined
 */
import { posix } from "node:path";

export type PathKind = "file" | "directory";

/** Names that tools give to directories that they fill, and that people give to directories which programs read. */
const DIRECTORY_NAMES: ReadonlySet<string> = new Set(
  `_build .next .nuxt .output .venv app assets bin bower_components build certs cgi-bin classes client conf conf.d config configs
  css data db dist docs etc fonts html htdocs i18n images img include js lib lib64 libexec locale locales log logs man migrations
  node_modules opt out output plugins prisma priv proto public release releases resources root run scripts server share site
  site-packages src srv static storage target templates test tests themes tmp translations usr var vendor venv views web webapp
  webapps wheelhouse wheels www`.split(/\s+/),
);

/** Directories that every distribution's base image has (https://refspecs.linuxfoundation.org/FHS_3.0/fhs-3.0.html). */
const SYSTEM_DIRECTORIES: ReadonlySet<string> = new Set(
  `/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/include
  /usr/lib /usr/lib64 /usr/libexec /usr/local /usr/local/bin /usr/local/etc /usr/local/include /usr/local/lib /usr/local/sbin
  /usr/local/share /usr/sbin /usr/share /usr/src /var /var/cache /var/lib /var/log /var/run /var/spool /var/tmp /etc/ssl
  /etc/ssl/certs /usr/share/zoneinfo`.split(/\s+/),
);

const PROGRAM_PLACE = /\/(?:bin|sbin)\/[^/]+$/;

export function isSystemDirectory(path: string): boolean {
  return SYSTEM_DIRECTORIES.has(path);
}

/** `undefined` where the name fits both. */
export function kindByName(path: string): PathKind | undefined {
  const name = posix.basename(path);
  if (isSystemDirectory(path) || DIRECTORY_NAMES.has(name)) return "directory";
  if (PROGRAM_PLACE.test(path)) return "file";
  if (/^[^.].*\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(name) && !name.endsWith(".d")) return "file";
  return undefined;
}
