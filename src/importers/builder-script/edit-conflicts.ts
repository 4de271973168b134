/**
 * Edits of one file that contradict each other, since one stretch of it was read in more than one way.
 *
 *     ⇥docker cp $(NAME):/out .      the recipe of two targets: goes for one of them, stays for the other
 *     ⇥$(COMMANDS)                   two commands at one place, of which one goes
 */
import type { CallerEdit } from "../../model/plan.ts";
import type { ShellNode } from "../../shell/syntax.ts";
import type { Range, Span } from "../../text/source.ts";
import { commandsIn } from "./commands-in.ts";

/** One reading of a stretch of a file, and what it asks to be done with it. */
export interface Reading {
  readonly path: CallerEdit["path"];
  readonly statements: readonly ShellNode[];
  readonly edits: readonly CallerEdit[];
}

/** Places where the readings disagree, or where edits overlap that are not the same. */
export function conflicts(readings: readonly Reading[]): readonly Span[] {
  return [
    ...disagreements(readings),
    ...readings.flatMap(sharedPlaces),
    ...overlaps(readings.flatMap(({ edits }) => edits)),
  ];
}

/** Commands that stand at one and the same place, such as a variable with several in it, and of which not all go. */
function sharedPlaces({ path, statements, edits }: Reading): readonly Span[] {
  return statements.flatMap((statement) => {
    const inside = edits.filter(({ range }) => isIn(range, statement.range));
    if (inside.length === 0 || inside.some(({ range }) => isIn(statement.range, range))) return [];
    const places = commandsIn(statement).map(({ range }) => range);
    const shared = places.filter((range, at) => places.some((other, index) => index < at && isSame(range, other)));
    return shared
      .filter((range) => inside.some((edit) => isIn(edit.range, range)))
      .map((range) => ({ path, ...range }));
  });
}

function isIn(a: Range, b: Range): boolean {
  return a.start >= b.start && a.end <= b.end;
}

function isSame(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

function disagreements(readings: readonly Reading[]): readonly Span[] {
  const wishes = new Map<string, string>();
  const found: Span[] = [];
  for (const { path, statements, edits } of readings) {
    for (const { range } of statements) {
      const key = `${path} ${range.start} ${range.end}`;
      const wish = JSON.stringify(edits.filter((edit) => touches(edit.range, range)).map(wishOf));
      if ((wishes.get(key) ?? wish) !== wish) found.push({ path, ...range });
      wishes.set(key, wish);
    }
  }
  return found;
}

function wishOf({ range, text }: CallerEdit): readonly unknown[] {
  return [range.start, range.end, text];
}

function touches(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

function overlaps(edits: readonly CallerEdit[]): readonly Span[] {
  const distinct = [...new Map(edits.map((edit) => [JSON.stringify([edit.path, ...wishOf(edit)]), edit])).values()];
  const ordered = distinct.sort((a, b) =>
    a.path === b.path ? a.range.start - b.range.start : a.path < b.path ? -1 : 1,
  );
  return ordered.flatMap((edit, index) => {
    const next = ordered[index + 1];
    const clash = next !== undefined && next.path === edit.path && touches(edit.range, next.range);
    return clash ? [{ path: edit.path, ...edit.range }] : [];
  });
}
