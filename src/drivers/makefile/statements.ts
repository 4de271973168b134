/**
 * What a line of a Makefile is, by its own text.
 *
 *     export IMAGE ?= app     an assignment
 *     ifeq ($(V),1)           a condition
 *     app: main.go ; go build a rule
 *
 * In the order in which make looks (https://www.gnu.org/software/make/manual/html_node/Makefile-Contents.html).
 */
import { findOutside } from "./references.ts";

export interface AssignmentLine {
  readonly kind: "assignment";
  readonly name: string;
  readonly operator: string;
  readonly value: string;
  readonly exported: boolean | undefined;
  readonly override: boolean;
}

export type MakeStatement =
  | AssignmentLine
  | { readonly kind: "condition"; readonly word: "ifeq" | "ifneq" | "ifdef" | "ifndef"; readonly text: string }
  | { readonly kind: "else"; readonly text: string }
  | { readonly kind: "endif" }
  | { readonly kind: "define"; readonly name: string; readonly operator: string; readonly exported: boolean }
  | { readonly kind: "include"; readonly text: string }
  | { readonly kind: "export"; readonly exported: boolean; readonly text: string }
  | { readonly kind: "undefine"; readonly name: string }
  | { readonly kind: "rule"; readonly colon: number; readonly separate: boolean }
  | { readonly kind: "other" };

const CONDITION = /^[ \t]*(ifeq|ifneq|ifdef|ifndef)(?![\w.-])[ \t]*(.*)$/s;
const DEFINE = /^[ \t]*((?:(?:export|override|private)[ \t]+)*)define[ \t]+(\S+)[ \t]*([:?+!]*=)?[ \t]*$/;
/** A name is one word; references in it are kept together, as far as they hold no brackets themselves. */
const ASSIGNMENT =
  /^[ \t]*((?:(?:export|override|private|unexport)[ \t]+)*)((?:[^\s:#=$!?+]|[?+!](?!=)|\$\([^()]*\)|\$\{[^{}]*\}|\$[^({])+)[ \t]*(:::?=|:=|\?=|\+=|!=|=)[ \t]*(.*)$/s;

/** Reads a line that belongs to no recipe. */
export function statementOf(text: string): MakeStatement {
  const [, word, condition = ""] = CONDITION.exec(text) ?? [];
  if (word === "ifeq" || word === "ifneq" || word === "ifdef" || word === "ifndef")
    return { kind: "condition", word, text: condition.trim() };
  if (/^[ \t]*else(?![\w.-])/.test(text)) return { kind: "else", text: text.replace(/^[ \t]*else/, "").trim() };
  if (/^[ \t]*endif(?![\w.-])/.test(text)) return { kind: "endif" };
  const [, modifiers = "", name, operator = "="] = DEFINE.exec(text) ?? [];
  if (name !== undefined) return { kind: "define", name, operator, exported: modifiers.includes("export") };
  return assignmentOf(text) ?? directiveOf(text) ?? ruleOf(text);
}

/** `NAME = value` with what may stand before it; also behind a target and its colon. */
export function assignmentOf(text: string): AssignmentLine | undefined {
  const [, modifiers = "", name, operator, value] = ASSIGNMENT.exec(text) ?? [];
  if (name === undefined || operator === undefined || value === undefined) return undefined;
  const exported = /\bunexport\b/.test(modifiers) ? false : /\bexport\b/.test(modifiers) ? true : undefined;
  return { kind: "assignment", name, operator, value, exported, override: modifiers.includes("override") };
}

function directiveOf(text: string): MakeStatement | undefined {
  const [, word, rest = ""] =
    /^[ \t]*(-?include|sinclude|export|unexport|undefine|vpath|load|-load)(?:[ \t]+(.*))?$/s.exec(text) ?? [];
  if (word === undefined || /^[ \t]*:/.test(rest)) return undefined;
  if (word.endsWith("include")) return { kind: "include", text: rest };
  if (word === "undefine") return { kind: "undefine", name: rest.trim() };
  if (word === "export" || word === "unexport") return { kind: "export", exported: word === "export", text: rest };
  return { kind: "other" };
}

function ruleOf(text: string): MakeStatement {
  const colon = findOutside(text, /:/);
  const semicolon = findOutside(text, /;/);
  if (colon < 0 || (semicolon >= 0 && semicolon < colon)) return { kind: "other" };
  return { kind: "rule", colon, separate: text[colon + 1] === ":" };
}

/** The two sides of `ifeq (a,b)`, `ifeq "a" "b"` and their mixtures; `undefined` where make would reject them. */
export function conditionSides(text: string): readonly [string, string] | undefined {
  if (text.startsWith("(")) {
    const inner = text.slice(1, text.lastIndexOf(")"));
    const comma = commaIn(inner);
    return comma < 0 ? undefined : [inner.slice(0, comma).trim(), inner.slice(comma + 1).trim()];
  }
  const [, first, second] = /^(?:"([^"]*)"|'[^']*')[ \t]*(?:"([^"]*)"|'[^']*')/.exec(text) ?? [];
  const [, third, fourth] = /^(?:'([^']*)'|"[^"]*")[ \t]*(?:'([^']*)'|"[^"]*")/.exec(text) ?? [];
  const sides = [first ?? third, second ?? fourth] as const;
  return sides[0] === undefined || sides[1] === undefined ? undefined : [sides[0], sides[1]];
}

/** The comma between two sides: the first one outside of brackets. */
function commaIn(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "(" || character === "{") depth++;
    else if (character === ")" || character === "}") depth--;
    else if (character === "," && depth === 0) return at;
  }
  return -1;
}
