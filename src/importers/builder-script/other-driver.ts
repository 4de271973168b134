/**
 * Recognises a builder setup in the lines of a file that is no shell script, and refuses it by name; else says the first call.
 *
 *     README.md    $ docker build -t b -f Dockerfile.dev .    two builds with a hand-over: "driver-unsupported"
 *
 * What is not decided here: which files are worth the reading (other-drivers.ts). The command line loads this file when one is.
 */
import { Reporter } from "../../diagnostics/diagnostic.ts";
import { shellScript } from "../../drivers/shell-script.ts";
import { DecisionLog } from "../../model/decision.ts";
import type { Aside, ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { type Range, sourceFile } from "../../text/source.ts";
import { recognize } from "./recognize.ts";
import { runDriver } from "./run-script.ts";

/** The refusal of a setup, or what is said of a call that is part of none. `text` has no comments; `call` is in it. */
export function recognizeOtherDriver(
  files: ProjectFiles,
  path: HostPath,
  text: string,
  call: Range,
): ImportResult | Aside {
  const id = `builder-script:${path}`;
  const decisions = new DecisionLog(id, {});
  const recognized = recognize(files, runLines(files, path, text), { reporter: new Reporter(), decisions, setup: id });
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

/** A run of the lines of a file that call an engine or move files. */
export function runLines(files: ProjectFiles, path: HostPath, text: string): ReturnType<typeof runDriver> {
  return runDriver(files, shellScript(sourceFile(path, engineLines(text))));
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
    .map((line) => line.replace(/^[\s>#*-]*(?:\$\s+)?(?:run:\s*\|?\s*|script:\s*)?/, "").replace(/`+$/, ""))
    .filter(
      (line) =>
        /^(?:sudo\s+)?(?:docker|podman|nerdctl)\s+\S/.test(line) ||
        /^(?:mkdir|md|cp|mv|rm)\s+\S/.test(line) ||
        /^\w+=\$\(docker /.test(line),
    )
    .join("\n");
}
