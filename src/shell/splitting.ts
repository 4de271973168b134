/**
 * Field splitting, on values that are known in part.
 *
 *     X="a b*"; cmd $X"c d"     fields: cmd, a, b‹*›c d
 *
 * POSIX, Shell Command Language 2.6.5 (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html).
 */
import type { Range } from "../text/source.ts";
import type { Scope } from "./scope.ts";
import { type Field, type FieldPart, knownText, type SymbolicValue, type UnknownPart } from "./symbolic.ts";

/** What a word is made of before it becomes fields. */
export type Atom =
  /** `split`: the result of an unquoted expansion, which splits and whose `*`, `?`, `[` are patterns. */
  | { readonly kind: "text"; readonly text: string; readonly split: boolean }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "unknown"; readonly part: UnknownPart; readonly splits: boolean }
  /** Here one field ends and the next begins. */
  | { readonly kind: "break" }
  /** Quotes: the field is there even when it is empty. */
  | { readonly kind: "keep" };

/** A value as atoms: quoted it stays one field, unquoted it splits. */
export function knownAtoms(value: SymbolicValue, quoted: boolean): readonly Atom[] {
  const atoms = value.map(
    (part): Atom =>
      part.kind === "text"
        ? { kind: "text", text: part.text, split: !quoted }
        : { kind: "unknown", part, splits: !quoted && part.tag === undefined },
  );
  return quoted ? [{ kind: "keep" }, ...atoms] : atoms;
}

/** The fields that atoms make; none where nothing is left and nothing was quoted. */
export function fieldsOf(atoms: readonly Atom[], range: Range, scope: Scope): readonly Field[] {
  const [first, ...others] = atoms;
  if (first?.kind === "text" && !first.split && first.text !== "" && others.length === 0)
    return [{ parts: [{ kind: "text", text: first.text }], range }];
  const separators = separatorsIn(scope);
  const fields: Field[] = [];
  let parts: FieldPart[] = [];
  let present = false;
  const end = (): void => {
    if (present || parts.length > 0) fields.push({ parts, range });
    parts = [];
    present = false;
  };
  for (const atom of joinSplitting(atoms).flatMap((atom) => splitAtom(atom, separators))) {
    if (atom.kind === "break") end();
    else if (atom.kind === "keep") present = true;
    else if (atom.kind === "unknown") parts.push({ ...atom.part, splits: atom.splits });
    else addText(parts, atom);
  }
  end();
  return fields;
}

/** Makes neighbouring results of unquoted expansions one, since a separator may begin in one and end in the next. */
function joinSplitting(atoms: readonly Atom[]): readonly Atom[] {
  const joined: Atom[] = [];
  for (const atom of atoms) {
    const last = joined.at(-1);
    const both = atom.kind === "text" && last?.kind === "text" && atom.split && last.split;
    if (both) joined[joined.length - 1] = { ...last, text: last.text + atom.text };
    else joined.push(atom);
  }
  return joined;
}

function addText(parts: FieldPart[], atom: Extract<Atom, { kind: "text" | "glob" }>): void {
  const last = parts.at(-1);
  if (atom.text === "") return;
  if (atom.kind === "text" && last?.kind === "text") {
    parts[parts.length - 1] = { kind: "text", text: last.text + atom.text };
  } else parts.push({ kind: atom.kind, text: atom.text });
}

/** `IFS`: blanks run together, any other separator ends a field on its own. */
interface Separators {
  readonly split: RegExp | undefined;
}

const DEFAULT_IFS = " \t\n";

/** The value of `IFS`, or the default where it is not set or not known. */
export function separatorText(scope: Scope): string {
  const value = scope.lookup("IFS");
  return (value === undefined || value === "unset" ? undefined : knownText(value)) ?? DEFAULT_IFS;
}

function separatorsIn(scope: Scope): Separators {
  const ifs = separatorText(scope);
  return ifs === DEFAULT_IFS ? DEFAULT_SEPARATORS : separatorsOf(ifs);
}

function separatorsOf(ifs: string): Separators {
  if (ifs === "") return { split: undefined };
  const blanks = [...ifs].filter((char) => DEFAULT_IFS.includes(char)).join("");
  const others = [...ifs].filter((char) => !DEFAULT_IFS.includes(char)).join("");
  const blank = blanks === "" ? "" : `[${blanks}]`;
  const hard = others === "" ? "" : `[${others.replace(/[\\\]^-]/g, "\\$&")}]`;
  const optional = blank === "" ? "" : `${blank}*`;
  const sources = [hard && `${optional}(${hard})${optional}`, blank && `${blank}+`].filter((source) => source !== "");
  return { split: new RegExp(sources.join("|"), "gu") };
}

const DEFAULT_SEPARATORS = separatorsOf(DEFAULT_IFS);

function splitAtom(atom: Atom, { split }: Separators): readonly Atom[] {
  if (atom.kind !== "text" || !atom.split) return [atom];
  if (split === undefined) return withPatterns(atom.text);
  const atoms: Atom[] = [];
  let at = 0;
  for (const match of atom.text.matchAll(split)) {
    atoms.push(...withPatterns(atom.text.slice(at, match.index)));
    if (match[1] !== undefined) atoms.push({ kind: "keep" });
    atoms.push({ kind: "break" });
    at = match.index + match[0].length;
  }
  return [...atoms, ...withPatterns(atom.text.slice(at))];
}

/** Text out of an unquoted expansion, with what is a pattern in it apart. */
function withPatterns(text: string): readonly Atom[] {
  return text
    .split(/(\*|\?|\[[^\]]+\])/)
    .map(
      (piece, index): Atom =>
        index % 2 === 1 ? { kind: "glob", text: piece } : { kind: "text", text: piece, split: false },
    )
    .filter((atom) => atom.kind === "glob" || (atom.kind === "text" && atom.text !== ""));
}
