/**
 * A Dockerfile's text as a tree, exactly as BuildKit splits it, with nothing lost:
 *
 *     parseDockerfile(source).stages[0].from.image.text      // "node:20"
 *     printDockerfile(parseDockerfile(source))               // source.text, always
 *
 * It never throws: what BuildKit would reject becomes a problem with a range, the line is left out of the tree (its text is
 * kept), and reading goes on behind it. Time and memory are linear in the text.
 * Source of the behaviour: https://github.com/moby/buildkit/tree/master/frontend/dockerfile/parser
 */
import { lineEnd } from "../text/edits.ts";
import type { Range, SourceFile } from "../text/source.ts";
import { directiveProblem, isEscape, readDirective } from "./directives.ts";
import { heredocWords, readHeredocBody } from "./heredocs.ts";
import { hasExecForm, keywordOf, Rejection, readInstruction } from "./instructions.ts";
import { LineCursor, type LogicalLine, logicalFrom, readLogicalLine } from "./lines.ts";
import type {
  Directive,
  DockerfileDocument,
  FromInstruction,
  Heredoc,
  Instruction,
  LogicalText,
  StageSyntax,
  SyntaxProblem,
} from "./syntax.ts";
import { skipSpaces } from "./white-space.ts";

/**
 * Parses a file; `problems` is empty when BuildKit would read it too. `start`: where the Dockerfile begins in a text that has
 * something else before it, as a script with a here-document has.
 */
export function parseDockerfile(source: SourceFile, start?: number): DockerfileDocument {
  const reader = new DocumentReader(source.text, start);
  reader.read();
  const { directives, bom, instructions, problems } = reader;
  const { preamble, stages } = intoStages(instructions);
  return {
    source,
    directives,
    escape: reader.escape,
    bom,
    start: reader.start,
    lineEnd: lineEnd(source.text),
    instructions,
    preamble,
    stages,
    problems: [...problems, ...orderProblems(instructions, preamble, stages)].sort(byPlace),
  };
}

function byPlace(a: SyntaxProblem, b: SyntaxProblem): number {
  return a.range.start - b.range.start;
}

const BYTE_ORDER_MARK = "\uFEFF";
const NO_HEREDOCS: readonly Heredoc[] = [];

class DocumentReader {
  readonly directives: Directive[] = [];
  readonly instructions: Instruction[] = [];
  readonly problems: SyntaxProblem[] = [];
  readonly bom: boolean;
  readonly start: number;
  escape: "\\" | "`" = "\\";
  readonly #text: string;
  readonly #cursor: LineCursor;
  #directivesMayFollow = true;
  /** Where the comments and blank lines above the next instruction begin. */
  #leadingStart: number;

  constructor(text: string, start = 0) {
    this.#text = text;
    this.bom = text.startsWith(BYTE_ORDER_MARK, start);
    this.start = start + (this.bom ? BYTE_ORDER_MARK.length : 0);
    this.#leadingStart = this.start;
    this.#cursor = new LineCursor(text, this.start);
  }

  read(): void {
    while (this.#cursor.advance()) this.#readLine();
  }

  #readLine(): void {
    const { end } = this.#cursor;
    const first = skipSpaces(this.#text, this.#cursor.start, end);
    const comment = this.#text[first] === "#" && first < end;
    if (comment && this.#directivesMayFollow && this.#takeDirective({ start: first, end })) return;
    this.#directivesMayFollow = false;
    if (!comment && first < end) this.#readInstruction(first);
  }

  #takeDirective(range: Range): boolean {
    const directive = readDirective(this.#text, range);
    if (directive === undefined) return false;
    const message = directiveProblem(directive, this.directives);
    if (message !== undefined) this.problems.push({ message, range });
    else if (directive.name === "escape" && isEscape(directive.value)) this.escape = directive.value;
    this.directives.push(directive);
    this.#leadingStart = this.#cursor.next;
    return true;
  }

  #readInstruction(first: number): void {
    const leading = { start: this.#leadingStart, end: first };
    const line = readLogicalLine(this.#cursor, first, this.escape);
    const heredocs = this.#readHeredocs(line);
    const range = heredocs.length === 0 ? line.range : { start: first, end: this.#cursor.end };
    this.#leadingStart = this.#cursor.next;
    try {
      this.instructions.push(readInstruction({ logical: line.logical, range, leading, heredocs, escape: this.escape }));
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (error.recovered) this.instructions.push(error.recovered);
      this.problems.push({ message: error.message, range: error.range });
    }
  }

  #readHeredocs({ logical, range }: LogicalLine): readonly Heredoc[] {
    if (!logical.text.includes("<<") || !mayHoldHeredocs(logical, this.escape)) return NO_HEREDOCS;
    const { words, problem } = heredocWords(logical.text);
    if (problem !== undefined) this.problems.push({ message: problem, range });
    const heredocs: Heredoc[] = [];
    for (const word of words) {
      const { heredoc, terminated } = readHeredocBody(this.#cursor, word);
      heredocs.push(heredoc);
      if (!terminated) this.problems.push({ message: `the heredoc "${word.name}" is not closed`, range });
    }
    return heredocs;
  }
}

const WITH_HEREDOCS: readonly string[] = ["add", "copy", "run"];

/** RUN, COPY and ADD in shell form, and ONBUILD of these. */
function mayHoldHeredocs(logical: LogicalText, escapeWith: string): boolean {
  const keyword = keywordOf(logical);
  if (keyword !== "onbuild") return WITH_HEREDOCS.includes(keyword) && !hasExecForm(logical, escapeWith);
  const start = skipSpaces(logical.text, 0, logical.text.length) + keyword.length;
  const trigger = logicalFrom(logical, skipSpaces(logical.text, start, logical.text.length));
  return WITH_HEREDOCS.includes(keywordOf(trigger)) && !hasExecForm(trigger, escapeWith);
}

interface Staged {
  readonly preamble: readonly Instruction[];
  readonly stages: readonly StageSyntax[];
}

function intoStages(instructions: readonly Instruction[]): Staged {
  const preamble: Instruction[] = [];
  const stages: { from: FromInstruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.kind === "from") stages.push({ from: instruction, instructions: [] });
    else (stages.at(-1)?.instructions ?? preamble).push(instruction);
  }
  return { preamble, stages };
}

function orderProblems(
  instructions: readonly Instruction[],
  preamble: readonly Instruction[],
  stages: readonly StageSyntax[],
): readonly SyntaxProblem[] {
  const early = preamble
    .filter(({ kind }) => kind !== "arg")
    .map(({ keyword, range }) => ({
      message: `"${keyword}" stands before the first FROM`,
      range: { start: range.start, end: range.start + keyword.length },
    }));
  if (stages.length > 0) return early;
  const message = instructions.length === 0 ? "the file has no instruction" : "the file has no FROM";
  return [...early, { message, range: { start: 0, end: 0 } }];
}
