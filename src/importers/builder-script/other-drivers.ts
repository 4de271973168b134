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

import { Reporter } from "../../diagnostics/diagnostic.ts";
import { driverReader } from "../../drivers/registry.ts";
import { shellScript } from "../../drivers/shell-script.ts";
import { DecisionLog } from "../../model/decision.ts";
import type { Aside, ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { firstEngineCall } from "../../shell/engine-text.ts";
import { type HostPath, ROOT } from "../../text/paths.ts";
import { type Range, sourceFile } from "../../text/source.ts";
import { recognize } from "./recognize.ts";
import { runDriver } from "./run-script.ts";

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
  if (FOREIGN.test(path)) return false;
  return /\.ya?ml$/.test(path) || (PROGRAM.test(path) && STEPS.test(path));
}

/** Recognises a setup and refuses it, or says where the file calls an engine; `undefined` where it calls none. */
export function importOtherDriver(files: ProjectFiles, path: HostPath): ImportResult | Aside | undefined {
  const read = files.read(path);
  const text = read.ok ? withoutComments(read.text) : "";
  const call = firstEngineCall(text) ?? buildStep(path, text);
  if (call === undefined) return undefined;
  const id = `builder-script:${path}`;
  const decisions = new DecisionLog(id, {});
  const script = shellScript(sourceFile(path, engineLines(text)));
  const recognized = recognize(files, runDriver(files, script), { reporter: new Reporter(), decisions, setup: id });
  const feeds =
    recognized !== undefined &&
    (recognized.groups.length > 0 || recognized.containerMade.length > 0 || recognized.streamed.length > 0);
  const reporter = new Reporter();
  const span = { path, ...call };
  if (recognized === undefined || !feeds) {
    const step = lineAt(text, call.start).slice(0, 80);
    reporter.report("engine-step-unread", { step, reason: "files of this kind are not read" }, span);
    return { verdict: "aside", path, diagnostics: reporter.diagnostics };
  }
  reporter.report("driver-unsupported", { path }, span);
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
    summary: `"${path}" hands files from one image to the next, and files of its kind are not changed.`,
    diagnostics: reporter.diagnostics,
    decisions: [],
    unusedAnswers: [],
  };
}

/** Text with comment lines blanked out, at equal length. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#(?!!)|\/\/|\*|--|;)[^\n]*/gm, (line) => " ".repeat(line.length));
}

/** A step that names an image of a builder: `name: gcr.io/cloud-builders/docker`. */
function buildStep(path: HostPath, text: string): Range | undefined {
  const match = /\bgcr\.io\/(?:cloud-builders\/docker|kaniko-project\/executor)\b|\bquay\.io\/buildah\//.exec(text);
  return match === null || !/\.ya?ml$/.test(path)
    ? undefined
    : { start: match.index, end: match.index + match[0].length };
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? text.length : end).trim();
}

/** A list of words, as most languages write one: `["docker", "build", "."]`. */
const LISTED = /["'](docker|podman|nerdctl)["']\s*((?:,\s*["'][^"']*["']\s*)+)/g;

/** Commands that stand between quotes of another language. */
function inQuotes(line: string): readonly string[] {
  return [...line.matchAll(/["'`]((?:sudo\s+)?(?:docker|podman|nerdctl)\s[^"'`]*)/g)].flatMap(([, inner = ""]) =>
    inner.split(/&&|;/).map((command) => command.trim()),
  );
}

/** The lines of any other file that call an engine or move files, without what stands around the command. */
function engineLines(text: string): string {
  const listed = text.replace(LISTED, (_, program: string, words: string) =>
    [`"${program}`, ...[...words.matchAll(/["']([^"']*)["']/g)].map(([, word = ""]) => word)].join(" ").concat('"'),
  );
  const lines = listed
    .replace(/[\\`]\r?\n/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => [line, ...inQuotes(line)]);
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
