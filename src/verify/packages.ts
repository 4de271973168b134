/**
 * The OS packages of an image, out of its package database:
 *
 *     /var/lib/dpkg/status, info/*.list      dpkg; status.d/* in distroless images
 *     /lib/apk/db/installed                  apk
 *
 * The database of rpm is binary, and is not read. Sources: deb-control(5), dpkg(1),
 * https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2.
 */
import { posix } from "node:path";
import type { ImageContents, InstalledPackages } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";

/** `undefined` where there is no database that is read. */
export function installedPackages({ texts }: Pick<ImageContents, "texts">): InstalledPackages | undefined {
  const apk = texts.get(imagePath("/lib/apk/db/installed"));
  if (apk !== undefined) return apkPackages(apk);
  const versions = new Map<string, string>();
  const ownerOf = new Map<ImagePath, string>();
  for (const [path, text] of texts) {
    if (/^\/var\/lib\/dpkg\/status(?:\.d\/[^/]+)?$/.test(path) && !path.endsWith(".md5sums"))
      for (const [name, version] of stanzas(text)) versions.set(name, version);
    const [, name] = /^\/var\/lib\/dpkg\/info\/([^/:]+)(?::[^/]+)?\.list$/.exec(path) ?? [];
    if (name !== undefined) for (const line of text.split("\n")) claim(ownerOf, line, name);
    // Distroless images keep the sums beside the status, with relative paths: `<md5>  usr/lib/libc.so`.
    const [, of] = /^\/var\/lib\/dpkg\/status\.d\/([^/]+)\.md5sums$/.exec(path) ?? [];
    if (of !== undefined) for (const line of text.split("\n")) claim(ownerOf, line.replace(/^\S+\s+/, "/"), of);
  }
  return versions.size === 0 ? undefined : { manager: "dpkg", versions, ownerOf };
}

/** Since /bin and /lib became links (usrmerge), the database may name a file by either path. */
function claim(ownerOf: Map<ImagePath, string>, line: string, name: string): void {
  if (!line.startsWith("/") || line === "/.") return;
  const path = posix.normalize(line);
  ownerOf.set(imagePath(path), name);
  const merged = path.replace(/^\/(bin|sbin|lib\w*)\//, "/usr/$1/");
  if (merged !== path) ownerOf.set(imagePath(merged), name);
}

function stanzas(text: string): readonly (readonly [string, string])[] {
  return text.split(/\n\n+/).flatMap((stanza) => {
    const name = /^Package: (\S+)/m.exec(stanza)?.[1];
    const version = /^Version: (\S+)/m.exec(stanza)?.[1];
    const gone = /^Status: (?!.* installed\b)/m.test(stanza);
    return name === undefined || version === undefined || gone ? [] : [[name, version] as const];
  });
}

function apkPackages(text: string): InstalledPackages {
  const versions = new Map<string, string>();
  const ownerOf = new Map<ImagePath, string>();
  for (const stanza of text.split(/\n\n+/)) {
    const name = /^P:(.+)$/m.exec(stanza)?.[1];
    if (name === undefined) continue;
    versions.set(name, /^V:(.+)$/m.exec(stanza)?.[1] ?? "");
    let directory = "";
    for (const line of stanza.split("\n")) {
      if (line.startsWith("F:")) directory = line.slice(2);
      if (line.startsWith("R:")) ownerOf.set(imagePath(posix.join("/", directory, line.slice(2))), name);
    }
  }
  return { manager: "apk", versions, ownerOf };
}
