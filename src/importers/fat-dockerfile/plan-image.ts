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
import type { DependencyTree } from "../../ecosystems/ecosystem.ts";
import type { DecisionLog } from "../../model/decision.ts";
import type { Stage } from "../../model/plan.ts";
import { isWithin } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import {
  type Alias,
  buildStage,
  dependencyStage,
  installOf,
  lastCheck,
  testStage,
  testsOnlyThere,
} from "./build-stages.ts";
import { type ChosenBase, chooseBase, unfitness } from "./choose-base.ts";
import { chooseElsewhere } from "./elsewhere-roots.ts";
import { describeGains, gainsOf } from "./gains.ts";
import type { ChosenLibraries, ImageOutcome } from "./image-outcome.ts";
import type { ImageReading } from "./read-image.ts";
import { refusal } from "./refusals.ts";
import { type RuntimeNeeds, readNeeds } from "./runtime-needs.ts";
import type { HandOver } from "./runtime-parts.ts";
import { runtimeStage } from "./runtime-stage.ts";
import { type Slice, sliceImage } from "./slice.ts";
import { type StageNames, stageNames } from "./stage-names.ts";
import { shipTested } from "./tested-sources.ts";
import { tellBeside } from "./told-beside.ts";
import { tellUnreadStarts } from "./unread-starts.ts";

type TestPolicy = "gate" | "target" | "drop";

export function planImage(reading: ImageReading, decisions: DecisionLog, reporter: Reporter): ImageOutcome {
  const own = readNeeds(reading);
  const early = refusal(reading, own, reporter);
  if (early !== undefined) return early;
  const elsewhere = chooseElsewhere(reading, own, decisions, reporter);
  const needs = elsewhere.length === 0 ? own : readNeeds(reading, elsewhere);
  const asked = elsewhere.length === 0 ? undefined : refusal(reading, needs, reporter);
  if (asked !== undefined) return asked;
  const slice = sliceImage(reading, needs, decisions);
  const late = refuseUnits(reading, slice, reporter);
  if (late !== undefined) return late;
  const libraries = chooseLibraries(reading, needs, slice, decisions);
  const base = chooseBase(reading, needs, slice, decisions);
  const unfit = refuseBase(reading, slice, base, reporter);
  if (unfit !== undefined) return unfit;
  const gains = gainsOf(reading, needs, slice, base, libraries);
  const unread = tellUnreadStarts(needs, reporter);
  if (gains.length === 0)
    return { kind: "no-benefit", summary: unread ?? "Everything that the image holds serves run time." };
  warnOfFloatingBase(reading, base, slice, reporter);
  tellBeside(reading, needs, reporter);
  return assemble(reading, needs, slice, base, libraries, decisions, reporter, gains);
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
  const [blocked] = slice.blocked;
  const place = blocked === undefined ? undefined : reading.instructions[blocked.at]?.instruction;
  if (blocked !== undefined && place !== undefined) {
    const words = blocked.unit.commands[0]?.command.argv.map((field) => field.text).join(" ") ?? "RUN";
    reporter.report("setup-needs-build", { command: short(words) }, { path, ...place.range });
    return { kind: "refused", summary: "A command that sets up the system needs what the build makes." };
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

function refuseBase(
  reading: ImageReading,
  slice: Slice,
  base: ChosenBase,
  reporter: Reporter,
): ImageOutcome | undefined {
  const lacks = unfitness(reading, slice, base);
  if (lacks === undefined) return undefined;
  const span = { path: reading.document.source.path, ...reading.stage.from.image.range };
  reporter.report("base-unfit", { base: base.reference, lacks }, span);
  return { kind: "refused", summary: `"${base.reference}" lacks what the runtime stage needs.` };
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function chooseLibraries(
  reading: ImageReading,
  needs: RuntimeNeeds,
  slice: Slice,
  decisions: DecisionLog,
): readonly ChosenLibraries[] {
  const apart = needs.dependencies.filter(
    (need) =>
      !isInstalledAgain(need.tree, reading, slice) &&
      !need.tree.places.every((place) => slice.whole.some((whole) => isWithin(place, whole))),
  );
  return apart.flatMap((need) => {
    const [first] = need.choices;
    if (first === undefined) return [];
    if (need.choices.length === 1) return [{ need, choice: first }];
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

/** Whether every install of a tree runs in the runtime stage, so that nothing of it has to be copied. */
function isInstalledAgain(tree: DependencyTree, { instructions }: ImageReading, { roles }: Slice): boolean {
  const installs = instructions.flatMap((one) =>
    one.units.flatMap((unit, at) =>
      unit.effects.some((effect) => effect.kind === "dependencies" && effect.tree.directory === tree.directory)
        ? [roles[one.index]?.[at]]
        : [],
    ),
  );
  return tree.repeatable === true && installs.every((role) => role === "runtime");
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
  untested: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
  decisions: DecisionLog,
  reporter: Reporter,
  gains: readonly string[],
): ImageOutcome {
  const names = stageNames(reading.document, reading.stage);
  const prunes = libraries.some(({ choice }) => choice.value === "prune" || choice.value === "as-built");
  const until = lastBuild(reading, untested, libraries, prunes);
  const inPlace = testsOnlyThere(reading, untested, until);
  const policy = decideTests(reading, untested, inPlace, decisions);
  const check = policy === "drop" ? -1 : lastCheck(untested);
  const gated = check >= 0 && policy === "gate";
  const slice = gated ? shipTested(untested, check, reading) : untested;
  const last = Math.max(until, check);
  const aliases = aliasesOf(libraries);
  const onlyInstalls = check < 0 && !slice.supplies.some(({ kind }) => kind === "build");
  const role = onlyInstalls ? "dependencies" : "build";
  const builder =
    last >= 0
      ? buildStage({ reading, slice, name: names.builder, last, withTests: gated && inPlace, role, aliases })
      : undefined;
  const tester = check >= 0 && !inPlace ? testStage(reading, slice, names.tester, names.builder, last) : undefined;
  const source = tester !== undefined && gated ? names.tester : names.builder;
  const trees = libraryStages(libraries, reading, slice, names);
  const artifacts = artifactsOver(slice, reading, source);
  const installed = librariesOver(libraries, trees, reading, source);
  const handOvers = [
    ...artifacts,
    ...installed.filter(({ path }) => !artifacts.some((one) => isWithin(path, one.path))),
  ];
  if (gated && !handOvers.some((handOver) => handOver.stage === source)) return ungated(reading, slice, reporter);
  const shipped = runtimeStage({ reading, slice, needs, base, handOvers, name: names.production });
  const stages = [
    ...(builder === undefined ? [] : [builder]),
    ...trees.values(),
    ...(tester === undefined ? [] : [tester]),
    shipped.stage,
  ];
  const summary = describeGains(gains);
  const needed = [
    ...needs.paths.map(({ path }) => path),
    ...needs.everything,
    ...needs.dependencies.flatMap(({ tree }) => tree.places),
  ];
  return { kind: "plan", stages: ordered(stages), dropped: shipped.dropped, summary, needed };
}

/** Links that libraries are found under, of those that come from the build stage. */
function aliasesOf(libraries: readonly ChosenLibraries[]): readonly Alias[] {
  return libraries.flatMap(({ need, choice }) =>
    need.tree.alias === undefined || choice.value !== "as-built"
      ? []
      : [{ ...need.tree.alias, because: need.tree.because }],
  );
}

/** A stage for each tree of libraries that is not taken from the build stage as it is. */
function libraryStages(
  libraries: readonly ChosenLibraries[],
  reading: ImageReading,
  slice: Slice,
  names: StageNames,
): ReadonlyMap<ChosenLibraries, Stage> {
  const stages = new Map<ChosenLibraries, Stage>();
  for (const library of libraries) {
    const number = stages.size + 1;
    const dependencies = number === 1 ? names.dependencies : `${names.dependencies}-${number}`;
    const stage = dependencyStage(library.need.tree, library.choice, reading, slice, { ...names, dependencies });
    if (stage !== undefined) stages.set(library, stage);
  }
  return stages;
}

/** A dependencies stage that prunes stands on the build stage; one that installs stands before it. */
function ordered(stages: readonly Stage[]): readonly Stage[] {
  const installs = stages.filter((stage) => stage.role === "dependencies" && stage.base.kind === "image");
  return [...installs, ...stages.filter((stage) => !installs.includes(stage))];
}

const TARGET = {
  value: "target",
  label: "They get a target of their own",
  consequence: "They run only with `docker build --target tester`.",
};

/** `inPlace`: what follows takes away what they need, so they cannot have a stage of their own. */
function decideTests(reading: ImageReading, slice: Slice, inPlace: boolean, decisions: DecisionLog): TestPolicy {
  const checks = reading.instructions.filter((one) => slice.roles[one.index]?.includes("check") === true);
  if (checks.length === 0) return "drop";
  const chosen = decisions.decide({
    id: "tests",
    question: "What becomes of the tests that the build runs?",
    options: [
      {
        value: "gate",
        label: "They gate the build",
        consequence: `The runtime stage copies from the ${inPlace ? "build" : "tester"} stage, so failing tests fail the build, as before.`,
      },
      ...(inPlace ? [] : [TARGET]),
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
  libraries: readonly ChosenLibraries[],
  prunes: boolean,
): number {
  const copies = slice.supplies.some((supply) => supply.kind === "build");
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

function artifactsOver(slice: Slice, reading: ImageReading, stage: string): readonly HandOver[] {
  return slice.supplies
    .filter((supply) => supply.kind === "build")
    .map(({ path, form, at, reason, because, confidence }) => ({
      ...{ path, form, stage, at, reason, because, confidence },
      ...ownerAt(at, form, reading),
    }));
}

/** Nothing that ships comes out of the stage with the tests, so they would never run. */
function ungated(reading: ImageReading, slice: Slice, reporter: Reporter): ImageOutcome {
  const instruction = reading.instructions[lastCheck(slice)]?.instruction ?? reading.stage.from;
  reporter.report("tests-ungated", {}, { path: reading.document.source.path, ...instruction.range });
  return { kind: "refused", summary: "The tests would no longer run when the image is built." };
}

/** Files keep their numeric owner when a stage is copied from; the directory that COPY makes around them is root's. */
function ownerAt(at: number, form: HandOver["form"], reading: ImageReading): { readonly owner?: string } {
  const user = reading.instructions[at]?.before.user;
  const instruction = reading.instructions[at]?.instruction;
  const flag = instruction === undefined ? undefined : flagValue(instruction.flags, "chown");
  if (flag !== undefined) return { owner: flag };
  const plain = user === undefined || /^(?:root|0)(?::|$)/.test(user) || user.includes("$");
  return form === "file" || plain ? {} : { owner: user };
}

function librariesOver(
  libraries: readonly ChosenLibraries[],
  stages: ReadonlyMap<ChosenLibraries, Stage>,
  reading: ImageReading,
  builder: string,
): readonly HandOver[] {
  return libraries.flatMap((library) => {
    const { need } = library;
    const at = installOf(need.tree, reading)?.at ?? reading.instructions.length - 1;
    const stage = stages.get(library)?.name ?? builder;
    const { alias } = need.tree;
    return need.tree.places.map(
      (path, place): HandOver => ({
        path,
        ...(alias === undefined || place > 0 ? {} : { alias }),
        form: "directory",
        stage,
        at,
        reason: need.reason,
        because: [need.tree.because, ...need.because],
        confidence: need.confidence,
        ...ownerAt(at, "directory", reading),
      }),
    );
  });
}
