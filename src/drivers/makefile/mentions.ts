/**
 * The files that rules name.
 *
 *     app: Dockerfile.build main.go     needs Dockerfile.build and main.go, makes app
 *     clean: ; rm -f app                makes nothing, where clean is phony
 *
 * A file that another rule makes is not needed in the checkout, so it is no need here.
 */
import type { FileMention } from "../driver.ts";
import type { MakeDatabase, MakeRule, NamedWord } from "./database.ts";
import { fileNamed } from "./named-files.ts";

export function fileMentions(database: MakeDatabase): readonly FileMention[] {
  return database.rules.flatMap((rule) => {
    if (rule.targets.every(isSpecial)) return [];
    const words = [...rule.prerequisites, ...rule.orderOnly];
    const beside = words.map(({ name }) => name);
    const needs = words.filter(({ name }) => !database.byTarget.has(name));
    const makes = rule.recipe === undefined ? [] : rule.targetWords.filter(({ name }) => !database.phony.has(name));
    return [
      ...needs.flatMap((word) => mentionOf(word, "needs", rule, beside, database)),
      ...makes.flatMap((word) => mentionOf(word, "makes", rule, [], database)),
    ];
  });
}

function isSpecial(target: string): boolean {
  return /^\.[A-Z_]+$/.test(target);
}

function mentionOf(
  word: NamedWord,
  role: FileMention["role"],
  { source, stem }: MakeRule,
  beside: readonly string[],
  database: MakeDatabase,
): readonly FileMention[] {
  const path = word.name.includes("%") ? undefined : fileNamed(word.name, database);
  if (path === undefined) return [];
  const range = { start: word.start, end: word.end };
  return [
    { source, range, path, role, replaceable: word.alone && stem === undefined, directory: database.directory, beside },
  ];
}
