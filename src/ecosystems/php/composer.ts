/**
 * Composer:
 *
 *     composer install --no-dev        libraries in vendor; plugins and scripts may write beside it
 *     composer dump-autoload -o        writes into vendor
 *     composer create-project a/b x    the directory x
 *     composer global require a/b      a tool
 *     composer test                    the commands of that script in composer.json
 *
 * Commands and variables: https://getcomposer.org/doc/03-cli.md. Where the base's working directory is not known, the directory is that
 * of the only composer.json.
 */
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Argument, DependencyTree, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { directoryOf } from "./directories.ts";
import { made, NOTHING } from "./effects.ts";
import { lockedNames, readManifest, setting } from "./manifest.ts";

const VALUED = [
  "-d",
  "--working-dir",
  "--prefer-install",
  "--ignore-platform-req",
  "--apcu-autoloader-prefix",
  "-s",
  "--stability",
  "--repository",
  "--repository-url",
  "--timeout",
];

/** Commands that write nothing the image keeps. */
const LOOKS =
  /^(?:about|archive|audit|browse|home|check-platform-reqs|clear-?cache|cc|completion|config|depends|why|diagnose|fund|help|init|licenses|list|outdated|prohibits|why-not|search|self-?update|show|info|status|suggests|validate)$/;

/** `command.argv[0]` is Composer itself, whatever it is called. */
export function readComposer(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { operands, values } = readOperands(command.argv, VALUED);
  const [verb, ...rest] = operands;
  if (verb === undefined || LOOKS.test(verb.text)) return NOTHING;
  if (verb.text === "global") return readGlobal(rest);
  const chosen = values.get("-d") ?? values.get("--working-dir");
  if (chosen?.known === false) return [refused("the directory that it works in is not known")];
  const workdir = imagePath(chosen?.text ?? ".", command.workdir);
  if (verb.text === "create-project") return createProject(rest, workdir, command);
  const directory =
    chosen === undefined
      ? directoryOf(setting(command.environment, "COMPOSER") ?? "composer.json", workdir, image)
      : workdir;
  if (directory === undefined) return [refused("it is not known in which directory it runs")];
  switch (verb.text) {
    case "install":
    case "i":
    case "update":
    case "upgrade":
    case "u":
    case "require":
    case "r":
    case "remove":
    case "reinstall":
      return readInstall(directory, command, image);
    case "dump-autoload":
    case "dumpautoload":
    case "bump":
    case "normalize":
      return [made(insideOf(directory, readManifest(directory, command.environment, image).vendor), command)];
    case "exec":
      return runScript([rest.map(({ text }) => `vendor/bin/${text}`).join(" ")], directory, command);
    case "run":
    case "run-script":
      return readScript(rest[0]?.text ?? "", directory, command, image);
    default:
      return readScript(verb.text, directory, command, image);
  }
}

function refused(why: string): Effect {
  return { kind: "foreign", toolchain: "Composer", what: "dependencies", why };
}

/** A vendor directory inside of the project, else the project, so that both are seen to change. */
function insideOf(directory: ImagePath, vendor: ImagePath): ImagePath {
  return isWithin(vendor, directory) ? directory : vendor;
}

/** Plugins and scripts of the project write where they like in it: caches, `public/bundles`, `wp-content`. */
function readInstall(directory: ImagePath, command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { environment, because } = command;
  const bin = setting(environment, "COMPOSER_BIN_DIR");
  if (bin !== undefined && !isWithin(imagePath(bin, directory), directory))
    return [refused("COMPOSER_BIN_DIR puts scripts among the system's own")];
  const options = new Set(command.argv.map(({ text }) => text));
  const noDev = setting(environment, "COMPOSER_NO_DEV");
  const production =
    options.has("--no-dev") || options.has("--update-no-dev") || (noDev !== undefined && noDev !== "0");
  const { vendor, requires } = readManifest(directory, environment, image);
  const names = lockedNames(directory, production, image);
  const tree: DependencyTree = {
    directory,
    places: [vendor],
    production,
    ecosystem: "php",
    command: command.argv.map(({ text }) => text).join(" "),
    unlocked: names === undefined,
    names: names ?? requires,
    because,
  };
  const beside: readonly Effect[] = directory === "/" ? [] : [made(directory, command)];
  return [{ kind: "dependencies", tree }, ...beside];
}

function createProject(
  [pack, target]: readonly Argument[],
  workdir: ImagePath,
  command: ResolvedCommand,
): readonly Effect[] {
  const name = target ?? (pack === undefined ? undefined : { ...pack, text: baseName(pack.text.replace(/:.*$/, "")) });
  if (name === undefined || !name.known) return [refused("the directory of the new project is not known")];
  const directory = imagePath(name.text, workdir);
  if (directory === "/") return [refused("it makes a project in the root of the image")];
  const { because } = command;
  const tree: DependencyTree = {
    directory,
    places: [imagePath("vendor", directory)],
    production: command.argv.some(({ text }) => text === "--no-dev"),
    ecosystem: "php",
    command: command.argv.map(({ text }) => text).join(" "),
    unlocked: true,
    because,
  };
  return [made(directory, command), { kind: "dependencies", tree }];
}

/** What is required globally stands in Composer's home, from where only the build is known to start it. */
function readGlobal([verb, ...packages]: readonly Argument[]): readonly Effect[] {
  if (verb?.text !== "require" && verb?.text !== "install" && verb?.text !== "update") return NOTHING;
  const names = packages.map(({ text }) => baseName(text.replace(/[:=].*$/, "")));
  return [{ kind: "tools", names, paths: [] }];
}

const DEEPEST = 4;

function readScript(
  name: string,
  directory: ImagePath,
  command: ResolvedCommand,
  image: ImageView,
): readonly Effect[] | undefined {
  const { scripts } = readManifest(directory, command.environment, image);
  const lines = expand(name, scripts, 0);
  return lines === undefined ? undefined : runScript(lines, directory, command);
}

/** `@name` stands for another script, `@php` and `@composer` for the programs (https://getcomposer.org/doc/articles/scripts.md). */
function expand(
  name: string,
  scripts: Readonly<Record<string, readonly string[]>>,
  depth: number,
): readonly string[] | undefined {
  const own = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (own === undefined || depth > DEEPEST) return undefined;
  const lines = own.map((line): readonly string[] | undefined => {
    const [, word = "", rest = ""] = /^@(\S+)\s*(.*)$/s.exec(line) ?? [];
    if (word === "") return [line];
    if (word === "putenv") return [`export ${rest}`];
    if (word === "no_additional_args" || word === "additional_args") return [];
    return word === "php" || word === "composer" ? [`${word} ${rest}`] : expand(word, scripts, depth + 1);
  });
  return lines.some((line) => line === undefined) ? undefined : lines.flatMap((line) => line ?? []);
}

/** Lines that are no commands call a method of a class, which may write anything in the project. */
function runScript(lines: readonly string[], directory: ImagePath, command: ResolvedCommand): readonly Effect[] {
  return lines.map((line): Effect => {
    if (/^[\w\\]+(?:::\w+)?$/.test(line) && /\\|::/.test(line)) return made(directory, command);
    const bin = `${directory}/vendor/bin`;
    const path = command.environment.get("PATH");
    const environment = new Map([
      ...command.environment,
      ["PATH", { text: `${bin}:${path?.text ?? ""}`, known: true }] as const,
    ]);
    return { kind: "runs", script: line, workdir: directory, environment, because: command.because };
  });
}
