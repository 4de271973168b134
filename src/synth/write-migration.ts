/**
 * What importers found, as the result that the user gets:
 *
 *     ImportResult(s) ── plan ──▶ files, diff, explanation ── read back ──▶ stages, flows ── checked ──▶ Migration
 *
 * The written Dockerfile is parsed again and its flows are read from that text, so that what is said and what is written
 * cannot differ. A result that breaks an invariant is refused, never handed over.
 */
import { type Diagnostic, diagnostic, sentence } from "../diagnostics/diagnostic.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { ImageDefaults } from "../dockerfile/scope.ts";
import type { DockerfileDocument } from "../dockerfile/syntax.ts";
import { settingsLeftOut } from "../model/configuration.ts";
import { type DocumentFlow, flowsOf } from "../model/flows.ts";
import { violationsOf } from "../model/invariants.ts";
import { maskSecrets } from "../model/mask.ts";
import type { Migration, MigrationFlow, MigrationOutput, MigrationStage, Verdict } from "../model/migration.ts";
import { placeOf, placesOf } from "../model/place.ts";
import type { ImportResult, Plan, SetupSource } from "../model/plan.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import { provenance } from "../model/provenance.ts";
import { shownDecision, shownDiagnostic, unusedAnswer } from "../model/report.ts";
import { stagesOf } from "../model/understood.ts";
import { ROOT } from "../text/paths.ts";
import { positionAt } from "../text/source.ts";
import { joinDecisions } from "./join-decisions.ts";
import { type PlanOf, type WrittenPlan, writePlans } from "./write-changes.ts";
import type { WrittenDockerfile, WrittenPiece } from "./write-dockerfile.ts";

/** What a result is written against. */
export interface Surroundings {
  readonly files: ProjectFiles;
  /** What is known of a base image, by its expanded reference. */
  readonly baseImage: (reference: string) => ImageDefaults | undefined;
}

/** One setup, or several that change a common file: the first one names the migration. */
export function writeMigration(
  results: readonly [ImportResult, ...ImportResult[]],
  surroundings: Surroundings,
): Migration {
  const [first] = results;
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const plans = results.flatMap(planOf);
  const refused = first.verdict === "refused" || diagnostics.some(isError);
  if (refused || plans.length === 0) return unchanged(results, refused ? "refused" : "no-benefit", [], surroundings);
  const written = writePlans(plans, surroundings.files);
  const read = written.dockerfiles.map((file) => readBack(file, surroundings));
  const problems = [
    ...written.diagnostics,
    ...read.flatMap((file) => brokenRules(file, mergedPlan(plans), surroundings)),
  ];
  if (problems.length > 0) return unchanged(results, "refused", problems, surroundings);
  if (written.changes.length === 0) return unchanged(results, "no-benefit", [], surroundings);
  const verdict = plans.some(({ plan }) => plan.partial) ? "partial" : "migrated";
  return { ...headOf(results, verdict, [], surroundings), ...changed(read, written), ...recipeOf(plans) };
}

/** The recipes of all plans, and what they leave out of the old configuration. */
function recipeOf(plans: readonly PlanOf[]): Pick<Migration, "recipe"> {
  const all = plans.flatMap(({ plan }) => plan.recipe ?? []);
  const [script, ...others] = all.flatMap((recipe) => recipe.script ?? []);
  if (all.length === 0) return {};
  return {
    recipe: {
      before: all.flatMap((recipe) => recipe.before),
      after: all.flatMap((recipe) => recipe.after),
      unreplayable: all.flatMap((recipe) => recipe.unreplayable),
      leftOut: Object.assign({}, ...plans.map(({ plan }) => settingsLeftOut(plan))),
      resettled: Object.assign({}, ...plans.map(({ plan }) => plan.resettled ?? {})),
      ...(script === undefined || others.length > 0 ? {} : { script }),
    },
  };
}

function planOf(result: ImportResult): readonly PlanOf[] {
  return result.verdict === "plan" ? [{ setup: result.setup.id, plan: result.plan }] : [];
}

function mergedPlan(plans: readonly PlanOf[]): Plan {
  const all = plans.map(({ plan }) => plan);
  return {
    dockerfiles: all.flatMap((plan) => plan.dockerfiles),
    callerEdits: all.flatMap((plan) => plan.callerEdits),
    files: all.flatMap((plan) => plan.files),
    removals: all.flatMap((plan) => plan.removals),
    dropped: all.flatMap((plan) => plan.dropped ?? []),
    partial: all.some((plan) => plan.partial),
  };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** A written Dockerfile, parsed again. */
interface ReadBack {
  readonly written: WrittenDockerfile;
  readonly document: DockerfileDocument;
  readonly flows: readonly MigrationFlow[];
}

function readBack(written: WrittenDockerfile, { files, baseImage }: Surroundings): ReadBack {
  const document = parseDockerfile({ path: written.path, text: written.text });
  const pieceOf = (flow: Pick<DocumentFlow, "instruction">) => pieceAt(written, document, flow.instruction.range.start);
  const flows = flowsOf(document, {
    files,
    baseImage,
    context: written.planned.context,
    typeOf: (instruction) => hintOf(pieceOf({ instruction })),
  });
  return { written, document, flows: flows.map((flow) => explainedFlow(flow, pieceOf(flow))) };
}

function pieceAt({ pieces }: WrittenDockerfile, { source }: DockerfileDocument, offset: number) {
  const { line } = positionAt(source, offset);
  return pieces.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
}

function hintOf(piece: WrittenPiece | undefined): "file" | "directory" | undefined {
  return piece?.step?.kind === "copy" ? piece.step.copy.type : undefined;
}

function explainedFlow({ instruction: _, ...flow }: DocumentFlow, piece: WrittenPiece | undefined): MigrationFlow {
  return { ...flow, confidence: piece?.confidence ?? "certain", because: placesOf(piece?.because ?? []) };
}

function brokenRules({ written, document }: ReadBack, plan: Plan, { files }: Surroundings): readonly Diagnostic[] {
  const checked = { planned: written.planned, document, pieces: written.pieces };
  return violationsOf(checked, plan, files).map((violation) => diagnostic("invariant-violated", { ...violation }));
}

type Body = Pick<Migration, "stages" | "outputs" | "flows" | "changes" | "diff" | "explanation" | "removed">;

function changed(read: readonly ReadBack[], { changes, diff, explanation, removed }: WrittenPlan): Body {
  return {
    stages: read.flatMap(plannedStages),
    outputs: read.flatMap(plannedOutputs),
    flows: read.flatMap(({ flows }) => flows),
    changes,
    diff,
    explanation,
    removed,
  };
}

function plannedStages({ written: { planned } }: ReadBack): readonly MigrationStage[] {
  return planned.stages.map(({ name, role, base }) => ({
    name: name.toLowerCase(),
    role,
    from: base.kind === "image" ? base.reference : base.stage,
    fromKind: base.kind,
    dockerfile: planned.path,
  }));
}

function plannedOutputs({ written: { planned } }: ReadBack): readonly MigrationOutput[] {
  return planned.outputs.map((output) => ({ dockerfile: planned.path, ...output, tags: [...output.tags] }));
}

/** A setup that stays as it is, with what was understood of it. */
function unchanged(
  results: readonly [ImportResult, ...ImportResult[]],
  verdict: Verdict,
  problems: readonly Diagnostic[],
  surroundings: Surroundings,
): Migration {
  const [first] = results;
  const understood = first.verdict === "plan" ? undefined : first.understood;
  const context = (first.verdict === "plan" ? undefined : first.context) ?? ROOT;
  return {
    ...headOf(results, verdict, problems, surroundings),
    stages: understood ? stagesOf(understood) : [],
    outputs: [],
    flows: understood ? standingFlows(understood, { ...surroundings, context }) : [],
    changes: [],
    diff: "",
    explanation: [],
    removed: [],
  };
}

function standingFlows(
  document: DockerfileDocument,
  surroundings: Parameters<typeof flowsOf>[1],
): readonly MigrationFlow[] {
  return flowsOf(document, surroundings).map(({ instruction, ...flow }) => ({
    ...flow,
    confidence: "certain",
    because: [placeOf(provenance(document.source, instruction.range))],
  }));
}

type Head = Pick<Migration, "id" | "kind" | "verdict" | "summary" | "sources" | "decisions" | "diagnostics">;

function headOf(
  results: readonly [ImportResult, ...ImportResult[]],
  verdict: Verdict,
  problems: readonly Diagnostic[],
  { files }: Surroundings,
): Head {
  const [{ setup }] = results;
  const unused = unusedOf(results);
  const diagnostics = [...results.flatMap((result) => result.diagnostics), ...unused, ...problems];
  return {
    id: setup.id,
    kind: setup.kind,
    verdict,
    summary: maskSecrets(summaryOf(results, problems)),
    sources: distinctSources(results.flatMap((result) => result.setup.sources)),
    decisions: joinDecisions(results.flatMap((result) => result.decisions)).map(shownDecision),
    diagnostics: diagnostics.map((item) => shownDiagnostic(item, files)),
  };
}

/** Of setups that share their answers, what none of them took. */
function unusedOf(results: readonly ImportResult[]): readonly Diagnostic[] {
  const decisions = results.flatMap((result) => result.decisions);
  const unused = results.flatMap(({ unusedAnswers }) => unusedAnswers);
  const nobodys = unused.filter(
    ({ decision, why }) => why === "unknown-option" || !decisions.some(({ id }) => id === decision),
  );
  return distinctBy(nobodys, ({ decision }) => decision).map((answer) => unusedAnswer(answer, decisions));
}

function summaryOf(results: readonly ImportResult[], problems: readonly Diagnostic[]): string {
  const [problem] = problems;
  return problem ? sentence(problem.message) : results.map(({ summary }) => summary).join(" ");
}

function distinctSources(sources: readonly SetupSource[]): readonly SetupSource[] {
  return distinctBy(sources, ({ path, role }) => `${role} ${path}`);
}

/** The first of each key, in order. */
function distinctBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  const seen = new Map<string, Item>();
  for (const item of items) if (!seen.has(key(item))) seen.set(key(item), item);
  return [...seen.values()];
}
