/**
 * What stands around an instruction in the user's file: the comments above it, the header of the file, the comments at its
 * end. All as ranges of the file, so that they can be copied as they are.
 *
 *     # syntax=docker/dockerfile:1      directives
 *     # Copyright …                     header: a blank line sets it apart from the first instruction
 *
 *     # the build                       comments of FROM
 *     FROM golang:1.22
 *     CMD ["app"]
 *     # vim: ft=dockerfile              tail: belongs to the last instruction
 */
import type { DockerfileDocument, Instruction, InstructionRef } from "../dockerfile/syntax.ts";
import type { Range } from "../text/source.ts";

/** The range of parser directives, with the line end of the last; empty when there are none. */
export function directivesRange(document: DockerfileDocument): Range {
  const last = document.directives.at(-1);
  const { start } = document;
  return { start, end: last ? endOfLine(document.source.text, last.range.end) : start };
}

/** What a comment right above the first instruction says when it is about the file and not about that instruction. */
const ABOUT_FILE =
  /copyright|licen[cs]e|spdx-|dockerfile|containerfile|docker (?:build|run)|maintain|author|vim?:|usage/i;

/** The header comment with the blank lines around it; empty when there is none. */
export function headerRange(document: DockerfileDocument): Range {
  const { end: start } = directivesRange(document);
  const first = document.instructions[0];
  if (!first) return { start, end: start };
  const above = document.source.text.slice(start, first.range.start).split(/(?<=\n)/);
  const blank = above.findLastIndex((line) => line.endsWith("\n") && line.trim() === "");
  const apart = above.slice(0, blank + 1).join("");
  if (apart.includes("#")) return { start, end: start + apart.length };
  const whole = above.filter((line) => line.endsWith("\n")).join("");
  return { start, end: start + (ABOUT_FILE.test(whole) ? whole.length : 0) };
}

/** Comments and blank lines directly above an instruction, its indentation included, the file's header excluded. */
export function leadRange({ document, instruction }: InstructionRef): Range {
  const { leading } = instruction;
  if (document.instructions[0] !== instruction) return leading;
  return { start: Math.max(leading.start, headerRange(document).end), end: leading.end };
}

/** Comments behind the last instruction, from the start of the next line; empty for any other instruction. */
export function tailRange({ document, instruction }: InstructionRef): Range {
  const { text } = document.source;
  const start = endOfLine(text, instruction.range.end);
  const isLast = document.instructions.at(-1) === instruction;
  return { start, end: isLast && /^[ \t]*#/m.test(text.slice(start)) ? text.length : start };
}

/** The instruction directly above in its file. */
export function predecessorOf({ document, instruction }: InstructionRef): Instruction | undefined {
  return document.instructions[document.instructions.indexOf(instruction) - 1];
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline + 1;
}
