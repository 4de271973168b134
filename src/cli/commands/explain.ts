/**
 * `restage explain`: each line of the result with the reason why it is there, and what is gone with the reason why.
 *
 *     Dockerfile
 *         1   FROM golang:1.22 AS builder
 *             └ This image was built on its own before; now it is a stage.
 *               Dockerfile.build:1:1  FROM golang:1.22
 */
import type { LocatedDiagnostic } from "../../diagnostics/to-json.ts";
import { maskSecrets } from "../../model/mask.ts";
import type { ExplainedLine, FileChange, Migration, Place } from "../../model/migration.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { visibleLine } from "../../text/visible.ts";
import { wrapLine } from "../../text/wrap.ts";
import type { ExplainArguments } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { prepare } from "../prepare.ts";
import { type Reason, reasonsOfRemovals, shortSummary } from "../reasons.ts";
import { locateAll, reportDiagnostics, sourcesOf } from "../report.ts";

interface Paper {
  /** Columns that reasons may fill; lines of files are never broken. */
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export async function runExplain(command: ExplainArguments, host: Host): Promise<ExitCode> {
  const prepared = await prepare(host, command.directory, command);
  if (!prepared.ok) {
    const sourceOf = sourcesOf(prepared.files, prepared.sources);
    reportDiagnostics(host, locateAll(prepared.diagnostics, sourceOf), sourceOf);
    return EXIT.usage;
  }
  const { files, options } = prepared.project;
  const { migrations, diagnostics } = (await host.loadMigrate())(files, options);
  if (command.markdown) {
    const { migrationsToMarkdown } = await import("../../review/markdown.ts");
    host.stdout.write(migrationsToMarkdown(migrations));
    return finish(host, files, migrations, diagnostics);
  }
  const { createColors } = await import("picocolors");
  const paper = { ...createColors(usesColor(host, host.stdout)), width: Math.min(host.stdout.columns, 120) };
  host.stdout.write(migrations.map((migration) => explain(migration, paper)).join("\n"));
  return finish(host, files, migrations, diagnostics);
}

function finish(
  host: Host,
  files: ProjectFiles,
  migrations: readonly Migration[],
  diagnostics: readonly LocatedDiagnostic[],
): ExitCode {
  const all = [...diagnostics, ...migrations.flatMap((migration) => migration.diagnostics)];
  reportDiagnostics(host, all, sourcesOf(files));
  if (migrations.length === 0 && all.length === 0) host.stderr.write("no Dockerfile and no build script was found\n");
  return all.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done;
}

function explain(migration: Migration, paper: Paper): string {
  const { id, verdict, summary, changes } = migration;
  const head = `${paper.bold(`${visibleLine(id)}: ${verdict}`)}\n${wrapLine(safe(shortSummary(summary)), paper.width, 0).join("\n")}\n`;
  return head + changes.map((change) => `\n${explainChange(change, migration, paper)}`).join("");
}

function explainChange(change: FileChange, { explanation, removed }: Migration, paper: Paper): string {
  const title = paper.bold(visibleLine(change.action === "delete" ? `${change.path} (deleted)` : change.path));
  const ends = new Map<number, ExplainedLine[]>();
  for (const line of explanation) {
    if (line.path === change.path) ends.set(line.lastLine, [...(ends.get(line.lastLine) ?? []), line]);
  }
  const written = linesOf(change.after).map((line, index) => {
    const reasons = (ends.get(index + 1) ?? []).map((reason) => because(reason, paper));
    return `${numbered(index + 1, " ", line)}${reasons.join("")}`;
  });
  const old = linesOf(change.before);
  const gone = reasonsOfRemovals(change.path, removed).map((reason) => goneLines(old, reason, paper));
  return `${title}\n${written.join("")}${gone.join("")}`;
}

/** Lines of the old file, and why they are no more. */
function goneLines(old: readonly string[], { firstLine, lastLine, text }: Reason, paper: Paper): string {
  const lines = old.slice(firstLine - 1, lastLine).map((line, index) => numbered(firstLine + index, "-", line));
  return `${paper.dim(lines.join(""))}${reasonText(`removed: ${text}`, paper)}`;
}

function numbered(line: number, mark: " " | "-", text: string): string {
  return `${`${String(line).padStart(5)} ${mark} ${safe(text)}`.trimEnd()}\n`;
}

function because({ firstLine, lastLine, reason, confidence, because: places }: ExplainedLine, paper: Paper): string {
  const range = firstLine === lastLine ? "" : `${firstLine}-${lastLine}: `;
  const doubt = confidence === "certain" ? "" : ` [${confidence}]`;
  return reasonText(`${range}${reason}${doubt}`, paper) + places.map((place) => from(place, paper)).join("");
}

function reasonText(text: string, { cyan, width }: Paper): string {
  const lines = wrapLine(`        └ ${safe(text)}`, width, "        └ ".length);
  return lines.map((line) => `${cyan(line)}\n`).join("");
}

function from({ path, line, column, text }: Place, paper: Paper): string {
  return paper.dim(`          ${visibleLine(path)}:${line}:${column}  ${safe(text)}\n`);
}

/** One line that may be shown: no control characters, no secrets. */
function safe(text: string): string {
  return visibleLine(maskSecrets(text));
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}
