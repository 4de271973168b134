/**
 * Writes words for a shell, the way back from values.ts.
 *
 *     quoteWord("it's")          "it's"
 *     quoteField(app:‹$TAG›)     "app:$TAG"      unknown parts stay what they were in the script
 *
 * Known text goes through `shell-quote`, but for what needs no quotes in any shell, which it would escape (`app\:1`).
 */
import { quote } from "shell-quote";
import type { Field, FieldPart, SymbolicValue, UnknownPart } from "./symbolic.ts";

/** Characters that mean themselves anywhere in an argument. */
const PLAIN = /^[\w./:,@%+=-]+$/;

/** One known argument. */
export function quoteWord(text: string): string {
  return PLAIN.test(text) ? text : quote([text]);
}

/** Known arguments, joined by spaces. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

/** A field as one word: text quoted where needed, patterns bare, unknown parts as `"$NAME"`, bare where they split. */
export function quoteField(field: Field): string {
  const isBare = (part: FieldPart): boolean => part.kind === "glob" || (part.kind === "unknown" && part.splits);
  const runs: { bare: boolean; parts: FieldPart[] }[] = [];
  for (const part of field.parts.filter((part) => part.kind === "unknown" || part.text !== "")) {
    const last = runs.at(-1);
    if (last !== undefined && last.bare === isBare(part)) last.parts.push(part);
    else runs.push({ bare: isBare(part), parts: [part] });
  }
  if (runs.length === 0) return "''";
  return runs
    .map(({ bare, parts }, index) => (bare ? bareRun(parts, runs[index + 1]?.parts[0]) : quotedRun(parts)))
    .join("");
}

/** A value as one word that neither splits nor matches files, such as what stands after `NAME=`. */
export function quoteValue(value: SymbolicValue): string {
  return quoteField({
    parts: value.map((part) => (part.kind === "text" ? part : { ...part, splits: false })),
    range: NOWHERE,
  });
}

const NOWHERE = { start: 0, end: 0 };

function bareRun(parts: readonly FieldPart[], after: FieldPart | undefined): string {
  return parts
    .map((part, index) => (part.kind === "unknown" ? sourceOf(part, parts[index + 1] ?? after) : part.text))
    .join("");
}

function quotedRun(parts: readonly FieldPart[]): string {
  if (parts.every((part) => part.kind !== "unknown")) return quoteWord(parts.map((part) => part.text).join(""));
  const inside = parts.map((part, index) =>
    part.kind === "unknown" ? sourceOf(part, parts[index + 1]) : escapeInQuotes(part.text),
  );
  return `"${inside.join("")}"`;
}

function escapeInQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, "\\$&");
}

/** `$NAME`, with braces where the next character would be read as part of the name. */
function sourceOf(part: UnknownPart, next: FieldPart | undefined): string {
  const glued = next !== undefined && next.kind !== "unknown" && /^[\w[]/.test(next.text);
  return part.name !== undefined && glued ? `\${${part.name}}` : part.source;
}
