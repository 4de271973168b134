/**
 * Reads one Dockerfile that builds and ships in one image, and plans the stages that keep the build apart:
 *
 *     FROM golang:1.22                      FROM golang:1.22 AS builder
 *     WORKDIR /app                          WORKDIR /app
 *     COPY . .                         →    COPY . .
 *     RUN go build -o /bin/server .         RUN go build -o /bin/server .
 *     ENTRYPOINT ["/bin/server"]            FROM gcr.io/distroless/base-debian12 AS production …
 *
 * Of a file with several stages it is the last one (import-stages.ts). Nothing is written here.
 */

import { diagnostic, Reporter } from "../../diagnostics/diagnostic.ts";
import { type IgnoreRules, ignoreFileOf, ignoreRules } from "../../dockerfile/dockerignore.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { DockerfileDocument, FromInstruction } from "../../dockerfile/syntax.ts";
import type { Environment, SymbolicText } from "../../ecosystems/ecosystem.ts";
import { type Answers, DecisionLog } from "../../model/decision.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { ImportResult, Plan, Setup, SetupSource } from "../../model/plan.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { provenance } from "../../model/provenance.ts";
import { type HostPath, hostToContext, ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { type BuildContext, inferContext } from "./build-context.ts";
import { ignoreLibraries } from "./ignore-libraries.ts";
import type { ImageOutcome } from "./image-outcome.ts";
import { planStages } from "./import-stages.ts";
import { planImage } from "./plan-image.ts";
import { type ImageReading, readImage } from "./read-image.ts";
import { stageNames } from "./stage-names.ts";
import { needsUnseen } from "./unseen-sources.ts";
import { expandText } from "./variables.ts";

export interface ImportOptions {
  readonly answers: Answers;
  /** Decisions without an answer take the option with the smallest image. */
  readonly smallest?: boolean;
  readonly evidence?: Evidence;
  /** The build context's directory; inferred when absent. */
  readonly context?: HostPath;
}

/** Imports the Dockerfile at a path, which has to be readable text. */
export function importDockerfile(files: ProjectFiles, dockerfile: HostPath, options: ImportOptions): ImportResult {
  const read = files.read(dockerfile);
  const document = parseDockerfile(sourceFile(dockerfile, read.ok ? read.text : ""));
  const found = inferContext(files, dockerfile, document, options.context);
  const context = found.directory;
  const kind = document.stages.length > 1 ? "multi-stage" : "fat-dockerfile";
  const setup: Setup = { id: `${kind}:${dockerfile}`, kind, sources: sourcesOf(files, dockerfile, context) };
  const decisions = new DecisionLog(setup.id, options.answers, options);
  const rules = rulesOf(files, dockerfile, context);
  const isIgnored = (path: HostPath): boolean => isHidden(rules, context, path);
  const around = { project: files, context, globals: globalsOf(document), isIgnored };
  const reading = readImage(document, around, options.evidence?.[setup.id]);
  if (reading === undefined) return nothingToDo(setup, document, context, "It has no FROM.");
  const assumed = new Reporter();
  if (found.assumed) reportAssumed(found, dockerfile, reading.stage.from, assumed);
  return kind === "multi-stage"
    ? importStages(setup, reading, found, decisions, assumed)
    : importFat(setup, reading, found, decisions, assumed);
}

function reportAssumed(found: BuildContext, path: HostPath, from: FromInstruction, reporter: Reporter): void {
  reporter.report("context-assumed", { context: found.directory, instead: ROOT }, { path, ...from.range });
}

/** Sources that nobody sees may hold anything, so nothing is planned on them. */
function refuseUnseen(result: ImportResult, found: BuildContext, document: DockerfileDocument): ImportResult {
  const { setup, diagnostics } = result;
  const place = document.instructions.find(
    (one) =>
      (one.kind === "copy" || one.kind === "add") && one.sources.some(({ text }) => found.missing.includes(text)),
  );
  const { path } = document.source;
  const span = { path, ...(place?.range ?? { start: 0, end: 0 }) };
  const sources = found.missing.join('", "');
  return {
    setup,
    summary: `What COPY takes is not in the checkout: "${sources}".`,
    diagnostics: [diagnostic("context-sources-missing", { sources, context: found.directory }, span), ...diagnostics],
    decisions: [],
    unusedAnswers: [],
    verdict: "refused",
    understood: document,
    context: found.directory,
  };
}

function sourcesOf(files: ProjectFiles, dockerfile: HostPath, context: HostPath): readonly SetupSource[] {
  const ignore = ignoreFile(files, dockerfile, context);
  return [
    { path: dockerfile, role: "dockerfile" },
    ...(ignore === undefined ? [] : [{ path: ignore, role: "ignore-file" } as const]),
  ];
}

function ignoreFile(files: ProjectFiles, dockerfile: HostPath, context: HostPath): HostPath | undefined {
  return ignoreFileOf(dockerfile, context, (path) => files.entry(path)?.kind === "file");
}

function rulesOf(files: ProjectFiles, dockerfile: HostPath, context: HostPath): IgnoreRules | undefined {
  const path = ignoreFile(files, dockerfile, context);
  const read = path === undefined ? undefined : files.read(path);
  return read?.ok === true ? ignoreRules(read.text) : undefined;
}

function isHidden(rules: IgnoreRules | undefined, context: HostPath, path: HostPath): boolean {
  const inside = hostToContext(context, path);
  return rules !== undefined && inside !== undefined && rules.ignores(inside);
}

/** The ARGs before the first FROM with their defaults. */
function globalsOf(document: DockerfileDocument): Environment {
  const values = new Map<string, SymbolicText>();
  for (const instruction of document.preamble) {
    if (instruction.kind !== "arg") continue;
    for (const { key, value } of instruction.pairs)
      values.set(key, value === undefined ? { text: `$${key}`, known: false } : expandText(value, values));
  }
  return values;
}

function nothingToDo(setup: Setup, document: DockerfileDocument, context: HostPath, summary: string): ImportResult {
  return {
    setup,
    summary,
    diagnostics: [],
    decisions: [],
    unusedAnswers: [],
    verdict: "no-benefit",
    understood: document,
    context,
  };
}

function importStages(
  setup: Setup,
  reading: ImageReading,
  found: BuildContext,
  decisions: DecisionLog,
  assumed: Reporter,
): ImportResult {
  const { document } = reading;
  const context = found.directory;
  const reporter = new Reporter();
  const outcome = planStages(reading, context, decisions, reporter);
  if (outcome.kind === "split") {
    reporter.add(assumed.diagnostics);
    return resultOf(outcome.outcome, setup, reading, found, decisions, reporter);
  }
  const frame = { setup, diagnostics: reporter.diagnostics, decisions: [], unusedAnswers: [] };
  if (outcome.kind !== "named")
    return { ...frame, summary: outcome.summary, verdict: outcome.kind, understood: document, context };
  const { dockerfile } = outcome;
  const plan: Plan = { dockerfiles: [dockerfile], callerEdits: [], files: [], removals: [], partial: false };
  return { ...frame, summary: "Stages that are found by number get names.", verdict: "plan", plan };
}

function importFat(
  setup: Setup,
  reading: ImageReading,
  found: BuildContext,
  decisions: DecisionLog,
  reporter: Reporter,
): ImportResult {
  const outcome = planImage(reading, stageNames(reading), decisions, reporter);
  return resultOf(outcome, setup, reading, found, decisions, reporter);
}

function resultOf(
  outcome: ImageOutcome,
  setup: Setup,
  reading: ImageReading,
  found: BuildContext,
  decisions: DecisionLog,
  reporter: Reporter,
): ImportResult {
  const { document } = reading;
  const context = found.directory;
  const plan = outcome.kind === "plan" ? planOf(outcome, setup, reading, decisions) : undefined;
  const frame = {
    setup,
    summary: outcome.summary,
    diagnostics: reporter.diagnostics,
    decisions: decisions.decisions,
    unusedAnswers: decisions.unused,
  };
  if (outcome.kind === "plan" && plan !== undefined) {
    const callers = [...new Set(plan.callerEdits.map(({ path }) => path))];
    const sources = [...setup.sources, ...callers.map((path) => ({ path, role: "caller" }) as const)];
    const result: ImportResult = { ...frame, setup: { ...setup, sources }, verdict: "plan", plan };
    return found.missing.length > 0 && needsUnseen(reading, found.missing, outcome)
      ? refuseUnseen(result, found, document)
      : result;
  }
  const verdict = outcome.kind === "refused" ? "refused" : "no-benefit";
  return { ...frame, verdict, understood: document, context };
}

function planOf(
  outcome: Extract<ImageOutcome, { kind: "plan" }>,
  setup: Setup,
  reading: ImageReading,
  decisions: DecisionLog,
): Plan {
  const { document } = reading;
  const { context, project } = reading.image;
  const { path } = document.source;
  const globals = document.preamble.map((instruction) => ({
    kind: "original" as const,
    source: { document, instruction },
    reason: "FROM lines use it, as before.",
    because: [provenance(document.source, instruction.range)],
    confidence: "certain" as const,
  }));
  const { stages, dropped } = outcome;
  const last = stages.at(-1);
  const outputs = [{ target: last?.name ?? "production", replaces: path, tags: [] }];
  const ignoreFile = setup.sources.find((source) => source.role === "ignore-file")?.path;
  const ignored = last === undefined ? undefined : ignoreLibraries(reading, last, ignoreFile, project, decisions);
  return {
    dockerfiles: [{ path, template: document, context, globals, stages, outputs }],
    callerEdits: outcome.edits,
    files: ignored === undefined ? [] : [ignored],
    removals: [],
    dropped,
    ...(outcome.resettled === undefined ? {} : { resettled: outcome.resettled }),
    partial: false,
    recipe: {
      before: [
        { id: path, dockerfile: { path, text: [document.source.text] }, context, prepared: [], buildArguments: {} },
      ],
      after: [
        {
          ...{ dockerfile: path, context, target: last?.name ?? "production", replaces: path, buildArguments: {} },
          ...(outcome.onPurpose === undefined ? {} : { onPurpose: outcome.onPurpose }),
        },
      ],
      unreplayable: [],
    },
  };
}
