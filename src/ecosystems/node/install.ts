/**
 * What installing, pruning and adding packages does to an image:
 *
 *     npm ci                        the libraries /app/node_modules, development ones included
 *     yarn install --production     the same without them
 *     npm prune --omit=dev          takes them out
 *     npm install -g typescript     the tool tsc
 *
 * Which libraries run time gets is for dependencies.ts to say.
 */
import { quoteWord } from "../../shell/quote.ts";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, DependencyTree, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { binaryNames } from "./binaries.ts";
import { nearestManifest } from "./manifest.ts";
import { lockFileOf, type Manager, type ManagerCall } from "./package-managers.ts";
import { usesPlugAndPlay } from "./plug-and-play.ts";
import { ownLibraries, type Workspace, workspaceOf } from "./workspaces.ts";

/** Options by which an install leaves development dependencies out. */
const OMITS_DEVELOPMENT =
  /^(?:--production(?:=true)?|--prod|-P|--only=prod(?:uction)?|--omit=dev|--no-dev|--dev=false|--development=false)$/;
const BRINGS_DEVELOPMENT =
  /^(?:--production=false|--no-production|--prod=false|--include=dev|--also=dev(?:elopment)?|--only=dev)$/;

/** Whether an install's command line asks for development dependencies, so that options to leave them out have no effect. */
export function bringsDevelopment(command: string): boolean {
  return joinedOptions(command.split(/\s+/).map((text) => ({ text, known: true, glob: false }))).some((text) =>
    BRINGS_DEVELOPMENT.test(text),
  );
}

/** Options of installs that take a value as the next field. */
const VALUED = new Set([
  "--registry",
  "--loglevel",
  "--cache",
  "--cache-folder",
  "--network-timeout",
  "--network-concurrency",
  "--omit",
  "--include",
  "--only",
  "--workspace",
  "-w",
  "--filter",
  "-F",
  "--prefix",
  "-C",
  "--cwd",
  "--dir",
  "--mutex",
  "--fetch-retries",
  "--fetch-timeout",
  "--maxsockets",
  "--reporter",
  "--store-dir",
  "--cpu",
  "--os",
  "--libc",
  "--userconfig",
]);

/** The fields with `--omit dev` made one, as `--omit=dev`. */
export function joinedOptions(fields: readonly Argument[]): readonly string[] {
  const texts = fields.map((field) => field.text);
  return texts.flatMap((text, at) => {
    if (at > 0 && VALUED.has(texts[at - 1] ?? "")) return [];
    const next = texts[at + 1];
    return VALUED.has(text) && next !== undefined ? [`${text}=${next}`] : [text];
  });
}

/** Package operands: what is no option. */
function operandsOf(fields: readonly Argument[]): readonly string[] {
  return joinedOptions(fields).filter((text) => !text.startsWith("-"));
}

export function isGlobal(call: ManagerCall): boolean {
  const options = joinedOptions([...call.before, ...call.rest]);
  return call.verb === "global" || options.some((text) => /^(?:-g|--global|--location=global)$/.test(text));
}

/** Whether an install leaves development dependencies out; yarn 2 and later do not look at NODE_ENV. */
export function omitsDevelopment(call: ManagerCall): boolean {
  const options = joinedOptions([...call.before, ...call.rest]);
  if (options.some((text) => BRINGS_DEVELOPMENT.test(text))) return false;
  if (options.some((text) => OMITS_DEVELOPMENT.test(text))) return true;
  if (call.manager === "yarn-berry") return false;
  const { environment } = call.command;
  if (call.manager === "npm" && /^(?:true|1)$/i.test(environment.get("NPM_CONFIG_PRODUCTION")?.text ?? "")) return true;
  return environment.get("NODE_ENV")?.text === "production";
}

/** Effects of an install in a project, with or without packages to add. */
export function installEffects(call: ManagerCall, image: ImageView): readonly Effect[] {
  if (usesPlugAndPlay(call, image)) return [{ kind: "foreign", toolchain: "Yarn Plug'n'Play", what: "dependencies" }];
  const tree = dependencyTree(call, image);
  return [
    { kind: "dependencies", tree },
    ...unseenLibraries(call, tree.directory, image),
    ...lifecycleEffects(call, image),
  ];
}

/** Where it cannot be told which packages of a workspace get libraries of their own, each may. */
function unseenLibraries(call: ManagerCall, directory: ImagePath, image: ImageView): readonly Effect[] {
  const space = spaceAt(directory, image);
  if (space === undefined || ownLibraries(call.manager, space, image) !== undefined) return [];
  return space.members.map((member) => ({
    kind: "download",
    path: imagePath("node_modules", member.directory),
    form: "directory",
  }));
}

function spaceAt(directory: ImagePath, image: ImageView): Workspace | undefined {
  const space = workspaceOf(directory, image);
  return space?.root.directory === directory ? space : undefined;
}

/** In a package of a workspace, its root: managers install all of it there. */
export function treeDirectory(call: ManagerCall, image: ImageView): ImagePath {
  const own = nearestManifest(call.directory, image)?.directory ?? call.directory;
  const space = workspaceOf(own, image);
  return space?.members.some((member) => member.directory === own) === true ? space.root.directory : own;
}

function dependencyTree(call: ManagerCall, image: ImageView): DependencyTree {
  const directory = treeDirectory(call, image);
  const space = spaceAt(directory, image);
  const own = space === undefined ? [] : (ownLibraries(call.manager, space, image) ?? []);
  return {
    directory,
    places: [imagePath("node_modules", directory), ...own],
    production: omitsDevelopment(call),
    unlocked: lockFileOf(call.manager, directory, image) === undefined,
    ecosystem: "node",
    command: installCommand(call, directory, image),
    because: call.command.because,
  };
}

/** The command line; where an install before it added packages, that one, since this one builds on it. */
function installCommand(call: ManagerCall, directory: ImagePath, image: ImageView): string {
  const earlier = image.dependencies.find((tree) => tree.directory === directory)?.command;
  if (earlier !== undefined && addsPackages(earlier)) return earlier;
  return call.command.argv.map((field) => (field.known ? quoteWord(field.text) : field.text)).join(" ");
}

/** `npm install express`: package.json does not say what is installed. */
export function addsPackages(command: string): boolean {
  return addedPackages(command).length > 0;
}

/** The packages that an install names, without their versions. */
export function addedPackages(command: string): readonly string[] {
  const words = command.split(/\s+/).filter((word) => word !== "" && !word.startsWith("-"));
  return words.slice(2).map(withoutVersion);
}

function withoutVersion(operand: string): string {
  return operand.replace(/(?<=.)@[^/]*$/, "");
}

/** Scripts of the project that an install runs (https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order). */
export const INSTALL_SCRIPTS = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
];

/** The install scripts that a manager runs for the project itself; yarn 1 leaves `prepare` out of production installs. */
export function installScripts(
  manager: Manager,
  scripts: Readonly<Record<string, string>>,
  production: boolean,
): readonly string[] {
  const berry = ["preinstall", "install", "postinstall"];
  const names = manager === "yarn-berry" || (manager === "yarn" && production) ? berry : INSTALL_SCRIPTS;
  return names.flatMap((name) => scripts[name] ?? []);
}

function lifecycleEffects(call: ManagerCall, image: ImageView): readonly Effect[] {
  const manifest = nearestManifest(call.directory, image);
  const options = joinedOptions([...call.before, ...call.rest]);
  if (manifest === undefined || options.includes("--ignore-scripts")) return [];
  return installScripts(call.manager, manifest.scripts, omitsDevelopment(call)).map((script) => ({
    kind: "runs",
    script,
    workdir: manifest.directory,
    environment: scriptEnvironment(call.command, manifest.directory),
    because: call.command.because,
  }));
}

/** The environment of package scripts: executables of the libraries come first in PATH. */
export function scriptEnvironment(command: ResolvedCommand, directory: ImagePath): ResolvedCommand["environment"] {
  const own = imagePath("node_modules/.bin", directory);
  const path = command.environment.get("PATH");
  const text = path === undefined ? own : `${own}:${path.text}`;
  return new Map([...command.environment, ["PATH", { text, known: path?.known ?? true }]]);
}

/** Effects of `npm install -g`, `yarn global add`. */
export function globalEffects(call: ManagerCall): readonly Effect[] {
  const operands = operandsOf(call.verb === "global" ? call.rest.slice(1) : call.rest);
  const names = operands.map(withoutVersion);
  const tools = names.flatMap(binaryNames);
  // Global packages are a link and a directory of files that find one another: they are installed again, never copied.
  return [{ kind: "tools", names: [...names, ...tools], paths: [] }];
}

/** Effects of `npm prune`, `pnpm prune`. */
export function pruneEffects(call: ManagerCall, image: ImageView): readonly Effect[] {
  return [{ kind: "dependencies-changed", directory: treeDirectory(call, image), production: omitsDevelopment(call) }];
}
