/**
 * `restage review RUN --html FILE`: a run of `restage batch` as one self-contained page.
 *
 *     restage review run --html report.html
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readRun } from "../../batch/run-directory.ts";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { errorCode } from "../../project/read.ts";
import { reportToHtml } from "../../review/report.ts";
import { visibleLine } from "../../text/visible.ts";
import type { ReviewArguments } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { reportProblem } from "../report.ts";

export async function runReview({ run, html }: ReviewArguments, host: Host): Promise<ExitCode> {
  if (html === undefined)
    return fail(
      host,
      diagnostic("command-line-invalid", { problem: 'the option "--html" is missing', command: "review" }),
      EXIT.usage,
    );
  const read = readRun(resolve(host.cwd, run));
  if (read === undefined) return fail(host, diagnostic("run-unreadable", { path: run }), EXIT.usage);
  const repositories = read.repositories.map(({ line, document }) => ({
    name: line.name,
    migrations: document.migrations,
    ...(line.problem === undefined ? {} : { problem: line.problem }),
  }));
  try {
    writeFileSync(resolve(host.cwd, html), reportToHtml(repositories));
  } catch (error) {
    return fail(host, diagnostic("write-denied", { path: html, detail: errorCode(error) }), EXIT.failed);
  }
  host.stderr.write(`${repositories.length} repositories are in ${visibleLine(html)}\n`);
  return EXIT.done;
}

function fail(host: Host, problem: Diagnostic, exit: ExitCode): ExitCode {
  reportProblem(host, problem);
  return exit;
}
