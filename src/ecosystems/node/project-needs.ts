/**
 * Needs that many programs share, made in one place:
 *
 *     manifestNeed(manifest)        /app/package.json: "type", versions and start scripts are read from it
 *     projectNeeds("/app", image)   every file and directory of the context that stands in /app
 *     libraryNeeds(manifest, …)     node_modules, in the ways that dependencies.ts offers
 */
import type { Provenance } from "../../model/provenance.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { DependencyTree, ImageView, RuntimeNeed } from "../ecosystem.ts";
import { dependencyChoices } from "./dependencies.ts";
import { addedPackages } from "./install.ts";
import { productionTree } from "./lock-files.ts";
import { hasLocalDependencies, type Manifest } from "./manifest.ts";
import { nativeNeeds } from "./native.ts";
import type { ProgramUse } from "./program.ts";

export interface Reason {
  readonly because: readonly Provenance[];
}

export function pathNeed(
  path: ImagePath,
  reason: string,
  { because }: Reason,
  confidence: RuntimeNeed["confidence"] = "certain",
): RuntimeNeed {
  return { kind: "path", path, reason, confidence, because };
}

export function manifestNeed(manifest: Manifest, why: Reason): RuntimeNeed {
  return pathNeed(
    manifest.path,
    "Node reads it to tell modules from scripts, and programs read their version from it.",
    why,
  );
}

/** What of the context stands in a directory; libraries are needs of their own. */
export function projectNeeds(
  directory: ImagePath,
  image: ImageView,
  reason: string,
  why: Reason,
): readonly RuntimeNeed[] {
  return image
    .children(directory)
    .filter((name) => name !== "node_modules")
    .map((name) => imagePath(name, directory))
    .filter((path) => holdsContext(path, image, 0))
    .map((path) => pathNeed(path, reason, why, "likely"));
}

function holdsContext(path: ImagePath, image: ImageView, depth: number): boolean {
  if (image.hostOf(path) !== undefined) return true;
  return depth < 8 && image.children(path).some((name) => holdsContext(imagePath(name, path), image, depth + 1));
}

/** Everything that the build made in a directory, when the program runs beside it. */
export function builtNeeds(directory: ImagePath, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  return image.artifacts
    .filter(
      (artifact) => artifact.ecosystem === "node" && isWithin(artifact.path, directory) && artifact.path !== directory,
    )
    .map((artifact) =>
      pathNeed(
        artifact.path,
        "The build makes it beside the program, which may serve it.",
        { because: [artifact.because, ...why.because] },
        "likely",
      ),
    );
}

/** The tree of libraries that code in a directory finds. */
export function treeFor(directory: ImagePath, image: ImageView): DependencyTree | undefined {
  const own = image.dependencies.filter((tree) => tree.ecosystem === "node");
  const holds = (tree: DependencyTree): boolean =>
    tree.places.some((place) => isWithin(directory, imagePath("..", place)));
  return own.findLast((tree) => tree.places.includes(imagePath("node_modules", directory))) ?? own.findLast(holds);
}

/** A project whose parts link to one another: its libraries cannot be taken apart. */
export function isWorkspace(manifest: Manifest, image: ImageView): boolean {
  if (manifest.workspaces.length > 0 || hasLocalDependencies(manifest)) return true;
  return image.kindOf(imagePath("pnpm-workspace.yaml", manifest.directory)) === "file";
}

export interface LibraryUse {
  /** Packages that run time needs although the manifest lists them for development only; empty for none. */
  readonly development: readonly string[];
}

/** The needs for a project's libraries; none where it has none. */
export function libraryNeeds(
  manifest: Manifest,
  image: ImageView,
  use: LibraryUse,
  why: Reason,
): readonly RuntimeNeed[] {
  const tree = treeFor(manifest.directory, image);
  if (tree === undefined) return [];
  const { names, installs } = productionTree(manifest, image);
  const added = addedPackages(tree.command ?? "");
  if (names.length === 0 && added.length === 0 && use.development.length === 0) return [];
  const native = nativeNeeds([...names, ...added], installs);
  const keeps = use.development.length > 0;
  const reason = keeps
    ? `The program needs ${listed(use.development)}, which ${use.development.length === 1 ? "is a development dependency" : "are development dependencies"}.`
    : "The program imports its libraries from there.";
  return [
    {
      kind: "dependencies",
      tree,
      choices: dependencyChoices(tree, image, keeps),
      native: native.native.length > 0,
      reason,
      confidence: keeps ? "likely" : "certain",
      because: why.because,
    },
    ...native.executables.map(
      ([package_, program]): RuntimeNeed => ({
        kind: "executable",
        name: program,
        reason: `"${package_}" starts "${program}".`,
        confidence: "likely",
        because: why.because,
      }),
    ),
    ...native.packages.map(
      ([package_, name]): RuntimeNeed => ({
        kind: "package",
        name,
        reason: `"${package_}" loads libraries of "${name}".`,
        confidence: "likely",
        because: why.because,
      }),
    ),
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  return names.length > 3 ? `${shown.join(", ")} and others` : shown.join(", ");
}

export function everything(
  directory: ImagePath,
  reason: string,
  why: Reason,
): Extract<RuntimeNeed, { readonly kind: "everything" }> {
  return { kind: "everything", directory, reason, confidence: "likely", because: why.because };
}

export function executableNeed(name: string, reason: string, why: Reason): RuntimeNeed {
  return { kind: "executable", name, reason, confidence: "certain", because: why.because };
}

/** A program to start: its script as an image path, completed as Node completes it. */
export interface StartedProgram {
  readonly script: ImagePath;
  /** Modules that are loaded before it. */
  readonly preloads: readonly string[];
  /** Further packages of the project without which it does not start, such as ts-node. */
  readonly tools: readonly string[];
  /** What runs it, where that is not Node. */
  readonly interpreter?: "bun";
}

/** Programs and shells that sources start. */
export function commandNeeds(use: ProgramUse, why: Reason): readonly RuntimeNeed[] {
  const named = [...use.executables].map(
    (name): RuntimeNeed => ({
      kind: "executable",
      name,
      reason: `The program starts "${name}".`,
      confidence: "likely",
      because: why.because,
    }),
  );
  const shell: RuntimeNeed = {
    kind: "shell",
    reason: "The program starts a shell.",
    confidence: "likely",
    because: why.because,
  };
  // A guess: which programs these are is not known, so that only the old base is sure to have them (see bases.ts).
  const unknown: RuntimeNeed = {
    ...shell,
    reason: "The program starts other programs whose names it computes.",
    confidence: "guess",
  };
  return [...named, ...(use.shell ? [shell] : []), ...(use.startsUnknown ? [unknown] : [])];
}

/** Whether a package is there for development alone. */
export function isDevelopment(name: string, manifest: Manifest): boolean {
  return (
    manifest.devDependencies[name] !== undefined &&
    manifest.dependencies[name] === undefined &&
    manifest.optionalDependencies[name] === undefined
  );
}
