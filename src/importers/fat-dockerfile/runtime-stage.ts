/**
 * The stage that ships: the user's own instructions that serve run time, in their order, and copies of what the other stages
 * made at the places where the old file made it.
 *
 *     FROM debian:bookworm-slim AS production
 *     RUN apt-get update && apt-get install -y ca-certificates     the old base had it
 *     WORKDIR /app                                                 the user's own
 *     COPY --from=builder /app/server /app/server                  where `go build` stood
 *     CMD ["./server"]                                             the user's own
 */
import type { Instruction } from "../../dockerfile/syntax.ts";
import { changedPaths } from "../../ecosystems/changed-paths.ts";
import { packageName } from "../../ecosystems/os-packages/os-packages.ts";
import type { Because, DroppedInstruction, Stage, StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { keptFlags, narrowedCopies, refOf } from "./build-stages.ts";
import { droppedOf } from "./dropped.ts";
import { fetchedForBuild } from "./fetched-tools.ts";
import { inheritedSteps } from "./inherited.ts";
import { isInstall, wordChanges } from "./package-words.ts";
import type { ImageReading, InstructionReading, UnitReading } from "./read-image.ts";
import { lastOpenSetup } from "./repeated-units.ts";
import { rewriteRun } from "./rewrite-run.ts";
import type { HandOver, RuntimeParts } from "./runtime-parts.ts";
import type { Slice } from "./slice.ts";
import type { Supply } from "./supplies.ts";
import { keepsAttributes } from "./unit-roles.ts";
import { namesIn } from "./variables.ts";

export interface RuntimeStage {
  readonly stage: Stage;
  readonly dropped: readonly DroppedInstruction[];
  /** Instructions of which at least a part serves run time. */
  readonly kept: ReadonlySet<number>;
}

type Draft = { readonly index: number; readonly steps: readonly StageStep[]; readonly uses: string };

export function runtimeStage(parts: RuntimeParts): RuntimeStage {
  const { reading, base } = parts;
  const drafts = reading.instructions.map((one): Draft => {
    const own = ownSteps(one, parts);
    const steps = [...own, ...handOverSteps(one, parts)];
    return { index: one.index, steps, uses: own.map(textOf).join("\n") };
  });
  const wanted = drafts.map((draft) => withoutIdle(draft, drafts, reading));
  const steps = [
    ...systemPackages(parts),
    ...inheritedSteps(parts, wanted.map((draft) => draft.uses).join("\n")),
    ...wanted.flatMap((draft) => draft.steps),
  ];
  const kept = new Set(wanted.filter((draft) => draft.steps.length > 0).map((draft) => draft.index));
  const platform = reading.root.from.flags.find((flag) => flag.name === "platform")?.value;
  const places = [provenance(reading.document.source, reading.root.from.range)];
  const stage: Stage = {
    name: parts.name,
    role: "runtime",
    base: { kind: "image", reference: base.reference, ...(platform === undefined ? {} : { platform }) },
    steps,
    reason: base.same
      ? "What ships keeps the old base."
      : `What ships starts from "${base.reference}". ${base.consequence}`,
    because: places,
    confidence: base.confidence,
  };
  return { stage, kept, dropped: droppedOf(parts.reading, kept) };
}

function textOf(step: StageStep): string {
  switch (step.kind) {
    case "original":
      return step.source.instruction.rest.text;
    case "rewritten":
    case "synthesized":
      return step.text;
    case "copy":
      return [...step.copy.sources, step.copy.destination, ...step.copy.flags].join(" ");
  }
}

function certain(one: InstructionReading, reason: string): Because {
  return { reason, because: [one.because], confidence: "certain" };
}

/** The instruction itself, whole or in part, where it serves run time. */
function ownSteps(one: InstructionReading, parts: RuntimeParts): readonly StageStep[] {
  const { instruction } = one;
  const original = (reason: string): readonly StageStep[] => [
    { kind: "original", source: refOf(parts.reading, instruction), ...certain(one, reason) },
  ];
  switch (instruction.kind) {
    case "run":
      return runSteps(one, parts);
    case "copy":
    case "add":
      return copySteps(one, parts);
    case "env":
    case "label":
    case "maintainer":
    case "expose":
    case "volume":
    case "stopsignal":
    case "healthcheck":
    case "shell":
    case "cmd":
    case "entrypoint":
      return original("The image is configured as before.");
    case "workdir":
    case "user":
    case "arg":
      return original("What follows in this stage depends on it.");
    case "from":
    case "onbuild":
      return [];
  }
}

function runSteps(one: InstructionReading, { reading, slice }: RuntimeParts): readonly StageStep[] {
  const { instruction } = one;
  const roles = slice.roles[one.index] ?? [];
  // What a copied directory holds has its owner and mode already.
  const ownOnly = (unit: number): boolean =>
    roles[unit] === "runtime" &&
    (one.units[unit]?.effects ?? []).some(
      (effect) =>
        effect.kind === "attributes" &&
        effect.recursive &&
        effect.paths.every((path) => keepsAttributes(path, one.index, slice.supplies, reading)),
    );
  const lists = refreshesFor(one, reading, slice);
  const last = Math.max(roles.lastIndexOf("runtime"), lists ? roles.lastIndexOf("follow") : -1);
  if (instruction.kind !== "run" || last < 0) return [];
  const directories = directoriesFor(one, roles);
  const serves = (unit: number): boolean => {
    const role = roles[unit];
    if (role === "runtime") return true;
    if (role === "follow") return lists || installsNearby(roles, one);
    return role === "neutral" && unit < last && (setsState(one, unit) || directories.has(unit));
  };
  const goes = slice.packages.filter(
    (fate) => fate.package.at === one.index && (!fate.stays || fate.instead !== undefined),
  );
  const named = new Set(slice.packages.filter((fate) => fate.stays).map((fate) => fate.package.name));
  const swaps = new Map(
    goes.flatMap((fate) => {
      const fresh = fate.instead?.filter((name) => !named.has(name)) ?? [];
      return fresh.length === 0 ? [] : [[fate.package.name, fresh.join(" ")] as const];
    }),
  );
  const gone = new Set([...goes.map((fate) => fate.package.name), ...removedLater(one, reading, slice)]);
  const source = refOf(reading, instruction);
  const whole = roles.every((_, unit) => serves(unit) && !ownOnly(unit)) && gone.size === 0;
  if (whole) return [{ kind: "original", source, ...certain(one, "It sets up what runs.") }];
  const words = wordChanges(one, gone, swaps);
  const drop = (unit: number, word: string): boolean =>
    (ownOnly(unit) && /^(?:-R|--recursive)$/.test(word)) || words.drop?.(unit, word) === true;
  const text = rewriteRun(reading.document, instruction, { ...words, keep: serves, drop });
  const reason = partReason(one, gone, swaps);
  return text === undefined ? [] : [{ kind: "rewritten", source, text, ...certain(one, reason) }];
}

/** Packages of an install that a later command takes away again. */
function removedLater(one: InstructionReading, reading: ImageReading, { roles }: Slice): readonly string[] {
  if (one.index <= lastOpenSetup(reading, roles)) return [];
  const named = one.units.flatMap((unit) =>
    unit.effects.flatMap((effect) =>
      effect.kind === "packages" && effect.action === "install" ? effect.names.map(packageName) : [],
    ),
  );
  return named.filter((name) => !reading.image.packages.includes(name));
}

function partReason(one: InstructionReading, gone: ReadonlySet<string>, swaps: ReadonlyMap<string, string>): string {
  const dropped = [...gone].filter((name) => !swaps.has(name));
  const swapped = [...swaps].map(([from, to]) => `${to} for ${from}`);
  if (swapped.length > 0) return `Run time needs the libraries themselves: ${swapped.join(", ")}.`;
  if (dropped.length > 0) return `Only the build needs ${dropped.join(", ")}; the rest serves run time.`;
  return one.units.length > 1 ? "The part of this command that serves run time." : "It sets up what runs.";
}

/** `apt-get update` and the cleaning stay where a package install stays. */
function installsNearby(roles: readonly string[], one: InstructionReading): boolean {
  return roles.some((role, at) => role === "runtime" && isInstall(one, at));
}

/** `RUN apt-get update` by itself, where a RUN below that stays installs with the lists that it fetched. */
function refreshesFor(one: InstructionReading, { instructions }: ImageReading, { roles }: Slice): boolean {
  const does = ({ units }: InstructionReading, action: string): boolean =>
    units.some(({ effects }) =>
      effects.some((each) => each.kind === "packages" && each.manager === "apt" && each.action === action),
    );
  if (!does(one, "refresh") || does(one, "install")) return false;
  const next = instructions.findIndex((later) => later.index > one.index && does(later, "refresh"));
  return instructions
    .slice(one.index + 1, next < 0 ? undefined : next)
    .some((later) => installsNearby(roles[later.index] ?? [], later));
}

/** `set` and assignments matter to the units after them. */
function setsState(one: InstructionReading, unit: number): boolean {
  const commands = one.units[unit]?.commands ?? [];
  return commands.length === 0 || commands.every(({ command }) => ["set", "export", "umask"].includes(command.name));
}

/** The `cd`s that a unit which stays starts from: all back to the last one with an absolute path. */
function directoriesFor(one: InstructionReading, roles: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [at, unit] of one.units.entries()) {
    if (roles[at] !== "runtime" || !usesDirectory(unit)) continue;
    for (let before = at - 1; before >= 0; before--) {
      const [only, ...others] = one.units[before]?.commands ?? [];
      if (only?.command.name !== "cd" || others.length > 0) continue;
      found.add(before);
      if (/^[/~]/.test(only.command.argv[1]?.text ?? "~")) break;
    }
  }
  return found;
}

/** Whether a unit may do something else in another directory. */
function usesDirectory({ commands }: UnitReading): boolean {
  return commands.some(({ command, effects }) => {
    const absolute = command.argv.flatMap(({ text }) => (text.startsWith("/") ? [imagePath(text)] : []));
    if (command.argv[0]?.text.startsWith(".") === true) return true;
    return effects.some((effect) => {
      if (["packages", "user", "repository", "tools", "nothing", "cache"].includes(effect.kind)) return false;
      const paths = changedPaths(effect);
      return paths.length === 0 || !paths.every((path) => absolute.some((word) => isWithin(path, word)));
    });
  });
}

/** A COPY from the context stays whole, narrowed to what is needed, or not at all. */
function copySteps(one: InstructionReading, parts: RuntimeParts): readonly StageStep[] {
  const { reading, slice } = parts;
  const { instruction } = one;
  if (instruction.kind !== "copy" && instruction.kind !== "add") return [];
  const source = refOf(reading, instruction);
  const keep = (reason: string): readonly StageStep[] => [{ kind: "original", source, ...certain(one, reason) }];
  if (slice.read.has(one.index) && !copiesProject(one, parts)) return keep("A command below reads it.");
  const brought = reading.image.tree
    .below("/" as ImagePath)
    .filter(([, node]) => node.origin.at === one.index && node.origin.kind !== "made");
  // What another stage filled a directory with is not known file by file.
  const files = brought.filter(([, node]) => node.kind === "file" || node.origin.kind === "foreign");
  if (files.length === 0) return brought.length === 0 && !overwritten(one, reading) ? keepUnseen(one, parts, keep) : [];
  const outside = files.filter(([path]) => !slice.places.isProject(path) && !slice.places.isPassing(path));
  if (outside.length === files.length)
    return fetchedForBuild(
      one,
      outside.map(([path]) => path),
      parts,
    )
      ? []
      : keep("It lies among the system's own files, where run time may use it.");
  const supplied = slice.supplies.filter((supply) => supply.kind !== "build");
  const needed = files.filter(([path]) => supplied.some((supply) => isWithin(path, supply.path)));
  if (needed.length === 0) return [];
  const reasons = [
    ...new Set(
      supplied.filter((supply) => needed.some(([path]) => isWithin(path, supply.path))).map((supply) => supply.reason),
    ),
  ];
  const isForeign = needed.some(([, node]) => node.origin.kind === "foreign");
  if (isForeign || needed.length === files.length || isListOfFiles(one, reading))
    return keep(reasons[0] ?? "Run time needs it.");
  return narrowed(
    one,
    supplied.filter((supply) => supply.kind === "context" && files.some(([path]) => isWithin(path, supply.path))),
    parts,
  );
}

/** Whether it brings files of a project that is built in the image. */
function copiesProject(one: InstructionReading, { reading, slice }: RuntimeParts): boolean {
  return reading.image.tree
    .below("/" as ImagePath)
    .some(([path, node]) => node.origin.at === one.index && slice.places.isProject(path));
}

/** Files that were copied and then replaced or removed: the instruction has nothing left to bring. */
function overwritten(one: InstructionReading, reading: ImageReading): boolean {
  const { instruction } = one;
  if (instruction.kind !== "copy" && instruction.kind !== "add") return false;
  return instruction.sources.some((operand) => reading.image.project.entry(operand.text as never) !== undefined);
}

/** A source that the checkout lacks: nobody can tell what it is, so it stays where the build could not have used it alone. */
function keepUnseen(
  one: InstructionReading,
  { slice }: RuntimeParts,
  keep: (reason: string) => readonly StageStep[],
): readonly StageStep[] {
  const last = slice.roles.findLastIndex((roles) => roles.includes("build"));
  return one.index > last ? keep("What it copies is not in the checkout, so it stays.") : [];
}

/** `COPY package.json package-lock.json ./`: a few files by name or pattern, no directory. */
function isListOfFiles(one: InstructionReading, reading: ImageReading): boolean {
  const brought = reading.image.tree.below("/" as ImagePath).filter(([, node]) => node.origin.at === one.index);
  return brought.every(([, node]) => node.kind === "file") && brought.length <= 6;
}

function narrowed(one: InstructionReading, supplies: readonly Supply[], parts: RuntimeParts): readonly StageStep[] {
  const { reading } = parts;
  const { context } = reading.image;
  const files = supplies.filter((supply) => supply.form === "file" && supply.host !== undefined);
  const directories = supplies.filter((supply) => supply.form === "directory" && supply.host !== undefined);
  const reason = (list: readonly Supply[]): string =>
    [...new Set(list.map((supply) => supply.reason))].slice(0, 3).join(" ");
  const copies = directories.map(
    (supply): StageStep => ({
      kind: "copy",
      source: refOf(reading, one.instruction),
      copy: {
        keyword: "COPY",
        from: { kind: "context", directory: context },
        sources: [
          context === supply.host
            ? "."
            : context === "."
              ? (supply.host ?? "")
              : (supply.host ?? "").slice(context.length + 1),
        ],
        destination: supply.path,
        flags: keptFlags(one.instruction),
        type: "directory",
      },
      reason: supply.reason,
      because: [one.because, ...supply.because],
      confidence: supply.confidence,
    }),
  );
  const named = files.map((supply) => ({ path: supply.path, host: supply.host ?? "" }));
  return [...narrowedCopies(named, one, reading, reason(files)), ...copies];
}

/** Copies out of other stages, where the old file made the paths; files of one directory in one line. */
function handOverSteps(one: InstructionReading, { handOvers }: RuntimeParts): readonly StageStep[] {
  const groups = new Map<string, HandOver[]>();
  for (const handOver of handOvers.filter(({ at }) => at === one.index)) {
    const { form, path, stage, owner = "", reason } = handOver;
    // Of a directory that is copied beside something else only the contents would arrive.
    const key =
      form === "file" && handOver.guessed !== true ? [stage, owner, imagePath("..", path), reason].join("\n") : path;
    groups.set(key, [...(groups.get(key) ?? []), handOver]);
  }
  return [...groups.values()].flatMap((group) => [...group.flatMap(aliasStep), ...handOverStep(group)]);
}

function aliasStep({ alias, because, confidence }: HandOver): readonly StageStep[] {
  return alias === undefined
    ? []
    : [{ kind: "synthesized", text: `RUN ${alias.command}`, reason: alias.reason, because, confidence }];
}

function handOverStep(group: readonly HandOver[]): readonly StageStep[] {
  const [first] = group;
  if (first === undefined) return [];
  const { path, form, stage, owner, reason, because, confidence } = first;
  const directory = imagePath("..", path);
  const copy = {
    keyword: "COPY",
    from: { kind: "stage", stage },
    sources: group.map((handOver) => handOver.path),
    destination: group.length === 1 && !/[*?]/.test(path) ? path : directory === "/" ? directory : `${directory}/`,
    flags: owner === undefined ? [] : [`--chown=${owner}`],
    type: form,
  } as const;
  return [{ kind: "copy", copy, reason, because, confidence }];
}

/** Packages that the old base had and the new one lacks, before everything else. */
function systemPackages({ base, reading }: RuntimeParts): readonly StageStep[] {
  if (base.packages.length === 0) return [];
  const names = base.packages.join(" ");
  const text =
    base.base.packageManager === "apk"
      ? `RUN apk add --no-cache ${names}`
      : `RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ${names} \\\n    && rm -rf /var/lib/apt/lists/*`;
  const because = [provenance(reading.document.source, reading.root.from.range)];
  const reason = `The old base "${reading.root.from.image.text}" had ${names}, and "${base.reference}" does not.`;
  return [{ kind: "synthesized", text, reason, because, confidence: "likely" }];
}

/** Takes out ARG, WORKDIR and USER lines that nothing after them in this stage depends on. */
function withoutIdle(draft: Draft, drafts: readonly Draft[], reading: ImageReading): Draft {
  const instruction = reading.instructions[draft.index]?.instruction;
  if (instruction === undefined || draft.steps.length === 0) return draft;
  const handed = draft.steps.filter((step) => step.kind === "copy");
  if (instruction.kind === "arg") {
    const used = namesIn(
      drafts
        .slice(draft.index + 1)
        .map((later) => later.uses)
        .join("\n"),
    );
    return instruction.pairs.some((pair) => used.includes(pair.key)) ? draft : { ...draft, steps: handed };
  }
  if (instruction.kind !== "workdir" && instruction.kind !== "user") return draft;
  return isIdle(instruction, draft.index, drafts, reading) ? { ...draft, steps: handed } : draft;
}

/** Whether the next instruction of its kind comes before anything that could depend on this one. */
function isIdle(instruction: Instruction, index: number, drafts: readonly Draft[], reading: ImageReading): boolean {
  for (const later of drafts.slice(index + 1)) {
    const next = reading.instructions[later.index]?.instruction;
    if (next?.kind === instruction.kind) return next.kind !== "workdir" || /^["']?\//.test(next.value);
    const depends =
      later.steps.some((step) => step.kind !== "copy") &&
      (next?.kind === "run" || next?.kind === "copy" || next?.kind === "add");
    if (depends) return false;
  }
  return false;
}
