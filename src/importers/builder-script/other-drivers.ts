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

import { Reporter } from "../../diagnostics/diagnostic.ts";
import { driverReader } from "../../drivers/registry.ts";
import { shellScript } from "../../drivers/shell-script.ts";
import { DecisionLog } from "../../model/decision.ts";
import type { ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { baseName, type HostPath, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { recognize } from "./recognize.ts";
import { runDriver } from "./run-script.ts";

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
  const { text } = read;
  const script = engineLines(text);
  const id = `builder-script:${path}`;
  const decisions = new DecisionLog(id, {});
  const recognized = recognize(files, runDriver(files, shellScript(sourceFile(path, script))), {
    reporter: new Reporter(),
    decisions,
    setup: id,
  });
  const feeds =
    recognized !== undefined &&
    (recognized.groups.length > 0 || recognized.containerMade.length > 0 || recognized.streamed.length > 0);
  if (recognized === undefined || !feeds) return undefined;
  const reporter = new Reporter();
  const at = Math.max(0, text.search(/\b(?:docker|podman|nerdctl)\b/));
  reporter.report(
    "driver-unsupported",
    { path },
    { path, start: at, end: at + (/^\w+/.exec(text.slice(at))?.[0].length ?? 0) },
  );
  return {
    setup: {
      id,
      kind: "builder-script",
      sources: [
        { path, role: "driver" },
        ...recognized.dockerfiles.map((file) => ({ path: file, role: "dockerfile" }) as const),
      ],
    },
    verdict: "refused",
    summary: `"${path}" hands files from one image to the next, and only shell scripts that do so are migrated.`,
    diagnostics: reporter.diagnostics,
    decisions: [],
    unusedAnswers: [],
  };
}

/** The lines of any other file that call an engine or move files, without what stands around the command. */
function engineLines(text: string): string {
  const lines = text.replace(/[\\`]\r?\n/g, " ").split(/\r?\n/);
  return lines
    .map((line) =>
      line.replace(/^[\s>#*-]*(?:\$\s+)?(?:run:\s*\|?\s*|script:\s*|sh\s+["'](?=docker))?/, "").replace(/`+$/, ""),
    )
    .filter(
      (line) =>
        /^(?:sudo\s+)?(?:docker|podman|nerdctl)\s+\S/.test(line) ||
        /^(?:mkdir|md|cp|mv|rm)\s+\S/.test(line) ||
        /^\w+=\$\(docker /.test(line),
    )
    .join("\n");
}
