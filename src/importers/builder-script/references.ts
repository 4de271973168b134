/**
 * Which files of the repository name another one.
 *
 *     Makefile:  docker build -f Dockerfile.build .       refers to Dockerfile.build
 *
 * Text files that can call a build are searched, documentation and sources are not.
 */
import { posix } from "node:path";
import { oncePerProject } from "../../model/once-per-project.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import { isPartlyUnknown } from "./values.ts";

/** Files that call builds: scripts, Makefiles, CI and compose files, package manifests. */
const CALLER =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile(?:[._-][\w.-]+)?|Jenkinsfile|justfile|Taskfile\.ya?ml|Rakefile|package\.json|skaffold\.yaml|Tiltfile|[^/]+\.(?:sh|bash|mk|ya?ml|ps1|bat|cmd|hcl|gradle))$/;
/** Dockerfiles, by their usual names. */
export const DOCKERFILE = /(?:^|\/)(?:(?:Docker|Container)file(?:[._-][^/]+)?|[^/]+\.(?:Docker|Container)file)$/i;
/** Files with commands in them. */
export const SCRIPT = new RegExp(`${CALLER.source.slice(0, -1)}$|(?:^|/)[^./]+$`);
/** Other people's code, which calls builds of its own. */
const FOREIGN = /(?:^|\/)(?:vendor|_vendor|third_party|Godeps|bower_components)\//;
const LARGEST = 512 * 1024;

/** Files that are asked about again and again, of a size that people write. */
const callers = oncePerProject((files) => withName(files, (path) => CALLER.test(path)));
const users = oncePerProject((files) => withName(files, (path) => CALLER.test(path) || DOCKERFILE.test(path)));

function withName(files: ProjectFiles, fits: (path: HostPath) => boolean): readonly HostPath[] {
  return [...files.walk(ROOT)].filter((path) => fits(path) && (files.entry(path)?.size ?? LARGEST + 1) <= LARGEST);
}

/** Files that name `path`, other than those left out. A bare `Dockerfile` counts only where a folder tells which one. */
export function referencesTo(files: ProjectFiles, path: HostPath, except: readonly HostPath[]): readonly HostPath[] {
  const name = posix.basename(path);
  const needle = name === "Dockerfile" && hostDirectory(path) !== ROOT ? path : name;
  const pattern = new RegExp(`(?:^|[^\\w.-])${needle.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}(?![\\w.-])`);
  return callers(files).filter((file) => {
    if (except.includes(file) || FOREIGN.test(file)) return false;
    const read = files.read(file);
    return read.ok && isNamedIn(read.text, pattern, hasOwn(files, file, path));
  });
}

/** Whether another file of that name lies beside the one that names it, so that the bare name means that one. */
export function hasOwn(files: ProjectFiles, file: HostPath, path: HostPath): boolean {
  const beside = joinHost(hostDirectory(file), posix.basename(path));
  return beside !== undefined && beside !== path && files.entry(beside)?.kind === "file";
}

function isNamedIn(text: string, pattern: RegExp, withFolder: boolean): boolean {
  if (!withFolder) return pattern.test(text);
  return [...text.matchAll(new RegExp(pattern, "g"))].some(
    ({ 0: found }) => found.slice(1).includes("/") || found.startsWith("/"),
  );
}

/** Files that start a container from an image, or build on it: compose, CI and Kubernetes files, scripts, Dockerfiles. */
export function usesOfImage(files: ProjectFiles, reference: string, except: readonly HostPath[]): readonly HostPath[] {
  if (isPartlyUnknown(reference)) return [];
  const name = reference.replace(/:latest$/, "").replace(/[.*+?^$()[\]{}|\\]/g, "\\$&");
  const tag = reference.endsWith(":latest") ? "(?::latest)?" : "";
  const uses =
    "(?:^|\\n)[ \\t]*(?:-[ \\t]+)?(?:image:|FROM(?:[ \\t]+--\\S+)*|[^\\n]*(?:--from=|\\bdocker[ \\t]+(?:run|create|push|save)\\b[^\\n]*[ \\t]))";
  const pattern = new RegExp(`${uses}[ \\t]*["']?${name}${tag}(?![\\w./:@-])`, "i");
  return users(files).filter((file) => {
    if (except.includes(file)) return false;
    const read = files.read(file);
    return read.ok && pattern.test(read.text);
  });
}
