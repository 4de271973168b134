/**
 * `restage undo`: restores what the last `restage migrate --write` changed; first of all what an interrupted one left behind.
 */
import { resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { openProject } from "../../project/read.ts";
import { recover } from "../../project/transaction.ts";
import { undoLast } from "../../project/undo.ts";
import { visibleLine } from "../../text/visible.ts";
import type { UndoArguments } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { locateAll, reportDiagnostics, sourcesOf } from "../report.ts";

export async function runUndo({ directory }: UndoArguments, host: Host): Promise<ExitCode> {
  const opened = openProject(resolve(host.cwd, directory), directory);
  if (!opened.ok) return say(host, [opened.diagnostic], EXIT.usage);
  const recovery = recover(opened.root, host.now());
  if (recovery.kind === "failed") return say(host, recovery.diagnostics, EXIT.failed);
  if (recovery.kind === "restored") {
    host.stdout.write("restored the files of an interrupted run\n");
    return EXIT.done;
  }
  const result = undoLast(opened.root);
  if (result.kind === "failed") return say(host, result.diagnostics, EXIT.failed);
  if (result.kind === "nothing") host.stderr.write("nothing was written that could be taken back\n");
  else host.stdout.write(result.files.map((path) => `restored  ${visibleLine(path)}\n`).join(""));
  return EXIT.done;
}

function say(host: Host, diagnostics: readonly Diagnostic[], exit: ExitCode): ExitCode {
  const sourceOf = sourcesOf(undefined);
  reportDiagnostics(host, locateAll(diagnostics, sourceOf), sourceOf);
  return exit;
}
