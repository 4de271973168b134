/**
 * Files that no reader takes for a driver and that call a container engine: recognised as a setup, so that nobody migrates half of
 * it, and refused; else each is said with the place of its first call.
 *
 *     buildspec.yml                               commands in another CI system's keys
 *       - docker build -t b -f Dockerfile.dev .
 *       - docker create --name tmp b
 *       - docker cp tmp:/go/bin/app .
 *       - docker build -t app .
 *     tasks.py: run(["docker", "build", "."])     commands in another language
 *
 * Their calls are found line by line, in the order in which they stand. That is enough to see which Dockerfiles belong together,
 * and too little to change the file.
 */

import { driverReader } from "../../drivers/registry.ts";
import type { Aside, ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { firstEngineCall } from "../../shell/engine-text.ts";
import { type HostPath, ROOT } from "../../text/paths.ts";
import type { Range } from "../../text/source.ts";
import { recognizeOtherDriver } from "./other-driver.ts";

const LARGEST = 512 * 1024;
const FOREIGN =
  /(?:^|\/)(?:Godeps|ISSUE_TEMPLATE|__tests__|bower_components|examples?|fixtures|node_modules|site-packages|spec|testdata|tests?|third_party|vendor|venv|\.venv)\//;

/** Files that may drive a build without being a shell script. */
export function otherDrivers(files: ProjectFiles): readonly HostPath[] {
  return [...files.walk(ROOT)].filter((path) => isDriver(path) && (files.entry(path)?.size ?? 0) <= LARGEST);
}

/** Languages that people write the steps of a build in, and the files of tools that run such steps. */
const PROGRAM =
  /(?:^|\/)(?:\.?justfile|[Rr]akefile|Vagrantfile|Fabfile|Gruntfile\.\w+|gulpfile\.\w+|SConstruct)$|\.(?:cjs|fish|go|gradle|groovy|js|just|kts|mjs|php|pl|py|rake|rb|ts)$/;
/** Words in the path of such a file; programs of any other name are the project's own. */
const STEPS =
  /build|docker|image|release|deploy|publish|make|task|script|tool|(?:^|\/)ci\b|just|mage|rake|gulp|grunt|vagrant|fab/i;

function isDriver(path: HostPath): boolean {
  if (driverReader(path) !== undefined) return !/(?:^|\/)(?:vendor|third_party|Godeps)\//.test(path);
  return isOtherLanguage(path);
}

/** Whether a file may hold steps of a build that no reader reads. */
export function isOtherLanguage(path: HostPath): boolean {
  if (driverReader(path) !== undefined || FOREIGN.test(path)) return false;
  return /\.ya?ml$/.test(path) || (PROGRAM.test(path) && STEPS.test(path));
}

/** Recognises a setup and refuses it, or says where the file calls an engine; `undefined` where it calls none. */
export function importOtherDriver(files: ProjectFiles, path: HostPath): ImportResult | Aside | undefined {
  const read = files.read(path);
  const text = read.ok ? withoutComments(read.text) : "";
  const call = firstEngineCall(text) ?? buildStep(path, text);
  if (call === undefined) return undefined;
  return recognizeOtherDriver(files, path, text, call);
}

/** Text with comment lines blanked out, at equal length. */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#(?!!)|\/\/|\*|--|;)[^\n]*/gm, (line) => " ".repeat(line.length));
}

/** A step that names an image of a builder: `name: gcr.io/cloud-builders/docker`. */
function buildStep(path: HostPath, text: string): Range | undefined {
  const match = /\bgcr\.io\/(?:cloud-builders\/docker|kaniko-project\/executor)\b|\bquay\.io\/buildah\//.exec(text);
  return match === null || !/\.ya?ml$/.test(path)
    ? undefined
    : { start: match.index, end: match.index + match[0].length };
}
