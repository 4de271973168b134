/**
 * `restage migrate`: prints what would change, with the reasons; with `--write` changes it.
 *
 *     restage migrate | git apply
 *     restage migrate --write
 *
 * What is not decided here: what changes (migrate.ts) and how files are written (project/apply.ts).
 */
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LocatedDiagnostic } from "../../diagnostics/to-json.ts";
import type { MigrateResult } from "../../migrate.ts";
import { maskSecrets } from "../../model/mask.ts";
import type { Migration } from "../../model/migration.ts";
import { visibleLine } from "../../text/visible.ts";
import type { MigrateArguments } from "../arguments.ts";
import { changeLines } from "../change-lines.ts";
import { printMigrations } from "../document.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { type Prepared, type Project, prepare } from "../prepare.ts";
import { shortSummary } from "../reasons.ts";
import { locateAll, reportDiagnostics, type SourceOf, sourcesOf } from "../report.ts";

export async function runMigrate(command: MigrateArguments, host: Host): Promise<ExitCode> {
  const conflict = conflictOf(command);
  if (conflict !== undefined) return fail(command, host, { ok: false, diagnostics: [usageProblem(conflict)] });
  const prepared = await prepare(host, command.directory, command, { writes: command.write });
  if (!prepared.ok) return fail(command, host, prepared);
  const { project } = prepared;
  const migrate = await host.loadMigrate();
  const result = migrate(project.files, project.options);
  if (!command.observe) return answer(command, host, await carryOut(command, host, project, result));
  const { observeImages } = await import("../observe-images.ts");
  const observed = await observeImages(command, host, project, result, (evidence) =>
    migrate(project.files, { ...project.options, evidence }),
  );
  if (!observed.ok) {
    fail(command, host, { ok: false, diagnostics: observed.diagnostics });
    return observed.exit;
  }
  const told = { ...project, warnings: [...project.warnings, ...observed.warnings] };
  const outcome = await carryOut(command, host, told, observed.result);
  return answer(command, host, outcome);
}

function conflictOf({ write, check, json, patch, observe, yes, networks }: MigrateArguments): string | undefined {
  const [stray] = [...(yes ? ["yes"] : []), ...Object.keys(networks)];
  if (!observe && stray !== undefined) return `the option "--${stray}" goes with "--observe"`;
  if (observe && json && !yes) return 'the option "--json" leaves nowhere to ask: give "--yes" too';
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
  if (json) printMigrations(host, { diagnostics: located, migrations: [] });
  else reportDiagnostics(host, located, sourceOf);
  return EXIT.usage;
}

/** What was found and done, to be said in one of the forms of output. */
interface Outcome {
  readonly migrations: readonly Migration[];
  /** Those of no single migration. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly sourceOf: SourceOf;
  /** Whether all that was asked for could be written. */
  readonly done: boolean;
}

async function carryOut(
  command: MigrateArguments,
  host: Host,
  project: Project,
  result: MigrateResult,
): Promise<Outcome> {
  const { migrations } = result;
  const sourceOf = sourcesOf(project.files);
  const said = [...locateAll([...project.warnings, ...nothingFound(command, result)], sourceOf), ...result.diagnostics];
  const failures = said.some(isError) ? [] : await writeFiles(command, host, project, migrations);
  const advice = failures.length > 0 ? [] : await patchAdvice(command, project, migrations);
  const diagnostics = [...said, ...locateAll([...failures, ...advice], sourceOf)];
  return { migrations, diagnostics, sourceOf, done: !diagnostics.some(isError) };
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

async function writeFiles(
  command: MigrateArguments,
  { cwd }: Host,
  { root }: Project,
  migrations: readonly Migration[],
): Promise<readonly Diagnostic[]> {
  const failures: Diagnostic[] = [];
  if (command.write) {
    const { applyChanges } = await import("../../project/apply.ts");
    const changes = migrations.flatMap((migration) => migration.changes);
    const result = applyChanges(root, changes, { force: command.force });
    if (!result.ok) failures.push(...result.diagnostics);
  }
  const file = patchFile(command);
  if (file !== undefined && failures.length === 0) {
    const { savePatch } = await import("../patch-file.ts");
    failures.push(...savePatch(cwd, file, migrations));
  }
  return failures;
}

/** A patch from a folder below its repository's top would be passed over without a word. */
async function patchAdvice(
  { write, check, json, patch }: MigrateArguments,
  { root }: Project,
  migrations: readonly Migration[],
): Promise<readonly Diagnostic[]> {
  const printed = patch !== undefined || !(write || check || json);
  if (!printed || !changesAnything(migrations)) return [];
  const { folderInRepository } = await import("../../project/repository.ts");
  const folder = folderInRepository(root);
  return folder === "" ? [] : [diagnostic("patch-below-top", { folder })];
}

function patchFile({ patch }: MigrateArguments): string | undefined {
  return patch === "-" ? undefined : patch;
}

async function answer(command: MigrateArguments, host: Host, outcome: Outcome): Promise<ExitCode> {
  const { migrations, diagnostics, sourceOf } = outcome;
  const all = [...diagnostics, ...migrations.flatMap((migration) => migration.diagnostics)];
  if (command.json) {
    printMigrations(host, { diagnostics, migrations });
  } else {
    host.stdout.write(await report(command, host, outcome));
    reportDiagnostics(host, all, sourceOf);
    host.stderr.write(notes(command, outcome, all.length === 0));
  }
  return all.some(isError) || (command.check && changesAnything(migrations)) ? EXIT.failed : EXIT.done;
}

async function report(command: MigrateArguments, host: Host, { migrations, done }: Outcome): Promise<string> {
  const summaries = migrations.map(summaryLine).join("");
  if (command.patch !== "-") {
    if (command.check) return migrations.filter(hasChanges).map(summaryLine).join("");
    if (command.write) return done ? summaries + migrations.flatMap(changeLines).join("") : summaries;
    if (command.patch !== undefined) return summaries;
  }
  const { explainedPatch, PATCH_WIDTH } = await import("../explained-patch.ts");
  const { isTerminal, columns } = host.stdout;
  const color = usesColor(host, host.stdout) && command.patch !== "-";
  const width = isTerminal ? Math.min(columns, PATCH_WIDTH) : PATCH_WIDTH;
  return explainedPatch(migrations, { color, safe: isTerminal || color, width });
}

function summaryLine({ id, verdict, summary }: Migration): string {
  return `${visibleLine(id)}: ${verdict}: ${visibleLine(maskSecrets(shortSummary(summary)))}\n`;
}

/** What is to be known beside the answer. */
function notes(command: MigrateArguments, { migrations, done }: Outcome, quiet: boolean): string {
  if (migrations.length === 0 && quiet) return "no Dockerfile and no build script was found\n";
  if (!done) return "";
  const file = patchFile(command);
  return (command.write ? writtenNote(migrations) : "") + (file === undefined ? "" : patchNote(file, migrations));
}

function writtenNote(migrations: readonly Migration[]): string {
  const count = migrations.flatMap(({ changes }) => changes).length;
  if (count === 0) return "nothing was written\n";
  return `${count} ${count === 1 ? "file" : "files"} written; "restage undo" restores what was there\n`;
}

function patchNote(file: string, migrations: readonly Migration[]): string {
  return changesAnything(migrations)
    ? `the patch is in "${visibleLine(file)}"\n`
    : "nothing changes: no patch was written\n";
}

function changesAnything(migrations: readonly Migration[]): boolean {
  return migrations.some(hasChanges);
}

function hasChanges({ changes }: Migration): boolean {
  return changes.length > 0;
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}
