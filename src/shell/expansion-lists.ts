/**
 * Expansions of arrays and of all positional arguments: `${a[@]}`, `${#a[@]}`, `${a[@]%/}`, `${a[1]}`, `${!a[@]}`, `$@`, `${@:2}`.
 *
 *     a=(api web/); "${a[@]%/}"     the fields api and web
 *
 * An array that is not known is one unknown that may be any number of fields.
 */
import { wordNumber } from "./arithmetic.ts";
import {
  type Evaluation,
  expandBinding,
  operandAtoms,
  transform,
  unknownAsWritten,
  type Variable,
} from "./expansion.ts";
import { type Atom, knownAtoms, separatorText } from "./splitting.ts";
import { concat, knownText, type SymbolicList, type SymbolicValue, text, unknownVariable } from "./symbolic.ts";

/** Whether an expansion is for this file: of an array's elements or keys, or of all positional arguments. */
export function isListExpansion(piece: Variable): boolean {
  return piece.index !== undefined || isPositional(piece);
}

function isPositional({ name }: Variable): boolean {
  return name === "@" || name === "*";
}

export function expandList(piece: Variable, evaluation: Evaluation): readonly Atom[] {
  const which = isPositional(piece) ? piece.name : piece.index?.text;
  if (which !== "@" && which !== "*") return expandElement(piece, evaluation);
  const list = listOf(piece, evaluation);
  if (list === undefined) return unknownList(piece, which);
  const { operator } = piece;
  if (piece.keys === true) return listAtoms([...list.elements.keys()].map(text), piece, which, evaluation);
  const values = [...list.elements.values()];
  if (operator === undefined) return listAtoms(values, piece, which, evaluation);
  if (operator === "length") return knownAtoms(text(String(values.length)), piece.quoted);
  if (/^:?[-=?+]$/.test(operator)) return withDefault(piece, operator, values, which, evaluation);
  const changed = operator === ":" ? slice(piece, list, evaluation) : transformed(piece, operator, values, evaluation);
  return changed === undefined ? unknownList(piece, which) : listAtoms(changed, piece, which, evaluation);
}

/** The array; a plain variable is an array of one. */
function listOf(piece: Variable, { scope }: Evaluation): SymbolicList | undefined {
  if (isPositional(piece)) {
    const elements = scope.positional?.map((value, index) => [String(index + 1), value] as const);
    return elements === undefined ? undefined : { associative: false, elements: new Map(elements) };
  }
  const list = scope.list?.(piece.name);
  if (list !== undefined) return list;
  const value = scope.lookup(piece.name);
  if (value === "unset") return { associative: false, elements: new Map() };
  const whole = value !== undefined && knownText(value) !== undefined;
  return whole ? { associative: false, elements: new Map([["0", value]]) } : undefined;
}

function unknownList(piece: Variable, which: "@" | "*"): readonly Atom[] {
  const plain = isPositional(piece) && piece.operator === undefined;
  const part = plain ? unknownVariable(piece.name) : unknownAsWritten(piece);
  return [{ kind: "unknown", part, splits: !piece.quoted || (which === "@" && piece.operator !== "length") }];
}

/** `"${a[*]}"` joins with the first character of IFS; all other forms are one field for each element. */
function listAtoms(
  values: readonly SymbolicValue[],
  piece: Variable,
  which: "@" | "*",
  { scope }: Evaluation,
): readonly Atom[] {
  if (which === "*" && piece.quoted) {
    const separator = text(separatorText(scope).slice(0, 1));
    return knownAtoms(concat(...values.flatMap((value, index) => (index === 0 ? [value] : [separator, value]))), true);
  }
  return values.flatMap((value, index) => [
    ...(index === 0 ? [] : [{ kind: "break" } as const]),
    ...knownAtoms(value, piece.quoted),
  ]);
}

/** An array is there when it has an element. */
function withDefault(
  piece: Variable,
  operator: string,
  values: readonly SymbolicValue[],
  which: "@" | "*",
  evaluation: Evaluation,
): readonly Atom[] {
  const present = values.length > 0;
  if (operator.endsWith("+")) return present ? operandAtoms({ ...piece, quoted: false }, evaluation) : [];
  if (present) return listAtoms(values, piece, which, evaluation);
  return operator.endsWith("-") ? operandAtoms(piece, evaluation) : unknownList(piece, which);
}

function transformed(
  piece: Variable,
  operator: string,
  values: readonly SymbolicValue[],
  evaluation: Evaluation,
): readonly SymbolicValue[] | undefined {
  const all = values.map((value) => transform(piece, operator, value, evaluation));
  return all.every((value) => value !== undefined) ? all : undefined;
}

/** `${a[@]:offset:length}`; of positional arguments the offset counts from 1, and 0 would be `$0`. */
function slice(piece: Variable, list: SymbolicList, evaluation: Evaluation): readonly SymbolicValue[] | undefined {
  const numberAt = (word: Variable["operand"]): number | undefined =>
    word === undefined ? undefined : wordNumber(evaluation.value(word), evaluation.scope);
  const offset = numberAt(piece.operand);
  if (offset === undefined || (isPositional(piece) && offset === 0)) return undefined;
  const values = [...list.elements.values()];
  const start = offset < 0 ? values.length + offset : isPositional(piece) ? offset - 1 : offset;
  if (piece.second === undefined) return values.slice(Math.max(0, start));
  const length = numberAt(piece.second);
  return length === undefined || length < 0 || start < 0 ? undefined : values.slice(start, start + length);
}

function expandElement(piece: Variable, evaluation: Evaluation): readonly Atom[] {
  const list = listOf(piece, evaluation);
  const key = list === undefined ? undefined : elementKey(piece, list, evaluation);
  const value = list === undefined || key === undefined ? undefined : (list.elements.get(key) ?? "unset");
  return expandBinding(piece, value, evaluation);
}

function elementKey({ index }: Variable, list: SymbolicList, { scope, value }: Evaluation): string | undefined {
  if (index === undefined) return undefined;
  const written = value(index);
  return list.associative ? knownText(written) : plainKey(wordNumber(written, scope), list);
}

/** The key of a plain array's element; a negative number counts from the end. */
export function plainKey(number: number | undefined, { elements }: SymbolicList): string | undefined {
  if (number === undefined || number >= 0) return number === undefined ? undefined : String(number);
  const last = Math.max(-1, ...[...elements.keys()].map(Number));
  return last + 1 + number < 0 ? undefined : String(last + 1 + number);
}
