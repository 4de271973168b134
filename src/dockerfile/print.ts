/**
 * The text of a tree, put together from its pieces:
 *
 *     # comment        leading
 *     RUN make \       logical text, then what stands between its segments (continuation, comments)
 *       all
 *     RUN <<EOF        logical text, the bodies of heredocs, and their terminators
 *
 * The pieces tile the file: they follow one another without gap or overlap, so `printDockerfile(parseDockerfile(x))` is `x`
 * only if every instruction knows its exact text.
 */
import type { DockerfileDocument, Instruction } from "./syntax.ts";

/**
 * `text`: logical text of an instruction. `body`: of a heredoc. `leading`: comments and blank lines above an instruction.
 * `between`: all that no instruction owns, such as line ends, continuations, directives, lines that were rejected.
 */
export interface Piece {
  readonly kind: "between" | "leading" | "text" | "body";
  readonly start: number;
  readonly text: string;
}

/** Prints a document: the exact text that was parsed. */
export function printDockerfile(document: DockerfileDocument): string {
  return dockerfilePieces(document)
    .map((piece) => piece.text)
    .join("");
}

/** The pieces of a file in order; together they are its text. Throws when the tree does not fit its source. */
export function dockerfilePieces(document: DockerfileDocument): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (piece: Piece): void => {
    if (piece.start < at) throw new Error(`pieces overlap at offset ${piece.start}`);
    const { text } = document.source;
    if (piece.start > at) pieces.push({ kind: "between", start: at, text: text.slice(at, piece.start) });
    if (piece.text !== "") pieces.push(piece);
    at = piece.start + piece.text.length;
  };
  for (const instruction of document.instructions) for (const piece of ownPieces(document, instruction)) add(piece);
  add({ kind: "between", start: document.source.text.length, text: "" });
  return pieces;
}

function ownPieces({ source }: DockerfileDocument, instruction: Instruction): readonly Piece[] {
  const { leading, logical, heredocs } = instruction;
  return [
    { kind: "leading", start: leading.start, text: source.text.slice(leading.start, leading.end) },
    ...logical.segments.map(
      ({ offset, start, length }): Piece => ({
        kind: "text",
        start,
        text: logical.text.slice(offset, offset + length),
      }),
    ),
    ...heredocs.map(({ body, bodyRange }): Piece => ({ kind: "body", start: bodyRange.start, text: body })),
  ];
}
