/**
 * What a program in a package of a workspace needs where it runs:
 *
 *     node packages/api/dist/index.js
 *     // packages/api and the packages that it depends on, with what was built in them; the root's package.json; libraries
 *
 * The packages come along whole but for sources that the build compiled, in the same places, since the links between them are
 * relative. Where a link leads elsewhere (`file:`, `link:`), or a development dependency is imported, all of the workspace stays.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { managerOf } from "./dependencies.ts";
import type { Manifest } from "./manifest.ts";
import { type ProgramUse, readProgram } from "./program.ts";
import {
  builtNeeds,
  commandNeeds,
  everything,
  isDevelopment,
  libraryNeeds,
  manifestNeed,
  pathNeed,
  projectNeeds,
  type Reason,
  type StartedProgram,
  treeFor,
} from "./project-needs.ts";
import { allSources } from "./source-files.ts";
import { closureOf, memberAt, ownLibraries, type Workspace, workspaceOf } from "./workspaces.ts";

const LINKED = "The project's packages link to one another.";

/** The needs, or the whole of `directory` where its parts cannot be told apart. */
export function workspaceNeeds(
  program: StartedProgram,
  command: ResolvedCommand,
  image: ImageView,
  directory: ImagePath,
): readonly RuntimeNeed[] {
  const why: Reason = { because: [command.because] };
  const space = workspaceOf(directory, image);
  return (
    (space === undefined ? undefined : packagesNeeds(program, command, image, space, why)) ?? [
      everything(directory, LINKED, why),
    ]
  );
}

function packagesNeeds(
  program: StartedProgram,
  command: ResolvedCommand,
  image: ImageView,
  space: Workspace,
  why: Reason,
): readonly RuntimeNeed[] | undefined {
  const tree = treeFor(space.root.directory, image);
  const manager = tree === undefined ? undefined : managerOf(tree, image);
  if (tree === undefined || manager === undefined || tree.directory !== space.root.directory) return undefined;
  const packages = [...new Set([space.root, ...closureOf(memberAt(program.script, space), space)])];
  if (packages.some(linksElsewhere)) return undefined;
  const use = usesOf(packages, command, image);
  if (needsDevelopment(use, program, packages) || leavesPackages(use, space, packages, image)) return undefined;
  const apart = ownLibraries(manager, space, image) !== undefined;
  return [
    manifestNeed(space.root, why),
    ...packages.filter((one) => one !== space.root).flatMap((one) => packageNeeds(one, apart, image, why)),
    ...(memberAt(program.script, space) === space.root ? rootNeeds(space, image, why) : []),
    ...commandNeeds(use, why),
    ...libraryNeeds(space.root, image, { development: [] }, why),
  ];
}

/** What stands beside the packages. */
function rootNeeds(space: Workspace, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  const isMember = (path: ImagePath): boolean => space.members.some((member) => isWithin(member.directory, path));
  const own = projectNeeds(space.root.directory, image, "The image runs the project's own files.", why);
  return [
    ...own.filter((need) => need.kind !== "path" || !isMember(need.path)),
    ...builtNeeds(space.root.directory, image, why).filter(
      (need) => need.kind !== "path" || !space.members.some((member) => isWithin(need.path, member.directory)),
    ),
  ];
}

/** A package: whole, when libraries of its own may lie in it. */
function packageNeeds(member: Manifest, apart: boolean, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  const reason = `The program needs the package "${member.name ?? member.directory}".`;
  if (!apart) return [pathNeed(member.directory, reason, why, "likely")];
  const built = builtNeeds(member.directory, image, why);
  const own = projectNeeds(member.directory, image, reason, why);
  return [
    ...own.filter((need) => built.length === 0 || need.kind !== "path" || !isTypeScript(need.path, image, 0)),
    ...built,
  ];
}

/** A TypeScript source, or a directory of nothing else: what Node does not run where the build made something of it. */
function isTypeScript(path: ImagePath, image: ImageView, depth: number): boolean {
  if (depth > 8) return false;
  if (image.kindOf(path) !== "directory") return /\.[cm]?tsx?$/.test(path);
  const names = image.children(path);
  return names.length > 0 && names.every((name) => isTypeScript(imagePath(name, path), image, depth + 1));
}

function linksElsewhere({ dependencies, optionalDependencies, devDependencies, fields }: Manifest): boolean {
  const ranges = Object.values({ ...dependencies, ...optionalDependencies, ...devDependencies });
  return (
    fields.dependenciesMeta !== undefined || ranges.some((range) => /^(?:file|link|portal):|^\.{0,2}\//.test(range))
  );
}

function usesOf(packages: readonly Manifest[], command: ResolvedCommand, image: ImageView): ProgramUse {
  const { workdir, environment } = command;
  const [, ...members] = packages;
  const entries = members.flatMap((one) => allSources(one.directory, image, 0));
  return readProgram({ entries, image, workdir, environment, runsAs: (source) => source });
}

function needsDevelopment(use: ProgramUse, program: StartedProgram, packages: readonly Manifest[]): boolean {
  const preloads = program.preloads.filter((name) => !name.startsWith("."));
  return [...use.packages, ...preloads, ...program.tools].some((name) =>
    packages.some(
      (one) => isDevelopment(name, one) && packages.every((other) => other.dependencies[name] === undefined),
    ),
  );
}

/** A path that the sources name in another package, or none that can be told. */
function leavesPackages(use: ProgramUse, space: Workspace, packages: readonly Manifest[], image: ImageView): boolean {
  const others = space.members.filter((member) => !packages.includes(member));
  const named = [...use.paths].filter((path) => image.kindOf(path) !== undefined);
  return (
    (use.opensUnknown && others.length > 0) ||
    named.some((path) => {
      const inside = packages.some((one) => one !== space.root && isWithin(path, one.directory));
      return !inside && path !== space.root.path && isWithin(path, space.root.directory);
    })
  );
}
