/**
 * The first lines of a result: parser directives and the file's header comment, as the template has them.
 *
 *     # syntax=docker/dockerfile:1.4      one frontend for all files that become one: the newest
 *     # Copyright …                       once, above everything
 *
 * Where no file names a frontend and a flag needs a newer one than engines bring along, the stable one is named
 * (https://docs.docker.com/build/buildkit/frontend/).
 */
import type { Directive, DockerfileDocument } from "../dockerfile/syntax.ts";
import type { Because, PlannedDockerfile, StageStep } from "../model/plan.ts";
import { provenance } from "../model/provenance.ts";
import { applyEdits, type TextEdit } from "../text/edits.ts";
import type { Range } from "../text/source.ts";
import { directivesRange, headerRange } from "./layout.ts";

export type ExplainedText = Because & { readonly text: string };

/** The frontends of two files that cannot both be had. */
export interface FrontendConflict {
  readonly first: Frontend;
  readonly second: Frontend;
}

interface Frontend {
  readonly document: DockerfileDocument;
  readonly directive: Directive;
}

/** The lines above the first instruction's own comments, each text with its line end. */
export function topOf(planned: PlannedDockerfile): readonly ExplainedText[] | FrontendConflict {
  const frontend = newestFrontend(documentsOf(planned));
  if (frontend && "first" in frontend) return frontend;
  const { template } = planned;
  return [
    ...missingFrontend(planned, frontend),
    ...ownDirectives(template, frontend),
    ...kept(template, headerRange(template)),
  ];
}

/** Every file whose instructions the result takes. */
function documentsOf({ template, globals, stages }: PlannedDockerfile): readonly DockerfileDocument[] {
  const steps = [...globals, ...stages.flatMap((stage) => stage.steps)];
  const refs = [...stages.map((stage) => stage.from), ...steps.map(sourceOf)];
  return [...new Set([template, ...refs.flatMap((ref) => (ref ? [ref.document] : []))])];
}

function sourceOf(step: StageStep) {
  return step.kind === "synthesized" ? undefined : step.source;
}

function newestFrontend(documents: readonly DockerfileDocument[]): Frontend | FrontendConflict | undefined {
  let newest: Frontend | undefined;
  for (const document of documents) {
    const directive = document.directives.find(({ name }) => name === "syntax");
    if (!directive) continue;
    const found = { document, directive };
    if (!newest || newest.directive.value === directive.value) newest ??= found;
    else {
      const order = compareFrontends(newest.directive.value, directive.value);
      if (order === undefined) return { first: newest, second: found };
      if (order < 0) newest = found;
    }
  }
  return newest;
}

/** Orders `docker/dockerfile:1`, `:1.4` and `:1.4.3`, where a shorter version is the newest of its line. */
function compareFrontends(a: string, b: string): number | undefined {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (!left || !right || left[0] !== right[0]) return undefined;
  return (left[1] ?? Infinity) - (right[1] ?? Infinity) || (left[2] ?? Infinity) - (right[2] ?? Infinity) || 0;
}

function versionOf(frontend: string): readonly number[] | undefined {
  const [, version] = /^(?:docker\.io\/)?docker\/dockerfile:(\d+(?:\.\d+){0,2})$/.exec(frontend) ?? [];
  return version?.split(".").map(Number);
}

/** Flags for which engines in use bring too old a frontend: https://docs.docker.com/reference/dockerfile/#copy---exclude */
const NEW_FLAGS = /^--(?:exclude|parents)\b/;

function missingFrontend(planned: PlannedDockerfile, frontend: Frontend | undefined): readonly ExplainedText[] {
  const { template } = planned;
  if (template.directives.some(({ name }) => name === "syntax")) return [];
  if (frontend) {
    const { document, directive } = frontend;
    const because = [provenance(document.source, directive.range)];
    const reason = `Kept from ${document.source.path}, whose instructions are written for this frontend.`;
    return [{ text: `# syntax=${directive.value}${template.lineEnd}`, reason, because, confidence: "certain" }];
  }
  const step = planned.stages.flatMap(({ steps }) => steps).find(needsNewFrontend);
  if (!step) return [];
  const reason = "Names a frontend that is new enough for a flag below.";
  return [
    { text: `# syntax=docker/dockerfile:1${template.lineEnd}`, reason, because: step.because, confidence: "certain" },
  ];
}

function needsNewFrontend(step: StageStep): boolean {
  return step.kind === "copy" && step.copy.flags.some((flag) => NEW_FLAGS.test(flag));
}

function ownDirectives(template: DockerfileDocument, frontend: Frontend | undefined): readonly ExplainedText[] {
  const own = template.directives.find(({ name }) => name === "syntax");
  if (!own || !frontend || own.value === frontend.directive.value) return kept(template, directivesRange(template));
  const edit = { ...own.range, text: `# syntax=${frontend.directive.value}` };
  const because = [provenance(frontend.document.source, frontend.directive.range)];
  const reason = `The newer frontend of the two files, from ${frontend.document.source.path}.`;
  return [{ text: edited(template, directivesRange(template), edit), reason, because, confidence: "certain" }];
}

function edited({ source }: DockerfileDocument, range: Range, edit: TextEdit): string {
  const shifted = { ...edit, start: edit.start - range.start, end: edit.end - range.start };
  return applyEdits(source.text.slice(range.start, range.end), [shifted]);
}

function kept({ source }: DockerfileDocument, range: Range): readonly ExplainedText[] {
  const text = source.text.slice(range.start, range.end);
  if (text === "") return [];
  const because = [provenance(source, range)];
  return [{ text, reason: "Kept from the top of the file.", because, confidence: "certain" }];
}
