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
import {
  type Alias,
  buildStage,
  dependencyStage,
  installOf,
  lastCheck,
  testStage,
  testsOnlyThere,
} from "./build-stages.ts";
import { type ChosenBase, chooseBase } from "./choose-base.ts";
import { developmentServices, developmentTarget } from "./development-target.ts";
import { chooseElsewhere, tellLeft } from "./elsewhere-roots.ts";
import { describeGains, gainsOf } from "./gains.ts";
import { arrivalOf, artifactsOver, librariesOver } from "./hand-overs.ts";
import type { ChosenLibraries, ImageOutcome } from "./image-outcome.ts";
import { withOwnRuntime } from "./java-runtime.ts";
import { refuseBase, refuseUnits, refuseUnused, warnOfFloatingBase } from "./plan-refusals.ts";
import type { ImageReading } from "./read-image.ts";
import { refusal } from "./refusals.ts";
import { chooseLinkage, type Relinking, rebuiltFiles, relinked } from "./relink.ts";
import { type RuntimeNeeds, readNeeds } from "./runtime-needs.ts";
import { runtimeStage } from "./runtime-stage.ts";
import { withSecretMounts } from "./secret-mounts.ts";
import { type Slice, sliceImage } from "./slice.ts";
import type { StageNames } from "./stage-names.ts";
import { shipTested } from "./tested-sources.ts";
import { tellBeside } from "./told-beside.ts";
import { tellUnreadStarts } from "./unread-starts.ts";
import { withWebServer } from "./web-server.ts";

type TestPolicy = "gate" | "target" | "drop";

export function planImage(
  reading: ImageReading,
  names: StageNames,
  decisions: DecisionLog,
  reporter: Reporter,
): ImageOutcome {
  const own = readNeeds(reading);
  const early = refusal(reading, own, reporter);
  if (early !== undefined) return early;
  const services = developmentServices(reading, names.development);
  const settled = new Set(services.map(({ command }) => command));
  const frame = { reading, needs: own, builder: names.builder, reporter };
  const elsewhere = chooseElsewhere(frame, settled, decisions);
  const needs = elsewhere.length === 0 ? own : readNeeds(reading, elsewhere);
  const asked = elsewhere.length === 0 ? undefined : refusal(reading, needs, reporter);
  if (asked !== undefined) return asked;
  const slice = sliceImage(reading, needs, decisions);
  const late = refuseUnits(reading, needs, slice, reporter);
  if (late !== undefined) return late;
  const libraries = chooseLibraries(reading, needs, slice, decisions);
  const unused = refuseUnused(reading, slice, libraries, reporter);
  if (unused !== undefined) return unused;
  const relinking = chooseLinkage(reading, slice, decisions);
  const base = chooseBase(reading, needs, slice, decisions, relinking);
  const unfit = refuseBase(reading, slice, base, libraries, reporter);
  if (unfit !== undefined) return unfit;
  const gains = gainsOf(reading, needs, slice, base, libraries);
  const unread = tellUnreadStarts(needs, reporter);
  if (gains.length === 0)
    return { kind: "no-benefit", summary: unread ?? "Everything that the image holds serves run time." };
  warnOfFloatingBase(relinked(reading.image.artifacts, relinking), reading, base, slice, reporter);
  const assembled = assemble(reading, names, needs, slice, base, libraries, decisions, reporter, gains, relinking);
  if (assembled.kind !== "plan") return assembled;
  const parts = { reading, needs, slice };
  const served =
    elsewhere.length > 0 ? assembled : withOwnRuntime(withWebServer(assembled, parts, decisions), parts, decisions);
  const plan = withSecretMounts(served, reading, decisions);
  const development = developmentTarget(reading, names.development, services, decisions);
  if (development === undefined) tellLeft(frame, settled);
  tellBeside(reading, needs, reporter);
  return development === undefined
    ? plan
    : { ...plan, stages: [development.stage, ...plan.stages], edits: development.edits };
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
      !need.tree.places.every((place) => slice.supplies.some(({ kind, path }) => kind === "kept" && path === place)) &&
      !need.tree.places.every((place) => slice.whole.some((whole) => isWithin(place, whole))),
  );
  return apart.flatMap((need) => {
    // What another stage installed can be pruned here, but not be installed in another way.
    const here = installOf(need.tree, reading) !== undefined;
    const choices = need.choices.filter(({ how }) => here || how.kind !== "install");
    const [first] = choices;
    if (first === undefined) return [];
    if (choices.length === 1) return [{ need, choice: first }];
    const chosen = decisions.decide({
      id: apart.length > 1 ? `dependencies:${need.tree.directory}` : "dependencies",
      question: "How do production libraries come into the image?",
      options: choices.map(({ value, label, consequence }) => ({ value, label, consequence })),
      recommended: first.value,
      confidence: need.confidence,
      because: [need.tree.because],
    });
    return [{ need, choice: choices.find((choice) => choice.value === chosen) ?? first }];
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

function assemble(
  reading: ImageReading,
  wanted: StageNames,
  needs: RuntimeNeeds,
  untested: Slice,
  base: ChosenBase,
  libraries: readonly ChosenLibraries[],
  decisions: DecisionLog,
  reporter: Reporter,
  gains: readonly string[],
  relinking: Relinking,
): ImageOutcome {
  const prunes = libraries.some(({ choice }) => choice.value === "prune" || choice.value === "as-built");
  const until = lastBuild(reading, untested, libraries, prunes);
  const inPlace = testsOnlyThere(reading, untested, until);
  const policy = decideTests(reading, untested, inPlace, decisions);
  const check = policy === "drop" ? -1 : lastCheck(untested);
  const gated = check >= 0 && policy === "gate";
  const slice = gated ? shipTested(untested, check, reading) : untested;
  const last = Math.max(until, check);
  const aliases = aliasesOf(libraries);
  // All that is built stands in the stage below, which is copied from as it is.
  const below = aliases.length === 0 && last < reading.inherited ? reading.lead : undefined;
  const names = below === undefined ? wanted : { ...wanted, builder: below };
  const onlyInstalls = check < 0 && !slice.supplies.some(({ kind }) => kind === "build");
  const role = onlyInstalls ? "dependencies" : "build";
  const builder =
    last >= 0 && below === undefined
      ? buildStage({
          reading,
          slice,
          name: names.builder,
          last,
          withTests: gated && inPlace,
          role,
          aliases,
          relinking,
        })
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
  // Where no build stage has it, the user's own FROM opens the stage that ships.
  const from = { document: reading.document, instruction: reading.stage.from };
  const production = builder === undefined ? { ...shipped.stage, from } : shipped.stage;
  const stages = [
    ...(builder === undefined ? [] : [builder]),
    ...trees.values(),
    ...(tester === undefined ? [] : [tester]),
    production,
  ];
  const summary = describeGains(gains);
  const needed = [
    ...needs.paths.map(({ path }) => path),
    ...needs.everything,
    ...needs.dependencies.flatMap(({ tree }) => tree.places),
  ];
  const onPurpose = rebuiltFiles(relinking);
  const outcome = {
    kind: "plan",
    stages: ordered(stages),
    dropped: shipped.dropped,
    summary,
    edits: [],
    needed,
  } as const;
  return onPurpose === undefined ? outcome : { ...outcome, onPurpose };
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
  const trees = libraries.flatMap(({ need }) => {
    const changed = prunes ? lastChange(need.tree, reading) : -1;
    return changed >= 0 ? changed : (arrivalOf(need.tree, reading) ?? []);
  });
  return Math.max(-1, ...made, ...touched, ...trees);
}

/** The last instruction that installs a tree or changes it afterwards, as `npm prune` and `prisma generate` do; -1 for none. */
function lastChange(tree: DependencyTree, reading: ImageReading): number {
  const changed = reading.instructions.findLastIndex((one) =>
    one.units.some(({ effects }) =>
      effects.some((effect) => effect.kind === "dependencies-changed" && effect.directory === tree.directory),
    ),
  );
  return Math.max(installOf(tree, reading)?.at ?? -1, changed);
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

/** Nothing that ships comes out of the stage with the tests, so they would never run. */
function ungated(reading: ImageReading, slice: Slice, reporter: Reporter): ImageOutcome {
  const instruction = reading.instructions[lastCheck(slice)]?.instruction ?? reading.stage.from;
  reporter.report("tests-ungated", {}, { path: reading.document.source.path, ...instruction.range });
  return { kind: "refused", summary: "The tests would no longer run when the image is built." };
}
