/**
 * Secrets that the old file takes as build arguments, which stay readable in the image's history:
 *
 *     ARG NPM_TOKEN                    RUN --mount=type=secret,id=NPM_TOKEN \
 *     RUN npm ci                  →        export NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" && npm ci
 *
 * A decision for each, offered where nothing in the project hands the argument over, so that no caller has to change. The mount stands
 * for the length of one RUN (https://docs.docker.com/build/building/secrets/). Taken from the finished plan.
 */
import type { Instruction, RunInstruction } from "../../dockerfile/syntax.ts";
import type { DecisionLog } from "../../model/decision.ts";
import { onceForEachText } from "../../model/once-per-project.ts";
import type { DroppedInstruction, Stage, StageStep } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { Provenance } from "../../model/provenance.ts";
import { callers } from "./build-targets.ts";
import type { PlannedImage } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import { instructionText } from "./rewrite-run.ts";
import { holdsSecret } from "./told-beside.ts";
import { namesIn } from "./variables.ts";

/** ARG, ENV and LABEL are read alike; here it is an ARG. */
type ArgInstruction = Extract<Instruction, { readonly pairs: unknown }>;

/** The plan with the secrets that the answers want mounted. */
export function withSecretMounts(plan: PlannedImage, reading: ImageReading, decisions: DecisionLog): PlannedImage {
  const mounted = candidates(reading).filter(({ name, because }) => decide(name, because, decisions) === "mount");
  if (mounted.length === 0) return plan;
  const names = mounted.map(({ name }) => name);
  const gone = mounted.map(
    ({ instruction, because }): DroppedInstruction => ({
      source: { document: reading.document, instruction },
      reason: "The builds that need it mount it instead.",
      because: [because],
      confidence: "certain",
    }),
  );
  return {
    ...plan,
    stages: plan.stages.map((stage) => withMounts(stage, names)),
    dropped: [
      ...plan.dropped.filter(({ source }) => !gone.some((one) => one.source.instruction === source.instruction)),
      ...gone,
    ],
  };
}

interface Candidate {
  readonly name: string;
  readonly because: Provenance;
  readonly instruction: ArgInstruction;
}

function candidates({ document, instructions, image, inherited }: ImageReading): readonly Candidate[] {
  const shell = instructions.every(
    ({ instruction }) => instruction.kind !== "shell" && (instruction.kind !== "run" || isPlain(instruction)),
  );
  if (!shell || document.escape !== "\\") return [];
  return instructions.flatMap(({ instruction, index, because }): readonly Candidate[] => {
    if (instruction.kind !== "arg" || index < inherited || instruction.pairs.length !== 1) return [];
    const [pair] = instruction.pairs;
    const isFilledIn = pair !== undefined && (pair.value ?? "") === "";
    if (pair === undefined || !isFilledIn || !holdsSecret(pair.key)) return [];
    const others = instructions.filter((one) => one.instruction !== instruction && one.instruction.kind !== "run");
    const used = others.some((one) => namesIn(one.instruction.rest.text).includes(pair.key));
    return used || handedOver(image.project, pair.key) ? [] : [{ name: pair.key, instruction, because }];
  });
}

function isPlain({ command, rest }: RunInstruction): boolean {
  return command.form === "shell" && !rest.text.includes("<<");
}

/** A caller that the project shows: `--build-arg NAME`, `args:` of compose files, `build-args:` of actions. */
const handedOver: (files: ProjectFiles, name: string) => boolean = onceForEachText((files, name) =>
  callers(files).some((text) => text.includes(name) && /build-?_?arg|^\s*args\b/im.test(text)),
);

function decide(name: string, because: Provenance, decisions: DecisionLog): string {
  return decisions.decide({
    id: `secret:${name}`,
    question: `How does the build get "${name}"?`,
    options: [
      {
        value: "argument",
        label: "As a build argument, as before",
        consequence: "Its value stays readable in the build stage's history.",
      },
      {
        value: "mount",
        label: "As a secret mount",
        consequence: `It is in no layer; builds need BuildKit and "--secret id=${name},env=${name}" in the place of "--build-arg ${name}".`,
      },
    ],
    recommended: "argument",
    confidence: "likely",
    because: [because],
  });
}

/** A stage whose RUNs below the argument mount it. */
function withMounts(stage: Stage, names: readonly string[]): Stage {
  const declared = new Set<string>();
  const steps = stage.steps.flatMap((step): readonly StageStep[] => {
    const argument = argumentOf(step);
    if (argument !== undefined && names.includes(argument)) {
      declared.add(argument);
      return [];
    }
    return declared.size === 0 ? [step] : [mounting(step, [...declared])];
  });
  return { ...stage, steps };
}

function argumentOf(step: StageStep): string | undefined {
  if (step.kind !== "original" || step.source.instruction.kind !== "arg") return undefined;
  const [pair, ...others] = step.source.instruction.pairs;
  return others.length === 0 ? pair?.key : undefined;
}

function mounting(step: StageStep, names: readonly string[]): StageStep {
  const text = runText(step);
  const [, head, rest] = /^(RUN(?:[ \t]+--\S+)*)[ \t]+([\s\S]+)$/i.exec(text ?? "") ?? [];
  if (head === undefined || rest === undefined) return step;
  const mounts = names.map((name) => ` --mount=type=secret,id=${name}`).join("");
  const values = names.map((name) => `export ${name}="$(cat /run/secrets/${name})" && `).join("");
  const { because, confidence } = step;
  const why = { because, confidence, reason: `${step.reason} It mounts ${names.join(", ")} while it runs.` };
  const changed = `${head}${mounts} \\\n    ${values}${rest}`;
  if (step.kind === "copy" || step.kind === "synthesized") return { kind: "synthesized", text: changed, ...why };
  return { kind: "rewritten", source: step.source, text: changed, ...why };
}

/** The text of a RUN; `undefined` of anything else. */
function runText(step: StageStep): string | undefined {
  if (step.kind === "copy") return undefined;
  if (step.kind !== "original") return step.text;
  const { document, instruction } = step.source;
  return instruction.kind === "run" ? instructionText(document, instruction) : undefined;
}
