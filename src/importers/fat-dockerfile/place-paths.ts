/**
 * What kind of place a path in the image is:
 *
 *     /src/main.go       project: a build works here
 *     /etc/nginx/x.conf  system: a file that someone put among the system's own
 *     /root/.cache/x     passing: only caches and sources
 */

import type { Environment } from "../../ecosystems/ecosystem.ts";
import { goPath } from "../../ecosystems/go/module.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageTree } from "./image-tree.ts";
import type { ImageReading } from "./read-image.ts";

export interface Places {
  readonly isProject: (path: ImagePath) => boolean;
  /** In a project, or in a directory that was filled out of one. */
  readonly isBuilt: (path: ImagePath) => boolean;
  readonly isPassing: (path: ImagePath) => boolean;
}

/** Caches, archives of the package manager, unpacked toolchains. */
const PASSING = [
  "/tmp",
  "/var/tmp",
  "/root/.cache",
  "/root/.npm",
  "/root/.yarn",
  "/usr/local/share/.cache",
  "/var/cache/apt",
  "/var/cache/apk",
  "/var/cache/dnf",
  "/var/cache/yum",
  "/var/lib/apt",
  "/usr/local/go",
  "/usr/include",
];

/** Effects that make a command a part of a build, so that where it runs is a project. */
const BUILDS = new Set(["artifact", "dependencies", "dependencies-changed", "foreign", "check"]);

/** Finds the directories that builds work in. */
export function readPlaces(reading: ImageReading): Places {
  const directories = new Set<ImagePath>();
  for (const { units } of reading.instructions)
    for (const { commands } of units)
      for (const { command, effects } of commands)
        if (
          effects.some(
            (effect) =>
              BUILDS.has(effect.kind) ||
              (effect.kind === "unknown" && holdsContext(command.workdir, reading.image.tree)),
          )
        )
          directories.add(command.workdir);
  for (const artifact of reading.image.artifacts) if (artifact.source !== undefined) directories.add(artifact.source);
  for (const tree of reading.image.dependencies) directories.add(tree.directory);
  for (const copied of copyRoots(reading))
    if ([...directories].some((directory) => isWithin(directory, copied))) directories.add(copied);
  directories.delete(imagePath("/"));
  const filled = filledDirectories(reading, directories);
  const passing = [...PASSING, ...goDirectories(reading.state.environment)];
  const isProject = (path: ImagePath): boolean => [...directories].some((directory) => isWithin(path, directory));
  return {
    isProject,
    isBuilt: (path) => isProject(path) || filled.some((directory) => isWithin(path, directory)),
    isPassing: (path) =>
      !isProject(path) && (passing.some((directory) => isWithin(path, directory)) || /\.(?:a|h|hpp|o)$/.test(path)),
  };
}

/** The system's own directories, into which single files are installed. */
const SYSTEM = /^\/(?:usr|etc|bin|sbin|lib|lib64|var|dev|proc|sys|run|tmp|root)?(?:\/|$)/;

/** Directories that are filled out of a project, and out of those in turn: `cp -a build/. /opt/app/ && mv /opt/app/data /srv/`. */
function filledDirectories(reading: ImageReading, known: ReadonlySet<ImagePath>): readonly ImagePath[] {
  const all = [...known].filter((path) => path !== "/");
  const found: ImagePath[] = [];
  for (const { units } of reading.instructions)
    for (const effect of units.flatMap((unit) => unit.effects)) {
      if (effect.kind !== "copies" || SYSTEM.test(effect.to)) continue;
      const directory = reading.image.kindOf(effect.to) === "directory" ? effect.to : imagePath("..", effect.to);
      const ours = [...all, ...found].some((path) => isWithin(effect.from, path));
      if (ours && directory !== "/" && !SYSTEM.test(directory)) found.push(directory);
    }
  return found;
}

/** Whether files of the context lie in a directory; below the root of the image lies everything, so there only in it. */
export function holdsContext(path: ImagePath, tree: ImageTree): boolean {
  const nodes =
    path === "/"
      ? tree.children(path).map((name) => tree.node(imagePath(name)))
      : tree.below(path).map(([, node]) => node);
  return nodes.some((node) => node?.origin.kind === "context" && (path !== "/" || node.kind === "file"));
}

function goDirectories(environment: Environment): readonly string[] {
  if (!environment.has("GOPATH")) return [];
  const root = goPath(environment);
  return [imagePath("src", root), imagePath("pkg", root), imagePath(".cache", root)];
}

/** Directories of the image into which directories of the context were copied. */
function copyRoots(reading: ImageReading): readonly ImagePath[] {
  const { tree } = reading.image;
  const roots: ImagePath[] = [];
  const visit = (path: ImagePath): void => {
    const node = tree.node(path);
    if (node?.kind === "directory" && node.origin.kind === "context") {
      roots.push(path);
      return;
    }
    for (const name of tree.children(path)) visit(imagePath(name, path));
  };
  visit(imagePath("/"));
  return roots;
}
