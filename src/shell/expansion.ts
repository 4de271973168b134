/**
 * Parameter expansion: `$x`, `${x:-word}`, `${x%pattern}`, `${x/a/b}`, `${#x}`, `$@` and their kin.
 *
 *     x=app.tar.gz     ${x%%.*} is "app", ${x##*.} is "gz", ${y:-web} is unknown with the fallback "web"
 *
 * A result is known only where no value of the unknown parts could change it. Arrays are in expansion-lists.ts.
 */
import { removePrefix, removeSuffix, replacePattern } from "./pattern-operators.ts";
import type { Pattern } from "./patterns.ts";
import type { Scope } from "./scope.ts";
import { type Atom, knownAtoms } from "./splitting.ts";
import { knownText, type SymbolicValue, text, type UnknownPart, unknownVariable } from "./symbolic.ts";
import type { Word, WordPiece } from "./syntax.ts";

export type Variable = Extract<WordPiece, { kind: "variable" }>;

/** The scope, and how the words inside an expansion are read in it. */
export interface Evaluation {
  readonly scope: Scope;
  readonly atoms: (word: Word, splitLiterals: boolean) => readonly Atom[];
  readonly value: (word: Word) => SymbolicValue;
}

/** The value, "unset", or `undefined` where the environment decides. */
export type Binding = SymbolicValue | "unset" | undefined;

export function expandParameter(piece: Variable, evaluation: Evaluation): readonly Atom[] {
  return expandBinding(piece, bindingOf(piece.name, evaluation.scope), evaluation);
}

/** An expansion of a value that was looked up: a variable's, or an array element's. */
export function expandBinding(piece: Variable, binding: Binding, evaluation: Evaluation): readonly Atom[] {
  if (piece.operator === undefined) {
    if (binding === "unset") return knownAtoms([], piece.quoted);
    return knownAtoms(binding ?? [wholeAsWritten(piece)], piece.quoted);
  }
  if (/^:?[-=?+]$/.test(piece.operator)) return expandDefault(piece, piece.operator, binding, evaluation);
  const value = binding === "unset" ? [] : binding;
  const made = value === undefined ? undefined : transform(piece, piece.operator, value, evaluation);
  const result = made === undefined || evaluation.scope.isSeen?.(made) === false ? undefined : made;
  return knownAtoms(result ?? [unknownAsWritten(piece)], piece.quoted);
}

/**
 * A variable, or a positional or special parameter. A value that is unknown as a whole goes by the variable's name, unless its
 * own text is its key.
 */
function bindingOf(name: string, scope: Scope): Binding {
  if (/^[1-9]\d*$/.test(name))
    return scope.positional === undefined ? scope.lookup(name) : (scope.positional[Number(name) - 1] ?? "unset");
  if (name === "#") return scope.positional === undefined ? undefined : text(String(scope.positional.length));
  const value = scope.lookup(name);
  const only = value !== undefined && value !== "unset" && value.length === 1 ? value[0] : undefined;
  return only?.kind === "unknown" && only.tag !== only.source ? [{ ...only, ...unknownVariable(name) }] : value;
}

function wholeAsWritten(piece: Variable): UnknownPart {
  return piece.index === undefined ? unknownVariable(piece.name) : unknownAsWritten(piece);
}

export function unknownAsWritten(piece: Variable): UnknownPart {
  return { kind: "unknown", source: writtenParameter(piece) };
}

/** `${…}` as it stands in the script, rebuilt from its parts. */
function writtenParameter(piece: Variable): string {
  const { operator = "", operand, second } = piece;
  const name = piece.index === undefined ? piece.name : `${piece.name}[${piece.index.text}]`;
  if (piece.keys === true) return `\${!${name}}`;
  if (operator === "length") return `\${#${name}}`;
  const tail = second === undefined ? "" : `${operator === ":" ? ":" : "/"}${second.text}`;
  return `\${${name}${operator}${operand?.text ?? ""}${tail}}`;
}

/** Whether a value is there: for the operators with `:` an empty one is not. `undefined`: it depends. */
function isPresent(binding: Binding, colon: boolean): boolean | undefined {
  if (binding === "unset") return false;
  if (binding === undefined) return undefined;
  if (!colon) return true;
  if (binding.length === 0) return false;
  return binding.some((part) => (part.kind === "text" ? part.text !== "" : part.tag !== undefined)) ? true : undefined;
}

/** `-`, `=`, `?`, `+`, with and without `:`. */
function expandDefault(piece: Variable, operator: string, binding: Binding, evaluation: Evaluation): readonly Atom[] {
  const present = isPresent(binding, operator.startsWith(":"));
  const kind = operator.at(-1);
  if (kind === "+") {
    if (present === true) return operandAtoms(piece, evaluation);
    return present === false ? knownAtoms([], piece.quoted) : knownAtoms([withFallback(piece, [])], piece.quoted);
  }
  if (present === true && binding !== undefined && binding !== "unset") return knownAtoms(binding, piece.quoted);
  if (kind === "?") return knownAtoms([unknownAsWritten(piece)], piece.quoted);
  if (present === false && kind === "-") return operandAtoms(piece, evaluation);
  const value = piece.operand === undefined ? [] : evaluation.value(piece.operand);
  if (present === false) {
    evaluation.scope.assign?.(piece.name, value);
    return knownAtoms(value, piece.quoted);
  }
  return knownAtoms([withFallback(piece, value)], piece.quoted);
}

function withFallback(piece: Variable, fallback: SymbolicValue): UnknownPart {
  return { ...unknownAsWritten(piece), fallback };
}

/** The operand in place of the value, as `${x:-word}` has it. */
export function operandAtoms(piece: Variable, evaluation: Evaluation): readonly Atom[] {
  const atoms = piece.operand === undefined ? [] : evaluation.atoms(piece.operand, !piece.quoted);
  return piece.quoted ? [{ kind: "keep" }, ...atoms] : atoms;
}

/** The operators that change a value; `undefined` where the result depends on what is not known. */
export function transform(
  piece: Variable,
  operator: string,
  value: SymbolicValue,
  evaluation: Evaluation,
): SymbolicValue | undefined {
  switch (operator) {
    case "#":
    case "##":
    case "%":
    case "%%": {
      const pattern = patternOf(piece, evaluation);
      if (pattern === undefined) return undefined;
      const greedy = operator.length === 2;
      return operator.startsWith("#") ? removePrefix(value, pattern, greedy) : removeSuffix(value, pattern, greedy);
    }
    case "/":
    case "//":
    case "/#":
    case "/%": {
      const pattern = patternOf(piece, evaluation);
      const by = piece.second === undefined ? "" : knownText(evaluation.value(piece.second));
      return pattern === undefined || by === undefined ? undefined : replacePattern(value, pattern, by, operator);
    }
    default: {
      const known = knownText(value);
      return known === undefined ? undefined : transformText(piece, operator, known, evaluation);
    }
  }
}

function transformText(
  piece: Variable,
  operator: string,
  known: string,
  evaluation: Evaluation,
): SymbolicValue | undefined {
  if (operator === "length") return text(String([...known].length));
  if (operator === ":") return slice(piece, known, evaluation);
  if (piece.operand !== undefined) return undefined;
  switch (operator) {
    case "^^":
      return text(known.toUpperCase());
    case ",,":
      return text(known.toLowerCase());
    case "^":
      return text(known.slice(0, 1).toUpperCase() + known.slice(1));
    case ",":
      return text(known.slice(0, 1).toLowerCase() + known.slice(1));
    default:
      return undefined;
  }
}

/** `${x:offset}` and `${x:offset:length}` with plain numbers; negative ones count from the end. */
function slice(piece: Variable, known: string, evaluation: Evaluation): SymbolicValue | undefined {
  const number = (word: Variable["operand"]): number | undefined => {
    const value = word === undefined ? undefined : knownText(evaluation.value(word))?.trim();
    return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined;
  };
  const offset = number(piece.operand);
  if (offset === undefined) return undefined;
  const start = offset < 0 ? known.length + offset : offset;
  if (start < 0) return [];
  if (piece.second === undefined) return text(known.slice(start));
  const length = number(piece.second);
  if (length === undefined) return undefined;
  return text(known.slice(start, length < 0 ? known.length + length : start + length));
}

/** The operand as a pattern: quoted text stands for itself. */
function patternOf(piece: Variable, evaluation: Evaluation): Pattern | undefined {
  const atoms = piece.operand === undefined ? [] : evaluation.atoms(piece.operand, false);
  const parts: Pattern[number][] = [];
  for (const atom of atoms) {
    if (atom.kind === "unknown" || atom.kind === "break") return undefined;
    if (atom.kind !== "keep" && atom.text !== "") parts.push({ kind: atom.kind, text: atom.text });
  }
  return parts;
}
