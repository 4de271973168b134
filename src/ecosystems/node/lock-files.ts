/**
 * Which packages a lock file installs, what they bring in turn, and which of them run a script of their own when installed:
 *
 *     package-lock.json   "node_modules/canvas": { "hasInstallScript": true }     { name: "canvas", installs: true }
 *     yarn.lock           canvas@^2.8.0:                                          { name: "canvas" }
 *     pnpm-lock.yaml      /canvas@2.11.2: { requiresBuild: true }                 { name: "canvas", installs: true }
 *
 * Formats: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json, https://classic.yarnpkg.com/lang/en/docs/yarn-lock,
 * https://github.com/pnpm/spec/tree/master/lockfile. Read line by line or as JSON; what does not look like a lock file gives nothing.
 * Which versions are installed is not decided here.
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { isObject, type JsonObject, objectField, parseJson, textFields, textList } from "./json.ts";
import { type Manifest, productionNames } from "./manifest.ts";
import { lockFileOf } from "./package-managers.ts";
import { memberManifests } from "./workspaces.ts";

/** A package of a lock file; several versions of one name are one. */
export interface LockedPackage {
  readonly name: string;
  /** Only development dependencies bring it. Formats that do not say so leave it false. */
  readonly development: boolean;
  /** It runs an install script. Yarn's lock files never say so. */
  readonly installs: boolean;
  /** Names that it depends on. */
  readonly requires: readonly string[];
}

/** What a production install of a project brings, as far as its lock file says. */
export interface LockedTree {
  /** With the names that the manifest itself gives. */
  readonly names: readonly string[];
  /** Those that run an install script. */
  readonly installs: readonly string[];
}

/** Packages that a production install brings; those of package.json alone where no lock file can be read. */
export function productionTree(manifest: Manifest, image: ImageView): LockedTree {
  // An install of a workspace brings what its packages need.
  const direct = [manifest, ...memberManifests(manifest.directory, image)].flatMap(productionNames);
  const packages = readLockFile(manifest.directory, image);
  const reached = reachable(direct, packages);
  const kept = packages.filter((one) => !one.development && reached.has(one.name));
  const names = new Set([...direct, ...kept.map(({ name }) => name)]);
  return { names: [...names].sort(), installs: kept.filter(({ installs }) => installs).map(({ name }) => name) };
}

/** Names that the roots bring; a lock file without dependencies of packages brings all that it lists. */
function reachable(roots: readonly string[], packages: readonly LockedPackage[]): ReadonlySet<string> {
  const byName = new Map(packages.map((one) => [one.name, one]));
  if (packages.every(({ requires }) => requires.length === 0)) return new Set(byName.keys());
  const seen = new Set(roots);
  for (const name of seen) for (const next of byName.get(name)?.requires ?? []) seen.add(next);
  return seen;
}

/** The packages of the first lock file in a directory; empty without one. */
export function readLockFile(directory: ImagePath, image: ImageView): readonly LockedPackage[] {
  for (const manager of ["npm", "yarn", "pnpm"] as const) {
    const path = lockFileOf(manager, directory, image);
    const text = path === undefined ? undefined : image.read(path);
    if (text === undefined) continue;
    return merged(manager === "npm" ? npmPackages(text) : manager === "yarn" ? yarnPackages(text) : pnpmPackages(text));
  }
  return [];
}

function merged(packages: Iterable<LockedPackage>): readonly LockedPackage[] {
  const byName = new Map<string, LockedPackage>();
  for (const one of packages) {
    const known = byName.get(one.name);
    byName.set(one.name, {
      name: one.name,
      development: one.development && known?.development !== false,
      installs: one.installs || known?.installs === true,
      requires: [...(known?.requires ?? []), ...one.requires],
    });
  }
  return [...byName.values()];
}

/** Versions 2 and 3 list `packages` by path; version 1 nests `dependencies`. */
function npmPackages(text: string): readonly LockedPackage[] {
  const json = parseJson(text);
  if (!isObject(json)) return [];
  const packages = Object.entries(objectField(json, "packages"));
  return packages.length > 0
    ? packages.flatMap(([path, fields]) => (isObject(fields) ? (npmPackage(path, fields) ?? []) : []))
    : nestedPackages(objectField(json, "dependencies"));
}

/** `node_modules/a/node_modules/@b/c` is @b/c, unless it is installed under another name. */
function npmPackage(path: string, fields: JsonObject): LockedPackage | undefined {
  const at = path.lastIndexOf("node_modules/");
  const systems = textList(fields.os);
  // fsevents and its like are listed for every system and installed on their own.
  if (at < 0 || (systems.length > 0 && !systems.includes("linux") && !systems.some((one) => one.startsWith("!"))))
    return undefined;
  return {
    name: path.slice(at + "node_modules/".length),
    development: fields.dev === true,
    installs: fields.hasInstallScript === true,
    requires: ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((group) =>
      Object.keys(textFields(objectField(fields, group))),
    ),
  };
}

function nestedPackages(dependencies: JsonObject): readonly LockedPackage[] {
  const found: LockedPackage[] = [];
  const pending = [dependencies];
  for (const group of pending)
    for (const [name, fields] of Object.entries(group)) {
      if (!isObject(fields)) continue;
      const inner = objectField(fields, "dependencies");
      const requires = [...Object.keys(objectField(fields, "requires")), ...Object.keys(inner)];
      found.push({ name, development: fields.dev === true, installs: false, requires });
      pending.push(inner);
    }
  return found;
}

/** `"@a/b@^1.0.0", "@a/b@^1.2.0":` and, of later versions, `"c@npm:^1.0.0":`; dependencies stand two levels in. */
function yarnPackages(text: string): readonly LockedPackage[] {
  const found: { name: string; requires: string[] }[] = [];
  let inDependencies = false;
  for (const line of text.split(/\r?\n/)) {
    const head = /^"?(@?[^@"\s,]+)@.*:$/.exec(line)?.[1];
    if (head !== undefined) found.push({ name: head, requires: [] });
    if (/^ {2}\S/.test(line)) inDependencies = /^ {2}(?:optionalD|d|peerD)ependencies:$/.test(line);
    const name = inDependencies ? /^ {4}"?([^\s":]+)"?[: ]/.exec(line)?.[1] : undefined;
    if (name !== undefined) found.at(-1)?.requires.push(name);
  }
  return found.map((one) => ({ ...one, development: false, installs: false }));
}

/** `/name@1.0.0:`, `/name/1.0.0:`, `'@a/b@1.0.0(c@2.0.0)':` below `packages:` and `snapshots:`. */
function pnpmPackages(text: string): readonly LockedPackage[] {
  const found: { name: string; development: boolean; installs: boolean; requires: string[] }[] = [];
  let section = "";
  let inDependencies = false;
  for (const line of text.split(/\r?\n/)) {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    if (section !== "packages" && section !== "snapshots") continue;
    const head = /^ {2}['"]?\/?((?:@[^/@\s]+\/)?[^/@\s'"]+)[@/][^\s].*:/.exec(line)?.[1];
    if (head !== undefined) found.push({ name: head, development: false, installs: false, requires: [] });
    const last = found.at(-1);
    if (last === undefined) continue;
    if (/^ {4}dev: true/.test(line)) last.development = true;
    if (/^ {4}requiresBuild: true/.test(line)) last.installs = true;
    if (/^ {4}\S/.test(line)) inDependencies = /^ {4}(?:optionalD|d|peerD)ependencies:/.test(line);
    const name = inDependencies ? /^ {6}['"]?([^\s'":]+)['"]?:/.exec(line)?.[1] : undefined;
    if (name !== undefined) last.requires.push(name);
  }
  return found;
}
