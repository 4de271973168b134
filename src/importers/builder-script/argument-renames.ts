/**
 * Build arguments that two files have under one name, with different values: the builder's gets a name of its own.
 *
 *     docker build -f Dockerfile.build -t b .                 ARG VERSION=dev      →  ARG BUILDER_VERSION=dev
 *     docker build --build-arg VERSION=$V -t app .            RUN make             →  ENV VERSION=$BUILDER_VERSION, RUN make
 *
 * One build hands an argument to every stage that declares it. Behind the new ARG an ENV gives the instructions the value under
 * the name that they know; what a build stage sets this way does not ship. Where the ENV would reach further than the ARG did,
 * nothing is renamed, and the conflict stays one. What is not decided here: which arguments of two calls are in conflict (argument-clashes.ts).
 */
import { variableNames } from "../../dockerfile/expand.ts";
import { readScopes } from "../../dockerfile/scope.ts";
import type { DockerfileDocument, EnvInstruction, Instruction } from "../../dockerfile/syntax.ts";
import type { DroppedInstruction, StageStep } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import { type ArgumentClash, argumentClashes, type GroupRenames, type Renames } from "./argument-clashes.ts";
import { baseDefaults, buildArguments, type LinkedBuild } from "./links.ts";
import { type BuildGroup, neededBy } from "./setup-graph.ts";

export interface RenameWorld {
  readonly stageOf: (linked: LinkedBuild) => string;
  /** Whether the image of a builder is used for more than the files that are taken out of it. */
  readonly isKept: (linked: LinkedBuild) => boolean;
}

/** What has to be renamed in a group, as far as that is exact. */
export function argumentRenames(group: BuildGroup, world: RenameWorld): GroupRenames {
  const parts = [...group.builders, ...group.finals];
  const taken = new Set(parts.flatMap(({ document }) => [...document.instructions].flatMap(declaredNames)));
  const renames = new Map<LinkedBuild, Map<string, string>>();
  for (const { builder, name } of [...callClashes(group), ...globalClashes(parts)]) {
    const own = renames.get(builder) ?? new Map<string, string>();
    if (own.has(name) || !isRenamable(builder, name, parts, world)) continue;
    const wanted = `${world.stageOf(builder).toUpperCase().replace(/\W/g, "_")}_${name}`;
    let free = wanted;
    for (let count = 2; taken.has(free); count += 1) free = `${wanted}_${count}`;
    taken.add(free);
    renames.set(builder, own.set(name, free));
  }
  return renames;
}

function callClashes(group: BuildGroup): readonly ArgumentClash[] {
  return [...group.finals, ...group.builders].flatMap((linked) =>
    argumentClashes(linked, neededBy(linked, group.builders)),
  );
}

/** Arguments before the first FROM that a later file gives another default. All but the last file's are renamed. */
function globalClashes(parts: readonly LinkedBuild[]): readonly ArgumentClash[] {
  const defaults = (linked: LinkedBuild): ReadonlyMap<string, string | undefined> =>
    new Map(linked.document.preamble.flatMap((i) => (i.kind === "arg" ? i.pairs : [])).map((p) => [p.key, p.value]));
  const all = parts.map((linked) => ({ linked, own: defaults(linked) }));
  return all.flatMap(({ linked, own }, index) =>
    [...own].flatMap(([name, value]) => {
      const differs = all.slice(index + 1).some((other) => other.own.has(name) && other.own.get(name) !== value);
      return differs && !linked.retired.has(name) ? [{ builder: linked, name }] : [];
    }),
  );
}

function declaredNames(instruction: Instruction): readonly string[] {
  return instruction.kind === "arg" || instruction.kind === "env" ? instruction.pairs.map(({ key }) => key) : [];
}

// ---- whether it is exact

function isRenamable(
  linked: LinkedBuild,
  name: string,
  parts: readonly LinkedBuild[],
  { isKept }: RenameWorld,
): boolean {
  const { build, document } = linked;
  const others = parts.filter((part) => part !== linked);
  const isBuilder = parts.some((part) => part !== linked && sources(part).has(build.id));
  if (!isBuilder || isKept(linked)) return false;
  if (others.some((other) => other.build.file.path === build.file.path)) return false;
  if (others.some((other) => [...other.bases.values(), ...other.references.values()].includes(build.id))) return false;
  if (build.args.some((argument) => argument.name === name && argument.value === undefined)) return false;
  return document.preamble.every((one) => isPlainIn(document, one, name)) && stagesAllow(linked, name);
}

/** The images that files of a build come out of. */
function sources({ copies }: LinkedBuild): ReadonlySet<string> {
  const pieces = copies
    .flatMap((copy) => copy.sources)
    .flatMap(({ injections }) => injections.flatMap((i) => i.pieces));
  return new Set(pieces.flatMap((piece) => (piece.kind === "flow" ? [piece.node.image] : [])));
}

/**
 * ENV of the same name, from the base image or before the ARG, may have won over the argument; a stage that is built on one
 * with the argument did not get it.
 */
function stagesAllow(linked: LinkedBuild, name: string): boolean {
  const { document } = linked;
  const scopes = readScopes(document, { baseImage: baseDefaults, buildArgs: buildArguments(linked.build) });
  const declaring = new Set<number>();
  return document.stages.every((stage, index) => {
    const first = stage.instructions.findIndex((one) => one.kind === "arg" && declaredNames(one).includes(name));
    const base = scopes[index]?.base;
    const inherits = base?.kind === "stage" && declaring.has(base.index);
    if (mentions(stage.from.flags.map(({ value = "" }) => value).join(" "), name)) return false;
    if (stage.instructions.some((one) => one.kind === "onbuild" && one.logical.text.includes(name))) return false;
    if (first < 0) return !inherits;
    const scope = scopes[index]?.before(first);
    declaring.add(index);
    if (scope === undefined || scope.environment().has(name) || typeof scope.lookup(name) === "string") return false;
    return stage.instructions.every((one) => isPlainIn(document, one, name) && !isReadUnset(linked, one, index, name));
  });
}

/** An ARG whose other defaults do not read the name before the ENV sets it, and that stands in the file as it is read. */
function isPlainIn({ source }: DockerfileDocument, instruction: Instruction, name: string): boolean {
  if (instruction.kind !== "arg" || !declaredNames(instruction).includes(name)) return true;
  const { pairs } = instruction;
  const written = pairs.every(({ key, range }) => source.text.startsWith(key, range.start));
  return written && (pairs.length === 1 || pairs.every(({ value = "" }) => !mentions(value, name)));
}

/** An argument without a value cannot be told from one that is empty by the ENV; where its name is read, that may matter. */
function isReadUnset(linked: LinkedBuild, instruction: Instruction, stage: number, name: string): boolean {
  if (instruction.kind !== "arg" || !declaredNames(instruction).includes(name)) return false;
  if (!isUnset(linked, instruction, new Set([name]))) return false;
  const { instructions = [] } = linked.document.stages[stage] ?? {};
  return instruction.pairs.length > 1 || instructions.some((one) => mentions(textOf(one), name));
}

function textOf({ logical, heredocs }: Instruction): string {
  return [logical.text, ...heredocs.map(({ body }) => body)].join("\n");
}

function mentions(text: string, name: string): boolean {
  return reference(name).test(text);
}

function reference(name: string): RegExp {
  return new RegExp(String.raw`(?<!\\)(\$\{?)${name}(?!\w)`, "g");
}

// ---- what becomes of the instructions

/** A FROM line's image, or a default, with the new names. */
export function renamedReferences(text: string, renames: Renames): string {
  return [...renames].reduce((all, [name, next]) => all.replace(reference(name), `$1${next}`), text);
}

/** The steps for an ARG; `undefined` where none of its names is another now. */
export function renamedArgument(
  linked: LinkedBuild,
  instruction: Instruction,
  renames: Renames,
): readonly StageStep[] | undefined {
  if (instruction.kind !== "arg" || !instruction.pairs.some(({ key }) => renames.has(key))) return undefined;
  const { document } = linked;
  const source = { document, instruction };
  const because = [provenance(document.source, instruction.range)];
  const text = editedArgument(document, instruction, renames, (value) => value);
  const names = instruction.pairs.flatMap(({ key }) => (renames.has(key) ? [key] : []));
  return [
    { kind: "rewritten", source, text, reason: OWN_NAME, because, confidence: "certain" },
    ...names.map((name): StageStep => {
      const reason = "The instructions below read the value by the name that they know.";
      return { kind: "synthesized", text: `ENV ${name}=$${renames.get(name)}`, reason, because, confidence: "certain" };
    }),
  ];
}

const OWN_NAME = "Another stage has an argument of the same name with another value.";

/** An ARG before the first FROM. */
export function renamedGlobal(document: DockerfileDocument, instruction: Instruction, renames: Renames): StageStep {
  const source = { document, instruction };
  const because = [provenance(document.source, instruction.range)];
  const text =
    instruction.kind === "arg"
      ? editedArgument(document, instruction, renames, (value) => renamedReferences(value, renames))
      : "";
  return { kind: "rewritten", source, text, reason: OWN_NAME, because, confidence: "certain" };
}

function editedArgument(
  { source }: DockerfileDocument,
  { pairs, range }: EnvInstruction,
  renames: Renames,
  valueOf: (value: string) => string,
): string {
  const edits = pairs.flatMap(({ key, range: pair }): readonly TextEdit[] => {
    const start = pair.start - range.start;
    const value = source.text.slice(pair.start + key.length, pair.end);
    const text = (renames.get(key) ?? key) + valueOf(value);
    return text === key + value ? [] : [{ start, end: pair.end - range.start, text }];
  });
  return applyEdits(source.text.slice(range.start, range.end), edits);
}

/** Whether an ARG before the first FROM changes: its own name, or one that its default reads. */
export function changesGlobal({ escape }: DockerfileDocument, instruction: Instruction, renames: Renames): boolean {
  if (instruction.kind !== "arg") return false;
  return instruction.pairs.some(
    ({ key, value = "" }) => renames.has(key) || variableNames(value, escape).some((name) => renames.has(name)),
  );
}

/** ARGs of a stage that nothing gives a value: under the shared name they would get the other build's. */
export function unsetArguments(renames: GroupRenames): readonly DroppedInstruction[] {
  return [...renames].flatMap(([linked, names]) =>
    linked.document.stages.flatMap(({ instructions }) =>
      instructions
        .filter((one) => one.kind === "arg" && one.pairs.length === 1 && isUnset(linked, one, names))
        .map(
          (instruction): DroppedInstruction => ({
            source: { document: linked.document, instruction },
            reason: "nothing gives it a value, and in the joined file it would get that of another build.",
            because: [provenance(linked.document.source, instruction.range)],
            confidence: "certain",
          }),
        ),
    ),
  );
}

function isUnset(
  { build, document }: LinkedBuild,
  { pairs }: EnvInstruction,
  names: { has: (name: string) => boolean },
): boolean {
  const pair = pairs.find(({ key }) => names.has(key));
  if (pair === undefined || pair.value !== undefined) return false;
  const given = build.args.some((argument) => argument.name === pair.key);
  const global = document.preamble.some(
    (one) => one.kind === "arg" && one.pairs.some(({ key, value }) => key === pair.key && value !== undefined),
  );
  return !given && !global;
}
