/**
 * `restage batch INPUT --out RUN`: the migrations of many repositories in one directory, to be looked at before anything changes.
 *
 *     restage batch repos.txt --out run       results/, patches/, journal.jsonl; no repository is changed
 *
 * One repository after the other; what is wrong with one stops no other. What is not decided here: what a run looks like on disk
 * (batch/run-directory.ts).
 */
import { resolve } from "node:path";
import { type BatchItem, readInput } from "../../batch/input.ts";
import { createRun, type JournalLine, type RunDirectory } from "../../batch/run-directory.ts";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import { type MigrateResult, type MigrationDocument, toDocument } from "../../model/json.ts";
import type { Migration, Verdict } from "../../model/migration.ts";
import { visibleJson, visibleLine } from "../../text/visible.ts";
import { VERSION } from "../../version.ts";
import type { BatchArguments } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { explainedPatch, PATCH_WIDTH } from "../explained-patch.ts";
import type { Host } from "../host.ts";
import { prepare } from "../prepare.ts";
import { locateAll, reportProblem } from "../report.ts";

export async function runBatch(command: BatchArguments, host: Host): Promise<ExitCode> {
  const { input, out, nul } = command;
  if (out === undefined)
    return fail(
      host,
      diagnostic("command-line-invalid", { problem: 'the option "--out" is missing', command: "batch" }),
    );
  const read = readInput(host.cwd, input, { nul });
  if (!read.ok) return fail(host, read.diagnostic);
  const { items } = read;
  const tool = { name: "restage", version: VERSION } as const;
  const repositories = items.map(({ name, path }) => ({ name, path }));
  const created = createRun(resolve(host.cwd, out), out, {
    schema: 1,
    tool,
    input: resolve(host.cwd, input),
    repositories,
  });
  if (!created.ok) return fail(host, created.diagnostic);
  const lines: JournalLine[] = [];
  for (const [index, item] of items.entries()) {
    const line = await guarded(item, command, host, created.run);
    lines.push(line);
    tell(line, item, `${index + 1}/${items.length}`, command, host);
  }
  if (command.json) host.stdout.write(`${JSON.stringify({ event: "end", ...totals(lines) })}\n`);
  else host.stdout.write(summary(totals(lines)));
  return lines.some(({ outcome }) => outcome === "failed") ? EXIT.failed : EXIT.done;
}

function fail(host: Host, problem: Diagnostic): ExitCode {
  reportProblem(host, problem);
  return EXIT.usage;
}

/** Our own bug in one repository is that one's result. */
async function guarded(item: BatchItem, command: BatchArguments, host: Host, run: RunDirectory): Promise<JournalLine> {
  try {
    return await convert(item, command, host, run);
  } catch (error) {
    const problem = `restage failed: ${error instanceof Error ? error.message : String(error)}`;
    const diagnostics = locateAll([diagnostic("internal-error", { problem })], () => undefined);
    return failed(item, problem, toDocument({ migrations: [], diagnostics }, VERSION), run);
  }
}

function failed(item: BatchItem, problem: string, document: MigrationDocument, run: RunDirectory): JournalLine {
  const line = { schema: 1, name: item.name, outcome: "failed", verdicts: {}, problem } as const;
  run.finish(item, line, document, "");
  return line;
}

async function convert(
  item: BatchItem,
  { answers, smallest }: BatchArguments,
  host: Host,
  run: RunDirectory,
): Promise<JournalLine> {
  const limits = {
    ...(answers === undefined ? {} : { answers: resolve(host.cwd, answers) }),
    ...(smallest === undefined ? {} : { smallest }),
  };
  const prepared = await prepare(host, item.path, limits);
  if (!prepared.ok) {
    const problem = prepared.diagnostics.map(({ message }) => message).join("; ");
    const diagnostics = locateAll(prepared.diagnostics, () => undefined);
    return failed(item, problem, toDocument({ migrations: [], diagnostics }, VERSION), run);
  }
  const { files, options } = prepared.project;
  const result: MigrateResult = (await host.loadMigrate())(files, options);
  const line = { schema: 1, name: item.name, outcome: "done", verdicts: verdictsOf(result.migrations) } as const;
  const changing = result.migrations.filter(({ changes }) => changes.length > 0);
  const patch = explainedPatch(changing, { color: false, safe: false, width: PATCH_WIDTH });
  run.finish(item, line, toDocument(result, VERSION), patch);
  return line;
}

function verdictsOf(migrations: readonly Migration[]): JournalLine["verdicts"] {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of migrations) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** A line for each repository: for programs on the output, for people on the error stream. */
function tell(line: JournalLine, { given }: BatchItem, at: string, { json }: BatchArguments, host: Host): void {
  if (json) {
    host.stdout.write(`${visibleJson(JSON.stringify({ event: "repository", ...line }))}\n`);
    return;
  }
  const verdicts = Object.entries(line.verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  const said = line.problem ?? (verdicts.length === 0 ? "nothing found" : verdicts.join(", "));
  host.stderr.write(`${at}  ${visibleLine(given)}: ${visibleLine(said)}\n`);
}

const ROWS: readonly (readonly [Verdict, string])[] = [
  ["migrated", "can be migrated"],
  ["partial", "can be migrated in part"],
  ["no-benefit", "would gain nothing"],
  ["refused", "refused"],
];

interface Totals {
  readonly repositories: number;
  readonly failed: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

function totals(lines: readonly JournalLine[]): Totals {
  const verdicts = { migrated: 0, partial: 0, "no-benefit": 0, refused: 0 };
  for (const line of lines) for (const [verdict] of ROWS) verdicts[verdict] += line.verdicts[verdict] ?? 0;
  return { repositories: lines.length, failed: lines.filter(({ outcome }) => outcome === "failed").length, verdicts };
}

function summary({ repositories, failed, verdicts }: Totals): string {
  const rows = ROWS.map(([verdict, words]) => `${String(verdicts[verdict]).padStart(6)}  setups ${words}\n`);
  const broken = failed > 0 ? `, ${failed} of which could not be read` : "";
  return [...rows, `${String(repositories).padStart(6)}  repositories${broken}\n`].join("");
}
