/**
 * A plan as a change set:
 *
 *     plan: Dockerfile from two, build.sh edited, Dockerfile.build removed
 *       →   Dockerfile  modify    build.sh  modify (100755)    Dockerfile.build  delete      and one unified diff
 *
 * Several setups that share a file come as several plans and leave as one change set; where two want different things of one
 * file, that is an error. Files that would be written as they already are do not count as changed.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import { maskSecrets } from "../model/mask.ts";
import type { ExplainedLine, FileChange, RemovedLine } from "../model/migration.ts";
import { placesOf } from "../model/place.ts";
import type { Because, CallerEdit, Plan, PlannedFile } from "../model/plan.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import { unifiedDiff } from "../text/diff.ts";
import type { HostPath } from "../text/paths.ts";
import { removedFromDockerfiles } from "./removed-lines.ts";
import { type EditedLines, writeCaller } from "./write-callers.ts";
import { type WrittenDockerfile, writeDockerfile } from "./write-dockerfile.ts";

/** One setup's share of a change set. */
export interface PlanOf {
  /** The setup's id. */
  readonly setup: string;
  readonly plan: Plan;
}

export interface WrittenPlan {
  readonly dockerfiles: readonly WrittenDockerfile[];
  /** By path. */
  readonly changes: readonly FileChange[];
  readonly diff: string;
  readonly explanation: readonly ExplainedLine[];
  readonly removed: readonly RemovedLine[];
  /** Errors: nothing of this may then be used. */
  readonly diagnostics: readonly Diagnostic[];
}

export function writePlans(plans: readonly PlanOf[], files: ProjectFiles): WrittenPlan {
  const dockerfiles = plans.flatMap(({ setup, plan }) =>
    plan.dockerfiles.map((planned) => ({ setup, written: writeDockerfile(planned) })),
  );
  const callers = callersOf(plans, files);
  const drafts = [
    ...dockerfiles.map(dockerfileDraft),
    ...callers.drafts,
    ...plans.flatMap(({ setup, plan }) => [
      ...plan.files.map((file) => fileDraft(setup, file, files)),
      ...plan.removals.map(({ path, reason }) => ({ setup, path, after: undefined, explanation: [], reason })),
    ]),
  ];
  const { merged, collisions } = mergeDrafts(drafts);
  const changes = merged.flatMap((draft) => changeOf(draft, files)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const written = [...new Map(dockerfiles.map((item) => [item.written.path, item.written])).values()];
  return {
    dockerfiles: written,
    changes,
    diff: unifiedDiff(changes),
    explanation: merged.flatMap((draft) => draft.explanation),
    removed: removedLines(plans, written, changes, files, callers),
    diagnostics: [
      ...written.flatMap((file) => file.diagnostics),
      ...callers.collisions,
      ...collisions,
      ...links(changes, files),
    ],
  };
}

function removedLines(
  plans: readonly PlanOf[],
  written: readonly WrittenDockerfile[],
  changes: readonly FileChange[],
  files: ProjectFiles,
  callers: Callers,
): readonly RemovedLine[] {
  const instructions = removedFromDockerfiles(
    plans.map(({ plan }) => plan),
    written,
    changes,
  );
  const known = new Set(instructions.map(({ path }) => path));
  return [...instructions, ...callers.removed, ...plans.flatMap(({ plan }) => removedFromFiles(plan, files, known))];
}

/** What becomes of one file; `after` is absent when it is deleted. */
interface Draft {
  readonly setup: string;
  readonly path: HostPath;
  readonly after: string | undefined;
  readonly explanation: readonly ExplainedLine[];
}

function dockerfileDraft({ setup, written }: { readonly setup: string; readonly written: WrittenDockerfile }): Draft {
  const explanation = written.pieces.map((piece) => explained(written.path, piece, piece));
  return { setup, path: written.path, after: written.text, explanation };
}

function explained(
  path: HostPath,
  { firstLine, lastLine }: { readonly firstLine: number; readonly lastLine: number },
  { reason, because, confidence }: Because,
): ExplainedLine {
  return { path, firstLine, lastLine, reason: maskSecrets(reason), confidence, because: placesOf(because) };
}

/** A file as a whole; only the lines that it did not have before are explained. */
function fileDraft(setup: string, file: PlannedFile, files: ProjectFiles): Draft {
  const runs = runsMissingFrom(textOf(file.path, files), file.text);
  return { setup, path: file.path, after: file.text, explanation: runs.map((run) => explained(file.path, run, file)) };
}

/** Lines of whole files that are gone: replaced ones, and deleted ones that are no Dockerfile of the plan. */
function removedFromFiles({ files: written, removals }: Plan, files: ProjectFiles, known: ReadonlySet<string>) {
  const gone = [
    ...written.map((file) => ({ ...file, runs: runsMissingFrom(file.text, textOf(file.path, files)) })),
    ...removals
      .filter(({ path }) => !known.has(path))
      .map((file) => ({ ...file, runs: runsMissingFrom("", textOf(file.path, files)) })),
  ];
  return gone.flatMap(({ path, reason, runs }) => runs.map((run) => ({ path, ...run, reason: maskSecrets(reason) })));
}

function textOf(path: HostPath, files: ProjectFiles): string {
  const read = files.read(path);
  return read.ok ? read.text : "";
}

interface Run {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Runs of lines of `text` that `other` does not have anywhere. */
function runsMissingFrom(other: string, text: string): readonly Run[] {
  const there = new Set(linesOf(other));
  const runs: Run[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    if (there.has(line)) continue;
    const last = runs.at(-1);
    if (last?.lastLine === index) runs[runs.length - 1] = { ...last, lastLine: index + 1 };
    else runs.push({ firstLine: index + 1, lastLine: index + 1 });
  }
  return runs;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}

interface Callers {
  readonly drafts: readonly Draft[];
  readonly removed: readonly RemovedLine[];
  readonly collisions: readonly Diagnostic[];
}

type OwnedEdit = CallerEdit & { readonly setup: string };

function callersOf(plans: readonly PlanOf[], files: ProjectFiles): Callers {
  const edits = plans.flatMap(({ setup, plan }) => plan.callerEdits.map((edit): OwnedEdit => ({ ...edit, setup })));
  const drafts: Draft[] = [];
  const removed: RemovedLine[] = [];
  const collisions: Diagnostic[] = [];
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const own = edits.filter((edit) => edit.path === path);
    const overlap = overlapOf(own);
    const read = files.read(path);
    if (overlap) collisions.push(collision(path, overlap.first.setup, overlap.second.setup));
    if (overlap || !read.ok) continue;
    const caller = writeCaller({ path, text: read.text }, own);
    const explanation = caller.written.map((lines) => explained(path, lines, lines.edit));
    drafts.push({ setup: own[0]?.setup ?? "", path, after: caller.text, explanation });
    removed.push(...caller.removed.map((lines) => removedLine(path, lines)));
  }
  return { drafts, removed, collisions };
}

function removedLine(path: HostPath, { edit, firstLine, lastLine }: EditedLines): RemovedLine {
  return { path, firstLine, lastLine, reason: maskSecrets(edit.reason) };
}

/** Two edits of the same words that are not the same edit. */
function overlapOf(edits: readonly OwnedEdit[]): { readonly first: OwnedEdit; readonly second: OwnedEdit } | undefined {
  const ordered = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  for (const [index, second] of ordered.entries()) {
    const first = ordered[index - 1];
    if (!first || second.range.start >= first.range.end) continue;
    const same = first.range.start === second.range.start && first.range.end === second.range.end;
    if (!same || first.text !== second.text) return { first, second };
  }
  return undefined;
}

function collision(path: HostPath, first: string, second: string): Diagnostic {
  return diagnostic("changes-collide", { path, first, second });
}

/** One draft a path; what two drafts agree on is no collision. */
function mergeDrafts(drafts: readonly Draft[]): { merged: readonly Draft[]; collisions: readonly Diagnostic[] } {
  const byPath = new Map<HostPath, Draft>();
  const collisions: Diagnostic[] = [];
  for (const draft of drafts) {
    const known = byPath.get(draft.path);
    if (!known) byPath.set(draft.path, draft);
    else if (known.after !== draft.after) collisions.push(collision(draft.path, known.setup, draft.setup));
  }
  return { merged: [...byPath.values()], collisions };
}

function changeOf({ path, after }: Draft, files: ProjectFiles): readonly FileChange[] {
  const read = files.read(path);
  const before = read.ok ? read.text : undefined;
  if (before === after) return [];
  const mode = files.entry(path)?.mode === "100755" ? "100755" : "100644";
  if (after === undefined) return before === undefined ? [] : [{ path, action: "delete", mode, before }];
  return before === undefined
    ? [{ path, action: "create", mode, after }]
    : [{ path, action: "modify", mode, before, after }];
}

function links(changes: readonly FileChange[], files: ProjectFiles): readonly Diagnostic[] {
  return changes
    .map(({ path }) => path as HostPath)
    .filter((path) => files.entry(path)?.kind === "symlink")
    .map((path) => diagnostic("write-through-link", { path }));
}
