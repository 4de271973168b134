/**
 * `restage scan`: what builds are there, and what each would gain.
 *
 *     shop
 *       SETUP          KIND             VERDICT     STAGES  GAIN
 *       build.sh       builder-script   migrated         2  One Dockerfile takes the place of two and of the copying between them.
 *       api/Dockerfile multi-stage      no-benefit       2  …
 *
 * A directory that cannot be read is reported, and the others are looked at all the same.
 */
import type { LocatedDiagnostic } from "../../diagnostics/to-json.ts";
import { maskSecrets } from "../../model/mask.ts";
import type { Migration } from "../../model/migration.ts";
import { cells, visibleLine } from "../../text/visible.ts";
import { wrapLine } from "../../text/wrap.ts";
import type { ScanArguments } from "../arguments.ts";
import { printDocument } from "../document.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { prepare } from "../prepare.ts";
import { shortSummary } from "../reasons.ts";
import { locateAll, reportDiagnostics, type SourceOf, sourcesOf } from "../report.ts";

interface Scanned {
  readonly directory: string;
  readonly opened: boolean;
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly migrations: readonly Migration[];
  readonly sourceOf: SourceOf;
}

export async function runScan({ directories, json }: ScanArguments, host: Host): Promise<ExitCode> {
  const scanned: Scanned[] = [];
  for (const directory of directories) scanned.push(await scan(directory, host));
  if (json) printDocument(host, { diagnostics: [], projects: scanned.map(projectDocument) });
  else for (const [index, project] of scanned.entries()) await show(project, host, index > 0 ? "\n" : "");
  return exitOf(scanned);
}

async function scan(directory: string, host: Host): Promise<Scanned> {
  const prepared = await prepare(host, directory, {});
  if (!prepared.ok) {
    const sourceOf = sourcesOf(prepared.files, prepared.sources);
    return {
      directory,
      opened: false,
      diagnostics: locateAll(prepared.diagnostics, sourceOf),
      migrations: [],
      sourceOf,
    };
  }
  const { files, options } = prepared.project;
  const result = (await host.loadMigrate())(files, options);
  return { directory, opened: true, ...result, sourceOf: sourcesOf(files) };
}

function exitOf(scanned: readonly Scanned[]): ExitCode {
  if (scanned.some(({ opened }) => !opened)) return EXIT.usage;
  const all = scanned.flatMap(({ diagnostics, migrations }) => [
    ...diagnostics,
    ...migrations.flatMap((m) => m.diagnostics),
  ]);
  return all.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done;
}

function projectDocument({ directory, diagnostics, migrations }: Scanned) {
  const setups = migrations.map(({ id, kind, verdict, summary, sources, stages, changes, diagnostics: own }) => ({
    id,
    kind,
    verdict,
    summary,
    sources,
    stages: stages.length,
    changes: changes.map(({ path, action }) => ({ path, action })),
    diagnostics: own,
  }));
  return { directory, diagnostics, setups };
}

const COLUMNS = ["SETUP", "KIND", "VERDICT", "STAGES", "GAIN"] as const;

async function show(
  { directory, diagnostics, migrations, opened, sourceOf }: Scanned,
  host: Host,
  before: string,
): Promise<void> {
  reportDiagnostics(host, diagnostics, sourceOf);
  if (!opened) return;
  const { createColors } = await import("picocolors");
  const { bold, dim } = createColors(usesColor(host, host.stdout));
  host.stdout.write(`${before}${bold(visibleLine(directory))}\n`);
  if (migrations.length === 0) host.stdout.write(`  ${dim("no Dockerfile and no build script")}\n`);
  else {
    const width = host.stdout.isTerminal ? host.stdout.columns : Number.POSITIVE_INFINITY;
    const [head = [], ...rows] = table([COLUMNS, ...migrations.map(row)], width - INDENT.length);
    for (const line of head) host.stdout.write(`${INDENT}${dim(line)}\n`);
    for (const line of rows.flat()) host.stdout.write(`${INDENT}${line}\n`);
  }
}

const INDENT = "  ";

function row({ id, kind, verdict, stages, summary }: Migration): readonly string[] {
  const place = id.slice(kind.length + 1);
  return [place, kind, verdict, String(stages.length), shortSummary(summary)].map((cell) =>
    visibleLine(maskSecrets(cell)),
  );
}

/** The lines of each row; the last column is broken between words where it passes `width`. */
function table(rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((texts) => cells(texts[column] ?? ""))));
  const before = widths.slice(0, -1).reduce((sum, own) => sum + own + "  ".length, 0);
  return rows.map((texts) => {
    const padded = texts.slice(0, -1).map((text, column) => text + " ".repeat((widths[column] ?? 0) - cells(text)));
    const room = Math.max(LEAST_ROOM, width - before);
    const [first, ...more] = wrapLine(texts.at(-1) ?? "", room, 0);
    return [[...padded, first].join("  ").trimEnd(), ...more.map((text) => " ".repeat(before) + text)];
  });
}

/** Where fewer columns are left, a terminal may as well break the lines itself. */
const LEAST_ROOM = 20;
