/**
 * What became of each instruction that a file had and no longer has:
 *
 *     Dockerfile.build:3   moved to stage "builder" of Dockerfile
 *     Dockerfile.prod:4    replaced by COPY --from=builder /app/dist /web
 *     Dockerfile:9         left out: the image that runs has no compiler
 *
 * An instruction that stands in its own file still, word for word, is not listed, wherever it moved there.
 */
import type { DockerfileDocument, Instruction } from "../dockerfile/syntax.ts";
import { maskSecrets } from "../model/mask.ts";
import type { FileChange, RemovedLine } from "../model/migration.ts";
import type { Plan, StageStep } from "../model/plan.ts";
import { positionAt } from "../text/source.ts";
import { leadRange } from "./layout.ts";
import { copyText } from "./write-copy.ts";
import type { WrittenDockerfile } from "./write-dockerfile.ts";

/** The gone instructions of every Dockerfile that changed or went. */
export function removedFromDockerfiles(
  plans: readonly Plan[],
  written: readonly WrittenDockerfile[],
  changes: readonly FileChange[],
): readonly RemovedLine[] {
  const fates = fatesOf(plans);
  const changed = new Set(changes.map(({ path }) => path));
  const documents = documentsOf(plans).filter(({ source }) => changed.has(source.path));
  return documents.flatMap((document) => {
    const after = written.find(({ path }) => path === document.source.path);
    return document.instructions.flatMap((instruction) =>
      goneLine(document, instruction, fates.get(instruction), after),
    );
  });
}

type Fate =
  | { readonly kind: "kept"; readonly path: string; readonly stage: string }
  | { readonly kind: "changed" | "dropped"; readonly reason: string };

/** The first use of every instruction in the result. */
function fatesOf(plans: readonly Plan[]): ReadonlyMap<Instruction, Fate> {
  const fates = new Map<Instruction, Fate>();
  const note = (instruction: Instruction | undefined, fate: Fate) => {
    if (instruction && !fates.has(instruction)) fates.set(instruction, fate);
  };
  for (const { path, globals, stages } of plans.flatMap((plan) => plan.dockerfiles)) {
    for (const step of globals) note(sourceOf(step), fateOf(step, path, ""));
    for (const stage of stages) {
      note(stage.from?.instruction, { kind: "kept", path, stage: stage.name });
      for (const step of stage.steps) note(sourceOf(step), fateOf(step, path, stage.name));
    }
  }
  for (const { source, reason } of plans.flatMap((plan) => plan.dropped ?? [])) {
    note(source.instruction, { kind: "dropped", reason: `Left out: ${reason}` });
  }
  return fates;
}

function sourceOf(step: StageStep): Instruction | undefined {
  return step.kind === "synthesized" ? undefined : step.source?.instruction;
}

function fateOf(step: StageStep, path: string, stage: string): Fate {
  switch (step.kind) {
    case "original":
      return { kind: "kept", path, stage };
    case "copy":
      return { kind: "changed", reason: `Replaced by ${copyText(step.copy)}: ${step.reason}` };
    case "rewritten":
    case "synthesized":
      return { kind: "changed", reason: `Rewritten: ${step.reason}` };
  }
}

function documentsOf(plans: readonly Plan[]): readonly DockerfileDocument[] {
  const refs = plans.flatMap((plan) => [
    ...plan.dockerfiles.flatMap(({ template, globals, stages }) => [
      { document: template },
      ...stages.flatMap(({ from }) => from ?? []),
      ...[...globals, ...stages.flatMap(({ steps }) => steps)].flatMap((step) =>
        step.kind === "synthesized" ? [] : (step.source ?? []),
      ),
    ]),
    ...(plan.dropped ?? []).map(({ source }) => source),
  ]);
  return [...new Map(refs.map(({ document }) => [document.source.path, document])).values()];
}

function goneLine(
  document: DockerfileDocument,
  instruction: Instruction,
  fate: Fate | undefined,
  after: WrittenDockerfile | undefined,
): readonly RemovedLine[] {
  const text = document.source.text.slice(instruction.range.start, instruction.range.end);
  const stays = fate?.kind === "kept" && after?.path === fate.path && hasLines(after.text, text);
  if (stays) return [];
  const commentsStay = after !== undefined && fate !== undefined && fate.kind !== "dropped";
  const lines = linesOf(document, instruction, commentsStay);
  return [{ path: document.source.path, ...lines, reason: maskSecrets(reasonOf(fate, after)) }];
}

function hasLines(text: string, part: string): boolean {
  return `\n${text}`.includes(`\n${part}\n`) || text.includes(`${part}\r\n`) || text.includes(`${part}\n`);
}

/** The lines of an instruction; with the comments above it, where they are gone too. */
function linesOf(document: DockerfileDocument, instruction: Instruction, commentsStay: boolean) {
  const { source } = document;
  const lead = leadRange({ document, instruction });
  const comment = source.text.slice(lead.start, lead.end).search(/#/);
  const start = commentsStay || comment < 0 ? instruction.range.start : lead.start + comment;
  return { firstLine: positionAt(source, start).line, lastLine: positionAt(source, instruction.range.end).line };
}

function reasonOf(fate: Fate | undefined, after: WrittenDockerfile | undefined): string {
  if (!fate) return "Left out: no stage of the result uses it.";
  if (fate.kind !== "kept") return fate.reason;
  if (after?.path === fate.path) return `Replaced by the changed line in stage "${fate.stage}".`;
  return fate.stage === "" ? `Moved to the top of ${fate.path}.` : `Moved to stage "${fate.stage}" of ${fate.path}.`;
}
