/** Small plans by hand, for tests: documents from text, steps from instructions of them. */
import { parseDockerfile } from "../src/dockerfile/parse.ts";
import type { DockerfileDocument, FromInstruction, Instruction, InstructionRef } from "../src/dockerfile/syntax.ts";
import type { ImportResult, Plan, PlannedCopy, PlannedDockerfile, Stage, StageStep } from "../src/model/plan.ts";
import { provenance } from "../src/model/provenance.ts";
import { type HostPath, ROOT } from "../src/text/paths.ts";

export function host(path: string): HostPath {
  return path as HostPath;
}

export function documentOf(text: string, path = "Dockerfile"): DockerfileDocument {
  return parseDockerfile({ path: host(path), text });
}

/** Instruction `index` of a document, counted from 0 over the whole file. */
export function refOf(document: DockerfileDocument, index: number): InstructionRef {
  const instruction = document.instructions[index];
  if (!instruction) throw new Error(`no instruction ${index}`);
  return { document, instruction };
}

function explain(document: DockerfileDocument, instruction: Instruction, reason: string) {
  return { reason, because: [provenance(document.source, instruction.range)], confidence: "certain" } as const;
}

export function original(document: DockerfileDocument, index: number): StageStep {
  const source = refOf(document, index);
  return { kind: "original", source, ...explain(document, source.instruction, "Kept.") };
}

export function rewritten(document: DockerfileDocument, index: number, text: string): StageStep {
  const source = refOf(document, index);
  return { kind: "rewritten", source, text, ...explain(document, source.instruction, "Rewritten.") };
}

/** A COPY of ours, because of instruction `index`; `replaces` takes that instruction's place. */
export function copy(
  document: DockerfileDocument,
  index: number,
  planned: Partial<PlannedCopy> & Pick<PlannedCopy, "sources" | "destination">,
  replaces = false,
): StageStep {
  const source = refOf(document, index);
  const defaults = { keyword: "COPY", from: { kind: "stage", stage: "builder" }, flags: [] } as const;
  const step = {
    kind: "copy",
    copy: { ...defaults, ...planned },
    ...explain(document, source.instruction, "Copied."),
  } as const;
  return replaces ? { ...step, source } : step;
}

export function synthesized(document: DockerfileDocument, text: string): StageStep {
  return { kind: "synthesized", text, ...explain(document, refOf(document, 0).instruction, "Added.") };
}

export function stage(
  document: DockerfileDocument,
  name: string,
  parts: Partial<Stage> & Pick<Stage, "base" | "steps">,
): Stage {
  return { name, role: "runtime", ...explain(document, refOf(document, 0).instruction, `Stage ${name}.`), ...parts };
}

/** A stage that opens with the user's own FROM, instruction `index`. */
export function ownStage(
  document: DockerfileDocument,
  index: number,
  name: string,
  steps: readonly StageStep[],
): Stage {
  const { instruction } = refOf(document, index);
  if (instruction.kind !== "from") throw new Error(`instruction ${index} is no FROM`);
  const from: InstructionRef<FromInstruction> = { document, instruction };
  const base = { kind: "image", reference: instruction.image.text } as const;
  return stage(document, name, { role: "build", base, from, steps });
}

export function planned(
  template: DockerfileDocument,
  stages: readonly Stage[],
  parts: Partial<PlannedDockerfile> = {},
): PlannedDockerfile {
  const target = stages.at(-1)?.name ?? "";
  const outputs = [{ target, replaces: template.source.path, tags: [] }];
  return { path: template.source.path, template, context: ROOT, globals: [], stages, outputs, ...parts };
}

export function planOf(dockerfiles: readonly PlannedDockerfile[], parts: Partial<Plan> = {}): Plan {
  return { dockerfiles, callerEdits: [], files: [], removals: [], partial: false, ...parts };
}

export function resultOf(plan: Plan, id = "fat-dockerfile:Dockerfile"): ImportResult {
  const [kind, path = ""] = id.split(":");
  const role = kind === "builder-script" ? "driver" : "dockerfile";
  return {
    setup: {
      id,
      kind: kind === "builder-script" ? "builder-script" : "fat-dockerfile",
      sources: [{ path: host(path), role }],
    },
    summary: "A plan by hand.",
    diagnostics: [],
    decisions: [],
    unusedAnswers: [],
    verdict: "plan",
    plan,
  };
}
