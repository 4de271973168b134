/**
 * What a program needs where it runs, by where its entry comes from:
 *
 *     node dist/server.js    made by tsc from src/server.ts: dist, libraries, package.json, and the files that the sources open
 *     node server.js         a file of the context: the project's own files stay, libraries without development ones
 *     node dist/server.js    made by something that is not read: dist, and what the project's sources open
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Artifact, ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { type Manifest, nearestManifest } from "./manifest.ts";
import { plugAndPlayProject } from "./plug-and-play.ts";
import { type ProgramUse, readProgram } from "./program.ts";
import {
  builtNeeds,
  commandNeeds,
  everything,
  executableNeed,
  isDevelopment,
  isWorkspace,
  libraryNeeds,
  manifestNeed,
  pathNeed,
  projectNeeds,
  type Reason,
  type StartedProgram,
  treeFor,
} from "./project-needs.ts";
import { allSources, SourceFiles } from "./source-files.ts";
import { readTsConfig, rootOf, type TsConfig } from "./tsconfig.ts";
import { workspaceNeeds } from "./workspace-program.ts";

export function programNeeds(
  program: StartedProgram,
  command: ResolvedCommand,
  image: ImageView,
): readonly RuntimeNeed[] {
  const why: Reason = { because: [command.because] };
  const node =
    program.interpreter === "bun"
      ? executableNeed("bun", "Bun runs the program.", why)
      : executableNeed("node", "Node runs the program.", why);
  const manifest = nearestManifest(imagePath("..", program.script), image) ?? nearestManifest(command.workdir, image);
  const plugged = plugAndPlayProject(imagePath("..", program.script), image);
  if (plugged !== undefined)
    return [
      node,
      everything(plugged, "The program finds its libraries through .pnp.cjs, in archives of the project.", why),
    ];
  if (isSelfContained(program.script))
    return [node, pathNeed(outputRoot(program.script), "The program and its libraries lie there.", why)];
  if (manifest === undefined) return [node, ...withoutManifest(program, image, why)];
  if (isWorkspace(manifest, image) || inWorkspace(manifest, image))
    return [node, ...workspaceNeeds(program, command, image, rootDirectory(manifest, image))];
  const entry = locate(program.script, manifest, image);
  const followed = readUse(entry, program, command, manifest, image, false);
  const use = followed.loadsUnknown ? readUse(entry, program, command, manifest, image, true) : followed;
  return [
    node,
    manifestNeed(manifest, why),
    ...entryNeeds(entry, manifest, image, why),
    ...assetNeeds(use, program, entry, manifest, command, image, why),
    ...commandNeeds(use, why),
    ...libraryNeeds(manifest, image, { development: developmentUse(use, program, manifest) }, why),
  ];
}

/** Next's standalone server and Nuxt's `.output` bring the libraries that they use. */
function isSelfContained(script: ImagePath): boolean {
  return /\/(?:\.next\/standalone|\.output)\//.test(script);
}

function outputRoot(script: ImagePath): ImagePath {
  return (/^(.*?\/(?:\.next\/standalone|\.output))\//.exec(script)?.[1] ?? script) as ImagePath;
}

function withoutManifest(program: StartedProgram, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  const directory = imagePath("..", program.script);
  const tree = treeFor(directory, image);
  if (tree !== undefined)
    return [
      everything(tree.directory, "What is installed there is not known, since no package.json can be read.", why),
    ];
  const artifact = artifactAround(program.script, image);
  if (artifact !== undefined) return [pathNeed(artifact.path, "The image starts a program in it.", why)];
  return [
    pathNeed(program.script, "The image starts it.", why),
    ...projectNeeds(directory, image, "The program may read its neighbours.", why),
  ];
}

/** A manifest above that lists workspaces. */
function inWorkspace(manifest: Manifest, image: ImageView): boolean {
  return rootDirectory(manifest, image) !== manifest.directory;
}

function rootDirectory(manifest: Manifest, image: ImageView): ImagePath {
  const above = manifest.directory === "/" ? undefined : nearestManifest(imagePath("..", manifest.directory), image);
  return above !== undefined && isWorkspace(above, image) ? rootDirectory(above, image) : manifest.directory;
}

/** Where the entry comes from. */
type Entry =
  | { readonly kind: "context"; readonly file: ImagePath }
  /** `output`: the directory that has to come along. */
  | {
      readonly kind: "built";
      readonly output: ImagePath;
      readonly sources: readonly ImagePath[];
      readonly map: SourceMap | undefined;
      /** A build that is known makes other files of the sources, as bundlers do. */
      readonly bundled: boolean;
    };

/** How output corresponds to sources. */
interface SourceMap {
  readonly root: ImagePath;
  readonly output: ImagePath;
  readonly config: TsConfig | undefined;
}

function artifactAround(path: ImagePath, image: ImageView): Artifact | undefined {
  const around = image.artifacts.filter((artifact) => artifact.ecosystem === "node" && isWithin(path, artifact.path));
  return around.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function locate(script: ImagePath, manifest: Manifest, image: ImageView): Entry {
  const files = new SourceFiles(image);
  const found = files.fileAt(script);
  if (found !== undefined && image.hostOf(found) !== undefined && !isOtherSource(found, script))
    return { kind: "context", file: found };
  const artifact = artifactAround(script, image);
  const output = artifact?.path ?? topBelow(script, manifest.directory);
  const map = mapOf(output, artifact, manifest, image);
  const located = map === undefined ? undefined : sourceOf(script, map, files);
  const bundled = located === undefined && artifact?.source !== undefined;
  return { kind: "built", output, sources: located === undefined ? [] : [located.source], map: located?.map, bundled };
}

/** `server.js` must not be taken for `server.ts`, which Node does not run by that name. */
function isOtherSource(found: ImagePath, script: ImagePath): boolean {
  return /\.[cm]?js$/.test(script) && found !== script;
}

/** The outermost directory between a project and a path in it: `/app/dist` of `/app/dist/src/x.js`. */
function topBelow(path: ImagePath, directory: ImagePath): ImagePath {
  const [first, second] = path.slice(directory === "/" ? 1 : directory.length + 1).split("/");
  if (first === undefined || first === "") return directory;
  return second === undefined ? path : imagePath(first, directory);
}

const CONFIGS = [
  "tsconfig.json",
  "tsconfig.build.json",
  "tsconfig.prod.json",
  "tsconfig.server.json",
  "tsconfig.app.json",
];

/** By the artifact's source, else by the `tsconfig.json` whose outDir is the output. */
function mapOf(
  output: ImagePath,
  artifact: Artifact | undefined,
  manifest: Manifest,
  image: ImageView,
): SourceMap | undefined {
  const configs = CONFIGS.flatMap((name) => readTsConfig(imagePath(name, manifest.directory), image) ?? []);
  const config =
    configs.find((one) => one.outDir === output) ??
    configs.find((one) => one.outDir !== undefined && isWithin(one.outDir, output)) ??
    configs[0];
  if (artifact?.source !== undefined) return { root: artifact.source, output, config };
  return config?.outDir === undefined || !isWithin(config.outDir, output)
    ? undefined
    : { root: rootOf(config, image), output: config.outDir, config };
}

/** The source of a script, with the root below which it was found. */
function sourceOf(
  script: ImagePath,
  map: SourceMap,
  files: SourceFiles,
): { readonly source: ImagePath; readonly map: SourceMap } | undefined {
  if (!isWithin(script, map.output)) return undefined;
  const relative = script.slice(map.output.length + 1);
  for (const root of [map.root, imagePath("src", map.root)]) {
    const source = files.fileAt(imagePath(relative, root));
    if (source !== undefined && !isWithin(source, map.output)) return { source, map: { ...map, root } };
  }
  return undefined;
}

function runsAs(source: ImagePath, map: SourceMap | undefined): ImagePath {
  if (map === undefined || !isWithin(source, map.root)) return source;
  const relative = source.slice(map.root.length + 1).replace(/\.([cm]?)tsx?$/, ".$1js");
  return imagePath(relative, map.output);
}

function readUse(
  entry: Entry,
  program: StartedProgram,
  command: ResolvedCommand,
  manifest: Manifest,
  image: ImageView,
  all: boolean,
): ProgramUse {
  const { workdir, environment } = command;
  const map = entry.kind === "built" ? entry.map : undefined;
  const entries = entry.kind === "context" ? [entry.file] : entry.sources.length > 0 ? entry.sources : undefined;
  const others = all || entries === undefined ? allSources(manifest.directory, image, 0) : [];
  const config = map?.config ?? readTsConfig(imagePath("tsconfig.json", manifest.directory), image);
  const local = program.preloads.filter((name) => name.startsWith(".")).map((name) => imagePath(name, workdir));
  return readProgram({
    entries: [...(entries ?? []), ...others, ...local],
    image,
    workdir,
    environment,
    runsAs: (source) => runsAs(source, map),
    ...(config === undefined ? {} : { config }),
  });
}

function entryNeeds(entry: Entry, manifest: Manifest, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  if (entry.kind === "context")
    return [
      ...projectNeeds(manifest.directory, image, "The image runs the project's own files as they are.", why),
      ...builtNeeds(manifest.directory, image, why),
    ];
  if (entry.output === manifest.directory)
    return [everything(manifest.directory, "The build puts its output among the sources.", why)];
  return [pathNeed(entry.output, "The image starts a program in it.", why)];
}

/** Directories by whose names people keep what a program opens. */
const CUSTOMARY =
  `views public static templates template assets locales locale i18n lang migrations seeds seeders config configs data
  certs resources email emails mails fonts schemas proto protos graphql prisma www`.split(/\s+/);

/** Files outside of the output that the program opens. */
function assetNeeds(
  use: ProgramUse,
  program: StartedProgram,
  entry: Entry,
  manifest: Manifest,
  command: ResolvedCommand,
  image: ImageView,
  why: Reason,
): readonly RuntimeNeed[] {
  const inside = (path: ImagePath): boolean =>
    entry.kind === "built"
      ? isWithin(path, entry.output)
      : isWithin(path, manifest.directory) && image.hostOf(path) !== undefined;
  const imported = use.files.filter((path) => !/\.[cm]?tsx?$/.test(path));
  const named = [...new Set([...use.paths, ...imported])].filter(
    (path) => isFile(path, image) && !inside(path) && !isCode(path, entry, manifest),
  );
  const certain = named.map((path) => pathNeed(path, `The program's sources name "${path}".`, why, "likely"));
  const configured = configurationFiles(use, program, manifest, command, image).map((path) =>
    pathNeed(path, "A library of the program reads it by its name.", why, "likely"),
  );
  if (entry.kind === "context") return [...certain, ...configured];
  const opens = use.opensUnknown || [...use.paths].some((path) => isWithin(manifest.directory, path));
  if (opens) return [...certain, ...configured, ...wholeProject(entry, manifest, image, why)];
  const guesses = CUSTOMARY.map((name) => imagePath(name, manifest.directory))
    .filter(
      (path) => image.kindOf(path) === "directory" && !inside(path) && !named.some((other) => isWithin(path, other)),
    )
    .map((path) =>
      pathNeed(
        path,
        `Programs open files in "${path}" by the custom of their libraries, which are not read.`,
        why,
        "guess",
      ),
    );
  return [...certain, ...configured, ...guesses];
}

/** The project's own files but for sources that the build compiled. */
function wholeProject(entry: Entry, manifest: Manifest, image: ImageView, why: Reason): readonly RuntimeNeed[] {
  const reason = "The program opens files whose paths it computes.";
  return projectNeeds(manifest.directory, image, reason, why).filter(
    (need) => need.kind !== "path" || !isCompiled(need.path, entry, image, 0),
  );
}

/** A TypeScript source, or a directory that holds nothing else. */
function isCompiled(path: ImagePath, entry: Entry, image: ImageView, depth: number): boolean {
  if (entry.kind !== "built" || depth > 8) return false;
  if (image.kindOf(path) !== "directory") return /\.[cm]?tsx?$/.test(path);
  const names = image.children(path);
  return names.length > 0 && names.every((name) => isCompiled(imagePath(name, path), entry, image, depth + 1));
}

function isFile(path: ImagePath, image: ImageView): boolean {
  if (path === "/" || /\/node_modules(?:\/|$)/.test(path)) return false;
  return image.kindOf(path) !== undefined || image.artifacts.some((artifact) => isWithin(path, artifact.path));
}

/** The project itself, the directories of sources, and sources that a build compiles are no assets. */
function isCode(path: ImagePath, entry: Entry, manifest: Manifest): boolean {
  if (isWithin(manifest.directory, path) || path === manifest.path) return true;
  const bundled = entry.kind === "built" && entry.bundled && isWithin(path, imagePath("src", manifest.directory));
  if (entry.kind !== "built" || entry.map === undefined)
    return /\.[cm]?tsx?$/.test(path) || (bundled && /\.[cm]?jsx?$/.test(path));
  const { root } = entry.map;
  const sources = root === manifest.directory ? imagePath("src", root) : root;
  return isWithin(sources, path) || /\.[cm]?tsx?$/.test(path) || (isWithin(path, sources) && /\.[cm]?jsx?$/.test(path));
}

/** Files that libraries open by a name of their own. */
const BY_LIBRARY: Readonly<Record<string, readonly string[]>> = {
  "@prisma/client": ["prisma"],
  config: ["config"],
  convict: ["config"],
  dotenv: [".env"],
  "dotenv-flow": [".env"],
  newrelic: ["newrelic.js", "newrelic.cjs"],
  "tsconfig-paths": ["tsconfig.json"],
  typeorm: ["ormconfig.json", "ormconfig.js", "ormconfig.yml"],
};

function configurationFiles(
  use: ProgramUse,
  program: StartedProgram,
  manifest: Manifest,
  command: ResolvedCommand,
  image: ImageView,
): readonly ImagePath[] {
  const preloads = program.preloads.filter((name) => !name.startsWith(".")).map(packageOf);
  const names = [...use.packages, ...preloads].flatMap((package_) =>
    Object.hasOwn(BY_LIBRARY, package_) ? (BY_LIBRARY[package_] ?? []) : [],
  );
  const paths = names.flatMap((name) => [imagePath(name, command.workdir), imagePath(name, manifest.directory)]);
  return [...new Set(paths)].filter((path) => image.kindOf(path) !== undefined);
}

/** Imported packages and tools that the manifest lists for development only. */
function developmentUse(use: ProgramUse, program: StartedProgram, manifest: Manifest): readonly string[] {
  const preloads = program.preloads.filter((name) => !name.startsWith(".")).map(packageOf);
  const known = use.files.length > 0 ? [...use.packages] : [];
  const names = new Set([...known, ...preloads, ...program.tools]);
  return [...names].filter((name) => isDevelopment(name, manifest)).sort();
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
