/**
 * The user's own instruction as text for another file: byte for byte, but for what the other file's ways force.
 *
 *     RUN make ^          (escape=^ is not allowed, ` is)      a file with CRLF gets CRLF around, never inside a heredoc's body
 *
 * Two files may disagree about line ends and about the escape character. Line ends follow the result; a continuation follows
 * its escape character. Where an escape character stands for anything else, the instruction cannot move: a problem.
 */
import type { DockerfileDocument, InstructionRef } from "../dockerfile/syntax.ts";
import type { Range } from "../text/source.ts";

/** Text of `range` in the document of `ref`, ready for a file in the manner of `template`; `undefined` when it cannot be. */
export function originalText(ref: InstructionRef, template: DockerfileDocument, range: Range): string | undefined {
  const { document, instruction } = ref;
  if (document === template) return document.source.text.slice(range.start, range.end);
  const bodies = instruction.heredocs.map((heredoc) => heredoc.bodyRange);
  return piecesOutside(range, bodies)
    .map(({ start, end, body }) => {
      const text = document.source.text.slice(start, end);
      return body ? text : fitted(text, document, template);
    })
    .reduce<string | undefined>((all, text) => (all === undefined || text === undefined ? undefined : all + text), "");
}

function piecesOutside(range: Range, bodies: readonly Range[]): readonly (Range & { readonly body: boolean })[] {
  const pieces: (Range & { body: boolean })[] = [];
  let at = range.start;
  for (const body of bodies) {
    pieces.push({ start: at, end: body.start, body: false }, { ...body, body: true });
    at = body.end;
  }
  pieces.push({ start: at, end: range.end, body: false });
  return pieces;
}

function fitted(text: string, from: DockerfileDocument, to: DockerfileDocument): string | undefined {
  const lines = from.lineEnd === to.lineEnd ? text : withLineEnd(text, to.lineEnd);
  return from.escape === to.escape ? lines : withEscape(lines, from.escape, to.escape);
}

/** `text` with every line end replaced. */
export function withLineEnd(text: string, lineEnd: "\n" | "\r\n"): string {
  return text.replace(/\r?\n/g, lineEnd);
}

function withEscape(text: string, from: string, to: string): string | undefined {
  if (text.includes(to)) return undefined;
  const continuation = new RegExp(`\\${from}([ \\t]*(?:\\r?\\n|$))`, "g");
  const changed = text.replace(continuation, `${to}$1`);
  return changed.includes(from) ? undefined : changed;
}
