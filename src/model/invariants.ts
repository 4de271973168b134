/**
 * What is true of every result before it is handed over:
 *
 *     line-without-provenance    every output line says why it is there and which source text it comes from
 *     numeric-reference          no stage is referred to by number
 *     configuration-lost         what the old image's configuration had is there, or listed as left out
 *     …
 *
 * A violated invariant is a bug of an importer or of synth. It is found here, on the text that would be written, read back:
 * the result is then refused with the invariant's name, since a wrong Dockerfile is worse than none.
 */
import { sourceKind } from "../dockerfile/copy-semantics.ts";
import type { CopyInstruction, DockerfileDocument, Instruction } from "../dockerfile/syntax.ts";
import { hasWildcard } from "../dockerfile/wildcards.ts";
import { positionAt } from "../text/source.ts";
import { undeclaredArguments } from "./argument-scope.ts";
import type { CheckedDockerfile } from "./checked-dockerfile.ts";
import { lostConfiguration } from "./configuration.ts";
import { sourceStage, stageName } from "./flows.ts";
import type { Plan, StageStep } from "./plan.ts";
import type { ProjectFiles } from "./project-files.ts";

export interface Violation {
  readonly invariant: InvariantName;
  /** A clause that names the thing: `line 4 has no reason`. */
  readonly detail: string;
}

export type InvariantName = (typeof INVARIANTS)[number]["name"];

type Check = (checked: CheckedDockerfile, plan: Plan, files: ProjectFiles) => readonly string[];

interface Invariant<Name extends string> {
  readonly name: Name;
  readonly check: Check;
}

function invariant<Name extends string>(name: Name, check: Check): Invariant<Name> {
  return { name, check };
}

const INVARIANTS = [
  invariant("arguments-undeclared", undeclaredArguments),
  invariant("configuration-lost", lostConfiguration),
  invariant("copy-loses-files", copiesThatLoseFiles),
  invariant("image-copy-relative", relativeSources),
  invariant("line-without-provenance", linesWithoutProvenance),
  invariant("instruction-runs-on", instructionsThatRunOn),
  invariant("numeric-reference", numericReferences),
  invariant("original-changed", changedOriginals),
  invariant("stage-name-taken", takenNames),
  invariant("stage-not-before", stagesNotBefore),
  invariant("syntax", syntaxProblems),
] as const;

/** Every violation; empty for a result that may be handed over. */
export function violationsOf(checked: CheckedDockerfile, plan: Plan, files: ProjectFiles): readonly Violation[] {
  return INVARIANTS.flatMap(({ name, check }) =>
    check(checked, plan, files).map((detail) => ({ invariant: name, detail })),
  );
}

function syntaxProblems({ document }: CheckedDockerfile): readonly string[] {
  return document.problems.map(
    ({ message, range }) => `${message} (line ${positionAt(document.source, range.start).line})`,
  );
}

function linesWithoutProvenance({ document, pieces }: CheckedDockerfile): readonly string[] {
  const count = document.source.text.replace(/\n$/, "").split("\n").length;
  const gaps: string[] = [];
  let next = 1;
  for (const { firstLine, lastLine, reason, because } of pieces) {
    if (firstLine !== next || lastLine < firstLine)
      gaps.push(`the explanation of line ${next} is not where it should be`);
    if (reason.trim() === "") gaps.push(`line ${firstLine} has no reason`);
    if (because.length === 0) gaps.push(`line ${firstLine} names no source text`);
    next = lastLine + 1;
  }
  if (next !== count + 1) gaps.push(`lines ${next} to ${count} have no reason`);
  return gaps;
}

/** Every instruction ends with the lines that were written for it: a continuation at their end would take in the next one. */
function instructionsThatRunOn({ document, pieces }: CheckedDockerfile): readonly string[] {
  const lineOf = (offset: number): number => positionAt(document.source, offset).line;
  return document.instructions.flatMap(({ range }) => {
    const first = lineOf(range.start);
    const last = lineOf(Math.max(range.start, range.end - 1));
    const piece = pieces.find(({ firstLine, lastLine }) => firstLine <= first && first <= lastLine);
    return piece === undefined || last <= piece.lastLine
      ? []
      : [`the instruction in line ${first} takes in what follows`];
  });
}

/** An instruction of the user's, read back, says what it said in its own file. */
function changedOriginals({ document, pieces }: CheckedDockerfile): readonly string[] {
  const byLine = new Map(document.instructions.map((i) => [positionAt(document.source, i.range.start).line, i]));
  return pieces.flatMap(({ firstLine, lastLine, step }) => {
    if (step?.kind !== "original") return [];
    const lines = Array.from({ length: lastLine - firstLine + 1 }, (_, index) => firstLine + index);
    const written = lines.flatMap((line) => byLine.get(line) ?? []);
    const same =
      written.length === 1 && written[0] !== undefined && meaning(written[0]) === meaning(step.source.instruction);
    return same ? [] : [`the instruction in line ${firstLine} does not read back as it was`];
  });
}

function meaning({ logical, heredocs }: Instruction): string {
  return [logical.text.replaceAll("\r", ""), ...heredocs.map(({ body }) => body)].join("\n");
}

function copiesOf({
  stages,
}: DockerfileDocument): readonly { readonly copy: CopyInstruction; readonly stage: number }[] {
  return stages.flatMap(({ instructions }, stage) =>
    instructions.flatMap((copy) => (copy.kind === "copy" || copy.kind === "add" ? [{ copy, stage }] : [])),
  );
}

function fromFlag({ flags }: Instruction): string | undefined {
  return flags.find(({ name }) => name === "from")?.value;
}

/** Not in ONBUILD: there a number counts the stages of a later build. */
function numericReferences({ document }: CheckedDockerfile): readonly string[] {
  const copied = copiesOf(document)
    .map(({ copy }) => fromFlag(copy))
    .filter((from) => from !== undefined && /^\d+$/.test(from))
    .map((from) => `"--from=${from}" refers to a stage by number`);
  const mounted = mountsOf(document)
    .filter((mount) => /(?:^|,)from=\d+(?:,|$)/.test(mount))
    .map((mount) => `"--mount=${mount}" refers to a stage by number`);
  return [...copied, ...mounted];
}

function mountsOf({ stages }: DockerfileDocument): readonly string[] {
  const flags = stages.flatMap(({ instructions }) => instructions.flatMap((instruction) => instruction.flags));
  return flags.flatMap(({ name, value }) => (name === "mount" && value !== undefined ? [value] : []));
}

/** Every stage that the plan names as an origin stands above; no image's name is that of a stage above it. */
function stagesNotBefore({ planned, document }: CheckedDockerfile): readonly string[] {
  const names = document.stages.map((stage, index) => ({ name: stageName(stage, index) }));
  return planned.stages.flatMap(({ name, base, steps }, index) => {
    const above = names.slice(0, index);
    const origins = [
      ...(base.kind === "stage" ? [{ kind: "stage", name: base.stage }] : [{ kind: "image", name: base.reference }]),
      ...steps.flatMap((step) => (step.kind === "copy" ? originOf(step) : [])),
    ];
    return origins.flatMap((origin) => {
      const found = sourceStage(origin.name, above) !== undefined;
      if (origin.kind === "stage" && !found) return [`"${origin.name}" does not stand above "${name}", which needs it`];
      return origin.kind === "image" && found
        ? [`the image "${origin.name}" has the name of a stage above "${name}"`]
        : [];
    });
  });
}

function originOf({ copy: { from } }: Extract<StageStep, { kind: "copy" }>): readonly { kind: string; name: string }[] {
  if (from.kind === "context") return [];
  return [{ kind: from.kind, name: from.kind === "stage" ? from.stage : from.image }];
}

/** Names that a build gives another meaning: https://docs.docker.com/reference/build-checks/reserved-stage-name/ */
const RESERVED: ReadonlySet<string> = new Set(["scratch", "context"]);

/** Names that the user gave stay, as long as there is one of each. */
function takenNames({ planned }: CheckedDockerfile): readonly string[] {
  const images = new Set(planned.stages.flatMap(({ base }) => (base.kind === "image" ? [base.reference] : [])));
  const seen = new Set<string>();
  return planned.stages.flatMap(({ name, from }) => {
    const double = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    if (double) return [`two stages are called "${name}"`];
    if (from?.instruction.name) return [];
    if (!/^[a-z][a-z0-9._-]*$/.test(name)) return [`"${name}" is no name for a stage`];
    return RESERVED.has(name) || images.has(name) ? [`the stage name "${name}" has another meaning here`] : [];
  });
}

function plannedCopies({ planned }: CheckedDockerfile) {
  return planned.stages.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "copy" ? [step.copy] : [])));
}

/** COPY --from counts from the stage's root whatever its WORKDIR; that is easily misread, so we never rely on it. */
function relativeSources(checked: CheckedDockerfile): readonly string[] {
  return plannedCopies(checked)
    .filter(({ from }) => from.kind !== "context")
    .flatMap(({ sources }) => sources.filter((source) => !/^[/$]/.test(source)))
    .map((source) => `the source "${source}" is not absolute`);
}

/**
 * https://docs.docker.com/reference/dockerfile/#copy: several sources need a destination that ends in a slash. A pattern that the
 * user's own instruction copies to one file is meant to match one, and the build fails as before where it matches more.
 */
function copiesThatLoseFiles({ planned }: CheckedDockerfile): readonly string[] {
  return planned.stages
    .flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === "copy" && !namesOneByPattern(step) ? [step.copy] : [])),
    )
    .filter(({ sources, destination }) => !/(?:^|\/)\.?$/.test(destination) && sources.length > 0)
    .filter(({ keyword, sources }) => sources.length > 1 || sources.some((source) => isPattern(keyword, source)))
    .map(({ destination }) => `several files are copied to "${destination}", which does not end in "/"`);
}

function namesOneByPattern({ copy, source }: Extract<StageStep, { kind: "copy" }>): boolean {
  const own = source?.instruction;
  if (own?.kind !== "copy" && own?.kind !== "add") return false;
  const [pattern, ...others] = own.sources;
  return (
    pattern !== undefined && others.length === 0 && copy.sources.length === 1 && isPattern(copy.keyword, pattern.text)
  );
}

function isPattern(keyword: "COPY" | "ADD", source: string): boolean {
  return sourceKind(keyword, source) === "local" && hasWildcard(source);
}
