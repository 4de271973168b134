/**
 * The stages that stay behind: the build stage out of the user's own instructions, the dependencies stage, the tester stage.
 *
 *     FROM node:20 AS builder         the user's instructions up to the last build, without tests and run-time configuration
 *     FROM node:20 AS dependencies    the same up to the install, which now leaves development dependencies out
 *     FROM builder AS tester          the tests
 */

import type { Instruction, InstructionRef, RunInstruction } from "../../dockerfile/syntax.ts";
import type { DependencyChoice, DependencyTree, Effect } from "../../ecosystems/ecosystem.ts";
import type { Because, Stage, StageStep } from "../../model/plan.ts";
import { type Provenance, provenance } from "../../model/provenance.ts";
import { type ImagePath, isWithin } from "../../text/paths.ts";
import type { ShellState } from "./commands.ts";
import type { ImageReading, InstructionReading, UnitReading } from "./read-image.ts";
import type { Relinking } from "./relink.ts";
import { rewriteRun } from "./rewrite-run.ts";
import type { Slice } from "./slice.ts";
import { namesIn } from "./variables.ts";

/** Instructions that set how an image runs and that a build never reads. */
const RUNTIME_ONLY: ReadonlySet<Instruction["kind"]> = new Set([
  "cmd",
  "entrypoint",
  "expose",
  "healthcheck",
  "label",
  "maintainer",
  "stopsignal",
  "volume",
]);

export function refOf(reading: ImageReading, instruction: Instruction): InstructionRef {
  return { document: reading.document, instruction };
}

function because(one: InstructionReading, reason: string): Because {
  return { reason, because: [one.because], confidence: "certain" };
}

/** A link that is made in the build stage after all else. */
export interface Alias {
  readonly command: string;
  readonly reason: string;
  readonly because: Provenance;
}

interface BuildParts {
  readonly reading: ImageReading;
  readonly slice: Slice;
  readonly name: string;
  /** The index of the last instruction in it. */
  readonly last: number;
  /** Checks stay where they are. */
  readonly withTests: boolean;
  /** `dependencies`: nothing but libraries is taken out of it. */
  readonly role: "build" | "dependencies";
  readonly aliases: readonly Alias[];
  readonly relinking: Relinking;
}

/** The build stage: everything up to and including instruction `last`. */
export function buildStage({ reading, slice, name, last, withTests, role, aliases, relinking }: BuildParts): Stage {
  const steps = reading.instructions
    .filter((one) => one.index >= reading.inherited && one.index <= last && !RUNTIME_ONLY.has(one.instruction.kind))
    .flatMap((one) => buildStep(one, reading, slice, withTests, relinking));
  const links = aliases.map(
    ({ command, reason, because: from }): StageStep => ({
      kind: "synthesized",
      text: `RUN ${command}`,
      reason,
      because: [from],
      confidence: "certain",
    }),
  );
  return {
    name,
    role,
    base: baseOf(reading),
    from: { document: reading.document, instruction: reading.stage.from },
    steps: [...steps, ...links],
    reason:
      role === "build"
        ? "The build keeps its image; nothing of it ships unless it is copied."
        : "The install keeps its image; only the libraries are copied out of it.",
    because: [provenance(reading.document.source, reading.stage.from.range)],
    confidence: "certain",
  };
}

/** What the stage itself stands on. */
export function baseOf(reading: ImageReading): Stage["base"] {
  return reading.lead === undefined ? rootOf(reading) : { kind: "stage", stage: reading.lead };
}

/** The image below all stages that it stands on. */
function rootOf({ root }: ImageReading): Stage["base"] {
  const platform = root.from.flags.find((flag) => flag.name === "platform")?.value;
  return { kind: "image", reference: root.from.image.text, ...(platform === undefined ? {} : { platform }) };
}

function buildStep(
  one: InstructionReading,
  reading: ImageReading,
  slice: Slice,
  withTests: boolean,
  { wraps, confidence }: Relinking,
): readonly StageStep[] {
  const roles = slice.roles[one.index] ?? [];
  const { instruction } = one;
  const wrap = wraps.get(one.index);
  const source = refOf(reading, instruction);
  const whole: StageStep = { kind: "original", source, ...because(one, "The build needs it, as before.") };
  const leavesTests = !withTests && roles.includes("check");
  if (instruction.kind !== "run" || (!leavesTests && wrap === undefined)) return [whole];
  if (leavesTests && roles.every((role) => role === "check" || role === "neutral")) return [];
  const keep = leavesTests ? { keep: (unit: number) => roles[unit] !== "check" } : {};
  const text = rewriteRun(reading.document, instruction, { ...keep, ...(wrap === undefined ? {} : { wrap }) });
  if (text === undefined) return [whole];
  const reasons = [
    ...(leavesTests ? ["The tests of this command moved to a stage of their own."] : []),
    ...(wrap === undefined ? [] : ["The program is linked statically, so that it runs without a C library."]),
  ];
  const sure = wrap === undefined ? {} : { confidence };
  return [{ kind: "rewritten", source, text, ...because(one, reasons.join(" ")), ...sure }];
}

/** The index of the last instruction that checks something, -1 for none. */
export function lastCheck(slice: Slice): number {
  return slice.roles.findLastIndex((roles) => roles.includes("check"));
}

/**
 * Whether what follows a check takes away what it may need, so that it cannot run on the finished build:
 * `npm ci && npm test && npm prune --omit=dev`.
 */
export function testsOnlyThere(reading: ImageReading, slice: Slice, last: number): boolean {
  const units = reading.instructions.flatMap((one) => one.units.map((unit, at) => ({ index: one.index, unit, at })));
  const first = units.findIndex(({ index, at }) => slice.roles[index]?.[at] === "check");
  const later =
    first < 0 ? [] : units.slice(first + 1).filter(({ index }) => index <= Math.max(last, lastCheck(slice)));
  const before = units.slice(0, first + 1);
  return (
    later.some(({ unit }) => unit.effects.some((effect) => takesAway(effect, slice))) || (first >= 0 && isGone(before))
  );
}

/** Whether the directory that the first check runs in was removed before it: `cd /src && make && rm -rf /src && app --version`. */
function isGone(units: readonly { readonly unit: UnitReading }[]): boolean {
  const directory = units.at(-1)?.unit.before.workdir;
  const removed = units.flatMap(({ unit }) =>
    unit.effects.flatMap((effect) => (effect.kind === "removes" ? [effect.path] : [])),
  );
  return directory !== undefined && removed.some((path) => isWithin(directory, path));
}

function takesAway(effect: Effect, slice: Slice): boolean {
  switch (effect.kind) {
    case "dependencies":
    case "dependencies-changed":
    case "unknown":
      return true;
    case "packages":
      return effect.action === "remove";
    case "removes":
      return !slice.places.isPassing(effect.path) && slice.places.isProject(effect.path);
    case "copies":
      return effect.move && slice.places.isProject(effect.from);
    default:
      return false;
  }
}

/** The stage that runs the checks on top of the build; `undefined` where there is none. */
export function testStage(
  reading: ImageReading,
  slice: Slice,
  name: string,
  builder: string,
  last: number,
): Stage | undefined {
  const checks = reading.instructions.filter((one) => slice.roles[one.index]?.includes("check") === true);
  if (checks.length === 0) return undefined;
  const steps: StageStep[] = [...argumentSteps(reading, checks)];
  let workdir = stateAfter(reading, last).workdir;
  for (const one of checks) {
    if (one.before.workdir !== workdir) {
      workdir = one.before.workdir;
      steps.push({
        kind: "synthesized",
        text: `WORKDIR ${workdir}`,
        ...because(one, "The tests run where they ran before."),
      });
    }
    steps.push(...checkStep(one, reading, slice));
  }
  return {
    name,
    role: "test",
    base: { kind: "stage", stage: builder },
    steps,
    reason: "Tests run on what the build made, and none of it ships.",
    because: checks.map((one) => one.because),
    confidence: "certain",
  };
}

function stateAfter(reading: ImageReading, index: number): ShellState {
  return reading.instructions[index + 1]?.before ?? reading.state;
}

/** A stage built FROM another has its environment but not its arguments. */
function argumentSteps(reading: ImageReading, used: readonly InstructionReading[]): readonly StageStep[] {
  const names = new Set(used.flatMap((one) => namesIn(one.instruction.rest.text)));
  return reading.instructions.flatMap((one): readonly StageStep[] => {
    const { instruction } = one;
    if (instruction.kind !== "arg" || !instruction.pairs.some((pair) => names.has(pair.key))) return [];
    return [
      { kind: "original", source: refOf(reading, instruction), ...because(one, "The tests read this build argument.") },
    ];
  });
}

function checkStep(one: InstructionReading, reading: ImageReading, slice: Slice): readonly StageStep[] {
  const { instruction } = one;
  const roles = slice.roles[one.index] ?? [];
  if (instruction.kind !== "run") return [];
  const reason = "Failing tests still fail the build.";
  const source = refOf(reading, instruction);
  const last = roles.lastIndexOf("check");
  const keep = (unit: number): boolean => roles[unit] === "check" || (roles[unit] === "neutral" && unit < last);
  if (roles.every((_, unit) => keep(unit))) return [{ kind: "original", source, ...because(one, reason) }];
  const text = rewriteRun(reading.document, instruction, { keep });
  return text === undefined ? [] : [{ kind: "rewritten", source, text, ...because(one, reason) }];
}

/** The instruction and unit that installed a tree. */
export function installOf(
  tree: DependencyTree,
  reading: ImageReading,
): { readonly at: number; readonly unit: number } | undefined {
  for (const one of reading.instructions.toReversed()) {
    const unit = one.units.findLastIndex(({ effects }) =>
      effects.some((effect) => effect.kind === "dependencies" && effect.tree.directory === tree.directory),
    );
    if (unit >= 0) return { at: one.index, unit };
  }
  return undefined;
}

/** The stage with the production libraries; `undefined` where they come from the build stage as it is. */
export function dependencyStage(
  tree: DependencyTree,
  choice: DependencyChoice,
  reading: ImageReading,
  slice: Slice,
  names: { readonly dependencies: string; readonly builder: string },
): Stage | undefined {
  const frame = {
    name: names.dependencies,
    role: "dependencies",
    because: [tree.because],
    confidence: "likely",
  } as const;
  if (choice.how.kind === "prune") {
    const text = `RUN ${choice.how.command}`;
    const step: StageStep = {
      kind: "synthesized",
      text,
      reason: choice.consequence,
      because: [tree.because],
      confidence: "likely",
    };
    const move: StageStep = {
      kind: "synthesized",
      text: `WORKDIR ${tree.directory}`,
      reason: "The libraries lie there.",
      because: [tree.because],
      confidence: "certain",
    };
    const base = { kind: "stage", stage: names.builder } as const;
    return {
      ...frame,
      base,
      steps: [move, step],
      reason: "Production libraries only, out of the ones that the build used.",
    };
  }
  const install = installOf(tree, reading);
  if (choice.how.kind !== "install" || install === undefined) return undefined;
  return {
    ...frame,
    base: install.at < reading.inherited ? rootOf(reading) : baseOf(reading),
    steps: installSteps(install, choice.how.command, choice.how.manifests, tree, reading, slice),
    reason: "Production libraries are installed by themselves, so that development dependencies never ship.",
  };
}

function installSteps(
  install: { readonly at: number; readonly unit: number },
  command: string,
  manifests: readonly ImagePath[] | undefined,
  tree: DependencyTree,
  reading: ImageReading,
  slice: Slice,
): readonly StageStep[] {
  const first = install.at < reading.inherited ? 0 : reading.inherited;
  const before = reading.instructions.filter(
    (one) => one.index >= first && one.index < install.at && !RUNTIME_ONLY.has(one.instruction.kind),
  );
  const prefix = before.flatMap((one) => installPrefix(one, manifests, reading, slice));
  const own = reading.instructions[install.at];
  if (own === undefined || own.instruction.kind !== "run") return prefix;
  const reason = "The same install, without development dependencies.";
  const text = replacedInstall(own.instruction, install.unit, command, reading, slice.roles[install.at] ?? []);
  const step: StageStep = { kind: "synthesized", text, reason, because: [tree.because], confidence: "likely" };
  return [...prefix, step];
}

function replacedInstall(
  run: RunInstruction,
  unit: number,
  command: string,
  reading: ImageReading,
  roles: readonly string[],
): string {
  const keep = (at: number): boolean => at <= unit && roles[at] !== "check";
  const text = rewriteRun(reading.document, run, { keep, replace: new Map([[unit, command]]) });
  // A comment at the end of the line spoke of the old install.
  return text?.replace(/[ \t]+#[^\n]*$/, "") ?? `RUN ${command}`;
}

/** What stands before the install; a COPY that brings more than the manifests is narrowed to them. */
function installPrefix(
  one: InstructionReading,
  manifests: readonly ImagePath[] | undefined,
  reading: ImageReading,
  slice: Slice,
): readonly StageStep[] {
  const { instruction } = one;
  const source = refOf(reading, instruction);
  const reason = "The install needs it, as before.";
  const roles = slice.roles[one.index] ?? [];
  if (instruction.kind === "run" && roles.includes("check")) return [];
  if ((instruction.kind !== "copy" && instruction.kind !== "add") || manifests === undefined)
    return [{ kind: "original", source, ...because(one, reason) }];
  const brought = reading.image.tree
    .below("/" as ImagePath)
    .filter(([, node]) => node.origin.kind === "context" && node.origin.at === one.index && node.kind === "file");
  const wanted = brought.filter(([path]) => manifests.some((manifest) => isWithin(path, manifest)));
  const broad = brought.length > wanted.length && brought.length > 8;
  if (wanted.length === 0 && brought.length > 0) return [];
  if (!broad) return [{ kind: "original", source, ...because(one, reason) }];
  return narrowedCopies(
    wanted.flatMap(([path, node]) => (node.origin.kind === "context" ? [{ path, host: node.origin.host }] : [])),
    one,
    reading,
    reason,
  );
}

/** One COPY for each directory that receives files under their own names. */
export function narrowedCopies(
  files: readonly { readonly path: ImagePath; readonly host: string }[],
  one: InstructionReading,
  reading: ImageReading,
  reason: string,
): readonly StageStep[] {
  const { context } = reading.image;
  const relative = (host: string): string => (context === "." ? host : host.slice(context.length + 1));
  const groups = new Map<string, string[]>();
  for (const { path, host } of files) {
    const directory = path.slice(0, path.lastIndexOf("/")) || "/";
    groups.set(directory, [...(groups.get(directory) ?? []), relative(host)]);
  }
  return [...groups].map(
    ([directory, sources]): StageStep => ({
      kind: "copy",
      copy: {
        keyword: "COPY",
        from: { kind: "context", directory: context },
        sources,
        destination: directory === "/" ? "/" : `${directory}/`,
        flags: keptFlags(one.instruction),
        type: "file",
      },
      ...because(one, reason),
    }),
  );
}

/** `--chown`, `--chmod`, `--link` of an instruction, as written. */
export function keptFlags(instruction: Instruction): readonly string[] {
  return instruction.flags
    .filter((flag) => ["chown", "chmod", "link"].includes(flag.name))
    .map((flag) => (flag.value === undefined ? `--${flag.name}` : `--${flag.name}=${flag.value}`));
}
