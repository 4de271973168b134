/**
 * From a read image to its stages, or to the reason why there are none:
 *
 *     needs /bin/server, tests gate    builder, tester, production
 *     everything in it is needed       no-benefit
 *     a Maven build                    refused, with the place
 *
 * The ladder of bases and every choice on the way are decisions.
 */

import type { Reporter } from "../../diagnostics/diagnostic.ts";
import type { DependencyChoice, RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { DroppedInstruction, Stage } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { isWithin } from "../../text/paths.ts";
import { buildStage, dependencyStage, installOf, lastCheck, testStage } from "./build-stages.ts";
import { type ChosenBase, chooseBase } from "./choose-base.ts";
import { gainsOf } from "./gains.ts";
import type { ImageReading } from "./read-image.ts";
import { refusal } from "./refusals.ts";
import { type RuntimeNeeds, readNeeds } from "./runtime-needs.ts";
import { type HandOver, runtimeStage } from "./runtime-stage.ts";
import { type Slice, sliceImage } from "./slice.ts";
import { stageNames } from "./stage-names.ts";

export type ImageOutcome =
  | {
      readonly kind: "plan";
      readonly stages: readonly Stage[];
      readonly dropped: readonly DroppedInstruction[];
      readonly summary: string;
    }
  | { readonly kind: "no-benefit" | "refused"; readonly summary: string };

type DependencyNeed = Extract<RuntimeNeed, { readonly kind: "dependencies" }>;

/** A tree of libraries with the way that was chosen for it. */
export interface ChosenLibraries {
  readonly need: DependencyNeed;
  readonly choice: DependencyChoice;
}

type TestPolicy = "gate" | "target" | "drop";

export function planImage(reading: ImageReading, decisions: DecisionLog, reporter: Reporter): ImageOutcome {
  const needs = readNeeds(reading);
  const early = refusal(reading, needs, reporter);
  if (early !== undefined) return early;
  const slice = sliceImage(reading, needs, decisions);
  const late = refuseUnits(reading, slice, reporter);
  if (late !== undefined) return late;
  const libraries = chooseLibraries(needs, slice, decisions);
  const base = chooseBase(reading, needs, slice, decisions);
  const gains = gainsOf(reading, needs, slice, base, libraries);
  if (gains.length === 0) return { kind: "no-benefit", summary: "Everything that the image holds serves run time." };
  warnOfFloatingBase(reading, base, slice, reporter);
  return assemble(reading, needs, slice, base, libraries, decisions, gains);
}

function refuseUnits(reading: ImageReading, slice: Slice, reporter: Reporter): ImageOutcome | undefined {
  const path = reading.document.source.path;
  for (const [at, roles] of slice.roles.entries()) {
    const instruction = reading.instructions[at]?.instruction;
    const unit = roles.indexOf("mixed");
    if (unit < 0 || instruction === undefined) continue;
    const command =
      reading.instructions[at]?.units[unit]?.commands[0]?.command.argv.map((field) => field.text).join(" ") ?? "RUN";
    reporter.report("command-mixed", { command: short(command) }, { path, ...instruction.range });
    return { kind: "refused", summary: "One command builds and sets up the system at once." };
  }
  for (const { at, unit, why } of slice.unknown) {
    const instruction = reading.instructions[at]?.instruction;
    const culprit =
      unit.commands.find((one) => one.effects.some((effect) => effect.kind === "unknown")) ?? unit.commands[0];
    const command = short(culprit?.command.argv.map((field) => field.text).join(" ") ?? "RUN");
    if (instruction !== undefined)
      reporter.report("command-effects-unknown", { command, why }, { path, ...instruction.range });
  }
  return undefined;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function chooseLibraries(needs: RuntimeNeeds, slice: Slice, decisions: DecisionLog): readonly ChosenLibraries[] {
  const apart = needs.dependencies.filter(
    (need) => !need.tree.places.every((place) => slice.whole.some((whole) => isWithin(place, whole))),
  );
  return apart.flatMap((need) => {
    const [first] = need.choices;
    if (first === undefined) return [];
    const chosen = decisions.decide({
      id: apart.length > 1 ? `dependencies:${need.tree.directory}` : "dependencies",
      question: "How do production libraries come into the image?",
      options: need.choices.map(({ value, label, consequence }) => ({ value, label, consequence })),
      recommended: first.value,
      confidence: need.confidence,
      because: [need.tree.because],
    });
    return [{ need, choice: need.choices.find((choice) => choice.value === chosen) ?? first }];
  });
}

function warnOfFloatingBase(reading: ImageReading, base: ChosenBase, slice: Slice, reporter: Reporter): void {
  const old = reading.image.base;
  const release = old.distribution?.codename ?? old.distribution?.version;
  const dynamic = reading.image.artifacts.some(
    (artifact) => artifact.linkage.kind === "dynamic" && slice.supplies.some((supply) => supply.path === artifact.path),
  );
  if (base.same || !old.floating || !dynamic || release === undefined) return;
  const span = { path: reading.document.source.path, ...reading.stage.from.image.range };
  reporter.report("base-floats", { base: old.reference, release: `${old.distribution?.name ?? ""} ${release}` }, span);
}

function assemble(
  reading: ImageReading,
  needs: RuntimeNeeds,
  slice: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
  decisions: DecisionLog,
  gains: readonly string[],
): ImageOutcome {
  const names = stageNames(reading.document, reading.stage);
  const policy = decideTests(reading, slice, decisions);
  const check = policy === "drop" ? -1 : lastCheck(slice);
  const inBuild = slice.supplies.filter((supply) => supply.kind === "build");
  const prunes = libraries.some(({ choice }) => choice.value === "prune" || choice.value === "as-built");
  const last = Math.max(lastBuild(reading, slice, inBuild.length > 0, libraries, prunes), check);
  const builder = last >= 0 ? buildStage(reading, slice, names.builder, last, false) : undefined;
  const tester = check >= 0 ? testStage(reading, slice, names.tester, names.builder, last) : undefined;
  const source = tester !== undefined && policy === "gate" ? names.tester : names.builder;
  const trees = libraries.flatMap(
    ({ need, choice }) => dependencyStage(need.tree, choice, reading, slice, names) ?? [],
  );
  const handOvers = [
    ...artifactsOver(slice, source, tester !== undefined && policy === "gate" && inBuild.length === 0),
    ...librariesOver(libraries, reading, names.dependencies, source),
  ];
  const shipped = runtimeStage({
    reading,
    slice: withoutTested(slice, handOvers),
    needs,
    base,
    handOvers,
    name: names.production,
  });
  const stages = [
    ...(builder === undefined ? [] : [builder]),
    ...trees.slice(0, 1),
    ...(tester === undefined ? [] : [tester]),
    shipped.stage,
  ];
  const dropped = shipped.dropped.filter((one) => !isKeptElsewhere(one, stages) || true);
  return {
    kind: "plan",
    stages: ordered(stages),
    dropped,
    summary: `${gains.join("; ")} stay${gains.length === 1 && !gains[0]?.includes(" and ") ? "s" : ""} out of the image.`,
  };
}

function isKeptElsewhere(dropped: DroppedInstruction, stages: readonly Stage[]): boolean {
  return stages.some((stage) =>
    stage.steps.some((step) => step.kind === "original" && step.source.instruction === dropped.source.instruction),
  );
}

/** A dependencies stage that prunes stands on the build stage; one that installs stands before it. */
function ordered(stages: readonly Stage[]): readonly Stage[] {
  const installs = stages.filter((stage) => stage.role === "dependencies" && stage.base.kind === "image");
  return [...installs, ...stages.filter((stage) => !installs.includes(stage))];
}

function decideTests(reading: ImageReading, slice: Slice, decisions: DecisionLog): TestPolicy {
  const checks = reading.instructions.filter((one) => slice.roles[one.index]?.includes("check") === true);
  if (checks.length === 0) return "drop";
  const chosen = decisions.decide({
    id: "tests",
    question: "What becomes of the tests that the build runs?",
    options: [
      {
        value: "gate",
        label: "They gate the build",
        consequence: "The runtime stage copies from the tester stage, so failing tests fail the build, as before.",
      },
      {
        value: "target",
        label: "They get a target of their own",
        consequence: "They run only with `docker build --target tester`.",
      },
      { value: "drop", label: "They are left out", consequence: "The build no longer runs them." },
    ],
    recommended: "gate",
    confidence: "certain",
    because: checks.map((one) => one.because),
  });
  return chosen === "target" || chosen === "drop" ? chosen : "gate";
}

/** The last instruction that what is copied out of the build stage depends on. */
function lastBuild(
  reading: ImageReading,
  slice: Slice,
  copies: boolean,
  libraries: readonly ChosenLibraries[],
  prunes: boolean,
): number {
  const made = slice.supplies.filter((supply) => supply.kind === "build").map((supply) => supply.at);
  const touched = slice.roles.map((roles, at) =>
    copies && roles.some((role) => role === "build" || role === "unknown") && touches(reading, slice, at) ? at : -1,
  );
  const trees = prunes ? libraries.map(({ need }) => installOf(need.tree, reading)?.at ?? -1) : [];
  return Math.max(-1, ...made, ...touched, ...trees);
}

/** Whether an instruction changes a path that is copied out of the build stage. */
function touches(reading: ImageReading, slice: Slice, at: number): boolean {
  const paths = slice.supplies.filter((supply) => supply.kind === "build").map((supply) => supply.path);
  const units = reading.instructions[at]?.units ?? [];
  return units.some((unit) =>
    unit.effects.some((effect) => {
      if (effect.kind === "unknown") return true;
      const own =
        effect.kind === "attributes"
          ? effect.paths
          : effect.kind === "artifact"
            ? [effect.artifact.path]
            : effect.kind === "writes"
              ? [effect.path]
              : effect.kind === "copies"
                ? [effect.to]
                : [];
      return own.some((path) => paths.some((other) => isWithin(path, other) || isWithin(other, path)));
    }),
  );
}

/** `fromTests`: nothing is built, so the tests gate by handing over the tested sources. */
function artifactsOver(slice: Slice, stage: string, fromTests: boolean): readonly HandOver[] {
  return slice.supplies
    .filter(
      (supply) =>
        supply.kind === "build" || (fromTests && supply.kind === "context" && slice.places.isProject(supply.path)),
    )
    .map(({ path, form, at, reason, because, confidence }) => ({ path, form, stage, at, reason, because, confidence }));
}

function withoutTested(slice: Slice, handOvers: readonly HandOver[]): Slice {
  const handed = new Set(handOvers.map((one) => one.path));
  return {
    ...slice,
    supplies: slice.supplies.filter((supply) => supply.kind !== "context" || !handed.has(supply.path)),
  };
}

function librariesOver(
  libraries: readonly ChosenLibraries[],
  reading: ImageReading,
  dependencies: string,
  builder: string,
): readonly HandOver[] {
  return libraries.flatMap(({ need, choice }) => {
    const at = installOf(need.tree, reading)?.at ?? reading.instructions.length - 1;
    const stage = choice.value === "as-built" ? builder : dependencies;
    return need.tree.places.map(
      (path): HandOver => ({
        path,
        form: "directory",
        stage,
        at,
        reason: need.reason,
        because: [need.tree.because, ...need.because],
        confidence: need.confidence,
      }),
    );
  });
}

/** The place of the FROM line. */
export function fromPlace(reading: ImageReading): ReturnType<typeof provenance> {
  return provenance(reading.document.source, reading.stage.from.range);
}
