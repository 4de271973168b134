/**
 * The backward slice: which unit of which instruction serves run time, and which only the build.
 *
 *     RUN adduser app && apk add gcc && make && go test ./...
 *         runtime        build          build   check
 *
 * A unit serves run time when it makes users, installs packages that stay, or changes files among the system's own or
 * files that arrive in the runtime stage by themselves. What the build makes is copied, not made again.
 */

import type { Instruction } from "../../dockerfile/syntax.ts";
import type { Effect, RuntimeNeed } from "../../ecosystems/ecosystem.ts";
import { goBin } from "../../ecosystems/go/module.ts";
import { asRepository } from "../../ecosystems/os-packages/repositories.ts";
import type { DecisionLog } from "../../model/decision.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { flagValue } from "./apply-copy.ts";
import type { ImageTree, TreeNode } from "./image-tree.ts";
import { type PackageFate, planPackages, type Setup } from "./packages-plan.ts";
import { holdsContext, type Places, readPlaces } from "./place-paths.ts";
import type { ImageReading, InstructionReading, UnitReading } from "./read-image.ts";
import { type Blocked, lastOpenSetup, lastUnknown, repeatNeeded } from "./repeated-units.ts";
import type { RuntimeNeeds } from "./runtime-needs.ts";
import { findSupplies, type Supply, supplyOf } from "./supplies.ts";
import { RoleJudge, type UnitRole } from "./unit-roles.ts";

export interface Slice {
  /** By instruction, then by unit. */
  readonly roles: readonly (readonly UnitRole[])[];
  readonly supplies: readonly Supply[];
  readonly packages: readonly PackageFate[];
  readonly places: Places;
  /** Directories that have to cross whole, because what wrote into them is not known. */
  readonly whole: readonly ImagePath[];
  /** A command of unknown effect set up the system itself, which only the old base is known to allow. */
  readonly setsUp: boolean;
  /** Instructions that bring files which a unit of the runtime stage reads. */
  readonly read: ReadonlySet<number>;
  /** Names of commands that the runtime stage repeats. */
  readonly tools: ReadonlySet<string>;
  /** Repeated units that need what only the build makes. */
  readonly blocked: readonly Blocked[];
  /** Units whose effects are not known, with where they stand. */
  readonly unknown: readonly { readonly at: number; readonly unit: UnitReading; readonly why: string }[];
}

type PathNeed = Extract<RuntimeNeed, { readonly kind: "path" }>;

export function sliceImage(reading: ImageReading, needs: RuntimeNeeds, decisions: DecisionLog): Slice {
  const places = readPlaces(reading);
  const unknown = unknownUnits(reading);
  const whole = [...new Set([...needs.everything, ...wholeDirectories(reading, unknown, needs, decisions)])];
  const wanted = [
    ...needs.paths,
    ...readyLibraries(reading, needs),
    ...strays(reading, places, needs.paths, decisions),
    ...handedIn(reading, places, [...needs.paths.map(({ path }) => path), ...whole], decisions),
    ...whole.map((path) => wholeNeed(path, reading)),
  ];
  const supplies = findSupplies(keepGuesses(wanted, decisions), reading);
  const firstFile = firstProjectFile(reading, places);
  const judged = (packages: readonly PackageFate[]): Slice["roles"] => {
    const judge = new RoleJudge(reading, places, supplies, packages, firstFile, needs.executables);
    const roles = reading.instructions.map((one) =>
      one.units.map((unit, at) => unlessBelow(unlessIgnored(judge.roleOf(unit, one.index), one, at), one, reading)),
    );
    return withDirectories(roles, reading, supplies);
  };
  const plan = (packages: readonly PackageFate[], log: DecisionLog): readonly PackageFate[] =>
    planPackages(
      reading,
      needs,
      setupOf(reading, repeatNeeded(reading, judged(packages), supplies).roles, supplies),
      log,
    );
  // A repository that packages come out of goes along with them, and adding it takes packages in turn.
  const packages = plan(addsRepositories(reading) ? plan([], decisions.trial()) : [], decisions);
  const { roles, blocked } = repeatNeeded(reading, judged(packages), supplies);
  const setsUp = unknown.some(
    ({ at, unit }) => roles[at]?.[reading.instructions[at]?.units.indexOf(unit) ?? -1] === "runtime",
  );
  const read = readCopies(reading, roles);
  const tools = setupOf(reading, roles, supplies).commands;
  return { roles, supplies, packages, places, whole, setsUp, unknown, read, tools, blocked };
}

function addsRepositories({ instructions }: ImageReading): boolean {
  return instructions.some(({ units }) =>
    units.some(({ effects }) => effects.some((effect) => asRepository(effect, "") !== undefined)),
  );
}

/** `go vet ./... ; go build`: a check whose failure nothing sees is no gate, and stays where it is. */
function unlessIgnored(role: UnitRole, { units, chain }: InstructionReading, at: number): UnitRole {
  const next = chain?.[at + 1]?.connector;
  const stops = units.slice(0, at).some(({ commands }) => commands.some(({ command }) => command.name === "set"));
  return role === "check" && (next === ";" || next === "&") && !stops ? "build" : role;
}

/** Tests of a stage below stay where they are, and what stands on it is built only when they pass. */
function unlessBelow(role: UnitRole, { index }: InstructionReading, { inherited }: ImageReading): UnitRole {
  return role === "check" && index < inherited ? "build" : role;
}

/** A directory whose owner or mode the runtime stage sets has to be made there first. */
function withDirectories(roles: Slice["roles"], reading: ImageReading, supplies: readonly Supply[]): Slice["roles"] {
  const changed = runtimeUnits(reading, roles).flatMap((unit) =>
    unit.effects.flatMap((effect) => (effect.kind === "attributes" ? effect.paths : [])),
  );
  const isMade = (effect: Effect): boolean =>
    effect.kind === "writes" &&
    effect.form === "directory" &&
    !supplies.some((supply) => supply.kind === "build" && isWithin(effect.path, supply.path)) &&
    changed.some((path) => isWithin(path, effect.path) || isWithin(effect.path, path));
  return roles.map((units, at) =>
    units.map((role, unit) => {
      const effects = reading.instructions[at]?.units[unit]?.effects ?? [];
      const makes =
        effects.length > 0 && effects.every((effect) => effect.kind === "writes" && effect.form === "directory");
      return makes && effects.some(isMade) ? "runtime" : role;
    }),
  );
}

function runtimeUnits(reading: ImageReading, roles: Slice["roles"]): readonly UnitReading[] {
  return reading.instructions.flatMap((one) => one.units.filter((_, unit) => roles[one.index]?.[unit] === "runtime"));
}

/** What the runtime stage repeats, for choosing its packages. */
function setupOf(reading: ImageReading, roles: Slice["roles"], supplies: readonly Supply[]): Setup {
  const units = runtimeUnits(reading, roles);
  const commands = new Set(units.flatMap((unit) => unit.commands.map(({ command }) => command.name)));
  return { commands, unknownAt: lastOpenSetup(reading, roles), supplies };
}

function readCopies(reading: ImageReading, roles: Slice["roles"]): ReadonlySet<number> {
  const origins = runtimeUnits(reading, roles).flatMap((unit) => unit.commands.flatMap(({ reads }) => reads));
  const named = origins.filter((origin) => origin.kind !== "made").map((origin) => origin.at);
  const until = lastUnknown(reading, roles)?.at ?? -1;
  const before = reading.instructions.filter(({ index, instruction }) => index < until && isCopy(instruction));
  return new Set([...named, ...before.map(({ index }) => index)]);
}

function isCopy({ kind }: Instruction): boolean {
  return kind === "copy" || kind === "add";
}

function wholeNeed(path: ImagePath, reading: ImageReading): PathNeed {
  return {
    kind: "path",
    path,
    reason: `What run time needs of "${path}" cannot be told, so all of it stays.`,
    confidence: "likely",
    because: [provenance(reading.document.source, reading.stage.from.range)],
  };
}

/** Needs that are guesses are asked about. */
function keepGuesses(needs: readonly PathNeed[], decisions: DecisionLog): readonly PathNeed[] {
  return needs.filter((need) => need.confidence !== "guess" || decideKeep(need, decisions));
}

function decideKeep(need: PathNeed, decisions: DecisionLog): boolean {
  const chosen = decisions.decide({
    id: `keep:${need.path}`,
    question: `Does run time need "${need.path}"?`,
    options: [
      { value: "keep", label: "Take it along", consequence: "The image holds it at the same path, as before." },
      { value: "drop", label: "Leave it behind", consequence: "The image is smaller; a program that opens it fails." },
    ],
    recommended: "keep",
    confidence: "likely",
    because: need.because,
  });
  return chosen === "keep";
}

/** Production libraries that another stage installed and that nothing changed: the COPY that brought them is good as it is. */
function readyLibraries({ image }: ImageReading, needs: RuntimeNeeds): readonly PathNeed[] {
  return needs.dependencies.flatMap(({ tree, reason, confidence }) => {
    const ready = tree.places.every((path) => supplyOf(path, image.tree)?.kind === "kept");
    if (!tree.production || !ready) return [];
    return tree.places.map((path): PathNeed => ({ kind: "path", path, reason, confidence, because: [tree.because] }));
  });
}

/** Files that the build puts outside of its own directories, where a program may look for them. */
function strays(
  reading: ImageReading,
  places: Places,
  known: readonly PathNeed[],
  decisions: DecisionLog,
): readonly PathNeed[] {
  const tools = goBin(reading.state.environment);
  const found = reading.instructions.flatMap((one) =>
    one.units.flatMap((unit) =>
      unit.effects.flatMap((effect) =>
        strayPaths(effect, places, tools).map((path) => ({ path, because: one.because })),
      ),
    ),
  );
  const { tree } = reading.image;
  const fresh = found.filter(
    ({ path }) =>
      tree.kindOf(path) !== undefined &&
      !known.some((need) => isWithin(path, need.path)) &&
      !isBuildTool(path, reading),
  );
  return fresh
    .map(
      ({ path, because }): PathNeed => ({
        kind: "path",
        path,
        reason: `"${path}" is put where programs look for it.`,
        confidence: "guess",
        because: [because],
      }),
    )
    .filter((need) => decideKeep(need, decisions))
    .map((need) => ({ ...need, confidence: "likely" as const }));
}

/** What comes out of other stages into the directories of a project, that no program is seen to open and no build to use up. */
function handedIn(
  { instructions, image }: ImageReading,
  places: Places,
  known: readonly ImagePath[],
  decisions: DecisionLog,
): readonly PathNeed[] {
  const libraries = image.dependencies.flatMap((tree) => tree.places);
  const used = [...known, ...libraries, ...image.artifacts.flatMap(({ holds = [] }) => holds)];
  return instructions.flatMap((one): readonly PathNeed[] => {
    const paths = handedPaths(one, image.tree).filter(
      (path) => places.isProject(path) && !used.some((own) => isWithin(path, own)),
    );
    return paths
      .map((path): PathNeed => {
        const reason = `"${path}" comes out of another stage, and a program may open it.`;
        return { kind: "path", path, reason, confidence: "guess", because: [one.because] };
      })
      .filter((need) => decideKeep(need, decisions))
      .map((need) => ({ ...need, confidence: "likely" as const }));
  });
}

/** The outermost paths that a COPY --from brought and that nothing changed. */
function handedPaths({ index, instruction }: InstructionReading, tree: ImageTree): readonly ImagePath[] {
  if (!isCopy(instruction) || flagValue(instruction.flags, "from") === undefined) return [];
  const isOurs = (node: TreeNode | undefined): boolean => node?.origin.kind === "foreign" && node.origin.at === index;
  return tree
    .below("/" as ImagePath)
    .filter(([path, node]) => isOurs(node) && !isOurs(tree.node(imagePath("..", path))))
    .map(([path]) => path);
}

/** `tools`: where `go install` puts what the build itself uses. */
function strayPaths(effect: Effect, places: Places, tools: ImagePath): readonly ImagePath[] {
  const outside = (path: ImagePath): boolean => !places.isProject(path) && !places.isPassing(path);
  if (effect.kind === "copies") {
    const ours = places.isBuilt(effect.from) || places.isPassing(effect.from);
    return outside(effect.to) && !effect.link && ours ? [effect.to] : [];
  }
  if (effect.kind === "download") return outside(effect.path) ? [effect.path] : [];
  if (effect.kind !== "artifact" || isWithin(effect.artifact.path, tools)) return [];
  return outside(effect.artifact.path) ? [effect.artifact.path] : [];
}

/** A program that a RUN starts by name and that run time is not seen to start. */
function isBuildTool(path: ImagePath, reading: ImageReading): boolean {
  const started = reading.instructions.flatMap((one) =>
    one.units.flatMap((unit) => unit.commands.map(({ command }) => command)),
  );
  const isProgram = /\/s?bin\/[^/]+$/.test(path);
  return started.some(
    (command) =>
      (command.argv[0]?.known === true &&
        reading.image.which(command.argv[0].text, command.workdir, command.environment) === path) ||
      // `protoc --plugin=protoc-gen-x=/usr/local/bin/plugin`
      (isProgram && command.argv.slice(1).some(({ text }) => text.endsWith(`=${path}`))),
  );
}

function unknownUnits(reading: ImageReading): Slice["unknown"] {
  return reading.instructions.flatMap((one) =>
    one.units.flatMap((unit) => {
      const effect = unit.effects.find((each) => each.kind === "unknown");
      return effect?.kind === "unknown" ? [{ at: one.index, unit, why: effect.why }] : [];
    }),
  );
}

/**
 * Where commands of unknown effect ran with the project's files beside them. Where what starts lies in a directory that only
 * they can have made, that directory is taken to be their output, as a decision.
 */
function wholeDirectories(
  reading: ImageReading,
  unknown: Slice["unknown"],
  needs: RuntimeNeeds,
  decisions: DecisionLog,
): readonly ImagePath[] {
  const { tree } = reading.image;
  const found = new Map<ImagePath, Provenance[]>();
  for (const { unit } of unknown) {
    const { workdir } = unit.before;
    if (!holdsContext(workdir, tree)) continue;
    found.set(workdir, [...(found.get(workdir) ?? []), unit.because]);
  }
  return [...found]
    .filter(([workdir, because]) => keepsWhole(workdir, because, reading, needs, decisions))
    .map(([path]) => path);
}

function keepsWhole(
  workdir: ImagePath,
  because: readonly Provenance[],
  reading: ImageReading,
  needs: RuntimeNeeds,
  decisions: DecisionLog,
): boolean {
  const outputs = needs.paths
    .filter(
      (need) =>
        need.confidence === "certain" && isWithin(need.path, workdir) && reading.image.kindOf(need.path) === undefined,
    )
    .flatMap((need) => supplyOf(need.path, reading.image.tree)?.path ?? []);
  if (outputs.length === 0) return true;
  const listed = [...new Set(outputs)].join(", ");
  const chosen = decisions.decide({
    id: `outputs:${workdir}`,
    question: `What do the commands of unknown effect make in "${workdir}" for run time?`,
    options: [
      {
        value: "started",
        label: `Only ${listed}`,
        consequence: "What starts and all beside it ships; other files that these commands make do not.",
      },
      {
        value: "whole",
        label: `Anything in ${workdir}`,
        consequence: "The whole directory ships on the old base, sources and development dependencies included.",
      },
    ],
    recommended: "started",
    confidence: "guess",
    because,
  });
  return chosen === "whole";
}

/** The index of the first instruction that brings files of the context; before it, commands only set the system up. */
function firstProjectFile(reading: ImageReading, places: Places): number {
  const { tree } = reading.image;
  const copies = reading.instructions.filter(
    ({ instruction }) => instruction.kind === "copy" || instruction.kind === "add",
  );
  const first = copies.find(({ index }) =>
    tree
      .below("/" as ImagePath)
      .some(([path, node]) => node.origin.kind === "context" && node.origin.at === index && places.isProject(path)),
  );
  return first?.index ?? copies[0]?.index ?? reading.instructions.length;
}
