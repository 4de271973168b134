/**
 * Variables that only served commands which are gone.
 *
 *     BUILDER=app-build                      gone, when nothing else in the scripts says BUILDER
 *     docker build -t "$BUILDER" …           (removed)
 *
 *     BUILDER := app-build                   in a Makefile likewise, unless it includes or exports
 *
 * Any mention that is left, a comment's too, keeps the variable. Values that run a command stay: it may do more than answer.
 */
import type { CallerEdit } from "../../model/plan.ts";
import { provenance } from "../../model/provenance.ts";
import type { ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { Recognized } from "./recognize.ts";

/** The edits that take such variables away, given all other edits of the driver and of what it calls. */
export function deadVariables({ run }: Recognized, edits: readonly CallerEdit[]): readonly CallerEdit[] {
  const units = [...run.driver.entries.flatMap((entry) => entry.units), ...run.visits.map(({ script }) => script)];
  const sources = new Map(units.map(({ source }) => [source.path, source]));
  return [...sources.values()].flatMap((source) => {
    const own = edits.filter(({ path }) => path === source.path);
    if (own.length === 0) return [];
    const statements = new Set(units.filter((unit) => unit.source.path === source.path).flatMap((u) => u.statements));
    const others = [...sources.values()]
      .filter(({ path }) => path !== source.path)
      .map((other) => applyEdits(other.text, textEdits(edits.filter(({ path }) => path === other.path))));
    return deadIn(source, [...statements], textEdits(own), others).map(
      (range): CallerEdit => ({
        path: source.path,
        range,
        text: "",
        reason: "It only named something for commands that are gone.",
        because: [provenance(source, range)],
        confidence: "certain",
      }),
    );
  });
}

function textEdits(edits: readonly CallerEdit[]): readonly TextEdit[] {
  return edits.map(({ range, text }) => ({ ...range, text }));
}

/** The assignments of one file that nothing reads any more. */
function deadIn(
  source: SourceFile,
  statements: readonly ShellNode[],
  edits: readonly TextEdit[],
  otherTexts: readonly string[],
): readonly Range[] {
  const isMakefile = /(?:^|\/)(?:GNUmakefile|[Mm]akefile)(?:[._-][^/]*)?$|\.mk$/.test(source.path);
  const candidates = isMakefile ? makeAssignments(source.text) : statements.flatMap(assignmentOf);
  const free = candidates.filter(
    ({ range }) => !edits.some((edit) => edit.start < range.end && range.start < edit.end),
  );
  const found: Range[] = [];
  for (let before = -1; before < found.length; ) {
    before = found.length;
    const all = [...edits, ...found.map((range) => ({ ...range, text: "" }))];
    const left = [applyEdits(source.text, all), ...otherTexts].join("\n");
    const gone = all.map(({ start, end }) => source.text.slice(start, end)).join("\n");
    for (const name of new Set(free.map((one) => one.name))) {
      const own = free.filter((one) => one.name === name && !found.some(({ start }) => start === one.range.start));
      if (own.length === 0 || !new RegExp(`\\$[({]?${name}\\b`).test(gone)) continue;
      const mentions = left.match(new RegExp(`(?<![\\w.-])${name}(?!\\w)`, "g"))?.length ?? 0;
      if (mentions === own.length) found.push(...own.map(({ range }) => removal(source.text, range)));
    }
  }
  return found;
}

interface NamedRange {
  readonly name: string;
  readonly range: Range;
}

/** A statement that sets one variable and does nothing else. */
function assignmentOf(node: ShellNode): readonly NamedRange[] {
  if (node.kind !== "command" || node.words.length > 0 || node.redirections.length > 0) return [];
  const [assignment, ...others] = node.assignments;
  if (assignment === undefined || others.length > 0 || runsSomething(node)) return [];
  return [{ name: assignment.name, range: node.range }];
}

function runsSomething({ assignments }: SimpleCommand): boolean {
  const pieces = assignments.flatMap(({ value }) => value?.pieces ?? []);
  return pieces.some((piece) => piece.kind === "substitution");
}

/** Lines that set a variable to plain text; none where other Makefiles or the environment may read them. */
function makeAssignments(text: string): readonly NamedRange[] {
  if (/^[ \t]*-?(?:include|sinclude|export)\b|\$[({](?:MAKE|eval|call)\b/m.test(text)) return [];
  return [...text.matchAll(/^(\w+)[ \t]*[:?]?:?=[^\n$\\]*$/gm)].map((match) => ({
    name: match[1] ?? "",
    range: { start: match.index, end: match.index + match[0].replace(/\r$/, "").length },
  }));
}

/** The assignment with the `;` behind it. */
function removal(text: string, { start, end }: Range): Range {
  const after = /^[ \t]*;(?!;)[ \t]*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  return { start, end: end + after };
}
