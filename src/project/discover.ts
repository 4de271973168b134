/**
 * Finds what may take part in a legacy build, by name and by a cheap look at the text:
 *
 *     Dockerfile, api.dockerfile, Dockerfile.build     dockerfiles
 *     build.sh with a line `docker …` in it            scripts
 *     release.sh with a line `./build.sh` in it        scripts
 *
 * Candidates only: importers parse them and decide. Left alone: other people's code (`node_modules`, `vendor`, virtual
 * environments), templates from which a Dockerfile is generated (`Dockerfile.j2`), ignore files and editors' backups. A
 * Dockerfile with a name of its own is found by the script that names it with `-f`, in the importer.
 */
import type { ProjectFiles } from "../model/project-files.ts";
import { baseName, type HostPath, ROOT } from "../text/paths.ts";

export interface Discovered {
  /** In sorted order, without doubles; a symlink inside the project stands as the file that it leads to. */
  readonly dockerfiles: readonly HostPath[];
  readonly scripts: readonly HostPath[];
}

/** Looks through the whole project. */
export function discover(files: ProjectFiles): Discovered {
  const dockerfiles = new Set<HostPath>();
  const scripts = new Set<HostPath>();
  const others = new Map<HostPath, string>();
  for (const path of files.walk(ROOT)) {
    if (isForeign(path)) continue;
    if (isDockerfile(files, path)) dockerfiles.add(realFile(files, path));
    else {
      const text = shellText(files, path);
      if (text === undefined) continue;
      if (mentionsEngine(text)) scripts.add(realFile(files, path));
      else others.set(realFile(files, path), text);
    }
  }
  for (const path of callersAmong(others, scripts)) scripts.add(path);
  return { dockerfiles: [...dockerfiles].sort(), scripts: [...scripts].sort() };
}

/** Folders in which package managers keep other people's code, at any depth. */
const FOREIGN: ReadonlySet<string> = new Set([
  ".bundle",
  ".git",
  ".hg",
  ".restage",
  ".svn",
  ".terraform",
  ".tox",
  ".venv",
  "Godeps",
  "Pods",
  "__pycache__",
  "_vendor",
  "bower_components",
  "jspm_packages",
  "node_modules",
  "site-packages",
  "third_party",
  "vendor",
  "venv",
]);

function isForeign(path: HostPath): boolean {
  return path
    .split("/")
    .slice(0, -1)
    .some((folder) => FOREIGN.has(folder));
}

/** The file behind a symlink; the link itself where it leads nowhere, so that reading it says why. */
function realFile(files: ProjectFiles, path: HostPath): HostPath {
  return files.resolve(path) ?? path;
}

/** `Dockerfile` and `Containerfile`, alone or with a prefix or suffix behind `.`, `_` or `-`. */
const DOCKERFILE_NAME =
  /^(?:(?:dockerfile|containerfile)(?:[._-](?<suffix>.+))?|.+[._-](?:dockerfile|containerfile))$/i;

/** Endings that say that a file with "Dockerfile" in its name is something else: an ignore file, a template, a backup. */
const NEVER =
  /(?:\.(?:dockerignore|ignore|j2|jinja2?|tmpl|tpl|template|erb|mustache|hbs|ejs|m4|bak|orig|rej|swp|swo|lock)|~)$/i;

/** Endings of other languages, some of which are also used as a name (`Dockerfile.go`): the text decides. */
const OTHER_LANGUAGE =
  /\.(?:bat|c|cc|cmd|conf|cpp|cs|css|diff|env|go|h|html?|ini|java|js|json|jsx|kt|log|lua|md|patch|php|pl|ps1|py|rb|rs|rst|sh|swift|toml|ts|tsx|txt|xml|ya?ml)$/i;

function isDockerfile(files: ProjectFiles, path: HostPath): boolean {
  const name = baseName(path);
  if (!DOCKERFILE_NAME.test(name) || NEVER.test(name) || leadsToFolder(files, path)) return false;
  return !OTHER_LANGUAGE.test(name) || startsLikeDockerfile(files, path);
}

function leadsToFolder(files: ProjectFiles, path: HostPath): boolean {
  const real = files.resolve(path);
  return real !== undefined && files.entry(real)?.kind === "directory";
}

/** Whether the first line that is neither blank nor a comment is FROM or ARG. */
function startsLikeDockerfile(files: ProjectFiles, path: HostPath): boolean {
  if (tooLarge(files, path)) return false;
  const read = files.read(path);
  return read.ok && /^(?:\uFEFF)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:from|arg)[ \t]+\S/i.test(read.text);
}

/** Scripts are written by hand; what is larger is an installer with an archive inside. */
const LARGEST_SCRIPT = 1024 * 1024;

function tooLarge(files: ProjectFiles, path: HostPath): boolean {
  const real = files.resolve(path);
  return real === undefined || (files.entry(real)?.size ?? 0) > LARGEST_SCRIPT;
}

/** The text of a shell script; `undefined` for any other file. */
function shellText(files: ProjectFiles, path: HostPath): string | undefined {
  const candidate = scriptName(baseName(path));
  if (candidate === "no" || leadsToFolder(files, path)) return undefined;
  if (candidate === "maybe" && tooLarge(files, path)) return undefined;
  const read = files.read(path);
  return read.ok && (candidate === "yes" || hasShellShebang(read.text)) ? read.text : undefined;
}

/** Scripts that name one of `scripts`; whether they call it is for the parser. */
function callersAmong(others: ReadonlyMap<HostPath, string>, scripts: ReadonlySet<HostPath>): readonly HostPath[] {
  const names = [...new Set([...scripts].map(baseName))].filter((name) => name.length > 2);
  if (names.length === 0) return [];
  const called = new RegExp(`(?:^|[\\s/"'])(?:${names.map(escapeRegExp).join("|")})(?![\\w.-])`, "m");
  return [...others].filter(([, text]) => called.test(text)).map(([path]) => path);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A file without an extension, whatever its executable bit (a checkout may have lost it), is a script if it says so. */
function scriptName(name: string): "yes" | "maybe" | "no" {
  if (/\.(?:sh|bash|ash|dash|ksh|zsh|command)$/i.test(name)) return "yes";
  return /^\.?[^.]+$/.test(name) ? "maybe" : "no";
}

function hasShellShebang(text: string): boolean {
  const end = text.indexOf("\n");
  const first = text.slice(0, end < 0 ? 200 : Math.min(end, 200));
  return /^#!.*(?:\/|\s)(?:sh|bash|ash|dash|ksh|zsh)\b/.test(first);
}

/** Whether a script may call an engine or another program that builds images; what it does with it is for the parser. */
function mentionsEngine(text: string): boolean {
  return /docker|podman|nerdctl|buildah|kaniko|buildctl/i.test(text);
}
