/**
 * What a text of a Makefile comes to once its references are replaced.
 *
 *     IMAGE := $(ORG)/app            ORG has no value here: a hole, `${ORG}` in the shell
 *     $(IMAGE:%=%-dev)               functions that cannot see into a hole make another one
 *     $(shell git describe)          a hole, `$(git describe)` in the shell
 *
 * Not decided here: which variables are set (evaluate.ts), and what becomes of a value in a recipe (recipes.ts).
 */
import { posix } from "node:path";
import type { ProjectFiles } from "../../model/project-files.ts";
import { parseShell } from "../../shell/parse.ts";
import type { HostPath } from "../../text/paths.ts";
import { normalPath, substitutePattern, TEXT_FUNCTIONS, wordsOf } from "./functions.ts";
import { type Holes, hasHole, knownPart } from "./holes.ts";
import { splitArguments, tokensOf } from "./references.ts";
import { wildcard } from "./wildcard.ts";

export interface MakeVariable {
  /** As written for a recursive variable, expanded for a simple one. */
  readonly value: string;
  readonly recursive: boolean;
  readonly origin: "automatic" | "command line" | "default" | "file" | "override";
}

/** What a text is expanded in. */
export interface ExpandWorld {
  readonly files: ProjectFiles;
  /** Where make runs. */
  readonly directory: HostPath;
  readonly holes: Holes;
  readonly lookup: (name: string) => MakeVariable | undefined;
  /** True where a variable that nobody sets counts as empty, as it does in a clean environment; else it is a hole. */
  readonly absentIsEmpty: boolean;
  /** Told of each variable that is asked for. */
  readonly onUse?: (name: string, variable: MakeVariable | undefined) => void;
  /** What is left of the text that may be made; hostile files double a variable with each line. */
  readonly budget: { left: number };
}

const DEEPEST = 40;

/** Expands a text. What a real run alone knows stays as holes. */
export function expand(text: string, world: ExpandWorld, depth = 0): string {
  if (depth > DEEPEST || world.budget.left <= 0) return "";
  let result = "";
  for (const token of tokensOf(text)) {
    if (token.kind === "text") result += text.slice(token.start, token.end);
    else result += token.kind === "dollar" ? "$" : expandReference(token.body, world, depth + 1);
  }
  world.budget.left -= result.length + 1;
  return result;
}

/** Expands what stands between `$(` and `)`. */
export function expandReference(body: string, world: ExpandWorld, depth = 0): string {
  const [, name = "", rest] = /^([a-z-]+)(?:[ \t\r\n]+([\s\S]*))?$/.exec(body) ?? [];
  if (rest !== undefined && isFunction(name)) return callFunction(name, rest, world, depth);
  const colon = body.indexOf(":");
  const equals = body.indexOf("=", colon);
  if (colon > 0 && equals > 0) {
    const value = valueOf(expand(body.slice(0, colon), world, depth), world, depth);
    const [from, to] = [body.slice(colon + 1, equals), body.slice(equals + 1)].map((part) =>
      expand(part, world, depth),
    );
    return substituteReference(value, from ?? "", to ?? "", world, body);
  }
  return valueOf(expand(body, world, depth), world, depth);
}

/** `$(V:.c=.o)` is `$(V:%.c=%.o)` (https://www.gnu.org/software/make/manual/html_node/Substitution-Refs.html). */
function substituteReference(value: string, from: string, to: string, world: ExpandWorld, body: string): string {
  if (hasHole(value + from + to)) return opaque(body, world);
  return from.includes("%") ? substitutePattern(from, to, value) : substitutePattern(`%${from}`, `%${to}`, value);
}

/** The value of a variable. Output of a command goes by the variable's name, so that it is the same wherever it is used. */
function valueOf(name: string, world: ExpandWorld, depth: number): string {
  const variable = world.lookup(name);
  world.onUse?.(name, variable);
  if (variable === undefined) return world.absentIsEmpty ? "" : world.holes.of(`\${${shellName(name)}}`);
  const value = variable.recursive ? expand(variable.value, world, depth + 1) : variable.value;
  const output = world.holes.only(value);
  const goesByName = output?.startsWith("$(") === true && !TELLING.test(output) && shellName(name) === name;
  return goesByName ? world.holes.of(`\${${name}}`) : value;
}

/** Substitutions that the interpreter can follow itself. */
const TELLING = /^\$\((?:basename|dirname|echo|printf|pwd|readlink|realpath)\b[^|;&]*\)$/;

/** Names of make may have characters that those of the shell cannot have. */
function shellName(name: string): string {
  return hasHole(name) || name === "" ? "UNKNOWN" : name.replace(/\W/g, "_").replace(/^(?=\d)/, "_");
}

/** A hole for something whose parts are not known. */
function opaque(body: string, world: ExpandWorld): string {
  return world.holes.of(`\${make_${knownPart(body).replace(/\W+/g, "_").slice(0, 60)}}`);
}

const OTHER_FUNCTIONS: ReadonlySet<string> = new Set([
  "abspath",
  "and",
  "call",
  "error",
  "eval",
  "file",
  "flavor",
  "foreach",
  "guile",
  "if",
  "info",
  "intcmp",
  "let",
  "or",
  "origin",
  "realpath",
  "shell",
  "value",
  "warning",
  "wildcard",
]);

function isFunction(name: string): boolean {
  return TEXT_FUNCTIONS.has(name) || OTHER_FUNCTIONS.has(name);
}

function callFunction(name: string, rest: string, world: ExpandWorld, depth: number): string {
  const plain = TEXT_FUNCTIONS.get(name);
  if (plain === undefined) return callOther(name, rest, world, depth) ?? opaque(`${name} ${rest}`, world);
  const operands = splitArguments(rest, plain.most).map((operand) => expand(operand, world, depth));
  return plain.apply(...operands) ?? pathOutput(name, operands[0] ?? "", world) ?? opaque(`${name} ${rest}`, world);
}

/** `$(notdir $(CURDIR))` as a command that the interpreter follows. */
function pathOutput(name: string, operand: string, world: ExpandWorld): string | undefined {
  const command = { dir: "dirname", notdir: "basename" }[name];
  if (command === undefined || wordsOf(operand).length !== 1) return undefined;
  return world.holes.of(`$(${command} "${world.holes.toShell(operand)}")`) + (name === "dir" ? "/" : "");
}

/** `undefined` where the result is not known. */
function callOther(name: string, rest: string, world: ExpandWorld, depth: number): string | undefined {
  const whole = (): string => expand(rest, world, depth);
  switch (name) {
    case "if":
      return choose(rest, world, depth);
    case "or":
    case "and":
      return firstFilled(name, rest, world, depth);
    case "foreach":
      return forEach(rest, world, depth);
    case "call":
      return callVariable(rest, world, depth);
    case "shell":
      return shellOutput(whole(), world);
    case "wildcard":
      return wildcard(whole(), world.files, world.directory);
    case "abspath":
    case "realpath":
      return wordsOf(whole())
        .map((path) =>
          /^[/\ue000-\uf8ff]/.test(path) ? normalPath(path) : normalPath(`${currentDirectory(world)}/${path}`),
        )
        .join(" ");
    case "value":
      return world.lookup(whole().trim())?.value ?? "";
    case "origin":
      return originOf(whole().trim(), world);
    case "error":
    case "eval":
    case "info":
    case "warning":
      return "";
    default:
      return undefined;
  }
}

function originOf(name: string, world: ExpandWorld): string {
  const variable = world.lookup(name);
  world.onUse?.(name, variable);
  return variable?.origin ?? "undefined";
}

/** Conditions take a variable that nobody sets for empty. */
function isFilled(text: string, world: ExpandWorld, depth: number): boolean {
  return expand(text.trim(), { ...world, absentIsEmpty: true }, depth) !== "";
}

function choose(rest: string, world: ExpandWorld, depth: number): string {
  const [condition = "", then = "", otherwise = ""] = splitArguments(rest, 3);
  return expand(isFilled(condition, world, depth) ? then : otherwise, world, depth);
}

function firstFilled(name: "or" | "and", rest: string, world: ExpandWorld, depth: number): string {
  const operands = splitArguments(rest, 100);
  const ends = operands.find((operand) => isFilled(operand, world, depth) === (name === "or"));
  const chosen = ends ?? (name === "and" ? operands.at(-1) : undefined);
  const empty = name === "and" && ends !== undefined;
  return chosen === undefined || empty ? "" : expand(chosen.trim(), world, depth);
}

function forEach(rest: string, world: ExpandWorld, depth: number): string | undefined {
  const [variable = "", list = "", body = ""] = splitArguments(rest, 3);
  const name = expand(variable, world, depth).trim();
  const words = wordsOf(expand(list, world, depth));
  if (words.some(hasHole)) return undefined;
  return words.map((word) => expand(body, withVariables(world, new Map([[name, word]])), depth)).join(" ");
}

/** `$(call name,a,b)`: the variable's value with `$1`, `$2` … as given. */
function callVariable(rest: string, world: ExpandWorld, depth: number): string {
  const [name = "", ...operands] = splitArguments(rest, 100).map((operand) => expand(operand, world, depth));
  const variable = world.lookup(name.trim());
  world.onUse?.(name.trim(), variable);
  return expand(variable?.value ?? "", withParameters(world, name.trim(), operands), depth);
}

/** The world inside of `$(call …)`: `$0` is the name, `$1` and so on what is given. */
export function withParameters(world: ExpandWorld, name: string, operands: readonly string[]): ExpandWorld {
  const numbered = operands.map((operand, at): [string, string] => [String(at + 1), operand]);
  return withVariables(world, new Map([["0", name], ...numbered]), true);
}

/** A world with some variables set on top; inside of `call`, numbers that are not given are empty. */
export function withVariables(world: ExpandWorld, values: ReadonlyMap<string, string>, called = false): ExpandWorld {
  return {
    ...world,
    lookup: (name) => {
      const value = values.get(name) ?? (called && /^\d+$/.test(name) ? "" : undefined);
      return value === undefined ? world.lookup(name) : { value, recursive: false, origin: "automatic" };
    },
  };
}

/** The directory that make runs in, as the shell knows it. */
export function currentDirectory({ holes }: ExpandWorld): string {
  return holes.of(`\${CURDIR}`);
}

/** What a command shows that is a directory from the current one: "" or `/src`. */
function directoryShown(shell: string, current: string): string | undefined {
  if (/^(?:pwd(?: -[LP])?|echo \$\{?PWD\}?)$/.test(shell)) return "";
  const [, , target] = /^cd (?:-P )?(["']?)([^\s"';&|]+)\1 *(?:&&|;) *pwd(?: -[LP])?$/.exec(shell) ?? [];
  if (target === undefined) return undefined;
  const below = target.startsWith(current) ? target.slice(current.length) : `/${target}`;
  const path = posix.normalize(`.${below}`);
  const plain = /^[\w./-]*$/.test(below) && (below === "" || below.startsWith("/")) && !target.startsWith("/");
  return plain && !path.startsWith("..") ? `/${path}`.replace(/\/\.?$/, "") : undefined;
}

function shellOutput(command: string, world: ExpandWorld): string | undefined {
  const shell = world.holes.toShell(command).trim();
  const directory = directoryShown(shell, world.holes.toShell(currentDirectory(world)));
  if (directory !== undefined) return currentDirectory(world) + directory;
  if (parseShell(shell).problems.length > 0) return undefined;
  return world.holes.of(`$(${shell})`);
}
