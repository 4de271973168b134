/**
 * Effects of commands on the abstract image:
 *
 *     artifact /bin/app            the file stands there, made by this instruction
 *     copies /bin/app to /app      the artifact goes along
 *     packages remove gcc          it is no longer installed
 */
import { isSystemDirectory } from "../../ecosystems/base-directories.ts";
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { packageName } from "../../ecosystems/os-packages/os-packages.ts";
import { purposeOf } from "../../ecosystems/os-packages/purposes.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { AbstractImage, InstalledPackage } from "./abstract-image.ts";
import { madeFrom, type Origin } from "./image-tree.ts";

/** Changes the image as an effect says; `at` is the index of the instruction. */
export function applyEffect(effect: Effect, at: number, image: AbstractImage): void {
  const made = { kind: "made", at } as const;
  switch (effect.kind) {
    case "packages":
      applyPackages(effect, at, image);
      return;
    case "artifact":
      image.artifacts = [...image.artifacts.filter((one) => one.path !== effect.artifact.path), effect.artifact];
      if (effect.artifact.form === "file") image.tree.put(effect.artifact.path, { kind: "file", origin: made });
      else image.tree.touch(effect.artifact.path, at);
      return;
    case "dependencies":
      image.dependencies = [
        ...image.dependencies.filter((one) => one.directory !== effect.tree.directory),
        effect.tree,
      ];
      for (const place of effect.tree.places) image.tree.touch(place, at);
      return;
    case "dependencies-changed":
      image.dependencies = image.dependencies.map((tree) =>
        tree.directory === effect.directory
          ? { ...tree, production: effect.production, ...(effect.by === undefined ? {} : { changedBy: effect.by }) }
          : tree,
      );
      return;
    case "tools":
      image.tools = [...image.tools, ...effect.paths];
      for (const path of effect.paths) image.tree.put(path, { kind: "file", origin: made });
      return;
    case "writes":
    case "download":
      if (effect.kind === "download" && effect.url !== undefined) image.fetched.set(effect.path, effect.url);
      else image.fetched.delete(effect.path);
      if (effect.form === "file") image.tree.put(effect.path, { kind: "file", origin: fileOrigin(effect, at, image) });
      else if (effect.kind === "download" || effect.form === "unknown") image.tree.touch(effect.path, at);
      else image.tree.put(effect.path, { kind: "directory", origin: made });
      return;
    case "removes":
      removePath(effect.path, image);
      return;
    case "copies":
      copyPath(effect, at, image);
      return;
    default:
      return;
  }
}

function fileOrigin(
  effect: Extract<Effect, { kind: "writes" | "download" }>,
  at: number,
  image: AbstractImage,
): Origin {
  const source = effect.kind === "writes" && effect.copyOf !== undefined ? image.tree.node(effect.copyOf) : undefined;
  return source === undefined ? { kind: "made", at } : madeFrom(source, at);
}

/** A command of unknown effect may have written beside the files that it ran with. */
export function touchWorkdir(workdir: ImagePath, at: number, image: AbstractImage): void {
  if (image.tree.below(workdir).some(([, node]) => node.origin.kind === "context")) image.tree.touch(workdir, at);
}

function removePath(path: ImagePath, image: AbstractImage): void {
  image.tree.remove(path);
  image.links = image.links.filter((link) => !isWithin(link, path));
  image.artifacts = image.artifacts.filter((artifact) => !isWithin(artifact.path, path));
  image.dependencies = image.dependencies.filter((tree) => !tree.places.every((place) => isWithin(place, path)));
}

/** Artifacts and libraries go along with what holds them. */
function copyPath(effect: Extract<Effect, { kind: "copies" }>, at: number, image: AbstractImage): void {
  const moved = (path: ImagePath): ImagePath => imagePath(`.${path.slice(effect.from.length)}`, effect.to);
  const artifacts = image.artifacts.filter((artifact) => isWithin(artifact.path, effect.from));
  const trees = image.dependencies.filter((tree) => tree.places.some((place) => isWithin(place, effect.from)));
  const unseen = image.tree.kindOf(effect.from) === undefined && image.tree.writtenAbove(effect.from) !== undefined;
  const tools = image.tools.filter((tool) => isWithin(tool, effect.from));
  // A part of what a build wrote, copied into a directory that is there: what it holds is not known either.
  const directory = image.tree.kindOf(effect.to) === "directory" || isSystemDirectory(effect.to);
  if (unseen && directory) image.tree.touch(effect.to, at);
  else image.tree.copy(effect.from, effect.to, at, effect.move);
  image.tools = [...image.tools.filter((tool) => !effect.move || !tools.includes(tool)), ...tools.map(moved)];
  if (effect.move) removePath(effect.from, image);
  if (effect.link) image.links = [...image.links, effect.to];
  image.artifacts = [...image.artifacts, ...artifacts.map((artifact) => ({ ...artifact, path: moved(artifact.path) }))];
  image.dependencies = [
    ...image.dependencies,
    ...trees.map((tree) => ({
      ...tree,
      places: tree.places.filter((place) => isWithin(place, effect.from)).map(moved),
    })),
  ];
}

function applyPackages(effect: Extract<Effect, { kind: "packages" }>, at: number, image: AbstractImage): void {
  const { manager, action } = effect;
  const names = effect.names.map(packageName);
  if (action === "install") {
    const group = effect.group === undefined ? {} : { group: effect.group };
    const fresh = names.filter((name) => !image.packages.includes(name));
    image.installed = [...image.installed, ...fresh.map((name) => ({ name, manager, at, ...group }))];
  }
  if (action === "remove") {
    const isGone = (one: InstalledPackage): boolean =>
      names.includes(one.name) || effect.names.includes(one.group ?? "");
    const headers = image.installed.filter((one) => isGone(one) && purposeOf(one.name).kind === "development");
    if (manager === "apt")
      image.headers = [...image.headers, ...headers.map((one) => ({ ...one, removed: true as const }))];
    image.installed = image.installed.filter((one) => !isGone(one));
  }
}
