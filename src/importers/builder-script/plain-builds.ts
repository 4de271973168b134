/**
 * Whether people build a Dockerfile as it is, without a target, besides what the driver does with it.
 *
 *     README.md beside it:   docker build -t app .
 *     Dockerfile:            ENTRYPOINT ["/app"], in its last stage, and the driver starts no container of it
 *
 * A stage for exports must not become what they get then. What is not decided here: calls in scripts and CI files (references.ts).
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, hostDirectory, ROOT } from "../../text/paths.ts";
import type { LinkedBuild } from "./links.ts";
import { effectsOf } from "./located.ts";
import type { ScriptRun } from "./run-script.ts";

const LARGEST = 256 * 1024;

export function isBuiltPlainly(files: ProjectFiles, { build, document, target }: LinkedBuild, run: ScriptRun): boolean {
  const { path } = build.file;
  const isLast = target === document.stages.length - 1;
  const starts = document.stages[target]?.instructions.some(({ kind }) => kind === "cmd" || kind === "entrypoint");
  const worked = effectsOf(run, "create").some(({ effect }) => effect.runs && effect.image === build.id);
  if (isLast && starts === true && !worked && baseName(path) === "Dockerfile") return true;
  return isDocumented(files, path);
}

/** A call in the documentation beside the file, or in the root's with its path. */
function isDocumented(files: ProjectFiles, path: HostPath): boolean {
  const folder = hostDirectory(path);
  return [...files.walk(ROOT)].some((file) => {
    const beside = hostDirectory(file) === folder;
    if (!/\.(?:md|rst|adoc)$/i.test(file) || !(beside || hostDirectory(file) === ROOT)) return false;
    if ((files.entry(file)?.size ?? LARGEST + 1) > LARGEST) return false;
    const read = files.read(file);
    return read.ok && read.text.split("\n").some((line) => builds(line, path, beside));
  });
}

function builds(line: string, path: HostPath, beside: boolean): boolean {
  if (!/\b(?:docker|podman|nerdctl)\s+(?:buildx\s+|image\s+)?build\b/.test(line) || /--target\b/.test(line))
    return false;
  if (/\s(?:-f|--file)\b/.test(line)) return named(line, beside ? baseName(path) : path);
  const folder = hostDirectory(path);
  if (baseName(path) !== "Dockerfile") return false;
  return beside ? /\s\.\/?(?:\s|$|`|\\)/.test(line) || /\\\s*$/.test(line) : line.includes(folder);
}

function named(line: string, name: string): boolean {
  return line.split(/[\s"'`=]+/).some((word) => word === name || word.endsWith(`/${name}`));
}
