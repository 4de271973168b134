/**
 * Makes `src/ecosystems/debian-headers.ts`: which libraries the packages with headers stand for, by release.
 *
 *     node scripts/run-ts.mjs scripts/debian-headers.ts DIR      DIR holds a Packages file for each release: bookworm, jammy, jammy-universe …
 *
 * The files are those of https://deb.debian.org/debian/dists/RELEASE/main/binary-amd64/Packages.xz and
 * http://archive.ubuntu.com/ubuntu/dists/RELEASE/{main,universe}/binary-amd64/Packages.xz, unpacked. Of a package with headers, its
 * dependencies that are libraries count, and those of the packages with headers of the same source that it depends on.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RELEASES = ["bullseye", "bookworm", "trixie", "bionic", "focal", "jammy", "noble"];

/** Packages with headers that Dockerfiles install: those of buildpack-deps, of the documentation of language packages, and of public files. */
const WANTED = readFileSync("scripts/debian-headers.txt", "utf8").split(/\s+/).filter(Boolean);

interface Package {
  readonly source: string;
  readonly depends: readonly string[];
  readonly provides: readonly string[];
}

function readPackages(directory: string, release: string): ReadonlyMap<string, Package> {
  const packages = new Map<string, Package>();
  for (const name of [release, `${release}-universe`].filter((one) => existsSync(join(directory, one))))
    for (const stanza of readFileSync(join(directory, name), "utf8").split("\n\n")) {
      const field = (key: string): string => new RegExp(`^${key}: (.*)$`, "m").exec(stanza)?.[1] ?? "";
      const names = (key: string): readonly string[] =>
        field(key)
          .split(",")
          .map((one) => one.trim().split(/[ |(:]/)[0] ?? "")
          .filter(Boolean);
      const own = field("Package");
      packages.set(own, {
        source: field("Source").split(" ")[0] || own,
        depends: names("Depends"),
        provides: names("Provides"),
      });
    }
  return packages;
}

const NO_LIBRARY =
  /-(?:dev|bin|common|data|doc|tools|utils|perl|headers|dbg|compat)(?:-|$)|^lib(?:c6|gcc-s1|stdc\+\+6)$|^gir1/;

function librariesOf(name: string, packages: ReadonlyMap<string, Package>, depth = 0): readonly string[] {
  const provider = [...packages].find(([, one]) => one.provides.includes(name));
  const found = packages.get(name) ?? provider?.[1];
  if (found === undefined || depth > 2) return [];
  const direct = found.depends.filter((one) => /^lib|^zlib1g/.test(one) && !NO_LIBRARY.test(one));
  const own = direct.filter((one) => packages.get(one)?.source === found.source);
  const headers = found.depends.filter((one) => /-dev(?:-compat)?$/.test(one) && one !== name);
  const siblings = headers.filter((one) => packages.get(one)?.source === found.source);
  if (own.length > 0) return [...own, ...siblings.flatMap((one) => librariesOf(one, packages, depth + 1))];
  const next = headers.flatMap((one) => librariesOf(one, packages, depth + 1));
  return next.length > 0 ? next : direct;
}

const [directory = "."] = process.argv.slice(2);
const rows = new Map<string, Map<string, string[]>>();
for (const release of RELEASES) {
  const packages = readPackages(directory, release);
  for (const name of WANTED) {
    const libraries = [...new Set(librariesOf(name, packages))].sort().join(" ");
    if (libraries === "") continue;
    const row = rows.get(name) ?? new Map<string, string[]>();
    row.set(libraries, [...(row.get(libraries) ?? []), release]);
    rows.set(name, row);
  }
}
const lines = [...rows]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([name, row]) =>
      `  ${JSON.stringify(name)}: ${JSON.stringify([...row].map(([libraries, releases]) => [releases.join(" "), libraries]))},`,
  );
writeFileSync(
  "src/ecosystems/debian-headers.ts",
  `/**
 * The libraries that packages with headers stand for, by release. Made by scripts/debian-headers.ts, whose comment says out of what.
 *
 *     HEADERS["libssl-dev"]     [["bullseye focal", "libssl1.1"], ["bookworm jammy", "libssl3"], …]
 */

/** Rows of releases and packages, both separated by spaces. Read on ${process.env.CHECKED ?? new Date().toISOString().slice(0, 10)}. */
export const HEADERS: Readonly<Record<string, readonly (readonly [releases: string, libraries: string])[]>> = {
${lines.join("\n")}
};
`,
);
