/**
 * Migrations of one repository or of many as one self-contained page: a list with counts, and for each setup its stages, its diff with
 * the reason of every line, its decisions and its verification.
 *
 *     reportToHtml([{ name: "shop", migrations }])
 *
 * No script at all, so that none can be reached: a policy forbids them and whatever would be fetched, and every text is escaped. Works from
 * a file, on a phone and on paper; light and dark as the reader's system is.
 */
import { maskSecrets } from "../model/mask.ts";
import type {
  FileChange,
  Migration,
  MigrationDecision,
  MigrationFlow,
  MigrationStage,
  Place,
} from "../model/migration.ts";
import { escapeHtml, htmlPage } from "../text/html.ts";
import { type DiffRow, diffRows } from "./diff-rows.ts";
import { highlightLine } from "./highlight.ts";
import { STYLE } from "./style.ts";

export interface ReviewedRepository {
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** Why it could not be read. */
  readonly problem?: string;
}

export function reportToHtml(repositories: readonly ReviewedRepository[]): string {
  const setups = repositories.flatMap(({ name, migrations }) => migrations.map((migration) => ({ name, migration })));
  const broken = repositories.filter(({ problem }) => problem !== undefined);
  const body = `<header><h1>Review</h1>
<p>${counts(setups.map(({ migration }) => migration))}</p></header>
<nav aria-label="Setups"><table><thead><tr><th>repository</th><th>setup</th><th>verdict</th><th>what</th><th>size</th></tr></thead><tbody>
${setups.map(({ name, migration }, index) => listRow(name, migration, index)).join("\n")}
${broken.map(({ name, problem = "" }) => `<tr><td>${safe(name)}</td><td></td><td class="refused">failed</td><td>${safe(problem)}</td><td></td></tr>`).join("\n")}
</tbody></table></nav>
<main>
${setups.map(({ name, migration }, index) => section(name, migration, index)).join("\n")}
</main>`;
  return htmlPage({ title: "restage: review", style: STYLE, body });
}

const VERDICTS = ["migrated", "partial", "no-benefit", "refused"] as const;

function counts(migrations: readonly Migration[]): string {
  const parts = VERDICTS.map(
    (verdict) => [verdict, migrations.filter((one) => one.verdict === verdict).length] as const,
  );
  const shown = parts
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `<span class="${verdict}">${count} ${verdict}</span>`);
  return shown.length === 0 ? "Nothing was found." : shown.join(", ");
}

function listRow(name: string, { id, verdict, summary, verification }: Migration, index: number): string {
  const [image] = verification?.images ?? [];
  const size =
    image === undefined ? "" : `${megabytes(image.size.bytes.before)} → ${megabytes(image.size.bytes.after)}`;
  return `<tr><td>${safe(name)}</td><td><a href="#setup-${index}">${safe(id)}</a></td><td class="${verdict}">${verdict}</td><td>${safe(summary)}</td><td>${size}</td></tr>`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function section(name: string, migration: Migration, index: number): string {
  const { id, verdict, summary, changes, decisions, diagnostics, verification } = migration;
  const told = diagnostics.map(
    ({ severity, message, help, path, line }) =>
      `<li class="${severity}">${safe(message)}${path === undefined ? "" : ` <code>${safe(path)}${line === undefined ? "" : `:${line}`}</code>`}${help === undefined ? "" : `<br><small>${safe(help)}</small>`}</li>`,
  );
  return `<section id="setup-${index}" aria-labelledby="title-${index}">
<h2 id="title-${index}">${safe(name)}: ${safe(id)} <span class="${verdict}">${verdict}</span></h2>
<p>${safe(summary)}</p>
${told.length === 0 ? "" : `<ul class="told">${told.join("")}</ul>`}
${stagesPicture(migration)}
${changes.map((change) => fileDiff(change, migration)).join("\n")}
${decisions.length === 0 ? "" : decisionsTable(decisions)}
${verification === undefined ? "" : `<h3>Verification: ${safe(verification.verdict)}</h3><p>${safe(verification.summary)}</p>`}
</section>`;
}

/** Stages as boxes from top to bottom; above each, what it takes, with the line that caused it. */
function stagesPicture({ stages, flows }: Migration): string {
  if (stages.length === 0) return "";
  const boxes = stages.map((stage) => {
    const takes = flows.filter(
      ({ from, to }) => from.kind !== "context" && to.stage === stage.name && to.dockerfile === stage.dockerfile,
    );
    return `${takes.map(arrow).join("")}${box(stage)}`;
  });
  return `<h3>Stages</h3><ol class="stages">${boxes.join("")}</ol>`;
}

function box({ name, role, from, fromKind }: MigrationStage): string {
  return `<li class="stage"><strong>${safe(name)}</strong> <span class="dim">${safe(role)}</span><br><code>${safe(fromKind === "stage" ? `on ${from}` : from)}</code></li>`;
}

function arrow({ from, to, because }: MigrationFlow): string {
  const path = from.path === to.path ? from.path : `${from.path} → ${to.path}`;
  return `<li class="flow"><details><summary><span aria-hidden="true">↓</span> <code>${safe(path)}</code> from ${safe(from.name)}</summary>${because.map(place).join("")}</details></li>`;
}

function place({ path, line, text }: Place): string {
  return `<div class="place"><code>${safe(path)}:${line}</code> <code>${highlightLine(text, path)}</code></div>`;
}

function fileDiff(change: FileChange, migration: Migration): string {
  const rows = diffRows(change, migration).map((row) => diffRow(row, change.path));
  const note = { modify: "", create: " (new)", delete: " (deleted)" }[change.action];
  return `<h3><code>${safe(change.path)}</code>${note}</h3><div class="scroll" tabindex="0" role="region" aria-label="${safe(change.path)}"><table class="diff"><colgroup><col class="number"><col class="number"><col class="mark"><col></colgroup><tbody>${rows.join("\n")}</tbody></table></div>`;
}

const MARKS = { kept: " ", added: "+", removed: "-" } as const;

function diffRow(row: DiffRow, path: string): string {
  switch (row.kind) {
    case "hunk":
      return `<tr class="hunk"><td colspan="3">line ${row.line}</td><td></td></tr>`;
    case "because": {
      const doubt = row.confidence === undefined || row.confidence === "certain" ? "" : ` <em>${row.confidence}</em>`;
      const text = `${safe(row.text)}${doubt}`;
      const inside =
        row.places.length === 0
          ? text
          : `<details><summary>${text}</summary>${row.places.map(place).join("")}</details>`;
      return `<tr class="because"><td></td><td></td><td></td><td>${inside}</td></tr>`;
    }
    default:
      return `<tr class="${row.kind}"><td>${row.before ?? ""}</td><td>${row.after ?? ""}</td><td>${MARKS[row.kind]}</td><td><code>${highlightLine(row.text, path)}</code></td></tr>`;
  }
}

function decisionsTable(decisions: readonly MigrationDecision[]): string {
  const rows = decisions.map(({ id, question, chosen, confidence, options }) => {
    const listed = options.map(
      ({ value, label, consequence }) =>
        `<li${value === chosen ? ' class="chosen"' : ""}><code>${safe(value)}</code>${label === value ? "" : ` ${safe(label)}`}. ${safe(consequence)}</li>`,
    );
    return `<tr><td><code>${safe(id)}</code></td><td>${safe(question)}<ul>${listed.join("")}</ul></td><td>${confidence}</td></tr>`;
  });
  return `<h3>Decisions</h3><table><thead><tr><th>id</th><th>question and options</th><th>how sure</th></tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

function safe(text: string): string {
  return escapeHtml(maskSecrets(text));
}
