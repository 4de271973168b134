/**
 * Words of the grammar's tree, taken apart into pieces.
 *
 *     "$APP"/b\ c*.jar     variable APP (quoted), text "/b", text " " (quoted), text "c", glob "*", text ".jar"
 *
 * What is not decided here: the value of anything (values.ts).
 */
import type { Range } from "../text/source.ts";
import { braceWords } from "./braces.ts";
import type {
  GrammarArithmetic,
  GrammarNode,
  GrammarOperation,
  GrammarParameter,
  GrammarPart,
  GrammarScript,
  GrammarWord,
} from "./grammar.ts";
import { backtickOffsets, type OffsetMap } from "./offsets.ts";
import { type GrammarArithmeticWord, readArithmetic } from "./parse-arithmetic.ts";
import type { Arithmetic, ShellScript, Word, WordPiece } from "./syntax.ts";

/** Where the reader is: which string the grammar's offsets count in, and how they map to the text as written. */
export interface Reading {
  readonly text: string;
  readonly source: string;
  readonly toText: OffsetMap;
  /** Whether the script has errors, so that ends of nodes cannot be relied on. */
  readonly damaged: boolean;
  /** How many substitutions stand around. */
  readonly depth: number;
  readonly readScript: (script: GrammarScript, reading: Reading) => ShellScript;
}

/** How quotes and backslashes read: as in a bare word, or as between double quotes. */
type Quoting = "bare" | "double";

/** A range as written, without continuations (`\` and line end) at either end. */
export function rangeIn(reading: Reading, node: { readonly pos: number; readonly end: number }): Range {
  let { pos, end } = node;
  while (end - pos > 2 && reading.source.startsWith("\\\n", end - 2)) end -= 2;
  while (end - pos > 2 && reading.source.startsWith("\\\n", pos)) pos += 2;
  return { start: reading.toText(pos), end: reading.toText(end) };
}

/** Reads a word; `double` for the operand of an expansion that stands between double quotes. */
export function readWord(word: GrammarWord, reading: Reading, quoting: Quoting = "bare"): Word {
  const range = rangeIn(reading, word);
  return { range, text: textOf(reading, range), pieces: wordPieces(word, reading, quoting) };
}

/** The pieces of a run of parts, such as a word's or a here-document's. */
export function readParts(parts: readonly GrammarPart[], reading: Reading, quoting: Quoting): readonly WordPiece[] {
  return parts.flatMap((part) => readPart(part, reading, quoting));
}

function wordPieces(word: GrammarWord, reading: Reading, quoting: Quoting): readonly WordPiece[] {
  if (word.parts !== undefined) return readParts(word.parts, reading, quoting);
  return word.text === "" ? [] : readLiteral(word, reading, quoting);
}

function textOf(reading: Reading, range: Range): string {
  return reading.text.slice(range.start, range.end);
}

function readPart(part: GrammarPart, reading: Reading, quoting: Quoting): readonly WordPiece[] {
  const quoted = quoting === "double";
  switch (part.type) {
    case "Literal":
      return readLiteral(part, reading, quoting);
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ kind: "text", text: part.value, quoted: true, range: rangeIn(reading, part) }];
    case "DoubleQuoted":
    case "LocaleString":
      return readDoubleQuoted(part, reading);
    case "Glob":
      return [readGlob(part, reading, quoted)];
    case "SimpleExpansion":
      return [
        { kind: "variable", name: part.text.slice(1).replaceAll("\\\n", ""), quoted, range: rangeIn(reading, part) },
      ];
    case "ParameterExpansion":
      return [readParameter(part, reading, quoting)];
    case "CommandExpansion":
      return [readSubstitution(part, reading, quoted)];
    case "ArithmeticExpansion": {
      const range = rangeIn(reading, part);
      const expression = readExpression(part.expression, reading);
      return [{ kind: "arithmetic", expression, text: textOf(reading, range), quoted, range }];
    }
    case "BraceExpansion":
      return [quoted ? opaque(part, reading, quoted) : readBraces(part, reading)];
    default:
      return [opaque(part, reading, quoted)];
  }
}

function opaque(node: GrammarNode, reading: Reading, quoted: boolean): WordPiece {
  const range = rangeIn(reading, node);
  return { kind: "opaque", text: textOf(reading, range), quoted, range };
}

function readDoubleQuoted(
  part: Extract<GrammarPart, { type: "DoubleQuoted" | "LocaleString" }>,
  reading: Reading,
): readonly WordPiece[] {
  const pieces = readParts(part.parts, reading, "double");
  if (pieces.length > 0) return pieces;
  return [{ kind: "text", text: "", quoted: true, range: rangeIn(reading, part) }];
}

function readGlob(part: Extract<GrammarPart, { type: "Glob" }>, reading: Reading, quoted: boolean): WordPiece {
  const range = rangeIn(reading, part);
  if (quoted) return { kind: "text", text: part.text, quoted, range };
  const plain = (part.parts ?? []).every((inner) => inner.type === "Literal" && !inner.text.includes("\\"));
  return plain ? { kind: "glob", text: part.text, range } : opaque(part, reading, quoted);
}

/** An arithmetic expression; unknown where the grammar could not read it. */
export function readExpression(node: GrammarArithmetic | undefined, reading: Reading): Arithmetic {
  return readArithmetic(node, (word) => arithmeticWord(word, reading));
}

function arithmeticWord(node: GrammarArithmeticWord, reading: Reading): Word {
  const range = rangeIn(reading, node);
  const { value: text } = node;
  if (node.parts !== undefined) return { range, text, pieces: readParts(node.parts, reading, "bare") };
  const [, name] = /^\$\{?([A-Za-z_]\w*|[0-9#])\}?$/.exec(text) ?? [];
  if (name !== undefined) return { range, text, pieces: [{ kind: "variable", name, quoted: true, range }] };
  if (/[$`]/.test(text)) return { range, text, pieces: [{ kind: "opaque", text, quoted: true, range }] };
  return { range, text, pieces: [{ kind: "text", text, quoted: true, range }] };
}

/** `{a,b}` and `{1..3}` of literal text; with anything else in it they are opaque. */
function readBraces(part: Extract<GrammarPart, { type: "BraceExpansion" }>, reading: Reading): WordPiece {
  const range = rangeIn(reading, part);
  const words = braceWords(part.text);
  if (words === undefined) return opaque(part, reading, false);
  return {
    kind: "braces",
    text: part.text,
    alternatives: words.map((text) => literalPieces(text, range)),
    quoted: false,
    range,
  };
}

function literalPieces(text: string, range: Range): readonly WordPiece[] {
  return text === "" ? [] : [{ kind: "text", text, quoted: false, range }];
}

const ESCAPE = { bare: /\\([\s\S])/g, double: /\\([\n$`"\\}])/g } as const;

/** Splits at backslashes: what they quote becomes a piece of its own, and a continuation disappears. */
function readLiteral(
  node: { readonly pos: number; readonly end: number },
  reading: Reading,
  quoting: Quoting,
): readonly WordPiece[] {
  const written = reading.source.slice(node.pos, node.end);
  const pieces: WordPiece[] = [];
  let at = 0;
  const add = (text: string, quoted: boolean, from: number, to: number): void => {
    const range = { start: reading.toText(node.pos + from), end: reading.toText(node.pos + to) };
    if (text !== "") pieces.push({ kind: "text", text, quoted, range });
  };
  for (const match of written.matchAll(ESCAPE[quoting])) {
    add(written.slice(at, match.index), quoting === "double", at, match.index);
    at = match.index + match[0].length;
    if (match[1] !== "\n") add(match[1] ?? "", true, match.index, at);
  }
  add(written.slice(at), quoting === "double", at, written.length);
  return pieces;
}

function readParameter(part: GrammarParameter, reading: Reading, quoting: Quoting): WordPiece {
  const quoted = quoting === "double";
  const keys = part.prefix === "!" && /^[@*]$/.test(part.index?.value ?? "") && part.operation === undefined;
  if (part.prefix === "!" && !keys) return opaque(part, reading, quoted);
  const index = part.index === undefined ? {} : { index: readWord(part.index, reading) };
  const base = {
    kind: "variable",
    name: part.parameter,
    ...index,
    ...(keys ? { keys } : {}),
    quoted,
    range: rangeIn(reading, part),
  } as const;
  if (part.prefix === "#") return { ...base, operator: "length" };
  if (part.operation === undefined) return base;
  const operation = readOperation(part.operation, reading, quoting);
  return operation === undefined ? opaque(part, reading, quoted) : { ...base, ...operation };
}

/** Operator and operands; `undefined` for bash's rarer ones (`${x@Q}`, `${!x*}`). */
function readOperation(
  operation: GrammarOperation,
  reading: Reading,
  quoting: Quoting,
): { operator: string; operand?: Word; second?: Word } | undefined {
  const { type } = operation;
  if (type === "Transform" || type === "Names" || type === "Unknown") return undefined;
  const { operator } = operation;
  if (type === "Replace") {
    return {
      operator,
      operand: readWord(operation.pattern, reading),
      second: readWord(operation.replacement, reading),
    };
  }
  if (type === "Slice") {
    const second = operation.length === undefined ? {} : { second: readWord(operation.length, reading) };
    return { operator, operand: readWord(operation.offset, reading), ...second };
  }
  if (operation.operand === undefined) return { operator };
  return { operator, operand: readWord(operation.operand, reading, type === "Default" ? quoting : "bare") };
}

function readSubstitution(
  part: Extract<GrammarPart, { type: "CommandExpansion" }>,
  reading: Reading,
  quoted: boolean,
): WordPiece {
  const { script } = part;
  if (script === undefined) return opaque(part, reading, quoted);
  const inner = reading.source.slice(part.pos + 1, part.end - 1);
  const place = script.source === undefined ? {} : decodedPlace(script.source, inner, part.pos + 1, reading);
  const nested = { ...reading, ...place, depth: reading.depth + 1 };
  return { kind: "substitution", script: reading.readScript(script, nested), quoted, range: rangeIn(reading, part) };
}

/** Inside backticks with escapes the grammar counts in a string of its own. */
function decodedPlace(
  source: string,
  inner: string,
  start: number,
  reading: Reading,
): Pick<Reading, "source" | "toText"> {
  const toOuter = backtickOffsets(inner, start, source);
  return { source, toText: (offset) => reading.toText(toOuter(offset)) };
}
