/**
 * Parser directives, which only the first lines of a file can be:
 *
 *     # syntax=docker/dockerfile:1
 *     # escape=`
 *     # an ordinary comment (or a blank line, or an instruction) ends them
 *
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/directives.go
 */
import type { Range } from "../text/source.ts";
import type { Directive } from "./syntax.ts";
import { skipSpaces } from "./white-space.ts";

const FORM = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*$/;

/** A line that long is no directive; the bound keeps the pattern above cheap on any input. */
const LONGEST = 4096;

const NAMES: readonly string[] = ["syntax", "escape", "check"];

/** Reads the comment line at `range` as a directive; `undefined` when it is an ordinary comment. */
export function readDirective(text: string, range: Range): Directive | undefined {
  const start = skipSpaces(text, range.start + 1, range.end);
  if (range.end - start > LONGEST) return undefined;
  const [, name, value] = FORM.exec(text.slice(start, range.end)) ?? [];
  const known = name?.toLowerCase();
  if (value === undefined || !isDirectiveName(known)) return undefined;
  return { name: known, value, range };
}

function isDirectiveName(name: string | undefined): name is Directive["name"] {
  return name !== undefined && NAMES.includes(name);
}

/** Why BuildKit rejects a directive that follows `earlier`; `undefined` when it takes it. */
export function directiveProblem(directive: Directive, earlier: readonly Directive[]): string | undefined {
  if (earlier.some(({ name }) => name === directive.name)) {
    return `the parser directive "${directive.name}" is given twice`;
  }
  if (directive.name === "escape" && !isEscape(directive.value)) {
    return `the escape character "${directive.value}" is neither a backslash nor a backtick`;
  }
  return undefined;
}

/** Whether a value of `# escape=` is one that BuildKit knows. */
export function isEscape(value: string): value is "\\" | "`" {
  return value === "\\" || value === "`";
}
