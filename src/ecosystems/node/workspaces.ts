/**
 * Projects of several packages that depend on one another by name:
 *
 *     package.json          "workspaces": ["packages/*"]          https://docs.npmjs.com/cli/v11/using-npm/workspaces
 *     pnpm-workspace.yaml   packages: ["packages/*", "!old"]      https://pnpm.io/pnpm-workspace_yaml
 *
 * A package manager links each package into a `node_modules` by a relative link, so that packages and libraries work wherever they
 * lie in the same places to one another. What a program needs of them is for workspace-program.ts to say.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { isObject, objectField, parseJson } from "./json.ts";
import { type Manifest, nearestManifest, readManifest } from "./manifest.ts";
import { lockFileOf, type Manager } from "./package-managers.ts";

export interface Workspace {
  readonly root: Manifest;
  /** The packages, the root not among them. */
  readonly members: readonly Manifest[];
}

/** The workspace of the manifest that is nearest to a directory or stands above that one; `undefined` for a single package. */
export function workspaceOf(directory: ImagePath, image: ImageView): Workspace | undefined {
  for (let at: ImagePath | undefined = directory; at !== undefined; ) {
    const root = nearestManifest(at, image);
    if (root === undefined) return undefined;
    const members = membersOf(root, image);
    if (members.length > 0) return { root, members };
    at = root.directory === "/" ? undefined : imagePath("..", root.directory);
  }
  return undefined;
}

/** The packages that a root lists. */
export function membersOf(root: Manifest, image: ImageView): readonly Manifest[] {
  const patterns = [...root.workspaces, ...pnpmPatterns(root.directory, image)];
  const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const found = patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .flatMap((pattern) => directoriesOf(pattern, root.directory, image));
  const wanted = [...new Set(found)].filter((directory) => {
    const relative = relativeTo(root.directory, directory);
    return (
      directory !== root.directory && !excluded.some((pattern) => matchesWildcard(plainPattern(pattern), relative))
    );
  });
  return wanted.sort().flatMap((directory) => readManifest(directory, image) ?? []);
}

function plainPattern(pattern: string): string {
  return pattern.replace(/^\.\//, "").replace(/\/$/, "");
}

function relativeTo(root: ImagePath, directory: ImagePath): string {
  return root === "/" ? directory.slice(1) : directory.slice(root.length + 1);
}

/** Lines of `packages:`, in block or flow style. */
function pnpmPatterns(directory: ImagePath, image: ImageView): readonly string[] {
  const text = image.read(imagePath("pnpm-workspace.yaml", directory)) ?? "";
  const flow = /^packages:\s*\[([^\]]*)\]/m.exec(text)?.[1];
  if (flow !== undefined)
    return flow
      .split(",")
      .map(unquoted)
      .filter((pattern) => pattern !== "");
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^packages:/.test(line));
  const after = start < 0 ? [] : lines.slice(start + 1);
  const end = after.findIndex((line) => /^[^\s#-]/.test(line));
  return after
    .slice(0, end < 0 ? after.length : end)
    .flatMap((line) => /^\s*-\s*(.+?)\s*(?:\s#.*)?$/.exec(line)?.[1] ?? [])
    .map(unquoted);
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, "$2");
}

/** Directories with a manifest that a pattern names: a plain path, `packages/*`, `packages/**`. */
function directoriesOf(pattern: string, root: ImagePath, image: ImageView): readonly ImagePath[] {
  const parts = plainPattern(pattern).split("/");
  let at: readonly ImagePath[] = [root];
  for (const part of parts) at = at.flatMap((directory) => step(part, directory, image));
  return [...new Set(at)].filter((directory) => readManifest(directory, image) !== undefined);
}

function step(part: string, directory: ImagePath, image: ImageView): readonly ImagePath[] {
  if (part === "**") return [directory, ...belowOf(directory, image, 0)];
  if (!part.includes("*")) return [imagePath(part, directory)];
  return image
    .children(directory)
    .filter((name) => name !== "node_modules" && matchesWildcard(part, name))
    .map((name) => imagePath(name, directory));
}

function belowOf(directory: ImagePath, image: ImageView, depth: number): readonly ImagePath[] {
  if (depth > 5) return [];
  return image
    .children(directory)
    .filter((name) => name !== "node_modules" && !name.startsWith("."))
    .map((name) => imagePath(name, directory))
    .filter((path) => image.kindOf(path) === "directory")
    .flatMap((path) => [path, ...belowOf(path, image, depth + 1)]);
}

/** A package and all packages of the workspace that it depends on, however far; development dependencies only of itself. */
export function closureOf(start: Manifest, { members }: Workspace): readonly Manifest[] {
  const byName = new Map(
    members.flatMap((member) => (member.name === undefined ? [] : [[member.name, member] as const])),
  );
  const seen = new Set([start]);
  for (const one of seen) {
    const names = Object.keys({
      ...one.dependencies,
      ...one.optionalDependencies,
      ...one.peerDependencies,
      ...(one === start ? one.devDependencies : {}),
    });
    for (const name of names) {
      const member = byName.get(name);
      if (member !== undefined) seen.add(member);
    }
  }
  return [...seen];
}

/**
 * The `node_modules` that packages have of their own after a production install; `undefined` where that cannot be told.
 * npm's lock file lists what is not hoisted by its place; pnpm gives one to each package with dependencies, unless it hoists.
 */
export function ownLibraries(
  manager: Manager,
  { root, members }: Workspace,
  image: ImageView,
): readonly ImagePath[] | undefined {
  const inside = (name: string): ImagePath => imagePath("node_modules", imagePath(name, root.directory));
  if (manager === "npm") {
    if (isLaidOut(root.directory, image)) return undefined;
    const path = lockFileOf(manager, root.directory, image);
    const json = path === undefined ? undefined : parseJson(image.read(path) ?? "");
    if (!isObject(json) || Object.keys(objectField(json, "packages")).length === 0) return undefined;
    const owners = Object.entries(objectField(json, "packages")).flatMap(([at, fields]) => {
      const owner = /^((?:(?!node_modules\/).)+)\/node_modules\//.exec(at)?.[1];
      return owner === undefined || (isObject(fields) && fields.dev === true) ? [] : [inside(owner)];
    });
    return [...new Set(owners)].sort();
  }
  if (manager !== "pnpm" || isHoisted(root.directory, image)) return undefined;
  return members
    .filter(
      ({ dependencies, optionalDependencies }) => Object.keys({ ...dependencies, ...optionalDependencies }).length > 0,
    )
    .map(({ directory }) => imagePath("node_modules", directory));
}

/** https://docs.npmjs.com/cli/v11/using-npm/config#install-strategy */
function isLaidOut(directory: ImagePath, image: ImageView): boolean {
  return /^\s*(?:install-strategy|legacy-bundling|global-style)\s*=/m.test(
    image.read(imagePath(".npmrc", directory)) ?? "",
  );
}

/** https://pnpm.io/settings#nodelinker */
function isHoisted(directory: ImagePath, image: ImageView): boolean {
  const settings = [".npmrc", "pnpm-workspace.yaml"].map((name) => image.read(imagePath(name, directory)) ?? "");
  return settings.some((text) => /^\s*(?:node-linker|nodeLinker|modules-dir|modulesDir)\s*[=:]/m.test(text));
}

/** The package that a directory belongs to. */
export function memberAt(directory: ImagePath, { root, members }: Workspace): Manifest {
  return members.find((member) => isWithin(directory, member.directory)) ?? root;
}

/** The packages of the workspace whose root is in a directory; empty for a single package. */
export function memberManifests(directory: ImagePath, image: ImageView): readonly Manifest[] {
  const space = workspaceOf(directory, image);
  return space?.root.directory === directory ? space.members : [];
}
