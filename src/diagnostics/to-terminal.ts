/**
 * A diagnostic for a reader at a terminal:
 *
 *     build.sh:4:11: error: no container is called "extract" [container-unknown]
 *         docker cp extract:/app/dist ./dist
 *                   ^
 *       help: create it first: "docker create --name extract myapp-build"
 *
 * Control characters of the user's files are never written as they are, and long lines are cut around the caret.
 */
import { createColors } from "picocolors";
import { cells, visible, visibleLine } from "../text/visible.ts";
import type { Severity } from "./diagnostic.ts";
import type { LocatedDiagnostic } from "./to-json.ts";

export interface TerminalStyle {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * Ends in a newline. `line` is the text of the line at the diagnostic's place, where there is one; `column` the place in it, where
 * the text is not the whole line.
 */
export function diagnosticToTerminal(
  diagnostic: LocatedDiagnostic,
  line: string | undefined,
  style: TerminalStyle,
  column = diagnostic.column ?? 1,
): string {
  const { bold, dim, cyan } = createColors(style.color);
  const place = placeOf(diagnostic);
  const at = place === "" ? "" : `${bold(place)}: `;
  const message = bold(visible(diagnostic.message));
  const help = diagnostic.help === undefined ? "" : `  ${cyan("help")}: ${visible(diagnostic.help)}\n`;
  const head = `${at}${paint(diagnostic.severity, style)}: ${message} ${dim(`[${diagnostic.code}]`)}\n`;
  return `${head}${excerpt(line, column, style)}${help}`;
}

function placeOf({ path, line, column }: LocatedDiagnostic): string {
  return path === undefined ? "" : visibleLine([path, line, column].filter((part) => part !== undefined).join(":"));
}

function paint(severity: Severity, style: TerminalStyle): string {
  const { red, yellow, blue, bold } = createColors(style.color);
  const colour = { error: red, warning: yellow, assumption: blue }[severity];
  return bold(colour(severity));
}

const INDENT = "    ";

function excerpt(line: string | undefined, column: number, style: TerminalStyle): string {
  if (line === undefined || line.trim() === "") return "";
  const { green } = createColors(style.color);
  const { before, at } = clip(line, column, Math.max(40, style.width) - INDENT.length);
  return `${INDENT}${before}${at}\n${INDENT}${" ".repeat(cells(before))}${green("^")}\n`;
}

/** The part of a line around a column that fits into `room` characters, cut with `…`, as text that is safe to show. */
function clip(line: string, column: number, room: number): { readonly before: string; readonly at: string } {
  const offset = Math.min(column - 1, line.length);
  const start = line.length <= room ? 0 : Math.max(0, Math.min(offset - (room >> 1), line.length - room));
  const end = Math.min(line.length, start + room);
  const before = visibleLine(line.slice(start, offset));
  const at = visibleLine(line.slice(offset, end));
  return { before: start > 0 ? `…${before.slice(1)}` : before, at: end < line.length ? `${at.slice(0, -1)}…` : at };
}
