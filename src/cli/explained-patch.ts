/**
 * A migration as a patch that `git apply` takes, with the reasons as text that git ignores:
 *
 *     # builder-script:build.sh: migrated
 *     # The image is built in one Dockerfile with two stages.
 *     #
 *     # Dockerfile
 *     #   3-4  the compiler stays in the build stage (Dockerfile.build:1)
 *     diff --git a/Dockerfile b/Dockerfile
 *
 * Git skips what stands before a `diff --git` line; every line of text starts with `#`, so that none can be taken for a part of
 * the diff.
 */
import { createColors } from "picocolors";
import { maskSecrets } from "../model/mask.ts";
import type { FileChange, Migration, MigrationDecision } from "../model/migration.ts";
import { fileDiff } from "../text/diff.ts";
import { visible, visibleLine } from "../text/visible.ts";
import { wrapLine } from "../text/wrap.ts";
import { placesInShort, type Reason, reasonsOfLines, reasonsOfRemovals, shortSummary } from "./reasons.ts";

/** Text for the reader, or a part of the diff, which is exact. */
interface Part {
  readonly kind: "text" | "diff";
  readonly text: string;
}

/** The first words of a patch of ours, by which an older one may be replaced. */
export const PATCH_START = "# restage:";

export interface PatchStyle {
  readonly color: boolean;
  /** For a terminal: control characters of the files are shown, not sent. Such a patch is for reading only. */
  readonly safe: boolean;
  /** Columns that the text of the reasons may fill; the diff is never broken. */
  readonly width: number;
}

/** For readers that are no terminal. */
export const PATCH_WIDTH = 112;

/** All migrations, in order. */
export function explainedPatch(migrations: readonly Migration[], style: PatchStyle): string {
  const parts = migrations.flatMap((migration) => [
    ...head(migration, style),
    ...migration.changes.flatMap((c) => changeParts(c, migration, style)),
  ]);
  return parts.map((part) => show(part, style)).join("");
}

function head({ id, verdict, summary, decisions }: Migration, style: PatchStyle): readonly Part[] {
  const choices = decisions.length === 0 ? [] : ["", 'Decisions (answer them in .restage.yml, under this id or "*"):'];
  return [
    comment([`restage: ${id}: ${verdict}`, shortSummary(summary), ...choices, ...decisions.flatMap(choice)], style),
  ];
}

function choice({ id, chosen, confidence, question, options }: MigrationDecision): readonly string[] {
  const others = options.map(({ value }) => value).filter((value) => value !== chosen);
  const rest = others.length === 0 ? "" : `; or ${others.join(", ")}`;
  return [`  ${id}: ${chosen} (${confidence}${rest})`, `    ${question}`];
}

function changeParts(change: FileChange, { explanation, removed }: Migration, style: PatchStyle): readonly Part[] {
  const reasons = [...reasonsOfLines(change.path, explanation), ...reasonsOfRemovals(change.path, removed)];
  const note = { modify: "", create: " (new)", delete: " (deleted)" }[change.action];
  const text = comment(["", `${change.path}${note}`, ...reasons.map(reasonLine)], style);
  return [text, { kind: "diff", text: fileDiff(change) }];
}

function reasonLine({ kind, firstLine, lastLine, text, because }: Reason): string {
  const range = firstLine === lastLine ? `${firstLine}` : `${firstLine}-${lastLine}`;
  const shown = placesInShort(because);
  return `  ${range.padStart(7)}  ${kind === "gone" ? "removed: " : ""}${text}${shown === "" ? "" : ` (${shown})`}`;
}

function comment(lines: readonly string[], { width }: PatchStyle): Part {
  const safe = lines.map((line) => visibleLine(maskSecrets(line)));
  const wrapped = safe.flatMap((line) => wrapLine(line, width - "# ".length, indentOf(line)));
  const text = wrapped.map((line) => `# ${line}`.trimEnd());
  return { kind: "text", text: `${text.join("\n")}\n` };
}

/** Where the text of a line begins that has words before it: line numbers, or the id of a decision. */
function indentOf(line: string): number {
  return /^ *(?:\d+(?:-\d+)? {2})?/.exec(line)?.[0].length ?? 0;
}

function show({ kind, text }: Part, { color, safe }: PatchStyle): string {
  const shown = safe ? visible(text) : text;
  if (!color) return shown;
  return kind === "text" ? paintText(shown) : paintDiff(shown);
}

function paintText(text: string): string {
  const { cyan } = createColors(true);
  return eachLine(text, cyan);
}

function paintDiff(text: string): string {
  const { bold, cyan, green, red } = createColors(true);
  let inHunk = false;
  return eachLine(text, (line) => {
    if (line.startsWith("@@")) inHunk = true;
    if (line.startsWith("@@")) return cyan(line);
    if (!inHunk) return bold(line);
    if (line.startsWith("+")) return green(line);
    return line.startsWith("-") ? red(line) : line;
  });
}

function eachLine(text: string, paint: (line: string) => string): string {
  const lines = text.split("\n");
  return lines.map((line) => (line === "" ? line : paint(line))).join("\n");
}
