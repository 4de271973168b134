/**
 * `restage migrate`: prints what would change, with the reasons; with `--write` changes it.
 *
 *     restage migrate | git apply
 *     restage migrate --write
 *
 * What is not decided here: what changes (migrate.ts) and how files are written (project/apply.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LocatedDiagnostic } from "../../diagnostics/to-json.ts";
import type { MigrateResult } from "../../migrate.ts";
import type { Migration } from "../../model/migration.ts";
import { errorCode } from "../../project/read.ts";
import { visibleLine } from "../../text/visible.ts";
import type { MigrateArguments } from "../arguments.ts";
import { printMigrations } from "../document.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { type Prepared, type Project, prepare } from "../prepare.ts";
import { locateAll, reportDiagnostics, type SourceOf, sourcesOf } from "../report.ts";

export async function runMigrate(command: MigrateArguments, host: Host): Promise<ExitCode> {
  const conflict = conflictOf(command);
  if (conflict !== undefined) return fail(command, host, { ok: false, diagnostics: [usageProblem(conflict)] });
  const prepared = await prepare(host, command.directory, command, { writes: command.write });
  if (!prepared.ok) return fail(command, host, prepared);
  const { project } = prepared;
  const result = (await host.loadMigrate())(project.files, project.options);
  const outcome = await carryOut(command, host, project, result);
  return answer(command, host, outcome);
}

function conflictOf({ write, check, json, patch }: MigrateArguments): string | undefined {
  if (write && check) return 'the options "--write" and "--check" exclude each other';
  return json && patch === "-" ? 'the options "--json" and "--patch -" both want the standard output' : undefined;
}

function usageProblem(problem: string): Diagnostic {
  return diagnostic("command-line-invalid", { problem, command: "migrate" });
}

/** Nothing was read: what is wrong is usage or configuration. */
function fail({ json }: MigrateArguments, host: Host, failed: Extract<Prepared, { ok: false }>): ExitCode {
  const sourceOf = sourcesOf(failed.files, failed.sources);
  const located = locateAll(failed.diagnostics, sourceOf);
  if (json) printMigrations(host, located, []);
  else reportDiagnostics(host, located, sourceOf);
  return EXIT.usage;
}

/** What was found and done, to be said in one of the forms of output. */
interface Outcome {
  readonly migrations: readonly Migration[];
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly sourceOf: SourceOf;
  readonly written: boolean;
  readonly patched: boolean;
}

async function carryOut(
  command: MigrateArguments,
  host: Host,
  project: Project,
  result: MigrateResult,
): Promise<Outcome> {
  const sourceOf = sourcesOf(project.files);
  const said = [...locateAll([...project.warnings, ...nothingFound(command, result)], sourceOf), ...result.diagnostics];
  const broken = said.some(isError);
  const applied = command.write && !broken ? await apply(command, project, result.migrations) : [];
  const patched =
    command.patch !== undefined && command.patch !== "-" ? await savePatch(command.patch, host, result.migrations) : [];
  const diagnostics = [...said, ...locateAll([...applied, ...patched], sourceOf)];
  const done = !diagnostics.some(isError);
  const { migrations } = result;
  return {
    migrations,
    diagnostics,
    sourceOf,
    written: command.write && done,
    patched: command.patch !== undefined && done,
  };
}

/** Asked for one file that takes part in no build: better said than passed over. */
function nothingFound(
  { dockerfile, script }: MigrateArguments,
  { migrations, diagnostics }: MigrateResult,
): readonly Diagnostic[] {
  const path = script ?? dockerfile;
  if (path === undefined || migrations.length > 0 || diagnostics.some(isError)) return [];
  return [diagnostic("setup-missing", { path })];
}

async function apply(
  { force }: MigrateArguments,
  { root }: Project,
  migrations: readonly Migration[],
): Promise<readonly Diagnostic[]> {
  const { applyChanges } = await import("../../project/apply.ts");
  const changes = migrations.flatMap((migration) => migration.changes);
  const result = applyChanges(root, changes, { force });
  return result.ok ? [] : result.diagnostics;
}

async function savePatch(given: string, host: Host, migrations: readonly Migration[]): Promise<readonly Diagnostic[]> {
  const { explainedPatch, PATCH_START } = await import("../explained-patch.ts");
  const changing = migrations.filter(({ changes }) => changes.length > 0);
  if (changing.length === 0) return [];
  const file = resolve(host.cwd, given);
  try {
    if (!mayReplace(file, PATCH_START)) return [diagnostic("patch-not-replaced", { path: given })];
    writeFileSync(file, explainedPatch(changing, { color: false, safe: false }));
    return [];
  } catch (error) {
    return [diagnostic("write-denied", { path: given, detail: errorCode(error) })];
  }
}

/** `--patch Dockerfile` is a slip of the hand: only what is not there, is empty or is a patch is written over. */
function mayReplace(file: string, start: string): boolean {
  try {
    const text = readFileSync(file, "utf8");
    return text === "" || text.startsWith(start) || text.startsWith("diff --git ");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return true;
    throw error;
  }
}

async function answer(command: MigrateArguments, host: Host, outcome: Outcome): Promise<ExitCode> {
  const { migrations, diagnostics, sourceOf } = outcome;
  const all = [...diagnostics, ...migrations.flatMap((migration) => migration.diagnostics)];
  if (command.json) printMigrations(host, diagnostics, migrations);
  else {
    host.stdout.write(await report(command, host, outcome));
    reportDiagnostics(host, all, sourceOf);
    if (migrations.length === 0 && all.length === 0) host.stderr.write("no Dockerfile and no build script was found\n");
    if (outcome.written) host.stderr.write(writtenNote(migrations));
  }
  const found = command.check && migrations.some(({ changes }) => changes.length > 0);
  return all.some(isError) || found ? EXIT.failed : EXIT.done;
}

async function report(
  command: MigrateArguments,
  host: Host,
  { migrations, written, patched }: Outcome,
): Promise<string> {
  if (command.check)
    return migrations
      .filter(({ changes }) => changes.length > 0)
      .map(summaryLine)
      .join("");
  if (written) return migrations.map(summaryLine).join("") + migrations.flatMap(changeLines).join("");
  if (command.write || (patched && command.patch !== "-")) return migrations.map(summaryLine).join("");
  const { explainedPatch } = await import("../explained-patch.ts");
  const color = usesColor(host, host.stdout) && command.patch !== "-";
  return explainedPatch(migrations, { color, safe: host.stdout.isTerminal || color });
}

function summaryLine({ id, verdict, summary }: Migration): string {
  return `${visibleLine(id)}: ${verdict}: ${visibleLine(summary)}\n`;
}

const DONE = { create: "created", modify: "modified", delete: "deleted" } as const;

function changeLines({ changes }: Migration): readonly string[] {
  return changes.map(({ path, action }) => `  ${DONE[action].padEnd(8)}  ${visibleLine(path)}\n`);
}

function writtenNote(migrations: readonly Migration[]): string {
  const count = migrations.flatMap(({ changes }) => changes).length;
  if (count === 0) return "nothing was written\n";
  return `${count} ${count === 1 ? "file" : "files"} written; "restage undo" restores what was there\n`;
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}
