/**
 * The text of a YAML scalar, with the place of each character.
 *
 *     run: |                         "docker build .\n"       ← the second line without its indentation
 *       docker build .
 *     - "docker tag \"$A\" b"        docker tag "$A" b        ← `\"` is two characters of the file
 *     - docker build                 docker build -t a .      ← the line end and the blanks after it are one blank
 *         -t a .
 *
 * What comes out is compared with what the YAML library reads, so a scalar that is understood differently is not used at all.
 */
import type { Scalar } from "yaml";
import { type MappedPiece, type MappedText, mappedText } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";

/** `undefined` where the places cannot be told. */
export function scalarText(file: string, scalar: Scalar): MappedText | undefined {
  const range = scalarRange(file, scalar);
  const value = typeof scalar.value === "string" ? scalar.value : scalar.source;
  if (range === undefined || value === undefined) return undefined;
  const wanted = value.replace(/\n+$/, "");
  for (const pieces of readings(file, scalar, range)) {
    const mapped = mappedText(pieces);
    if (mapped.text.replace(/\n+$/, "") === wanted) return mapped;
  }
  return undefined;
}

/** The scalar as it is written, with its quotes or its `|`, and without what ends its last line. */
export function scalarRange(file: string, scalar: Scalar): Range | undefined {
  if (!scalar.range) return undefined;
  const [start, end] = scalar.range;
  return { start, end: start + file.slice(start, end).trimEnd().length };
}

/** Text for a place inside a scalar; text that already is written for it, such as a word of the file, stays as it is. */
export function writtenIn(scalar: Scalar, text: string): string {
  switch (scalar.type) {
    case "QUOTE_DOUBLE":
      return text.replace(/\\?"/g, '\\"');
    case "QUOTE_SINGLE":
      return text.replace(/''?/g, "''");
    default:
      return text;
  }
}

/** The ways to read a scalar; more than one only where a block says how far it is indented. */
function readings(file: string, scalar: Scalar, range: Range): readonly (readonly MappedPiece[])[] {
  const inner = { start: range.start + 1, end: range.end - 1 };
  switch (scalar.type) {
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return blockReadings(file, scalar.type === "BLOCK_FOLDED", range);
    case "QUOTE_DOUBLE":
      return [flowPieces(file, inner, doubleQuoted)];
    case "QUOTE_SINGLE":
      return [flowPieces(file, inner, singleQuoted)];
    default:
      return [flowPieces(file, range, () => undefined)];
  }
}

// ---- block scalars

interface Line extends Range {
  /** Where the next line begins. */
  readonly next: number;
}

function blockReadings(file: string, folded: boolean, { start, end }: Range): readonly (readonly MappedPiece[])[] {
  const header = file.indexOf("\n", start);
  if (header < 0 || header >= end) return [[]];
  const lines = linesIn(file, { start: header + 1, end });
  const first = lines.find((line) => file.slice(line.start, line.end).trim() !== "");
  const deepest = first === undefined ? 0 : (/^ */.exec(file.slice(first.start, first.end))?.[0].length ?? 0);
  const explicit = /\d/.test(file.slice(start, header));
  const indents = explicit ? Array.from({ length: Math.min(deepest, 40) + 1 }, (_, i) => deepest - i) : [deepest];
  return indents.map((indent) => blockPieces(file, lines, indent, folded));
}

function linesIn(file: string, { start, end }: Range): readonly Line[] {
  const lines: Line[] = [];
  for (let at = start; at < end; ) {
    const newline = file.indexOf("\n", at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const text = file.slice(at, next).replace(/\r?\n$/, "");
    lines.push({ start: at, end: at + text.length, next });
    at = next;
  }
  return lines;
}

function blockPieces(file: string, lines: readonly Line[], indent: number, folded: boolean): readonly MappedPiece[] {
  const pieces: MappedPiece[] = [];
  const inner = lines.map((line) => ({ ...line, start: Math.min(line.end, line.start + indent) }));
  for (const [index, line] of inner.entries()) {
    const text = file.slice(line.start, line.end);
    if (text !== "") pieces.push({ text, from: { start: line.start, end: line.end } });
    const next = inner[index + 1];
    if (next === undefined) break;
    const from = { start: line.end, end: next.start };
    pieces.push({ text: folded ? foldedBreak(file, inner, index) : "\n", from });
  }
  return pieces;
}

/** What the end of a line becomes in a folded block (https://yaml.org/spec/1.2.2/#813-folded-style). */
function foldedBreak(file: string, lines: readonly Range[], index: number): string {
  const text = (at: number): string => file.slice(lines[at]?.start ?? 0, lines[at]?.end ?? 0);
  const kept = (line: string): boolean => /^[ \t]/.test(line);
  if (text(index) === "") return "\n";
  let next = index + 1;
  while (next < lines.length && text(next) === "") next += 1;
  if (kept(text(index)) || kept(text(next))) return "\n";
  return next === index + 1 ? " " : "";
}

// ---- plain and quoted scalars

/** What stands for several characters of the file at a place, and how many they are. */
type Escapes = (file: string, at: number) => { readonly text: string; readonly length: number } | undefined;

const LINE_BREAK = /[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;

function flowPieces(file: string, { start, end }: Range, escapes: Escapes): readonly MappedPiece[] {
  const pieces: MappedPiece[] = [];
  let plain = start;
  const flush = (at: number): void => {
    if (at > plain) pieces.push({ text: file.slice(plain, at), from: { start: plain, end: at } });
  };
  for (let at = start; at < end; ) {
    const found = escapes(file, at) ?? lineBreak(file, at);
    if (found === undefined) {
      at += 1;
      continue;
    }
    flush(at);
    pieces.push({ text: found.text, from: { start: at, end: at + found.length } });
    at += found.length;
    plain = at;
  }
  flush(end);
  return pieces;
}

function lineBreak(file: string, at: number): ReturnType<Escapes> {
  if (!/[ \t\r\n]/.test(file[at] ?? "")) return undefined;
  LINE_BREAK.lastIndex = at;
  const [found] = LINE_BREAK.exec(file) ?? [];
  if (found === undefined) return undefined;
  const lines = found.split("\n").length - 1;
  return { text: lines === 1 ? " " : "\n".repeat(lines - 1), length: found.length };
}

function singleQuoted(file: string, at: number): ReturnType<Escapes> {
  return file.startsWith("''", at) ? { text: "'", length: 2 } : undefined;
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
const ESCAPED: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
};

function doubleQuoted(file: string, at: number): ReturnType<Escapes> {
  if (file[at] !== "\\") return undefined;
  const [joined] = /^\\\r?\n[ \t]*/.exec(file.slice(at, at + 200)) ?? [];
  if (joined !== undefined) return { text: "", length: joined.length };
  const [whole, digits] =
    /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(file.slice(at, at + 10)) ?? [];
  if (whole !== undefined)
    return { text: String.fromCodePoint(Number.parseInt(digits ?? whole.slice(2), 16)), length: whole.length };
  const next = file[at + 1] ?? "";
  return { text: ESCAPED[next] ?? next, length: 2 };
}
