/**
 * Builder setups whose driver is no shell script: recognised, so that nobody migrates half of them, and refused.
 *
 *     script:                                     a CI job: the lines with commands, read as a shell script
 *       - docker build -t b -f Dockerfile.dev .
 *       - docker create --name tmp b
 *       - docker cp tmp:/go/bin/app .
 *       - docker build -t app .
 *
 * CI files, other shells' scripts and documentation are read line by line for calls of a container engine, in the
 * order in which they stand. That is enough to see which Dockerfiles belong together, and too little to rewrite the file.
 */
import { driverReader } from "../../drivers/registry.ts";
import type { ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, ROOT } from "../../text/paths.ts";
import { recognizeOtherDriver } from "./other-driver.ts";

const LARGEST = 512 * 1024;
/** What every such setup has: a build, and a way for files out of a container. */
const LIKELY = /\b(?:docker|podman|nerdctl)\b[\s\S]*\bbuild\b/;
const WAY_OUT = /\bcp\b|\brun\b|\bexport\b/;

/** Files that may drive a build without being a shell script. */
export function otherDrivers(files: ProjectFiles): readonly HostPath[] {
  return [...files.walk(ROOT)].filter((path) => isDriver(path) && (files.entry(path)?.size ?? 0) <= LARGEST);
}

function isDriver(path: HostPath): boolean {
  if (/(?:^|\/)(?:vendor|third_party|Godeps)\//.test(path)) return false;
  return (
    driverReader(path) !== undefined ||
    /^(?:GNUmakefile|[Mm]akefile|Jenkinsfile|README(?:\.\w+)?)$|\.(?:mk|ya?ml|ps1|bat|cmd|md)$/.test(baseName(path))
  );
}

/** Recognises a setup and refuses it; `undefined` where the file drives none. */
export function importOtherDriver(files: ProjectFiles, path: HostPath): ImportResult | undefined {
  const read = files.read(path);
  if (!read.ok || !LIKELY.test(read.text) || !WAY_OUT.test(read.text)) return undefined;
  return recognizeOtherDriver(files, path, read.text);
}
