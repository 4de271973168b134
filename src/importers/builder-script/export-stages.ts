/**
 * Stages that hold what a script takes out for the host, and nothing else:
 *
 *     FROM scratch AS export
 *     COPY --from=builder /out/app /app
 *
 * Where the image that the files come from ships too, a plain build still has to make it: it is then the last stage once more.
 */

import type { PlannedOutput, Stage, StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { type Export, type Extraction, placeInStage } from "./exports.ts";
import { type BuildGroup, builtBase } from "./setup-graph.ts";
import { absolutePath, optionalKey } from "./values.ts";

/** The stages of a joined file with those of its exports. */
export interface WithExports {
  readonly stages: readonly Stage[];
  /** The stage of each export. */
  readonly names: ReadonlyMap<Export, string>;
  readonly outputs: readonly PlannedOutput[];
  /** The stage that a plain build makes, where one had to be added. */
  readonly shipped: string | undefined;
}

/**
 * Puts the exports behind the stages that they copy from. The last stage stays the last where it is another one, or is added
 * once more: `shipped`, which makes the image that is used as one.
 */
export function withExports(
  stages: readonly Stage[],
  group: BuildGroup,
  madeBy: ReadonlyMap<string, string>,
  shipped: string | undefined,
): WithExports {
  const taken = new Set(stages.map(({ name }) => name));
  const exports = exportStages(group.exports, (one) => madeBy.get(one.source.build.id) ?? "", taken);
  const names = exports.names;
  const sources = new Set(group.exports.map((one) => madeBy.get(one.source.build.id)));
  const at = stages.findLastIndex(({ name }) => sources.has(name));
  const last = stages.find(({ name }) => name === shipped);
  const all = [...stages.slice(0, at + 1), ...exports.stages, ...stages.slice(at + 1)];
  const builds = new Map(group.builders.map((builder) => [builder.build.id, builder]));
  const outputs = [...names].flatMap(([{ source }, target], index) => {
    const { build } = builtBase(source, builds) ?? source;
    return [...names.values()].indexOf(target) < index ? [] : [{ target, replaces: build.file.path, tags: [] }];
  });
  if (last === undefined || at < stages.length - 1 || exports.stages.length === 0)
    return { stages: all, names, outputs, shipped: undefined };
  const name = freeName("production", new Set([...taken, ...exports.stages.map((stage) => stage.name)]));
  return { stages: [...all, shippedStage(name, last)], names, outputs, shipped: name };
}

/** The stages of exports, those with the same files once. */
function exportStages(
  exports: readonly Export[],
  sourceOf: (one: Export) => string,
  taken: ReadonlySet<string>,
): { readonly stages: readonly Stage[]; readonly names: ReadonlyMap<Export, string> } {
  const stages = new Map<string, Stage>();
  const names = new Map<Export, string>();
  for (const one of exports) {
    const steps = one.extractions.map((extraction) => copyStep(one, extraction, sourceOf(one)));
    const key = JSON.stringify(steps.map((step) => (step.kind === "copy" ? step.copy : "")));
    const known = stages.get(key);
    const others = [...stages.values()].map((stage) => stage.name);
    const name = known?.name ?? freeName("export", new Set([...taken, ...others]));
    if (known === undefined) stages.set(key, stageOf(name, one, steps));
    names.set(one, name);
  }
  return { stages: [...stages.values()], names };
}

/** The image itself, last, so that a plain build still makes it. */
function shippedStage(name: string, stage: Stage): Stage {
  return {
    name,
    role: "runtime",
    base: { kind: "stage", stage: stage.name },
    steps: [],
    reason: "A build without --target makes the image that it made before.",
    because: stage.because,
    confidence: "certain",
  };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  return name;
}

function stageOf(name: string, { extractions }: Export, steps: readonly StageStep[]): Stage {
  return {
    name,
    role: "export",
    base: { kind: "image", reference: "scratch" },
    steps,
    reason: "It holds the files that the script takes out for the host, so that the build can write them there itself.",
    because: extractions.map(placeOf),
    confidence: "certain",
  };
}

function copyStep(one: Export, extraction: Extraction, stage: string): StageStep {
  const { from, contents } = extraction.effect;
  const place = placeInStage(one, extraction);
  return {
    kind: "copy",
    copy: {
      keyword: "COPY",
      from: { kind: "stage", stage },
      sources: [contents && !from.endsWith("/") ? `${from}/` : from],
      destination: landsInside(extraction) ? `${place}/` : place,
      flags: [],
      ...(contents ? { type: "directory" } : {}),
    },
    reason: `"${from}" lands on the host under the name that it had there before.`,
    because: [placeOf(extraction)],
    confidence: "certain",
  };
}

/**
 * Whether a file goes into the directory that is named, and of a directory its contents: what `docker cp` makes of `dist/` where no
 * dist is seen to be (https://docs.docker.com/reference/cli/docker/container/cp/#description), and COPY too.
 */
function landsInside({ effect, visit }: Extraction): boolean {
  const written = optionalKey(effect.destination);
  return written?.endsWith("/") === true && !effect.contents && effect.to === absolutePath(visit.cwd.before, written);
}

function placeOf({ visit }: Extraction) {
  return provenance(visit.script.source, visit.range);
}
