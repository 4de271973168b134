/**
 * What a PHP program needs where it runs:
 *
 *     CMD ["php", "worker.php"]        php, the sources, the libraries and the extensions
 *     CMD ["apache2-foreground"]       the same
 *     CMD ["supervisord"] on php:fpm   the same, whatever it starts
 *
 * PHP includes files by names that it computes, and servers hand out what lies beside them, so directories are taken whole
 * (places.ts).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { asInstalled, startNeeds } from "../library-facts.ts";
import { commandText } from "../operands.ts";
import { purposeOf } from "../os-packages/purposes.ts";
import { startedByPackages } from "./packages.ts";
import { phpPlaces } from "./places.ts";
import { startedPrograms } from "./sources.ts";

/** Servers, and what starts several programs at once: through any of them pages of PHP may be served. */
const SERVERS =
  /^(?:php\d*-?fpm[\d.]*|apache2?(?:ctl|-foreground)?|apachectl|httpd(?:-foreground)?|nginx|caddy|frankenphp|lighttpd|rr|unitd|supervisord|supervisorctl|service|init|runit|runsvdir|s6-svscan|s6-overlay|crond?|cron|start-stop-daemon)$/;

export function isInterpreter(name: string): boolean {
  return /^php(?:\d+(?:\.\d+)?)?$|^phpdbg$/.test(name);
}

export function phpNeeds(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const { command, origin } = root;
  if (command.name === "docker-php-entrypoint") return entrypointNeeds(command, image);
  if (isInterpreter(command.name))
    return [started(command), ...composerNeeds(command), ...programNeeds(command, image)];
  if (isComposer(command.name)) return [started(command), ...composerNeeds(command), ...programNeeds(command, image)];
  if (!isPhpImage(image)) return undefined;
  if (SERVERS.test(command.name)) return [started(command), ...programNeeds(command, image)];
  if (image.base.toolchain !== "php" || (origin !== "entrypoint" && origin !== "cmd")) return undefined;
  return [...scriptNeeds(command, image), ...programNeeds(command, image)];
}

function isComposer(name: string): boolean {
  return /^composer(?:\.phar)?$/.test(name);
}

/** What Composer fetches and unpacks with (https://getcomposer.org/doc/00-intro.md#system-requirements). */
function composerNeeds({ argv, because }: ResolvedCommand): readonly RuntimeNeed[] {
  if (!argv.some(({ text }) => isComposer(text.slice(text.lastIndexOf("/") + 1)))) return [];
  return ["git", "unzip"].map((name) => {
    const reason = `Composer, which the image starts, calls "${name}".`;
    return { kind: "executable", name, reason, confidence: "likely", because: [because] };
  });
}

function isPhpImage({ base, dependencies, packages }: ImageView): boolean {
  return (
    base.toolchain === "php" ||
    dependencies.some(({ ecosystem }) => ecosystem === "php") ||
    packages.some((name) => /^(?:php\d*(?:\.\d+)?(?:-|$)|libapache2-mod-php)/.test(name))
  );
}

function started({ argv, because, name }: ResolvedCommand): RuntimeNeed {
  const reason = isInterpreter(name) ? "The image starts PHP." : `The image starts "${name}", which serves PHP.`;
  return { kind: "executable", name: argv[0]?.text ?? name, reason, confidence: "certain", because: [because] };
}

/** It starts its arguments, and the program of the image where the first is an option. */
function entrypointNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const rest = command.argv.slice(1);
  const [first] = rest;
  if (first === undefined || first.text.startsWith("-")) return programNeeds(command, image);
  return [runs(commandText(rest), command, "The entrypoint of PHP's images starts it.")];
}

function runs(script: string, { workdir, environment, because }: ResolvedCommand, reason: string): RuntimeNeed {
  return { kind: "runs", script, workdir, environment, reason, confidence: "certain", because: [because] };
}

/** Any other program of an image of PHP: itself, and where it is a script of the project, what it starts. */
function scriptNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const [first] = command.argv;
  if (first === undefined || !first.known) return [];
  const path = image.which(first.text, command.workdir, command.environment);
  const text = path === undefined ? undefined : image.read(path);
  const why = { confidence: "certain", because: [command.because] } as const;
  const reason = `The image starts "${first.text}".`;
  if (path === undefined || text === undefined) return [{ kind: "executable", name: first.text, reason, ...why }];
  const itself: RuntimeNeed = { kind: "path", path, reason, ...why };
  const [, interpreter = ""] = /^#!\s*\S*?([\w.]+(?:[ \t]+\w+)?)[ \t]*(?:-.*)?\r?\n/.exec(text) ?? [];
  if (/(?:^|[ \t])(?:ba|da|a|z|k)?sh$/.test(interpreter))
    return [itself, { kind: "shell", reason: `"${path}" is a shell script.`, ...why }, runs(text, command, reason)];
  const program = interpreter.replace(/^env[ \t]+/, "");
  return program === "" ? [itself] : [itself, { kind: "executable", name: program, reason, ...why }];
}

function programNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const places = phpPlaces(command.workdir, image);
  const frame = { confidence: "likely", because: [command.because] } as const;
  const sources = places.map(
    (path): RuntimeNeed => ({ kind: "path", path, reason: "PHP reads its files when it runs.", ...frame }),
  );
  return [
    ...sources,
    ...scriptPlaces(command, image),
    ...treeNeeds(command, image),
    ...programsStarted(command, places, image),
  ];
}

/** The script itself where it lies outside of them, such as a tool in /usr/local/bin. */
function scriptPlaces(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  if (!isInterpreter(command.name)) return [];
  return command.argv
    .slice(1)
    .filter(({ text, known }) => known && !text.startsWith("-"))
    .map(({ text }) => imagePath(text, command.workdir))
    .filter((path) => image.kindOf(path) === "file")
    .map((path) => ({
      kind: "path",
      path,
      reason: `"${path}" is a program of PHP.`,
      confidence: "certain",
      because: [command.because],
    }));
}

function treeNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  return image.dependencies
    .filter(({ ecosystem }) => ecosystem === "php")
    .map((tree) => {
      const extensions = tree.repeatable === true;
      const reason = extensions
        ? "PHP loads the extensions that the build installed."
        : "The program loads the packages that Composer installed.";
      const frame = { confidence: "likely", because: [command.because] } as const;
      return asInstalled(tree, extensions ? "extensions" : "packages", reason, extensions, frame);
    });
}

function programsStarted(
  command: ResolvedCommand,
  places: readonly ImagePath[],
  image: ImageView,
): readonly RuntimeNeed[] {
  const frame = { confidence: "likely", because: [command.because] } as const;
  const { names, computed } = startedPrograms(places, image);
  const bySources = names.map(
    (name): RuntimeNeed => ({ kind: "executable", name, reason: `The sources start "${name}".`, ...frame }),
  );
  const packages = image.dependencies
    .filter(({ ecosystem }) => ecosystem === "php")
    .flatMap((tree) => tree.names ?? []);
  const byPackages = startNeeds(startedByPackages(packages), "package", frame);
  const tools = computed ? image.packages.filter((name) => purposeOf(name).kind === "tool") : [];
  const any = tools.map(
    (name): RuntimeNeed => ({
      kind: "package",
      name,
      reason: `The sources start programs whose names they compute, so they may call "${name}".`,
      ...frame,
    }),
  );
  return [...bySources, ...byPackages, ...any];
}
