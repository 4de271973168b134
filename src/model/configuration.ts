/**
 * Whether the new image is configured as the old one was:
 *
 *     old final stage    ENV PORT=80   USER app   CMD ["node", "x"]
 *     new target stage   ENV PORT=80              CMD ["node", "x"]      →   "USER app" of Dockerfile is lost
 *
 * What an importer re-emits (as it is or rewritten) or lists as dropped is accounted for; so is a setting that the new stage
 * has with an equal value. What the old base image itself brought is not looked at here, and a stage that only
 * holds files for the host has no configuration.
 */

import { parseDockerfile } from "../dockerfile/parse.ts";
import { readScopes, type StageScopes } from "../dockerfile/scope.ts";
import type { DockerfileDocument, Instruction } from "../dockerfile/syntax.ts";
import type { CheckedDockerfile } from "./checked-dockerfile.ts";
import { stageName } from "./flows.ts";
import { CONFIGURATION_KINDS, type Plan, type PlannedDockerfile, type PlannedOutput } from "./plan.ts";
import type { ProjectFiles } from "./project-files.ts";

/** One clause for each instruction of an old final image that the result does not account for. */
export function lostConfiguration(checked: CheckedDockerfile, plan: Plan, files: ProjectFiles): readonly string[] {
  const dropped = new Set((plan.dropped ?? []).map(({ source }) => source.instruction));
  const exported = new Set(checked.planned.stages.flatMap(({ name, role }) => (role === "export" ? [name] : [])));
  const images = checked.planned.outputs.filter(({ target }) => !exported.has(target));
  return images.flatMap((output) => {
    const old = oldDocument(output, checked.planned, plan, files);
    const oldChain = old ? chainOf(readScopes(old), oldTarget(old, output.target)) : [];
    const newScopes = readScopes(checked.document);
    const target = newScopes.findIndex(({ stage }, index) => stageName(stage, index) === output.target.toLowerCase());
    const newSettings = settingsOf(chainOf(newScopes, target));
    const carried = carriedInto(checked.planned, output.target);
    return effective(oldChain)
      .filter(({ instruction }) => !dropped.has(instruction) && !carried.has(instruction))
      .flatMap((placed) => [...settingsOf([placed])])
      .filter(([key, value]) => !sameSetting(newSettings.get(key), value))
      .map(([key]) => `${key} of ${output.replaces} is neither in stage "${output.target}" nor listed as left out`);
  });
}

/** Settings that a plan leaves out on purpose, by what they are called (`"ENV CGO_ENABLED"`), each with its reason. */
export function settingsLeftOut({ dropped = [] }: Plan): Readonly<Record<string, string>> {
  const named = dropped.flatMap(({ source, reason }) =>
    settings({ instruction: source.instruction, expand: (text) => text, workdir: undefined }).map(
      ([name]) => [name, reason] as const,
    ),
  );
  return Object.fromEntries(named);
}

/** The old file as the importer read it, so that its instructions are the plan's own. */
function oldDocument(
  { replaces }: PlannedOutput,
  { template, stages, globals }: PlannedDockerfile,
  plan: Plan,
  files: ProjectFiles,
): DockerfileDocument | undefined {
  const steps = [...globals, ...stages.flatMap((stage) => stage.steps)];
  const refs = [
    ...stages.map(({ from }) => from),
    ...steps.map((step) => (step.kind === "synthesized" ? undefined : step.source)),
  ];
  const documents = [
    template,
    ...[...refs, ...(plan.dropped ?? []).map(({ source }) => source)].flatMap((ref) => ref?.document ?? []),
  ];
  const known = documents.find(({ source }) => source.path === replaces);
  if (known) return known;
  const read = files.read(replaces);
  return read.ok ? parseDockerfile({ path: replaces, text: read.text }) : undefined;
}

function oldTarget({ stages }: DockerfileDocument, target: string): number {
  const named = stages.findIndex((stage, index) => stageName(stage, index) === target.toLowerCase());
  return named < 0 ? stages.length - 1 : named;
}

/** An instruction and what it says in its place. */
interface Placed {
  readonly instruction: Instruction;
  readonly expand: (text: string) => string;
  /** The working directory behind it. */
  readonly workdir: string | undefined;
}

/** The configuration of a stage: its own instructions behind those of the stages that it is built from. */
function chainOf(scopes: readonly StageScopes[], index: number): readonly Placed[] {
  const stage = scopes[index];
  if (!stage) return [];
  const above = stage.base.kind === "stage" ? chainOf(scopes, stage.base.index) : [];
  const own = stage.stage.instructions.flatMap((instruction, at) =>
    CONFIGURATION_KINDS.has(instruction.kind)
      ? [
          {
            instruction,
            expand: (text: string) => stage.before(at).expand(text).value,
            workdir: stage.before(at + 1).workdir,
          },
        ]
      : [],
  );
  return [...above, ...own];
}

const LAST_WINS: ReadonlySet<Instruction["kind"]> = new Set([
  "cmd",
  "entrypoint",
  "healthcheck",
  "maintainer",
  "shell",
  "stopsignal",
  "user",
  "workdir",
]);

/** Without what a later instruction of the same kind overrides. */
function effective(chain: readonly Placed[]): readonly Placed[] {
  return chain.filter(
    ({ instruction: { kind } }, index) =>
      !LAST_WINS.has(kind) || !chain.slice(index + 1).some(({ instruction }) => instruction.kind === kind),
  );
}

function sameSetting(a: string | undefined, b: string): boolean {
  return a !== undefined && a.replace(/\s+/g, " ") === b.replace(/\s+/g, " ");
}

/** Settings by what they are called in messages; a later one of a name overrides an earlier one. */
function settingsOf(chain: readonly Placed[]): ReadonlyMap<string, string> {
  return new Map(chain.flatMap(settings));
}

function settings({ instruction, expand, workdir }: Placed): readonly (readonly [string, string])[] {
  const kind = instruction.kind.toUpperCase();
  switch (instruction.kind) {
    case "env":
    case "label":
      return instruction.pairs.map(({ key, value }) => [`${kind} ${key}`, expand(value ?? "")]);
    case "expose":
    case "volume":
      return instruction.operands.map(({ text }) => [`${kind} ${expand(text)}`, ""]);
    case "workdir":
      return [[kind, workdir ?? expand(instruction.value)]];
    case "user":
    case "stopsignal":
    case "maintainer":
      return [[kind, expand(instruction.value)]];
    default:
      return [[kind, instruction.rest.text]];
  }
}

/** The user's instructions that stand, as they are or rewritten, in the target or in a stage that it is built from. */
function carriedInto({ stages }: PlannedDockerfile, target: string): ReadonlySet<Instruction> {
  const carried = new Set<Instruction>();
  let stage = stages.find(({ name }) => name === target);
  while (stage) {
    for (const step of stage.steps)
      if (step.kind !== "synthesized" && step.source) carried.add(step.source.instruction);
    const { base } = stage;
    const index = stages.indexOf(stage);
    stage = base.kind === "stage" ? stages.slice(0, index).findLast(({ name }) => name === base.stage) : undefined;
  }
  return carried;
}
