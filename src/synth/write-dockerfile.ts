/**
 * A planned Dockerfile as text, with the reason of every line.
 *
 *     stage "builder": the user's FROM, RUN                      FROM golang:1.22 AS builder
 *     stage "production": COPY /bin/server from builder    →     RUN go build -o /bin/server .
 *
 *                                                                FROM alpine AS production
 *                                                                COPY --from=builder /bin/server /server
 *
 * The user's own instructions stay byte for byte, with their comments, which are written where the instruction comes first.
 * Not decided here: what a stage holds (importers), and whether the result is right (model/invariants.ts).
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { DockerfileDocument, Instruction, InstructionRef } from "../dockerfile/syntax.ts";
import type { Because, PlannedDockerfile, Stage, StageStep } from "../model/plan.ts";
import { type Provenance, provenance } from "../model/provenance.ts";
import type { HostPath } from "../text/paths.ts";
import type { Range } from "../text/source.ts";
import { headerRange, leadRange, predecessorOf, tailRange } from "./layout.ts";
import { originalText, withLineEnd } from "./original-text.ts";
import { copyText } from "./write-copy.ts";
import { editedText, editsOfFrom, fromText } from "./write-from.ts";
import { type ExplainedText, topOf } from "./write-top.ts";

/** Consecutive lines of the output and why they are there; both numbers count from 1. */
export interface WrittenPiece extends Because {
  readonly firstLine: number;
  readonly lastLine: number;
  /** The stage that the lines belong to; absent above the first one. */
  readonly stage?: string;
  /** Absent for FROM lines and for what stands above the first instruction. */
  readonly step?: StageStep;
}

export interface WrittenDockerfile {
  readonly planned: PlannedDockerfile;
  readonly path: HostPath;
  readonly text: string;
  /** In order, without gaps: every line is in one of them. */
  readonly pieces: readonly WrittenPiece[];
  /** Errors that say why the text cannot be what the plan says. */
  readonly diagnostics: readonly Diagnostic[];
}

export function writeDockerfile(planned: PlannedDockerfile): WrittenDockerfile {
  const { template, path } = planned;
  const top = topOf(planned);
  const items = itemsOf(planned);
  const texts = layOut(items, template, "first" in top ? [] : top);
  const diagnostics = [...frontendConflict(top), ...texts.flatMap(({ problem }) => problem ?? [])];
  const body = texts.map(({ text }) => text).join("");
  const text = (template.bom ? "\uFEFF" : "") + body.replace(/[\r\n]+$/, "") + template.lineEnd;
  return { planned, path, text, pieces: piecesOf(texts), diagnostics };
}

/** What is written as one piece: an instruction of ours (`text`), or a place in the user's file with edits. */
interface Item {
  readonly because: Because;
  readonly stage?: string;
  readonly step?: StageStep;
  readonly opensStage: boolean;
  /** The user's instruction whose comments come along. */
  readonly source?: InstructionRef;
  /** Without line end; absent where the user's text cannot stand in this file. */
  readonly text: string | undefined;
}

function itemsOf(planned: PlannedDockerfile): readonly Item[] {
  const { globals, stages, template } = planned;
  return [
    ...globals.map((step) => stepItem(step, template)),
    ...stages.flatMap((stage) => [
      fromItem(stage, planned),
      ...stage.steps.map((step) => ({ ...stepItem(step, template), stage: stage.name })),
    ]),
  ];
}

function fromItem(stage: Stage, { template, stages }: PlannedDockerfile): Item {
  const head = { because: stage, stage: stage.name, opensStage: true };
  if (!stage.from) return { ...head, text: gateComment(stage, stages, template.lineEnd) + fromText(stage) };
  const edits = editsOfFrom(stage, stage.from);
  const unchanged = originalText(stage.from, template, stage.from.instruction.range);
  const text = edits.length === 0 ? unchanged : unchanged && editedText(stage.from, edits);
  return { ...head, source: stage.from, text: text && withLineEnd(text, template.lineEnd) };
}

/** A stage that nothing seems to need gets skipped or deleted: the one thing about a test stage that its lines do not tell. */
function gateComment({ name, role }: Stage, stages: readonly Stage[], lineEnd: string): string {
  if (role !== "test") return "";
  const gated = stages.find(({ steps }) => steps.some((step) => copiesFrom(step, name)));
  return gated ? `# ${gated.name} copies from this stage, so that a failing test fails the build.${lineEnd}` : "";
}

function copiesFrom(step: StageStep, stage: string): boolean {
  return step.kind === "copy" && step.copy.from.kind === "stage" && step.copy.from.stage === stage;
}

function stepItem(step: StageStep, template: DockerfileDocument): Item {
  const head = { because: step, step, opensStage: false };
  switch (step.kind) {
    case "original":
      return { ...head, source: step.source, text: originalText(step.source, template, step.source.instruction.range) };
    case "rewritten":
      return { ...head, source: step.source, text: withLineEnd(step.text, template.lineEnd) };
    case "copy":
      return { ...head, ...(step.source ? { source: step.source } : {}), text: copyText(step.copy) };
    case "synthesized":
      return { ...head, text: withLineEnd(step.text, template.lineEnd) };
  }
}

interface LaidOut extends Because {
  readonly text: string;
  readonly stage?: string;
  readonly step?: StageStep;
  readonly problem?: Diagnostic;
}

/** Puts blank lines and comments around the items; every text ends in a line end. */
function layOut(
  items: readonly Item[],
  template: DockerfileDocument,
  top: readonly ExplainedText[],
): readonly LaidOut[] {
  const out: LaidOut[] = [...top];
  const homes = homesOf(items);
  let previous: Item | undefined;
  for (const item of items) {
    const isHome = item.source !== undefined && homes.get(item.source.instruction) === item;
    const before = leadOf(item, previous, template, isHome);
    const after = item.source && isHome ? tailOf(item.source, template) : "";
    const text = before + (item.text ?? "") + template.lineEnd + after;
    out.push({ ...reasonOf(item), text: out.length === 0 ? text.replace(/^(?:[ \t]*\r?\n)+/, "") : text });
    previous = item;
  }
  return out;
}

/** Where the comments of each instruction are written: first in the stage that opens with its file's own FROM. */
function homesOf(items: readonly Item[]): ReadonlyMap<Instruction, Item> {
  const opened = new Map(
    items.flatMap(({ opensStage, stage, source }) => (opensStage ? [[stage, source?.document]] : [])),
  );
  const isOwn = ({ stage, source }: Item) => source !== undefined && opened.get(stage) === source.document;
  const homes = new Map<Instruction, Item>();
  for (const item of [...items.filter(isOwn), ...items]) {
    if (item.source && !homes.has(item.source.instruction)) homes.set(item.source.instruction, item);
  }
  return homes;
}

function reasonOf({ because, stage, step, source, text }: Item): Omit<LaidOut, "text"> {
  const { reason, confidence } = because;
  const places = because.because.length > 0 || !source ? because.because : [placeIn(source)];
  const problem = text === undefined && source ? escapeProblem(source) : undefined;
  return {
    reason,
    because: places,
    confidence,
    ...(stage === undefined ? {} : { stage }),
    ...(step === undefined ? {} : { step }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** An instruction of the user's says itself where it comes from. */
function placeIn({ document, instruction }: InstructionRef): Provenance {
  return provenance(document.source, instruction.range);
}

/** The comments and blank lines above an item. Where it still follows what it followed in its own file, exactly those. */
function leadOf(item: Item, previous: Item | undefined, template: DockerfileDocument, isHome: boolean): string {
  const { source } = item;
  const opensNext = item.opensStage && previous?.stage !== undefined;
  if (!source) return opensNext ? template.lineEnd : "";
  const lead = leadText(source, template);
  if (isHome && followsAsBefore(source, previous)) return lead;
  const blank = opensNext || startsBlank(lead) ? template.lineEnd : "";
  return blank + (isHome ? lead.replace(/^(?:[ \t]*\r?\n)+/, "") : indentation(lead));
}

/** A header comment of another file than the template comes with its first instruction, unless both files have the same. */
function leadText(source: InstructionRef, template: DockerfileDocument): string {
  const own = textOf(source.document, leadRange(source));
  if (source.document === template) return own;
  const isFirst = source.document.instructions[0] === source.instruction;
  const header = isFirst ? withLineEnd(textOf(source.document, headerRange(source.document)), template.lineEnd) : "";
  const known = header.trim() === textOf(template, headerRange(template)).trim();
  return (known ? "" : header) + withLineEnd(own, template.lineEnd);
}

function textOf({ source }: DockerfileDocument, range: Range): string {
  return source.text.slice(range.start, range.end);
}

function followsAsBefore(source: InstructionRef, previous: Item | undefined): boolean {
  const above = predecessorOf(source);
  return previous === undefined ? above === undefined : above !== undefined && previous.source?.instruction === above;
}

function startsBlank(lead: string): boolean {
  return /^[ \t]*\r?\n/.test(lead);
}

function indentation(lead: string): string {
  return /[ \t]*$/.exec(lead)?.[0] ?? "";
}

function tailOf(source: InstructionRef, template: DockerfileDocument): string {
  const text = textOf(source.document, tailRange(source));
  if (text === "") return "";
  return withLineEnd(text.replace(/\s+$/, "") + template.lineEnd, template.lineEnd);
}

function piecesOf(texts: readonly LaidOut[]): readonly WrittenPiece[] {
  let line = 1;
  return texts.map(({ text, problem: _, ...piece }, index) => {
    const count = text.split("\n").length - 1;
    const firstLine = line;
    line += count;
    // The text ends in one line end, however many the last piece brought.
    const extra = index === texts.length - 1 ? (/(?:\r?\n)+$/.exec(text)?.[0].split("\n").length ?? 2) - 2 : 0;
    return { ...piece, firstLine, lastLine: firstLine + count - 1 - extra };
  });
}

function frontendConflict(top: ReturnType<typeof topOf>): readonly Diagnostic[] {
  if (!("first" in top)) return [];
  const { first, second } = top;
  const args = {
    first: first.document.source.path,
    firstFrontend: first.directive.value,
    second: second.document.source.path,
    secondFrontend: second.directive.value,
  };
  return [diagnostic("frontends-differ", args, { path: second.document.source.path, ...second.directive.range })];
}

function escapeProblem({ document, instruction }: InstructionRef): Diagnostic {
  const { path } = document.source;
  const span = { path, ...instruction.range };
  return diagnostic(
    "escape-characters-differ",
    { path, character: document.escape, keyword: instruction.keyword },
    span,
  );
}
