/**
 * What words come to, as far as the script alone tells.
 *
 *     APP=web; docker build -t "$APP:$TAG" $EXTRA .     fields: docker, build, -t, web:‹$TAG›, ‹$EXTRA, may split›, .
 *
 * In go words and a scope (variables, positional arguments, a callback for `$(…)`), out come fields for a command's arguments or one
 * value for places that neither split nor match file names. What is not decided here: what an environment variable holds, and
 * which files a pattern stands for.
 */
import { evaluateArithmetic } from "./arithmetic.ts";
import { type Evaluation, expandParameter } from "./expansion.ts";
import { expandList, isListExpansion } from "./expansion-lists.ts";
import type { Scope } from "./scope.ts";
import { type Atom, fieldsOf, knownAtoms } from "./splitting.ts";
import { concat, type Field, type SymbolicValue, text, type UnknownPart, unknownVariable } from "./symbolic.ts";
import type { Word, WordPiece } from "./syntax.ts";

export type { Scope } from "./scope.ts";

/** A word as arguments of a command: after tilde, parameters, substitutions and splitting; patterns stay patterns. */
export function evaluateWord(word: Word, scope: Scope): readonly Field[] {
  return withoutBraces(word, scope).flatMap((one) => fieldsOf(wordAtoms(one, scope, false), word.range, scope));
}

/** More words than people write with several braces in one. */
const MOST_WORDS = 400;

/** Brace expansion comes before all others: one word becomes several. */
function withoutBraces(word: Word, { expandsBraces }: Scope): readonly Word[] {
  if (expandsBraces !== true || !word.pieces.some(({ kind }) => kind === "braces")) return [word];
  const all = word.pieces.reduce<readonly (readonly WordPiece[])[]>(
    (heads, piece) =>
      piece.kind === "braces" && heads.length * piece.alternatives.length <= MOST_WORDS
        ? heads.flatMap((head) => piece.alternatives.map((alternative) => [...head, ...alternative]))
        : heads.map((head) => [...head, piece]),
    [[]],
  );
  return all.map((pieces) => ({ range: word.range, text: word.text, pieces }));
}

/** All words of a command as one list of arguments. */
export function evaluateWords(words: readonly Word[], scope: Scope): readonly Field[] {
  return words.flatMap((word) => evaluateWord(word, scope));
}

/** A word as one value, for what is not split: assignments, redirection targets, `case` subjects, here-documents. */
export function evaluateValue(word: Word, scope: Scope): SymbolicValue {
  return joined(wordAtoms(word, scope, false, true));
}

/** Joins what would be fields with spaces, as an assignment does with `$@`. */
function joined(atoms: readonly Atom[]): SymbolicValue {
  return concat(
    ...atoms.map((atom) => {
      if (atom.kind === "break") return text(" ");
      if (atom.kind === "keep") return [];
      return atom.kind === "unknown" ? [atom.part] : text(atom.text);
    }),
  );
}

/** A word's pieces as atoms. `splitLiterals`: an operand such as that of `${x:-a b}`, whose own unquoted text splits too. */
function wordAtoms(word: Word, scope: Scope, splitLiterals: boolean, assignment = false): readonly Atom[] {
  const tilde = tildePrefix(word, scope, assignment);
  return word.pieces.flatMap((piece, index) =>
    index === 0 && tilde !== undefined ? tilde : pieceAtoms(piece, scope, splitLiterals),
  );
}

function pieceAtoms(piece: WordPiece, scope: Scope, splitLiterals: boolean): readonly Atom[] {
  switch (piece.kind) {
    case "text":
      if (piece.quoted) return [{ kind: "keep" }, { kind: "text", text: piece.text, split: false }];
      return [{ kind: "text", text: piece.text, split: splitLiterals }];
    case "glob":
      return [{ kind: "glob", text: piece.text }];
    case "variable":
      return isListExpansion(piece)
        ? expandList(piece, evaluationIn(scope))
        : expandParameter(piece, evaluationIn(scope));
    case "arithmetic":
      return arithmeticAtoms(piece, scope);
    // Words that are split are taken apart before this, where the shell expands braces at all.
    case "substitution":
      return substitutionAtoms(piece, scope);
    case "braces":
    case "opaque": {
      const many = !piece.quoted || piece.text.includes("[@]") || piece.text.startsWith("${!");
      const part: UnknownPart = { kind: "unknown", source: piece.text };
      return [...(many ? [] : [{ kind: "keep" } as const]), { kind: "unknown", part, splits: many }];
    }
  }
}

function arithmeticAtoms(piece: Extract<WordPiece, { kind: "arithmetic" }>, scope: Scope): readonly Atom[] {
  const value = evaluateArithmetic(piece.expression, scope, (word) => evaluateValue(word, scope));
  if (value !== undefined) return knownAtoms(text(String(value)), piece.quoted);
  const part: UnknownPart = { kind: "unknown", source: piece.text };
  return [...(piece.quoted ? [{ kind: "keep" } as const] : []), { kind: "unknown", part, splits: !piece.quoted }];
}

/** What the operands of an expansion are read with. */
function evaluationIn(scope: Scope): Evaluation {
  return {
    scope,
    atoms: (word, splitLiterals) => wordAtoms(word, scope, splitLiterals),
    value: (word) => evaluateValue(word, scope),
  };
}

function substitutionAtoms(piece: Extract<WordPiece, { kind: "substitution" }>, scope: Scope): readonly Atom[] {
  const written = piece.script.text.slice(piece.range.start, piece.range.end);
  // The same in the form that can be put between double quotes.
  const source = written.replace(/^`([^`\\]*)`$/, "$($1)");
  const value = scope.substitute(piece.script, source);
  const known =
    value === undefined ? [{ kind: "unknown", source } as const] : withSource(withoutFinalLineEnds(value), source);
  return knownAtoms(known, piece.quoted);
}

/** A default that commands made goes by the substitution that gives it. */
function withSource(value: SymbolicValue, source: string): SymbolicValue {
  const [part, ...others] = value;
  const made = part?.kind === "unknown" && others.length === 0 && part.name === undefined && part.tag === undefined;
  return made && part.fallback !== undefined ? [{ ...part, source }] : value;
}

/** Command substitution takes all line ends off the end (POSIX, Shell Command Language 2.6.3). */
function withoutFinalLineEnds(value: SymbolicValue): SymbolicValue {
  const last = value.at(-1);
  if (last?.kind !== "text") return value;
  const left = last.text.replace(/\n+$/, "");
  return left === "" ? withoutFinalLineEnds(value.slice(0, -1)) : [...value.slice(0, -1), { kind: "text", text: left }];
}

/** `~`, `~/x` and `~user` at the start of a word; after that the rest of the piece. */
function tildePrefix(word: Word, scope: Scope, assignment: boolean): readonly Atom[] | undefined {
  const [first, second] = word.pieces;
  if (first?.kind !== "text" || first.quoted || !first.text.startsWith("~")) return undefined;
  const [login = ""] = first.text.split(assignment ? /[/:]/ : "/", 1);
  const whole = login === first.text;
  if (whole && second !== undefined) return undefined;
  const rest: Atom = { kind: "text", text: first.text.slice(login.length), split: false };
  return [...knownAtoms(homeOf(login, scope), true), rest];
}

function homeOf(login: string, scope: Scope): SymbolicValue {
  const variable = { "~": "HOME", "~+": "PWD", "~-": "OLDPWD" }[login];
  if (variable === undefined) return [{ kind: "unknown", source: login }];
  const value = scope.lookup(variable);
  return value === undefined || value === "unset" ? [unknownVariable(variable)] : value;
}
