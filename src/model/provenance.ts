/**
 * Provenance: the source text behind an edge or an output line (not the signed build attestations that SLSA calls by the
 * same name).
 */
import { positionAt, type Range, type SourceFile, type Span } from "../text/source.ts";

export interface Provenance {
  readonly span: Span;
  /** The text at the span on one line, at most 200 characters. */
  readonly text: string;
  /** Where the span starts; both count from 1. */
  readonly line: number;
  readonly column: number;
}

const LONGEST = 200;

/** The provenance of a range of a file. */
export function provenance(source: SourceFile, range: Range): Provenance {
  const raw = source.text.slice(range.start, Math.min(range.end, range.start + 4 * LONGEST));
  const flat = raw.replace(/\s+/g, " ").trim();
  const text = flat.length > LONGEST ? `${flat.slice(0, LONGEST - 1)}…` : flat;
  return { span: { path: source.path, start: range.start, end: range.end }, text, ...positionAt(source, range.start) };
}
