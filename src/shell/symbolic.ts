/**
 * Values that are known in part: text, and holes that remember what would fill them.
 *
 *     app:$TAG     [{ kind: "text", text: "app:" }, { kind: "unknown", source: "$TAG", name: "TAG" }]
 *
 * Fields are what a command is given: values after splitting, with patterns kept for whoever can look at the files.
 */
import type { Range } from "../text/source.ts";

export interface TextPart {
  readonly kind: "text";
  readonly text: string;
}

/** A part that only the real run knows. */
export interface UnknownPart {
  readonly kind: "unknown";
  /** Shell text that gives the value where it is known: `$TAG`, `$(git rev-parse HEAD)`. */
  readonly source: string;
  /** Set when `source` is that variable and nothing else. */
  readonly name?: string;
  /** The value where the variables in `source` are not set: `latest` for `${TAG:-latest}`. */
  readonly fallback?: SymbolicValue;
  /** A key of the caller's own, such as the container whose id this is. Such a part is taken to be not empty. */
  readonly tag?: string;
}

export type SymbolicPart = TextPart | UnknownPart;

/** A string known in part; `[]` is the empty string. */
export type SymbolicValue = readonly SymbolicPart[];

/** An array: its elements by key, those of a plain array in the order of their numbers. */
export interface SymbolicList {
  /** True for `declare -A`, whose keys are strings. */
  readonly associative: boolean;
  readonly elements: ReadonlyMap<string, SymbolicValue>;
}

/** `*`, `?` or `[…]` that stands for file names. */
export interface GlobPart {
  readonly kind: "glob";
  readonly text: string;
}

/** `splits`: unquoted, so that the real run may make any number of fields of it, none included. */
export type UnknownFieldPart = UnknownPart & { readonly splits: boolean };

export type FieldPart = TextPart | GlobPart | UnknownFieldPart;

/** One argument. `range` is the word's that it came from, so fields of one word share it. */
export interface Field {
  readonly parts: readonly FieldPart[];
  readonly range: Range;
}

/** A value that is known. */
export function text(value: string): SymbolicValue {
  return value === "" ? [] : [{ kind: "text", text: value }];
}

/** The value of a variable that is not known; prints back as `$NAME`. */
export function unknownVariable(name: string): UnknownPart {
  const braces = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])$/.test(name) ? "" : "{}";
  return { kind: "unknown", source: braces === "" ? `$${name}` : `\${${name}}`, name };
}

/** The text of a value, or `undefined` when a part is unknown. */
export function knownText(value: SymbolicValue): string | undefined {
  return value.every((part) => part.kind === "text") ? value.map((part) => part.text).join("") : undefined;
}

/** Puts values after one another, with neighbouring text made one. */
export function concat(...values: readonly SymbolicValue[]): SymbolicValue {
  const parts: SymbolicPart[] = [];
  for (const value of values) {
    for (const part of value) {
      const last = parts.at(-1);
      if (part.kind === "text" && part.text === "") continue;
      if (part.kind === "text" && last?.kind === "text") parts[parts.length - 1] = textPart(last.text + part.text);
      else parts.push(part);
    }
  }
  return parts;
}

function textPart(value: string): TextPart {
  return { kind: "text", text: value };
}

/** Puts in the fallbacks: the value as a run sees it that sets none of the variables asked for with a default. */
export function withFallbacks(value: SymbolicValue): SymbolicValue {
  return concat(
    ...value.map((part) => (part.kind === "unknown" && part.fallback ? withFallbacks(part.fallback) : [part])),
  );
}

/** The text of a field, or `undefined` when a part is unknown or a pattern. */
export function fieldText(field: Field): string | undefined {
  return field.parts.every((part) => part.kind === "text") ? field.parts.map((part) => part.text).join("") : undefined;
}

/** A field as a value; patterns become their own text. */
export function fieldValue(field: Field): SymbolicValue {
  return concat(
    field.parts.map((part): SymbolicPart => {
      if (part.kind === "glob") return textPart(part.text);
      if (part.kind === "text") return part;
      const { splits: _, ...unknown } = part;
      return unknown;
    }),
  );
}

/** The field's text with what would produce its unknown parts in their place, for messages. */
export function describeField(field: Field): string {
  return field.parts.map((part) => (part.kind === "unknown" ? part.source : part.text)).join("");
}

/** A field that the real run may turn into none or several. */
export function mayVanish(field: Field): boolean {
  return field.parts.length > 0 && field.parts.every((part) => part.kind === "unknown" && part.splits);
}

/** The known text at the start of a field. */
export function leadingText(field: Field): string {
  const [first] = field.parts;
  return first?.kind === "text" ? first.text : "";
}

/** The field without its first `count` characters, which have to be known text. */
export function withoutLeading(field: Field, count: number): Field {
  const [first, ...rest] = field.parts;
  if (count === 0 || first?.kind !== "text") return field;
  const left = first.text.slice(count);
  return { range: field.range, parts: left === "" ? rest : [textPart(left), ...rest] };
}
