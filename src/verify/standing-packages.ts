/**
 * The packages that every image of a distribution has, out of the package database of one of them:
 *
 *     dpkg    "Essential: yes", apt, and what these depend on      libc6, dash, coreutils, libstdc++6 …
 *     apk     alpine-baselayout, apk-tools, busybox and theirs     musl, zlib …
 *
 * Sources: Debian Policy 3.8 and deb-control(5); the packages of Alpine's `minirootfs`
 * (https://gitlab.alpinelinux.org/alpine/aports/-/blob/master/main/alpine-base/APKBUILD).
 */
import type { ImageContents } from "../model/image.ts";
import { imagePath } from "../text/paths.ts";

interface Row {
  readonly name: string;
  readonly standing: boolean;
  /** Names, of packages or of what packages provide; of alternatives the first. */
  readonly depends: readonly string[];
  readonly provides: readonly string[];
}

export function standingPackages({ texts }: Pick<ImageContents, "texts">): ReadonlySet<string> {
  const apk = texts.get(imagePath("/lib/apk/db/installed"));
  const dpkg = texts.get(imagePath("/var/lib/dpkg/status"));
  const rows = apk === undefined ? stanzas(dpkg ?? "").map(dpkgRow) : stanzas(apk).map(apkRow);
  const byName = new Map<string, Row>();
  for (const row of rows) for (const name of [...row.provides, row.name]) byName.set(name, row);
  const found = new Set<string>();
  const open = rows.filter(({ standing }) => standing);
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (found.has(row.name)) continue;
    found.add(row.name);
    open.push(...row.depends.flatMap((name) => byName.get(name) ?? []));
  }
  return found;
}

function stanzas(text: string): readonly string[] {
  return text.split(/\n\n+/).filter((stanza) => stanza.trim() !== "");
}

function dpkgRow(stanza: string): Row {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1] ?? "";
  const names = (list: string): readonly string[] =>
    list.split(",").flatMap((part) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(part)?.[1] ?? []);
  const name = field("Package");
  return {
    name,
    standing: field("Essential") === "yes" || name === "apt",
    depends: [...names(field("Pre-Depends")), ...names(field("Depends"))],
    provides: names(field("Provides")),
  };
}

function apkRow(stanza: string): Row {
  const field = (letter: string): readonly string[] =>
    (new RegExp(`^${letter}:(.*)$`, "m").exec(stanza)?.[1] ?? "")
      .split(" ")
      .filter((word) => word !== "" && !word.startsWith("!"))
      .map((word) => word.replace(/[<>=~].*$/, ""));
  const [name = ""] = field("P");
  return {
    name,
    standing: ["alpine-baselayout", "alpine-keys", "apk-tools", "busybox"].includes(name),
    depends: field("D"),
    provides: field("p"),
  };
}
