/**
 * Assignments, as a script writes them: `NAME=value`, `names=(a b)`, `names+=(c)`, `names[1]=d`, and what `declare` and its kin say.
 *
 *     versions=(v*)              an array of what the checkout has
 *     export TAG=1               TAG, which programs that are started see
 *     args=("$@")                an array that holds what the caller gives; nothing, where that is asked
 *
 * An array with an element that may be any number of words is not followed: it goes by its name from there on.
 */

import { wordNumber } from "../../shell/arithmetic.ts";
import { plainKey } from "../../shell/expansion-lists.ts";
import type { Scope } from "../../shell/scope.ts";
import { concat, type Field, fieldValue, knownText, mayVanish, type SymbolicValue } from "../../shell/symbolic.ts";
import type { Assignment, SimpleCommand, Word } from "../../shell/syntax.ts";
import { evaluateValue } from "../../shell/values.ts";
import { fieldKey } from "./values.ts";
import type { Shell, ShellList } from "./world.ts";

/** How the words of an assignment are read. */
export interface AssignmentWords {
  readonly scope: Scope;
  /** Words as fields, with patterns matched against the files. */
  readonly fields: (words: readonly Word[]) => readonly Field[];
}

/** Longer values are text that doubles in a loop, not names or paths. */
const LONGEST_VALUE = 50_000;
const LONGEST_LIST = 2000;

/** What a variable holds; where nothing that is read says so, what it is `pinned` to. */
export function heldValue(
  { variables }: Shell,
  pinned: ReadonlyMap<string, SymbolicValue>,
  name: string,
): SymbolicValue | "unset" | undefined {
  const value = variables.get(name);
  const [only, ...others] = value === undefined || value === "unset" ? [] : value;
  if (value !== undefined && (only?.kind !== "unknown" || others.length > 0)) return value;
  return pinned.get(name) ?? (only?.kind === "unknown" ? pinned.get(only.source) : undefined) ?? value;
}

/** The shell's variables and arrays after one assignment. */
export function assign(
  shell: Shell,
  assignment: Assignment,
  words: AssignmentWords,
): Pick<Shell, "variables" | "lists" | "exported"> {
  const { name, elements, index, append } = assignment;
  const exported = shell.exportsAll ? new Set(shell.exported).add(name) : shell.exported;
  if (elements !== undefined) return { ...withList(shell, name, listAfter(shell, assignment, words)), exported };
  const value = assignment.value === undefined ? [] : evaluateValue(assignment.value, words.scope);
  if (index !== undefined) return { ...withElement(shell, assignment, value, words), exported };
  const before = append ? shell.variables.get(name) : undefined;
  const whole = before === undefined || before === "unset" ? value : concat(before, value);
  return { ...withScalar(shell, name, append && before === undefined ? named(name) : bounded(whole, name)), exported };
}

function named(name: string): SymbolicValue {
  return [{ kind: "unknown", source: `$${name}`, name }];
}

function bounded(value: SymbolicValue, name: string): SymbolicValue {
  const length = value.reduce((sum, part) => sum + (part.kind === "text" ? part.text.length : 1), 0);
  return length > LONGEST_VALUE ? named(name) : value;
}

/** `a=x` of an array changes its first element. */
function withScalar(shell: Shell, name: string, value: SymbolicValue): Pick<Shell, "variables" | "lists"> {
  const list = shell.lists.get(name);
  if (list === undefined) return { variables: new Map(shell.variables).set(name, value), lists: shell.lists };
  return withList(shell, name, { ...list, elements: new Map(list.elements).set("0", value) });
}

/** The shell with an array; `undefined` where it is not known. */
export function withList(shell: Shell, name: string, list: ShellList | undefined): Pick<Shell, "variables" | "lists"> {
  const lists = new Map(shell.lists);
  if (list === undefined || list.elements.size > LONGEST_LIST) lists.delete(name);
  else lists.set(name, list);
  const first = list === undefined ? named(name) : (list.elements.get("0") ?? "unset");
  return { variables: new Map(shell.variables).set(name, first), lists };
}

function listAfter(
  shell: Shell,
  { name, elements = [], append }: Assignment,
  words: AssignmentWords,
): ShellList | undefined {
  const held = shell.lists.get(name);
  const before = append ? (held ?? scalarList(shell, name)) : emptyList(held);
  if (before === undefined) return undefined;
  const map = new Map(before.elements);
  let open = before.open === true;
  let next = Math.max(-1, ...[...map.keys()].map(Number).filter(Number.isInteger)) + 1;
  for (const { key, value } of elements) {
    if (key !== undefined) {
      const at = keyText(before, key, words.scope);
      if (at === undefined) return undefined;
      map.set(at, evaluateValue(value, words.scope));
      if (!before.associative) next = Number(at) + 1;
      continue;
    }
    for (const field of words.fields([value])) {
      if (isGiven(field)) open = true;
      else if (mayVanish(field)) return undefined;
      else map.set(String(next++), fieldValue(field));
    }
  }
  const sorted = before.associative ? map : new Map([...map].sort(([a], [b]) => Number(a) - Number(b)));
  return { associative: before.associative, elements: sorted, ...(open ? { open } : {}) };
}

function emptyList(held: ShellList | undefined): ShellList {
  return { associative: held?.associative ?? false, elements: new Map() };
}

/** What `names+=(…)` adds to where `names` is no array yet. */
function scalarList(shell: Shell, name: string): ShellList | undefined {
  const value = shell.variables.get(name);
  if (value === "unset") return emptyList(undefined);
  return value === undefined || knownText(value) === undefined
    ? undefined
    : { associative: false, elements: new Map([["0", value]]) };
}

/** All arguments of the driver, which only its caller knows. */
export function isGiven({ parts: [part, ...others] }: Field): boolean {
  return others.length === 0 && part?.kind === "unknown" && (part.name === "@" || part.name === "*");
}

function withElement(
  shell: Shell,
  { name, index, append }: Assignment,
  value: SymbolicValue,
  { scope }: AssignmentWords,
): Pick<Shell, "variables" | "lists"> {
  const list = shell.lists.get(name) ?? (shell.variables.has(name) ? scalarList(shell, name) : emptyList(undefined));
  const key = list === undefined || index === undefined ? undefined : keyText(list, index, scope);
  if (list === undefined || key === undefined) return withList(shell, name, undefined);
  const before = append ? (list.elements.get(key) ?? []) : [];
  const elements = new Map(list.elements).set(key, bounded(concat(before, value), name));
  const sorted = list.associative ? elements : new Map([...elements].sort(([a], [b]) => Number(a) - Number(b)));
  return withList(shell, name, { ...list, elements: sorted });
}

function keyText(list: ShellList, key: Word, scope: Scope): string | undefined {
  const value = evaluateValue(key, scope);
  return list.associative ? knownText(value) : plainKey(wordNumber(value, scope), list);
}

// ---- declare

/** Builtins that declare variables. */
export function declares(name: string): boolean {
  return /^(?:export|local|declare|typeset|readonly)$/.test(name);
}

/** The names that a declaration is about, with or without values. */
export function declaredNames(fields: readonly Field[], node: SimpleCommand): readonly string[] {
  const arrays = node.words.flatMap((word) => word.assignment?.name ?? []);
  const plain = fields.flatMap((field) => /^([A-Za-z_]\w*)(?:\+?=|$)/s.exec(fieldKey(field))?.[1] ?? []);
  return [...arrays, ...plain];
}

/** The shell after `export NAME=value`, `local NAME`, `declare -A NAME`; arrays with values are assigned apart. */
export function declared(name: string, operands: readonly Field[], node: SimpleCommand, shell: Shell): Shell {
  const options = operands.map(fieldKey).filter((key) => /^[-+]\w+$/.test(key));
  const has = (letter: string): boolean => options.some((option) => option.startsWith("-") && option.includes(letter));
  const exports = (name === "export" && !has("n")) || (name !== "export" && has("x"));
  let after = { ...shell };
  if (exports) after.exported = new Set([...after.exported, ...declaredNames(operands, node)]);
  const arrays = node.words.flatMap(({ assignment }) => assignment?.name ?? []);
  if (has("A")) for (const array of arrays) after = { ...after, ...declaredEmpty(name, array, true, after) };
  for (const field of operands) {
    const [first] = field.parts;
    const head = first?.kind === "text" ? first.text : "";
    const [, target, operator, rest] = /^([A-Za-z_]\w*)(?:(\+?=)(.*))?$/s.exec(head) ?? [];
    if (target === undefined) continue;
    if (operator === undefined) after = { ...after, ...declaredEmpty(name, target, has("A"), after) };
    else {
      const value = fieldValue({ ...field, parts: [{ kind: "text", text: rest ?? "" }, ...field.parts.slice(1)] });
      const before = operator === "+=" ? after.variables.get(target) : undefined;
      const whole = before === undefined || before === "unset" ? value : concat(before, value);
      after = { ...after, ...withScalar(after, target, bounded(whole, target)) };
    }
  }
  return after;
}

function declaredEmpty(
  builtin: string,
  name: string,
  associative: boolean,
  shell: Shell,
): Partial<Pick<Shell, "variables" | "lists">> {
  if (associative) return withList(shell, name, { associative, elements: new Map() });
  return builtin === "local"
    ? { variables: new Map(shell.variables).set(name, "unset"), lists: without(shell.lists, name) }
    : {};
}

function without(lists: Shell["lists"], name: string): Shell["lists"] {
  const left = new Map(lists);
  left.delete(name);
  return left;
}
