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
import { ROOT } from "../../text/paths.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import { holdsSecret } from "./told-beside.ts";
import { namesIn } from "./variables.ts";

/** ARG, ENV and LABEL are read alike; here it is an ARG. */
type ArgInstruction = Extract<Instruction, { readonly pairs: unknown }>;
type Planned = Extract<ImageOutcome, { readonly kind: "plan" }>;

/** The plan with the secrets that the answers want mounted. */
export function withSecretMounts(plan: Planned, reading: ImageReading, decisions: DecisionLog): Planned {
  const mounted = candidates(reading).filter(
    ({ name, instruction }) => decide(name, instruction, reading, decisions) === "mount",
  );
  if (mounted.length === 0) return plan;
  const names = mounted.map(({ name }) => name);
  const gone = mounted.map(
    ({ instruction }): DroppedInstruction => ({
      source: { document: reading.document, instruction },
      reason: "The builds that need it mount it instead.",
      because: [placeOf(instruction, reading)],
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
  readonly instruction: ArgInstruction;
}

function candidates({ document, instructions, image, inherited }: ImageReading): readonly Candidate[] {
  const shell = instructions.every(
    ({ instruction }) => instruction.kind !== "shell" && (instruction.kind !== "run" || isPlain(instruction)),
  );
  if (!shell || document.escape !== "\\") return [];
  return instructions.flatMap(({ instruction, index }): readonly Candidate[] => {
    if (instruction.kind !== "arg" || index < inherited || instruction.pairs.length !== 1) return [];
    const [pair] = instruction.pairs;
    const isFilledIn = pair !== undefined && (pair.value ?? "") === "";
    if (pair === undefined || !isFilledIn || !holdsSecret(pair.key)) return [];
    const others = instructions.filter((one) => one.instruction !== instruction && one.instruction.kind !== "run");
    const used = others.some((one) => namesIn(one.instruction.rest.text).includes(pair.key));
    return used || handedOver(image.project, pair.key) ? [] : [{ name: pair.key, instruction }];
  });
}

function isPlain({ command, rest }: RunInstruction): boolean {
  return command.form === "shell" && !rest.text.includes("<<");
}

/** Files that tell how images are built: `--build-arg NAME`, `args:` of compose files. */
const CALLERS =
  /(?:^|\/)(?:[^/]+\.(?:sh|ya?ml|mk|md|bat|cmd|ps1|json|toml|hcl)|Makefile|Jenkinsfile|\.env[^/]*|README[^/]*)$/i;
const LARGEST = 256 * 1024;

const handedOver: (files: ProjectFiles, name: string) => boolean = onceForEachText((files, name) =>
  [...files.walk(ROOT)].some((path) => {
    if (!CALLERS.test(path) || (files.entry(path)?.size ?? LARGEST + 1) > LARGEST) return false;
    const read = files.read(path);
    return read.ok && read.text.includes(name);
  }),
);

function placeOf(instruction: ArgInstruction, { instructions }: ImageReading) {
  const own = instructions.find((one) => one.instruction === instruction);
  if (own === undefined) throw new Error("an instruction of the reading is not in it");
  return own.because;
}

function decide(name: string, instruction: ArgInstruction, reading: ImageReading, decisions: DecisionLog): string {
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
    because: [placeOf(instruction, reading)],
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
  switch (step.kind) {
    case "original": {
      const { document, instruction } = step.source;
      return instruction.kind === "run"
        ? document.source.text.slice(instruction.range.start, instruction.range.end)
        : undefined;
    }
    case "rewritten":
    case "synthesized":
      return step.text;
    case "copy":
      return undefined;
  }
}
