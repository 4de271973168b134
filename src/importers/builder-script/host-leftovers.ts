/**
 * What in the repository reckons with an artifact on the host, or with an ignore file, once neither is needed there any more.
 *
 *     third/Dockerfile:2   COPY dist /web             warned about: nothing puts dist there now
 *     ci.yml:14            path: dist/                likewise, in the driver's own file too where no command of it says so
 *     .gitignore:3         /dist/                     mentioned, and left alone
 *     deploy/.dockerignore                            mentioned, where deploy is no context any more
 *
 * A file that makes the path itself, by `-o dist` or `> dist`, does not need the driver for it. Names are searched for as paths;
 * what a program makes of other words is not known.
 */
import type { Reporter } from "../../diagnostics/diagnostic.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, isWithin, joinHost, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { type Step, toCheckout } from "./host-tree.ts";
import type { Joined } from "./join.ts";
import type { ImportWorld } from "./located.ts";
import type { Recognized } from "./recognize.ts";
import { DOCKERFILE, SCRIPT } from "./references.ts";

/** An artifact that no longer comes to lie in the checkout. */
interface Artifact {
  readonly path: HostPath;
  /** The path, and the folders above that only it was in. */
  readonly places: readonly HostPath[];
  /** The stage that holds it. */
  readonly stage: string;
}

const LARGEST = 512 * 1024;
/** Such a driver holds more than commands: what a job keeps for the next one, what a step uploads. */
const YAML = /\.ya?ml$/;
const FOREIGN = /(?:^|\/)(?:Godeps|bower_components|node_modules|third_party|vendor|venv|\.venv)\//;

/** Says where the repository still uses what the driver no longer leaves behind. */
export function sayLeftovers(
  files: ProjectFiles,
  recognized: Recognized,
  joined: readonly Joined[],
  carried: ReadonlySet<Step>,
  { reporter, companions = [] }: ImportWorld,
): void {
  const artifacts = artifactsOf(files, recognized, joined, carried);
  const own = new Set<HostPath>([
    ...companions,
    ...recognized.run.visits.map(({ script }) => script.source.path).filter((path) => !YAML.test(path)),
    ...[...recognized.linked.values()].map(({ build }) => build.file.path),
  ]);
  const outermost = artifacts.filter(
    ({ path }) => !artifacts.some((other) => other.path !== path && isWithin(path, other.path)),
  );
  for (const file of files.walk(ROOT)) {
    if (FOREIGN.test(file) || own.has(file) || artifacts.length === 0) continue;
    if ((files.entry(file)?.size ?? LARGEST + 1) > LARGEST) continue;
    const isDockerfile = DOCKERFILE.test(file);
    if (!isDockerfile && !SCRIPT.test(file) && !/(?:^|\/)\.(?:git|docker)ignore$/.test(file)) continue;
    const read = files.read(file);
    if (!read.ok) continue;
    if (/ignore$/.test(file)) sayEntries(file, read.text, outermost, files, reporter);
    const text = withoutCommands(file, read.text, recognized);
    for (const artifact of /ignore$/.test(file) ? [] : artifacts) sayUse(file, text, artifact, isDockerfile, reporter);
  }
  for (const one of joined) sayIgnoreFiles(files, one, recognized, reporter);
}

/** A file's text with blanks where commands stand of which the run told what becomes of them. */
function withoutCommands(file: HostPath, text: string, { run }: Recognized): string {
  const ranges = run.visits.filter(({ script }) => script.source.path === file).map(({ range }) => range);
  return ranges.reduce(
    (left, { start, end }) => left.slice(0, start) + left.slice(start, end).replace(/[^\r\n]/g, " ") + left.slice(end),
    text,
  );
}

/** Where artifacts lay that only went from build to build. */
function artifactsOf(
  files: ProjectFiles,
  { extractions, groups }: Recognized,
  joined: readonly Joined[],
  carried: ReadonlySet<Step>,
): readonly Artifact[] {
  const pieces = groups
    .flatMap((group) => [...group.builders, ...group.finals])
    .flatMap((linked) => linked.copies.flatMap((copy) => copy.sources))
    .flatMap((source) => source.injections.flatMap((injection) => injection.pieces));
  const flows = pieces.flatMap((piece) =>
    piece.kind === "flow" && piece.node.by.every((step) => carried.has(step))
      ? [{ host: piece.hostPath, image: piece.node.image }]
      : [],
  );
  const taken = extractions.flatMap(({ effect, visit }) =>
    carried.has(visit.step) && effect.to !== "-" ? [{ host: effect.to, image: effect.image }] : [],
  );
  const found = new Map<HostPath, Artifact>();
  for (const { host, image } of [...flows, ...taken]) {
    const path = toCheckout(host);
    const stage = joined.flatMap((one) => one.stages.get(image) ?? [])[0];
    if (path !== undefined && path !== ROOT && stage !== undefined && files.entry(path) === undefined)
      found.set(path, { path, places: placesOf(files, path), stage });
  }
  return [...found.values()];
}

function placesOf(files: ProjectFiles, path: HostPath): readonly HostPath[] {
  const above = hostDirectory(path);
  return above === ROOT || files.entry(above) !== undefined ? [path] : [path, ...placesOf(files, above)];
}

function sayUse(
  file: HostPath,
  text: string,
  { places, stage }: Artifact,
  isDockerfile: boolean,
  reporter: Reporter,
): void {
  for (const path of places) {
    const range = isDockerfile ? copyOf(file, text, path) : useIn(file, text, path);
    if (range === undefined) continue;
    reporter.report("artifact-used-elsewhere", { path, by: file, target: stage }, { path: file, ...range });
    return;
  }
}

/** A COPY of the artifact, with the context in the root or beside the Dockerfile. */
function copyOf(file: HostPath, text: string, path: HostPath): { start: number; end: number } | undefined {
  const { instructions } = parseDockerfile(sourceFile(file, text));
  const copy = instructions.find(
    (one) =>
      (one.kind === "copy" || one.kind === "add") &&
      !one.flags.some(({ name }) => name === "from") &&
      one.sources.some(({ text: source }) =>
        [ROOT, hostDirectory(file)].some((context) => {
          const named = joinHost(context, source.replace(/^\/+/, ""));
          return named !== undefined && named !== context && (isWithin(named, path) || named === path);
        }),
      ),
  );
  return copy && { start: copy.range.start, end: copy.range.end };
}

/** Commands and keys whose words are files of the checkout. */
const TAKES_FILES =
  /(?:^|[\s;&|(])(?:cat|chmod|cp|curl|du|gzip|http-server|ls|md5sum|mv|rsync|scp|serve|sha\d+sum|strip|tar|upx|zip|\[)\s|\b(?:s3|storage|gsutil)\b.*\s(?:cp|sync|upload)\s|^\s*(?:-\s+)?(?:paths?|files?|folder|dir|directory|publish_dir|artifact_path)\s*:/;

/** Keys of YAML below which a list, or a text of several lines, names files. */
const HOLDS_FILES = /^\s*(?:-\s+)?(?:artifacts|files|paths?)\s*:\s*(?:[|>][-+]?\s*)?(?:#.*)?$/;

/** The first line that uses a path as a file, unless the text makes that file itself. */
function useIn(file: HostPath, text: string, path: HostPath): { start: number; end: number } | undefined {
  const quoted = path.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&");
  if (new RegExp(`(?:-o[ =]?|>|mkdir(?: -p)?|--out\\S*|--output\\S*)\\s*["']?(?:\\./)?${quoted}(?![\\w.-])`).test(text))
    return undefined;
  const word = new RegExp(`(?:^|[\\s"'=:(,])((?:\\./)?${quoted}(?:/[^\\s"',)]*)?)(?=$|[\\s"',);])`);
  let at = 0;
  let key = "";
  for (const line of text.split("\n")) {
    const start = at;
    at += line.length + 1;
    if (YAML.test(file) && /^\s*(?:-\s+)?[\w-]+\s*:/.test(line)) key = line;
    const match = /^\s*(?:#|\/\/)/.test(line) ? null : word.exec(line);
    const found = match?.[1];
    if (match === null || found === undefined) continue;
    if (!found.includes("/") && !TAKES_FILES.test(line) && !HOLDS_FILES.test(key)) continue;
    if (/\b(?:docker|podman)\s+(?:build|buildx|image|push|pull|tag|run)\b|^\s*(?:-\s+)?image\s*:/.test(line)) continue;
    const from = start + match.index + match[0].lastIndexOf(found);
    return { start: from, end: from + found.length };
  }
  return undefined;
}

/** Lines of an ignore file that are about an artifact, or about the folder that only artifacts were in. */
function sayEntries(
  file: HostPath,
  text: string,
  artifacts: readonly Artifact[],
  files: ProjectFiles,
  reporter: Reporter,
): void {
  let at = 0;
  for (const line of text.split("\n")) {
    const entry = line.trim();
    const start = at + line.indexOf(entry);
    at += line.length + 1;
    const pattern = entry.replace(/^!/, "").replace(/^\/|\/?\**$/g, "");
    if (entry === "" || entry.startsWith("#") || pattern === "") continue;
    const named = joinHost(hostDirectory(file), pattern);
    const meant = artifacts.find(({ path }) => {
      const anywhere = file.endsWith(".gitignore") && !pattern.includes("/") && pattern === baseName(path);
      return anywhere || (named !== undefined && isWithin(path, named) && files.entry(named) === undefined);
    });
    if (meant !== undefined)
      reporter.report(
        "ignore-entry-unneeded",
        { entry, path: meant.path },
        { path: file, start, end: start + entry.length },
      );
  }
}

/** Ignore files of directories that are no context any more. */
function sayIgnoreFiles(
  files: ProjectFiles,
  { group, context }: Joined,
  { run }: Recognized,
  reporter: Reporter,
): void {
  const parts = new Set([...group.builders, ...group.finals].map(({ build }) => build.id));
  for (const linked of [...group.builders, ...group.finals]) {
    const directory = toCheckout(linked.build.context);
    const path = directory === undefined ? undefined : joinHost(directory, ".dockerignore");
    const isUsed = run.builds.some((build) => !parts.has(build.id) && build.context === linked.build.context);
    if (path === undefined || directory === context.directory || isUsed || files.entry(path) === undefined) continue;
    if (reporter.diagnostics.some((one) => one.code === "ignore-file-unused" && one.span?.path === path)) continue;
    reporter.report("ignore-file-unused", { path, context: context.directory }, { path, start: 0, end: 0 });
  }
}
