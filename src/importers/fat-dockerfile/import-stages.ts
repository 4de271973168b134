/**
 * A file with several stages, of which the last one is what a build makes:
 *
 *     FROM node:20 AS web                          stays as it is
 *     FROM golang:1.22                      →      FROM golang:1.22 AS builder
 *     COPY --from=web /app/dist ./static           COPY --from=web /app/dist ./static
 *     RUN go build -o /server .                    RUN go build -o /server .
 *     CMD ["/server"]                              FROM gcr.io/distroless/base-debian12 AS production …
 *
 * Where the last stage holds nothing that only a build needs, stages that are found by number get names, and that is all.
 */
import { Reporter } from "../../diagnostics/diagnostic.ts";
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { PlannedDockerfile, Stage, StageStep } from "../../model/plan.ts";
import type { HostPath } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import { leanness } from "./leanness.ts";
import { type NamedStages, nameStages } from "./name-stages.ts";
import { planImage } from "./plan-image.ts";
import type { ImageReading, InstructionReading } from "./read-image.ts";
import { copiedStage } from "./stage-chain.ts";
import { stageNames } from "./stage-names.ts";

export type StagesOutcome =
  | { readonly kind: "split"; readonly outcome: Extract<ImageOutcome, { kind: "plan" }> }
  | { readonly kind: "named"; readonly dockerfile: PlannedDockerfile }
  | { readonly kind: "no-benefit" | "refused"; readonly summary: string };

export function planStages(
  reading: ImageReading,
  context: HostPath,
  decisions: DecisionLog,
  reporter: Reporter,
): StagesOutcome {
  const { document } = reading;
  const named = nameStages(document, context);
  if (named.wrong.length > 0) {
    for (const { index, range } of named.wrong)
      reporter.report(
        "unshared-stage-reference",
        { reference: String(index) },
        { path: document.source.path, ...range },
      );
    return { kind: "refused", summary: "A stage is copied from that does not stand above." };
  }
  const last = planLast(reading, named, decisions, reporter);
  if (last.kind === "plan") return { kind: "split", outcome: last };
  if (named.dockerfile !== undefined) return { kind: "named", dockerfile: named.dockerfile };
  return last;
}

/** The last stage, planned like a file of its own. */
function planLast(reading: ImageReading, named: NamedStages, decisions: DecisionLog, reporter: Reporter): ImageOutcome {
  const lean = leanness(reading);
  if (lean.kind === "lean") return { kind: "no-benefit", summary: `The file is multi-stage already: ${lean.why}.` };
  const aside = new Reporter();
  const names = stageNames(
    reading,
    named.earlier.map(({ name }) => name),
  );
  const outcome = planImage(reading, names, decisions, aside);
  if (outcome.kind === "plan" && lean.kind === "mixed" && keepsBase(outcome, reading))
    return {
      kind: "no-benefit",
      summary: "The file is multi-stage already, and its last stage builds next to nothing.",
    };
  if (outcome.kind === "plan") {
    const stages = [...named.earlier, ...outcome.stages.map((stage) => withNames(stage, named))];
    reporter.add(aside.diagnostics);
    return lostStage(reading, stages, reporter) ?? { ...outcome, stages };
  }
  if (outcome.kind === "refused" && lean.kind === "fat" && named.dockerfile === undefined) {
    reporter.add(aside.diagnostics);
    return outcome;
  }
  return {
    kind: "no-benefit",
    summary: `The file is multi-stage already, and its last stage stays. ${outcome.summary}`,
  };
}

/** Where nothing but a tool or two would go, hand-made stages are good as they are. */
function keepsBase({ stages }: Extract<ImageOutcome, { kind: "plan" }>, { root }: ImageReading): boolean {
  const base = stages.at(-1)?.base;
  return base?.kind === "image" && base.reference === root.from.image.text;
}

function withNames(stage: Stage, named: NamedStages): Stage {
  return { ...stage, steps: stage.steps.map((step): StageStep => named.renamed(step)) };
}

/** A stage that the last one needed and that no longer runs may have been there to fail. */
function lostStage(reading: ImageReading, stages: readonly Stage[], reporter: Reporter): ImageOutcome | undefined {
  const { document } = reading;
  const kept = reachedIn(stages);
  const lost = [...reachedBefore(document)].find((index) => {
    const stage = document.stages[index];
    const name = stages[index]?.name.toLowerCase();
    if (stage === undefined || name === undefined || kept.has(name)) return false;
    const inherited = reading.instructions.slice(0, reading.inherited);
    const isBelow = stage.instructions.some((one) => inherited.some(({ instruction }) => instruction === one));
    return isBelow ? inherited.some(checks) : stage.instructions.some(({ kind }) => kind === "run");
  });
  const stage = lost === undefined ? undefined : document.stages[lost];
  if (stage === undefined) return undefined;
  const name = stages[lost ?? 0]?.name ?? "";
  reporter.report("stage-unreached", { stage: name }, { path: document.source.path, ...stage.from.range });
  return { kind: "refused", summary: `The stage "${name}" would no longer be built.` };
}

function checks({ units }: InstructionReading): boolean {
  return units.some(({ effects }) => effects.some(({ kind }) => kind === "check"));
}

/** The stages that the last one of a file stands on or takes from, by index. */
function reachedBefore(document: DockerfileDocument): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (index: number): void => {
    const stage = document.stages[index];
    if (stage === undefined) return;
    const references = [stage.from.image.text, ...stage.instructions.flatMap(({ flags }) => sourcesOf(flags))];
    for (const reference of references) {
      const at = copiedStage(document, reference, index);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      visit(at);
    }
  };
  visit(document.stages.length - 1);
  return found;
}

function sourcesOf(flags: Parameters<typeof flagValue>[0]): readonly string[] {
  const mounts = flags
    .filter(({ name }) => name === "mount")
    .map(({ value }) => /(?:^|,)from=([^,]+)/.exec(value ?? ""));
  const from = flagValue(flags, "from");
  return [...(from === undefined ? [] : [from]), ...mounts.flatMap((match) => match?.[1] ?? [])];
}

/** The same of planned stages, by name. */
function reachedIn(stages: readonly Stage[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string, before: number): void => {
    const at = stages.slice(0, before).findLastIndex((stage) => stage.name.toLowerCase() === name.toLowerCase());
    const stage = stages[at];
    if (stage === undefined || found.has(stage.name.toLowerCase())) return;
    found.add(stage.name.toLowerCase());
    for (const reference of [
      ...(stage.base.kind === "stage" ? [stage.base.stage] : []),
      ...stage.steps.flatMap(takenBy),
    ])
      visit(reference, at);
  };
  const last = stages.at(-1);
  if (last !== undefined) visit(last.name, stages.length);
  return found;
}

function takenBy(step: StageStep): readonly string[] {
  switch (step.kind) {
    case "copy":
      return step.copy.from.kind === "stage" ? [step.copy.from.stage] : [];
    case "original":
      return sourcesOf(step.source.instruction.flags);
    case "rewritten":
    case "synthesized":
      return [...step.text.matchAll(/[=,]from=([^,\s]+)|--from=(\S+)/g)].map(([, mount, copy]) => mount ?? copy ?? "");
  }
}
