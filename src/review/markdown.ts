/**
 * Migrations as the text of a pull request:
 *
 *     ## Dockerfile becomes multi-stage       what and why, the stages as a mermaid graph, sizes and verification where there are some,
 *                                             decisions that are open, how to take it back
 *
 * GitHub and GitLab draw ```mermaid blocks (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams).
 * Everything out of files is escaped, so that it stays text, and masked where it looks like a secret.
 */
import { maskSecrets } from "../model/mask.ts";
import type { Migration, MigrationDecision, MigrationFlow } from "../model/migration.ts";
import type { ImageVerification, Verification } from "../model/verification.ts";
import { visibleLine } from "../text/visible.ts";

/** One section for each migration that changes something; what is refused or would gain nothing is a line at the end. */
export function migrationsToMarkdown(migrations: readonly Migration[]): string {
  const changing = migrations.filter(({ changes }) => changes.length > 0);
  const others = migrations.filter(({ changes }) => changes.length === 0);
  const left = others.map(({ id, summary }) => `- ${code(id)}: ${prose(summary)}`);
  return [
    ...changing.map(section),
    ...(left.length === 0 ? [] : [["## Left as it is", "", ...left, ""].join("\n")]),
  ].join("\n");
}

function section(migration: Migration): string {
  const { id, summary, changes, verification } = migration;
  const name = id.slice(id.indexOf(":") + 1);
  return [
    `## ${code(name)} becomes multi-stage`,
    "",
    prose(summary),
    "",
    ...graph(migration),
    "### Files",
    "",
    ...changes.map(({ path, action }) => `- ${action === "modify" ? "changed" : `${action}d`}: ${code(path)}`),
    "",
    ...(verification === undefined ? [] : verified(verification)),
    ...decisions(migration.decisions),
    "### Taking it back",
    "",
    "Revert this change. In the checkout where it was written, `restage undo` restores every file byte for byte.",
    "",
  ].join("\n");
}

/** Stages as boxes, moves as labelled arrows. */
function graph({ stages, flows }: Migration): readonly string[] {
  const names = stages.map(({ name, dockerfile }) => `${dockerfile}\n${name}`);
  const node = (dockerfile: string, stage: string): string => `s${names.indexOf(`${dockerfile}\n${stage}`)}`;
  const boxes = stages.map(
    ({ name, from, fromKind, dockerfile }) =>
      `  ${node(dockerfile, name)}["${label(name)}<br/>${label(fromKind === "stage" ? `on ${from}` : from)}"]`,
  );
  const arrows = flows
    .filter(({ from, to }) => from.kind === "stage" && names.includes(`${to.dockerfile}\n${from.name}`))
    .map(
      ({ from, to }) =>
        `  ${node(to.dockerfile, from.name)} -->|"${label(moved(from, to))}"| ${node(to.dockerfile, to.stage)}`,
    );
  if (boxes.length === 0) return [];
  return ["```mermaid", "flowchart TD", ...boxes, ...arrows, "```", ""];
}

function moved(from: MigrationFlow["from"], to: MigrationFlow["to"]): string {
  return from.path === to.path ? from.path : `${from.path} to ${to.path}`;
}

function verified({ verdict, summary, images }: Verification): readonly string[] {
  const head = ["### Verified by building and running", "", `**${verdict}**: ${prose(summary)}`, ""];
  if (images.length === 0) return head;
  return [
    ...head,
    "| image | before | after | share | configuration | files | libraries | behaviour |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...images.map(row),
    "",
  ];
}

function row({ target, size: { bytes }, configuration, files, libraries, behaviour }: ImageVerification): string {
  const share = bytes.before > 0 ? `${((100 * bytes.after) / bytes.before).toFixed(1)} %` : "";
  const checks = [configuration, files, libraries, behaviour].map(({ ok }) => (ok ? "ok" : "**differs**"));
  return `| ${[code(target), megabytes(bytes.before), megabytes(bytes.after), share, ...checks].join(" | ")} |`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Those that nobody is certain of, with what else there is. */
function decisions(all: readonly MigrationDecision[]): readonly string[] {
  const open = all.filter(({ confidence }) => confidence !== "certain");
  if (open.length === 0) return [];
  const lines = open.flatMap(({ id, question, chosen, options, confidence }) => {
    const others = options.filter(({ value }) => value !== chosen);
    const consequence = options.find(({ value }) => value === chosen)?.consequence ?? "";
    return [
      `- ${prose(question)} ${code(chosen)} (${confidence}). ${prose(consequence)}`,
      ...others.map(({ value, consequence: other }) => `  - or ${code(value)}: ${prose(other)}`),
      `  - answer ${code(id)} in ${code(".restage.yml")} to choose another one`,
    ];
  });
  return ["### Open decisions", "", ...lines, ""];
}

/** A code span: as many backticks around it as it takes (https://spec.commonmark.org/0.31.2/#code-spans). */
function code(text: string): string {
  const safe = visibleLine(maskSecrets(text)).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${safe}\`` : `${fence} ${safe} ${fence}`;
}

function prose(text: string): string {
  return visibleLine(maskSecrets(text)).replace(/[\\`*_{}[\]<>#|&~]/g, (mark) => `\\${mark}`);
}

/** Text in mermaid's quotes: marks as entities (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters). */
function label(text: string): string {
  return visibleLine(maskSecrets(text)).replace(/[^\w ./:@,+*=-]/g, (mark) => `#${mark.codePointAt(0)};`);
}
