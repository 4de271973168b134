/**
 * Recognises a builder setup in the lines of a file that is no shell script, and refuses it by name.
 *
 *     README.md    $ docker build -t b -f Dockerfile.dev .    two builds with a hand-over: "driver-unsupported"
 *
 * What is not decided here: which files are worth the reading (other-drivers.ts). The command line loads this file when one is.
 */
import { Reporter } from "../../diagnostics/diagnostic.ts";
import { shellScript } from "../../drivers/shell-script.ts";
import { DecisionLog } from "../../model/decision.ts";
import type { ImportResult } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { recognize } from "./recognize.ts";
import { runDriver } from "./run-script.ts";

/** The refusal of a setup; `undefined` where the text drives none. */
export function recognizeOtherDriver(files: ProjectFiles, path: HostPath, text: string): ImportResult | undefined {
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
