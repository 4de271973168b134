/**
 * Finds the file that takes artifacts out of the image which a Dockerfile builds:
 *
 *     Makefile   docker build -t app-build -f Dockerfile.build .
 *                docker run --rm app-build | docker build -t app -      ← an extraction: Dockerfile.build ships nothing itself
 *
 * Such a Dockerfile is one half of the builder pattern, so to split it as if its image shipped would be wrong. Shell scripts
 * are interpreted by their own importer; here are the drivers that are only looked at: Makefiles, CI files, package scripts,
 * batch files, READMEs. Tags are compared as they are written, variables included. What is not decided here: what the driver
 * does with the files.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import type { Span } from "../../text/source.ts";

/** One command line of a driver, continuations joined, with the place of its first character. */
interface CommandLine {
  readonly words: readonly string[];
  readonly span: Span;
}

const DRIVER_NAME =
  /^(?:(?:gnu)?makefile(?:\..+)?|.+\.(?:mk|mak|sh|bash|ya?ml|ps1|bat|cmd|gradle)|package\.json|jenkinsfile(?:\..+)?|justfile|rakefile|readme(?:\..+)?)$/i;

/** Drivers are written by hand; larger files are data. */
const LARGEST_DRIVER = 256 * 1024;

/** The extraction from the image of `dockerfile`, if some file of the project does one. */
export function extractionElsewhere(files: ProjectFiles, dockerfile: HostPath): Span | undefined {
  for (const lines of driverLines(files)) {
    const builds = lines.filter((line) => verbOf(line) === "build");
    const tags = new Set(builds.filter((line) => buildsFrom(line, dockerfile)).flatMap(tagsOf));
    if (tags.size === 0) continue;
    const taken = lines.find((line) => takesFrom(line, tags, lines, builds.length));
    if (taken) return taken.span;
  }
  return undefined;
}

const linesOf = new WeakMap<ProjectFiles, readonly (readonly CommandLine[])[]>();

function driverLines(files: ProjectFiles): readonly (readonly CommandLine[])[] {
  const known = linesOf.get(files);
  if (known) return known;
  const found = [...files.walk(ROOT)].filter((path) => isDriver(files, path)).flatMap((path) => readLines(files, path));
  linesOf.set(files, found);
  return found;
}

function isDriver(files: ProjectFiles, path: HostPath): boolean {
  return DRIVER_NAME.test(baseName(path)) && (files.entry(path)?.size ?? 0) <= LARGEST_DRIVER;
}

function readLines(files: ProjectFiles, path: HostPath): readonly (readonly CommandLine[])[] {
  const read = files.read(path);
  if (!read.ok || !/docker|podman|nerdctl/i.test(read.text)) return [];
  const lines = [...read.text.matchAll(/(?:[^\n\\]|\\[^\n])*(?:\\\r?\n(?:[^\n\\]|\\[^\n])*)*/g)]
    .filter(([text]) => text !== "")
    .flatMap((match) => splitCommands(match[0], path, match.index));
  return [lines];
}

/** Cuts at `&&`, `||` and `;`; a pipe stays, since it may be where the artifacts go. */
function splitCommands(text: string, path: HostPath, start: number): readonly CommandLine[] {
  const cuts = [...text.matchAll(/&&|\|\||;/g), { index: text.length, 0: "" }];
  let at = 0;
  return cuts.flatMap((cut) => {
    const [from, piece] = [at, text.slice(at, cut.index)];
    at = cut.index + cut[0].length;
    const words = piece
      .replaceAll(/\\\r?\n/g, " ")
      .split(/[\s"'`,[\]]+/)
      .filter((word) => word !== "");
    const lead = /^(?:\s|\\\r?\n)*/.exec(piece)?.[0].length ?? 0;
    const span = { path, start: start + from + lead, end: start + from + piece.trimEnd().length };
    return words.length > 0 ? [{ words, span }] : [];
  });
}

const ENGINE = /^@?-?(?:docker|podman|nerdctl|\$[({]?\w*docker\w*[)}]?)$/i;
const GROUPS: ReadonlySet<string> = new Set(["container", "image", "buildx", "builder"]);

function engineAt({ words }: CommandLine): number {
  return words.findIndex((word) => ENGINE.test(word));
}

/** The engine's verb, such as "build" or "cp"; global options before it are passed. */
function verbOf(line: CommandLine): string | undefined {
  const at = engineAt(line);
  if (at < 0) return undefined;
  return line.words.slice(at + 1).find((word) => !word.startsWith("-") && !GROUPS.has(word));
}

function optionValues({ words }: CommandLine, short: string, long: string): readonly string[] {
  return words.flatMap((word, at) => {
    if (word === `-${short}` || word === `--${long}`) return words[at + 1] ?? [];
    return word.startsWith(`--${long}=`) ? word.slice(long.length + 3) : [];
  });
}

function tagsOf(line: CommandLine): readonly string[] {
  return optionValues(line, "t", "tag").map(withoutLatest);
}

function withoutLatest(reference: string): string {
  return reference.replace(/:latest$/, "");
}

/** Whether a build reads this Dockerfile: named by `-f`, or the one in the context, seen from the driver or from the root. */
function buildsFrom(line: CommandLine, dockerfile: HostPath): boolean {
  const [named] = optionValues(line, "f", "file");
  const folders = [hostDirectory(line.span.path), ROOT];
  if (named !== undefined)
    return folders.some((folder) => joinHost(folder, named.replace(/^.*\$[({]?\w+[)}]?\//, "")) === dockerfile);
  return line.words.some((word) => folders.some((folder) => joinHost(folder, `${word}/Dockerfile`) === dockerfile));
}

/**
 * Whether a command takes files out of an image with one of these tags: `create` for a later `cp`, output that goes into a
 * pipe or a file, or a mounted folder where the same driver builds a second image.
 */
function takesFrom(line: CommandLine, tags: ReadonlySet<string>, all: readonly CommandLine[], builds: number): boolean {
  const verb = verbOf(line);
  if (verb !== "create" && verb !== "run") return false;
  const at = line.words.findIndex((word) => tags.has(withoutLatest(word)));
  if (at < 0) return false;
  const copies = all.some((other) => verbOf(other) === "cp");
  if (verb === "create" || (copies && line.words.some((word) => /^-\w*d\w*$|^--detach/.test(word)))) return copies;
  if (line.words.slice(at).some((word) => /^\d?>|^\|$/.test(word) && !word.includes("/dev/null"))) return true;
  return builds > 1 && line.words.some((word) => /^(?:-v|--volume|--mount)/.test(word));
}
