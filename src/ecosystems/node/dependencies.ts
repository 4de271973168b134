/**
 * How a Node project's libraries get into the runtime stage without its development dependencies:
 *
 *     npm ci, lock file, no install scripts of its own     a fresh `npm ci --omit=dev` in a stage of its own
 *     "prepare": "husky install"                           `npm prune --omit=dev` in a copy of the build stage
 *     no lock file when the old install ran                the same
 *     Prisma's client, patch-package                       the same with npm 7 and later, else as the build left them
 *     "postinstall": "node make-libraries.js"              as the build left them: a prune takes what it makes for a package
 *     workspaces of npm and pnpm                           the same ways, with the manifests of all packages
 *     other workspaces, Yarn 2 and later                   as the build left them
 *
 * npm 6 (Node 14 and older) knows `--production` only; `--omit` came with npm 7
 * (https://docs.npmjs.com/cli/v6/commands/npm-install, https://docs.npmjs.com/cli/v7/using-npm/config#omit).
 */

import type { BaseImage } from "../base-images.ts";
import type { DependencyChoice, DependencyTree, ImageView } from "../ecosystem.ts";
import { addsPackages, bringsDevelopment, INSTALL_SCRIPTS, installScripts } from "./install.ts";
import { productionTree } from "./lock-files.ts";
import { hasLocalDependencies, type Manifest, readManifest } from "./manifest.ts";
import { nativeNeeds } from "./native.ts";
import { installInputs, lockFileOf, type Manager, readManagerCall } from "./package-managers.ts";
import { memberManifests, ownLibraries, workspaceOf } from "./workspaces.ts";

const NO_DEVELOPMENT = "The project has no development dependencies, so the libraries are those of the old image.";

/** The ways to get the libraries, best first. */
export function dependencyChoices(
  tree: DependencyTree,
  image: ImageView,
  keepsDevelopment: boolean,
): readonly DependencyChoice[] {
  const asBuilt = asBuiltChoice(tree, keepsDevelopment);
  if (tree.production || keepsDevelopment) return [asBuilt];
  const manifest = readManifest(tree.directory, image);
  const manager = managerOf(tree, image);
  if (manifest === undefined || manager === undefined) return [asBuilt];
  const members = memberManifests(tree.directory, image);
  if ([manifest, ...members].every((one) => Object.keys(one.devDependencies).length === 0))
    return [{ ...asBuilt, consequence: NO_DEVELOPMENT }];
  return [...freshInstall(tree, manifest, manager, image), ...pruned(tree, manifest, manager, image), asBuilt];
}

function asBuiltChoice(tree: DependencyTree, keepsDevelopment: boolean): DependencyChoice {
  const all = !tree.production;
  return {
    value: "as-built",
    how: { kind: "as-built" },
    label: "Take the libraries as the build installed them",
    consequence: !all
      ? "The libraries are those of the old image."
      : keepsDevelopment
        ? "Development dependencies stay, since the program needs some of them where it runs."
        : "Development dependencies stay in the image.",
  };
}

/** The manager of the old install, told by its command line. */
export function managerOf(tree: DependencyTree, image: ImageView): Manager | undefined {
  const words = (tree.command ?? tree.because.text).split(/\s+/);
  const argv = words.map((text) => ({ text, known: true, glob: false }));
  const name = words[0]?.split("/").at(-1) ?? "";
  const command = { name, argv, workdir: tree.directory, environment: new Map(), because: tree.because };
  return argv.length === 0 ? undefined : readManagerCall(command, image)?.manager;
}

/** The major version of the Node in a base, by the tag of an image that is called `node`. */
export function nodeMajor(base: BaseImage): number | undefined {
  if (base.repository !== "node") return undefined;
  const major = /^(\d+)/.exec(base.tag ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}

/** Node 15 was the first with npm 7 (https://nodejs.org/en/blog/release/v15.0.0). */
function npmOmit(image: ImageView): string {
  const major = nodeMajor(image.base);
  return major !== undefined && major < 15 ? "--production" : "--omit=dev";
}

function freshInstall(
  tree: DependencyTree,
  manifest: Manifest,
  manager: Manager,
  image: ImageView,
): readonly DependencyChoice[] {
  const command = productionInstall(tree.command, manager, image);
  const members = memberManifests(tree.directory, image).map(({ path }) => path);
  if (command === undefined || !repeatable(tree, manifest, manager, image)) return [];
  return [
    {
      value: "install",
      how: { kind: "install", command, manifests: installInputs(manager, tree.directory, image, members) },
      label: `Install afresh with "${command}" in a stage of its own`,
      consequence: "Only production libraries are in the image, and source changes do not install them again.",
    },
  ];
}

/** Whether the same install without development dependencies works and gives the same versions. */
function repeatable(tree: DependencyTree, manifest: Manifest, manager: Manager, image: ImageView): boolean {
  if (lockFileOf(manager, tree.directory, image) === undefined || tree.unlocked === true) return false;
  if (tree.changedBy !== undefined) return false;
  const members = memberManifests(tree.directory, image);
  const apart = members.length > 0 && canInstallApart(manager, tree, image);
  if (!apart && (isWorkspaceRoot(manifest, image) || hasLocalDependencies(manifest))) return false;
  if (nativeNeeds(productionTree(manifest, image).names).generated.length > 0) return false;
  const ignoresScripts = tree.command?.includes("--ignore-scripts") === true;
  const scripts = [manifest, ...members].flatMap((one) => installScripts(manager, one.scripts, true));
  return ignoresScripts || scripts.length === 0;
}

/** Whether the libraries of a workspace's packages lie where it can be told, so that those of another install can take their place. */
function canInstallApart(manager: Manager, tree: DependencyTree, image: ImageView): boolean {
  const space = workspaceOf(tree.directory, image);
  return space !== undefined && ownLibraries(manager, space, image) !== undefined;
}

function isWorkspaceRoot(manifest: Manifest, image: ImageView): boolean {
  return manifest.workspaces.length > 0 || memberManifests(manifest.directory, image).length > 0;
}

/** The old install's command line, with development dependencies left out. */
function productionInstall(old: string | undefined, manager: Manager, image: ImageView): string | undefined {
  if (old === undefined || addsPackages(old)) return undefined;
  switch (manager) {
    case "npm":
      // What is both included and omitted is included (https://docs.npmjs.com/cli/v11/using-npm/config#include).
      return bringsDevelopment(old) ? undefined : `${old} ${npmOmit(image)}`;
    case "yarn":
      return `${/\sinstall\b/.test(old) ? old : old.replace(/^(\S*yarn(?:pkg)?)/, "$1 install")} --production`;
    case "pnpm":
      return `${old} --prod`;
    case "bun":
      return `${old} --production`;
    case "yarn-berry":
      return undefined;
  }
}

function pruned(
  tree: DependencyTree,
  manifest: Manifest,
  manager: Manager,
  image: ImageView,
): readonly DependencyChoice[] {
  const command = pruneCommand(tree, manifest, manager, image);
  if (command === undefined || ![manifest, ...memberManifests(tree.directory, image)].every(prunable)) return [];
  return [
    {
      value: "prune",
      how: { kind: "prune", command },
      label: `Remove development dependencies with "${command}" in a copy of the build stage`,
      consequence: "Only production libraries are in the image; they are built once, with the build stage.",
    },
  ];
}

/** Commands of install scripts that put nothing into `node_modules` which a prune takes for a package that is not wanted. */
const LEAVES_LIBRARIES =
  /^(?:npx (?:-\S+ )*)?(?:husky|is-ci|lefthook|simple-git-hooks|only-allow|patch-package|tsc|ngc|echo|true|exit|test|\[|prisma generate|nest build)(?:\s|$)/;

/** Whether the project's own install scripts are known to make no packages of their own, directly or by other scripts. */
function prunable(manifest: Manifest): boolean {
  const harmless = (script: string, depth: number): boolean =>
    script
      .split(/&&|\|\||;/)
      .map((part) => part.trim())
      .every((part) => {
        const name = /^(?:npm run|yarn(?: run)?|pnpm(?: run)?) ([\w:-]+)$/.exec(part)?.[1];
        const called = name === undefined ? undefined : manifest.scripts[name];
        return called !== undefined && depth < 4 ? harmless(called, depth + 1) : LEAVES_LIBRARIES.test(part);
      });
  return INSTALL_SCRIPTS.flatMap((name) => manifest.scripts[name] ?? []).every((script) => harmless(script, 0));
}

function pruneCommand(
  tree: DependencyTree,
  manifest: Manifest,
  manager: Manager,
  image: ImageView,
): string | undefined {
  // npm prunes the packages of a workspace as well; pnpm does not (https://pnpm.io/cli/prune).
  if (isWorkspaceRoot(manifest, image) && (manager !== "npm" || !canInstallApart(manager, tree, image)))
    return undefined;
  const ownScripts = INSTALL_SCRIPTS.some((name) => manifest.scripts[name] !== undefined);
  const { names } = productionTree(manifest, image);
  const altered = tree.changedBy !== undefined || nativeNeeds(names).generated.length > 0;
  // A lock file that came after the install names other versions, to which a prune would change the tree.
  const late = tree.unlocked === true && lockFileOf(manager, tree.directory, image) !== undefined;
  const ignoringLock = late ? " --no-package-lock" : "";
  switch (manager) {
    case "npm":
      // npm before 7 takes away what it did not install; later ones look only at directories that do not begin with a dot.
      return altered && npmOmit(image) === "--production" ? undefined : `npm prune ${npmOmit(image)}${ignoringLock}`;
    case "yarn":
      // Yarn 1 has no prune; an install over the full tree removes what is not wanted, and copies again what was altered.
      return altered || late || nativeNeeds(names).native.length > 0
        ? undefined
        : "yarn install --production --ignore-scripts --prefer-offline";
    case "pnpm":
      // Before 8.15.6 it ran the project's install scripts (https://github.com/heroku/heroku-buildpack-nodejs/pull/1238).
      return ownScripts || altered || late ? undefined : "pnpm prune --prod";
    case "bun":
    case "yarn-berry":
      return undefined;
  }
}
