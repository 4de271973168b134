/**
 * A program of Java with a runtime of its own, in an image without Java:
 *
 *     FROM builder AS runtime                RUN jlink … --output /opt/java-runtime
 *     FROM gcr.io/distroless/cc-debian13     COPY --from=runtime /opt/java-runtime /opt/java-runtime
 *
 * Offered as a decision where the program is nothing but classes that the build compiled; the runtime of an image stays unless an answer
 * says otherwise, since modules that a program looks for by name are seen by nobody.
 */
import { isOfficialPrefix } from "../../ecosystems/base-images.ts";
import {
  classesOf,
  makesRuntimes,
  OWN_RUNTIME,
  ownRuntimeCommand,
  RUNTIME_BASES,
} from "../../ecosystems/java/own-runtime.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { Stage, StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import type { ImagePath } from "../../text/paths.ts";
import { onBase, type PlannedImage } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import { startTexts } from "./runtime-roots.ts";
import type { Slice } from "./slice.ts";
import { freeName } from "./stage-names.ts";

type Parts = { readonly reading: ImageReading; readonly needs: RuntimeNeeds; readonly slice: Slice };

/** Images of the kits set an encoding of UTF-8, each in its own way (https://github.com/adoptium/containers, `ENV LANG`). */
const LANGUAGE = "It stands in for what the old base set: Java up to 17 reads texts by it.";
const WHY = "Java is in the image as a runtime of this program alone.";

/** The plan with a runtime of the program's own, where the answers ask for that. */
export function withOwnRuntime(plan: PlannedImage, parts: Parts, decisions: DecisionLog): PlannedImage {
  const { reading, needs } = parts;
  const classes = programOf(parts);
  const production = plan.stages.at(-1);
  const files = production?.steps.find((step) => step.kind === "copy" && step.copy.from.kind === "stage");
  const builder = files?.kind === "copy" && files.copy.from.kind === "stage" ? files.copy.from.stage : undefined;
  const runs = production?.steps.some((step) => isRun(step)) === true;
  if (classes === undefined || production === undefined || builder === undefined || runs) return plan;
  if (decide(reading, decisions) !== "jlink") return plan;
  decisions.withdraw("runtime-base");
  const base = needs.shell ? RUNTIME_BASES.shell : RUNTIME_BASES.plain;
  const name = freeName("runtime", new Set(plan.stages.map((stage) => stage.name)));
  const because = [provenance(reading.document.source, reading.root.from.range)];
  const frame = { because, confidence: "guess" } as const;
  const made: Stage = {
    name,
    role: "build",
    base: { kind: "stage", stage: builder },
    steps: [
      {
        kind: "synthesized",
        text: `RUN ${ownRuntimeCommand(classes, reading.image.base.version ?? "")}`,
        reason: "A Java runtime of the modules that the classes name, and of what TLS needs.",
        ...frame,
      },
    ],
    reason: "The runtime is made by the kit that compiled the program.",
    ...frame,
  };
  const stage: Stage = {
    ...production,
    base: onBase(production, base),
    steps: [...broughtAlong(name, reading, frame), ...production.steps],
    reason: `What ships starts from "${base}", which has no Java.`,
    confidence: "guess",
  };
  return {
    ...plan,
    stages: [...plan.stages.slice(0, -1), made, stage],
    onPurpose: { ...plan.onPurpose, [OWN_RUNTIME]: WHY },
    resettled: {
      ...plan.resettled,
      "ENV JAVA_HOME": WHY,
      "ENV PATH": WHY,
      "ENV LANG": LANGUAGE,
    },
  };
}

/** The directory of the classes, where they are all that runs and nothing of the system is set up for them. */
function programOf({ reading, needs, slice }: Parts): ImagePath | undefined {
  const [only, ...others] = needs.started;
  const checked = startTexts(reading).some(({ origin }) => origin === "healthcheck");
  const named = reading.state.user !== undefined && !/^(?:root|\d+)(?::|$)/.test(reading.state.user);
  const { base } = reading.image;
  // A registry of one's own often means that others are out of reach; and a digest is not given up.
  const open = isOfficialPrefix(base.prefix) && base.digest === undefined && reading.document.escape === "\\";
  if (only === undefined || others.length > 0 || checked || named || !open) return undefined;
  if (slice.packages.some(({ stays }) => stays) || !makesRuntimes(base)) return undefined;
  return classesOf(only, reading.image);
}

function isRun(step: StageStep): boolean {
  if (step.kind === "copy") return false;
  return step.kind === "synthesized" ? step.text.startsWith("RUN ") : step.source.instruction.kind === "run";
}

function decide(reading: ImageReading, decisions: DecisionLog): string {
  return decisions.decide({
    id: "java-runtime",
    question: "Which Java runs the program?",
    options: [
      { value: "image", label: "the runtime of the base image", consequence: "All of Java's modules are there." },
      {
        value: "jlink",
        label: "one of its own, made by jlink",
        consequence:
          "Only modules that the classes name are there; one that is looked for by name while it runs would be missing.",
      },
    ],
    recommended: "image",
    smallest: "jlink",
    confidence: "likely",
    because: startTexts(reading).map(({ because }) => because),
  });
}

function broughtAlong(
  stage: string,
  { image, instructions }: ImageReading,
  frame: Pick<StageStep, "because" | "confidence">,
): readonly StageStep[] {
  const own = instructions.flatMap(({ instruction }) =>
    instruction.kind === "env" ? instruction.pairs.map(({ key }) => key) : [],
  );
  const language = own.some((key) => /^(?:LANG|LC_ALL)$/.test(key))
    ? []
    : [`ENV LANG=${image.base.environment.LANG ?? "C.UTF-8"}`];
  const lines: readonly (readonly [string, string])[] = [
    [`ENV JAVA_HOME=${OWN_RUNTIME}`, WHY],
    [`ENV PATH=${OWN_RUNTIME}/bin:$PATH`, "Programs are looked for there."],
    ...language.map((text) => [text, LANGUAGE] as const),
  ];
  return [
    {
      kind: "copy",
      copy: {
        keyword: "COPY",
        from: { kind: "stage", stage },
        sources: [OWN_RUNTIME],
        destination: OWN_RUNTIME,
        flags: [],
        type: "directory",
      },
      reason: WHY,
      ...frame,
    },
    ...lines.map(([text, reason]): StageStep => ({ kind: "synthesized", text, reason, ...frame })),
  ];
}
