/**
 * The line that starts a rule.
 *
 *     app lib: main.go | bin ; go build     targets app and lib, a prerequisite, an order-only one, and the first line of a recipe
 *     $(OBJS): %.o: %.c                     a rule for each of the objects, with the stem that fits it
 *     app: GOOS = linux                     a variable that is set while app is made
 *
 * What follows on the next lines is not seen here.
 */
import { type MappedText, rangeInFile } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";
import type { MakeRule, NamedWord } from "./database.ts";
import { type ExpandWorld, expand } from "./expand.ts";
import { stemOf, wordsOf } from "./functions.ts";
import { hasHole, knownPart } from "./holes.ts";
import type { LogicalLine } from "./logical-lines.ts";
import { findOutside, wordRanges } from "./references.ts";
import { type AssignmentLine, assignmentOf } from "./statements.ts";
import { wildcard } from "./wildcard.ts";

export type RuleHead = Omit<MakeRule, "recipe">;

export type RuleLine =
  | { readonly kind: "binding"; readonly targets: readonly string[]; readonly assignment: AssignmentLine }
  | {
      readonly kind: "rules";
      /** More than one in a static pattern rule. They share the recipe. */
      readonly heads: readonly RuleHead[];
      /** What stands behind `;`, "" included; absent without one. */
      readonly inline: Range | undefined;
    };

/** Reads a line whose colon is known. */
export function readRuleLine(
  { colon, separate }: { readonly colon: number; readonly separate: boolean },
  line: MappedText,
  { source, end }: LogicalLine,
  world: ExpandWorld,
): RuleLine {
  const { text } = line;
  const targets = namedWords(line, 0, text[colon - 1] === "&" ? colon - 1 : colon, world);
  const from = colon + (separate ? 2 : 1);
  const assignment = assignmentOf(text.slice(from));
  if (assignment !== undefined) return { kind: "binding", targets: targets.map(({ name }) => name), assignment };
  const semicolon = findOutside(text, /;/, from);
  const until = semicolon < 0 ? text.length : semicolon;
  const second = findOutside(text.slice(0, until), /:/, from);
  const start = second < 0 ? from : second + 1;
  const bar = findOutside(text.slice(0, until), /\|/, start);
  const words: RuleWords = {
    prerequisites: namedWords(line, start, bar < 0 ? until : bar, world),
    orderOnly: bar < 0 ? [] : namedWords(line, bar + 1, until, world),
  };
  const pattern = second < 0 ? undefined : wordsOf(expand(text.slice(from, second), world))[0];
  // The same text always is the same hole, so that a name with one goes by its text; a hole alone may be any number of names.
  const known = targets.filter(({ name }) => !hasHole(name) || /\w/.test(knownPart(name)));
  const heads =
    pattern === undefined
      ? [headOf(known, words, { source, separate })]
      : known.flatMap((target) => staticHead(target, pattern, words, { source, separate }));
  return { kind: "rules", heads, inline: semicolon < 0 ? undefined : inlineRecipe(line, semicolon, end) };
}

type RuleWords = Pick<MakeRule, "orderOnly" | "prerequisites">;
type Kind = Pick<MakeRule, "separate" | "source">;

function headOf(targets: readonly NamedWord[], words: RuleWords, kind: Kind): RuleHead {
  return { ...kind, ...words, targets: targets.map(({ name }) => name), targetWords: targets };
}

function staticHead(target: NamedWord, pattern: string, words: RuleWords, kind: Kind): readonly RuleHead[] {
  const stem = stemOf(pattern, target.name);
  if (stem === undefined) return [];
  const named = (list: readonly NamedWord[]): readonly NamedWord[] =>
    list.map((word) => ({ ...word, name: word.name.replace("%", () => stem) }));
  const own = { prerequisites: named(words.prerequisites), orderOnly: named(words.orderOnly) };
  return [{ ...headOf([target], own, kind), stem }];
}

/** The rest of the line, comment included, since the shell reads it. */
function inlineRecipe(line: MappedText, semicolon: number, end: number): Range {
  const start = rangeInFile(line, { start: semicolon, end: semicolon + 1 }).end;
  const blanks = /^[ \t]*/.exec(line.text.slice(semicolon + 1))?.[0].length ?? 0;
  return { start: start + blanks, end };
}

/** The names in a part of a line, each with the word that it comes from; patterns for file names are looked up. */
function namedWords(line: MappedText, start: number, end: number, world: ExpandWorld): readonly NamedWord[] {
  return wordRanges(line.text, start, end).flatMap((range) => {
    const names = wordsOf(expand(line.text.slice(range.start, range.end), world)).flatMap((name) =>
      filesLike(name, world),
    );
    const place = rangeInFile(line, range);
    return names.map((name) => ({ name, alone: names.length === 1, ...place }));
  });
}

function filesLike(name: string, { files, directory }: ExpandWorld): readonly string[] {
  const found = /[*?[]/.test(name) ? wordsOf(wildcard(name, files, directory) ?? "") : [];
  return (found.length > 0 ? found : [name]).map((one) => one.replace(/^(?:\.\/)+(?=.)/, ""));
}
