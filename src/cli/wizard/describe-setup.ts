/** What a setup is, what would happen to it and which questions it leaves, in words for the wizard. */
import type { Migration, MigrationDecision } from "../../model/migration.ts";
import { visibleLine } from "../../text/visible.ts";
import { shortSummary } from "../reasons.ts";

const KINDS: Readonly<Record<Migration["kind"], string>> = {
  "builder-script": "a script that hands files from one build to the next",
  "fat-dockerfile": "a Dockerfile with one stage",
  "multi-stage": "a Dockerfile with several stages",
};

const VERDICTS: Readonly<Record<Migration["verdict"], string>> = {
  migrated: "can be migrated",
  partial: "can be migrated in part",
  "no-benefit": "would gain nothing",
  refused: "is refused",
};

/** Its file, without the kind that ids begin with. */
export function nameOf({ id }: Migration): string {
  return visibleLine(id.slice(id.indexOf(":") + 1));
}

/** One line for a list. */
export function listed(migration: Migration): string {
  return `${nameOf(migration)}: ${VERDICTS[migration.verdict]}`;
}

/** The paragraph above the questions. */
export function described(migration: Migration): readonly string[] {
  const stages = migration.stages.length;
  const becomes = migration.changes.length === 0 ? [] : [`It becomes ${stages} stages; ${filesText(migration)}.`];
  return [
    `${nameOf(migration)} is ${KINDS[migration.kind]}, and ${VERDICTS[migration.verdict]}.`,
    visibleLine(shortSummary(migration.summary)),
    ...becomes,
  ];
}

function filesText({ changes }: Migration): string {
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  const parts = [
    [count("modify"), "changed"],
    [count("create"), "new"],
    [count("delete"), "deleted"],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `files: ${said.join(", ")}`;
}

/** Kinds of decisions by how much of the result hangs on them, most first. */
const WEIGHT = [
  "builder-image",
  "final",
  "image",
  "variable",
  "command",
  "development",
  "outputs",
  "host-files",
  "tests",
  "runtime-base",
  "web-server",
  "java-runtime",
  "linkage",
  "dependencies",
  "keep",
  "drop-package",
  "secret",
  "shape",
  "ignore-libraries",
];

function weight({ id, confidence }: MigrationDecision): number {
  const at = WEIGHT.indexOf(id.split(":")[0] ?? "");
  return (confidence === "guess" ? 0 : WEIGHT.length) + (at < 0 ? WEIGHT.length : at);
}

/** The decisions that are worth a question: not certain, with a choice, most consequential first. */
export function openDecisions({ decisions }: Migration, answered: ReadonlySet<string>): readonly MigrationDecision[] {
  return decisions
    .filter(({ id, confidence, options }) => confidence !== "certain" && options.length > 1 && !answered.has(id))
    .toSorted((a, b) => weight(a) - weight(b));
}
