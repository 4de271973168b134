/**
 * Reads a Makefile as make does: line by line, variables as they are set, conditions as they stand at that moment.
 *
 *     TAG ?= dev                   set, since a clean environment does not set it
 *     ifdef WORKSPACE              taken to be false for the same reason, which is remembered
 *     image: builder               a rule; the lines with a tab behind it are its recipe
 *     ⇥docker build -t app:$(TAG) .
 *
 * Left alone: `vpath`, and the rules that make has built in. Left alone and said, where they may build images: `$(eval …)`,
 * secondary expansion, and files that are included and not there.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import type { MappedText } from "../../text/mapped.ts";
import { type HostPath, joinHost } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { UnreadPlace } from "../driver.ts";
import { decideCondition } from "./conditions.ts";
import type { Assumption, Binding, MakeDatabase, MakeRule, Recipe } from "./database.ts";
import { type ExpandWorld, expand, type MakeVariable } from "./expand.ts";
import { wordsOf } from "./functions.ts";
import { Holes, hasHole, withoutHoles } from "./holes.ts";
import { type LogicalLine, lineText, logicalLines } from "./logical-lines.ts";
import { type RuleHead, readRuleLine } from "./rule-lines.ts";
import { relativeTo, sourceOf } from "./sources.ts";
import { type AssignmentLine, type MakeStatement, statementOf } from "./statements.ts";
import { evaluatedRules, expandedTwice, missingInclude } from "./unread-lines.ts";
import { assigned, startVariables } from "./variables.ts";
import { wildcard } from "./wildcard.ts";

/** More than any Makefile that people wrote includes, or expands to. */
const MOST_INCLUDES = 100;
const MOST_TEXT = 2_000_000;

/** How a Makefile is read. */
export interface MakeStart {
  readonly directory: HostPath;
  /** Variables that the command line sets, which no assignment of the file changes. A value may have holes of `holes`. */
  readonly given?: ReadonlyMap<string, string>;
  readonly holes?: Holes;
}

export function readMakefile(files: ProjectFiles, source: SourceFile, start: MakeStart): MakeDatabase {
  const evaluation = new Evaluation(files, source, start);
  evaluation.read(source);
  return evaluation.database();
}

/** An open `if`: whether its lines count now, and whether one of its branches has counted. */
interface OpenCondition {
  readonly outer: boolean;
  active: boolean;
  taken: boolean;
  readonly assumption: OpenAssumption | undefined;
}

interface OpenAssumption {
  readonly source: SourceFile;
  readonly range: Range;
  readonly names: Set<string>;
  recipes: boolean;
}

/** Rules of one line, whose recipe may still go on. */
interface OpenRules {
  readonly heads: readonly RuleHead[];
  readonly source: SourceFile;
  readonly lines: Range[];
  /** True where the line has a `;`, so that there is a recipe, if an empty one. */
  readonly told: boolean;
}

class Evaluation {
  readonly #files: ProjectFiles;
  readonly #source: SourceFile;
  readonly #directory: HostPath;
  readonly #holes: Holes;
  readonly #variables = new Map<string, MakeVariable>();
  readonly #exported = new Set<string>();
  readonly #hidden = new Set<string>();
  #exportsAll = false;
  readonly #rules: MakeRule[] = [];
  readonly #specific = new Map<string, Binding[]>();
  readonly #phony = new Set<string>();
  readonly #assumptions: OpenAssumption[] = [];
  readonly #unread: UnreadPlace[] = [];
  readonly #budget = { left: MOST_TEXT };
  #conditions: OpenCondition[] = [];
  #open: OpenRules | undefined;
  #oneShell = false;
  #expandsAgain = false;
  #firstGoal: string | undefined;
  #includes = 0;

  constructor(files: ProjectFiles, source: SourceFile, { directory, given, holes }: MakeStart) {
    this.#files = files;
    this.#source = source;
    this.#directory = directory;
    this.#holes = holes ?? new Holes();
    for (const [name, variable] of startVariables(this.world())) this.#variables.set(name, variable);
    for (const [name, value] of given ?? [])
      this.#variables.set(name, { value, recursive: false, origin: "command line" });
  }

  world(absentIsEmpty = false): ExpandWorld {
    return {
      files: this.#files,
      directory: this.#directory,
      holes: this.#holes,
      lookup: (name) => this.#variables.get(name),
      absentIsEmpty,
      budget: this.#budget,
    };
  }

  database(): MakeDatabase {
    const byTarget = new Map<string, MakeRule[]>();
    for (const rule of this.#rules)
      for (const target of rule.targets) byTarget.set(target, [...(byTarget.get(target) ?? []), rule]);
    const named = this.#variables.get(".DEFAULT_GOAL");
    const all = [...this.#variables].filter(([, { origin }]) => origin !== "default").map(([name]) => name);
    const exported = this.#exportsAll ? [...this.#exported, ...all] : [...this.#exported];
    return {
      files: this.#files,
      directory: this.#directory,
      source: this.#source,
      holes: this.#holes,
      variables: this.#variables,
      exported: new Set(exported.filter((name) => !this.#hidden.has(name))),
      rules: this.#rules,
      byTarget,
      specific: this.#specific,
      phony: this.#phony,
      oneShell: this.#oneShell,
      defaultGoal: named === undefined ? this.#firstGoal : expand(named.value, this.world(true)).trim(),
      assumptions: this.#assumptions.map((one): Assumption => ({ ...one })),
      unread: this.#unread,
      world: this.world(),
    };
  }

  /** Reads one file; what it includes is read where it is included. */
  read(source: SourceFile): void {
    const outer = this.#conditions;
    this.#conditions = [];
    const list = this.#variables.get("MAKEFILE_LIST")?.value ?? "";
    const own = relativeTo(this.#directory, source.path);
    this.#variables.set("MAKEFILE_LIST", { value: `${list} ${own}`.trim(), recursive: false, origin: "file" });
    const lines = logicalLines(source);
    for (let at = 0; at < lines.length; at++) at = this.#line(lines, at);
    this.#close();
    this.#conditions = outer;
  }

  /** Reads the line at an index; gives the index of the last line that belongs to it. */
  #line(lines: readonly LogicalLine[], at: number): number {
    const line = lines[at];
    if (line === undefined) return at;
    const prefix = this.#prefix();
    if (this.#open !== undefined && line.source.text.startsWith(prefix, line.start)) {
      this.#recipeLine({ start: line.start + prefix.length, end: line.end }, line);
      return at;
    }
    const text = lineText(line);
    if (text.text.trim() === "") return at;
    const statement = statementOf(text.text);
    if (statement.kind === "define") return this.#define(statement, lines, at);
    this.#statement(statement, text, line);
    return at;
  }

  #prefix(): string {
    return this.#variables.get(".RECIPEPREFIX")?.value[0] ?? "\t";
  }

  get #active(): boolean {
    const last = this.#conditions.at(-1);
    return last === undefined || (last.outer && last.active);
  }

  #recipeLine(range: Range, { source }: LogicalLine): void {
    this.#note((assumption) => {
      assumption.recipes ||= /\b(?:docker|podman|nerdctl|buildah|make|MAKE)\b/.test(
        source.text.slice(range.start, range.end),
      );
    });
    if (this.#active) this.#open?.lines.push(range);
  }

  #statement(statement: MakeStatement, text: MappedText, line: LogicalLine): void {
    switch (statement.kind) {
      case "condition":
        this.#condition(statement.word, statement.text, line);
        return;
      case "else":
        this.#else(statement.text, line);
        return;
      case "endif":
        this.#conditions.pop();
        return;
      case "assignment":
        this.#note(({ names }) => names.add(statement.name));
        if (this.#active) this.#assign(statement);
        return;
      default:
        if (this.#active) this.#apply(statement, text, line);
    }
  }

  #apply(statement: MakeStatement, text: MappedText, line: LogicalLine): void {
    switch (statement.kind) {
      case "include":
        this.#include(statement.text, line);
        return;
      case "export":
        this.#export(statement.exported, statement.text);
        return;
      case "undefine":
        this.#variables.delete(expand(statement.name, this.world(true)));
        return;
      case "rule":
        this.#rule(statement, text, line);
        return;
      default:
        // A line with nothing but references, such as `$(info …)` or `$(eval …)`, ends no rule and starts none.
        this.#evaluated(text.text, line);
    }
  }

  #evaluated(text: string, line: LogicalLine): void {
    this.#unread.push(...evaluatedRules(text, line, (name) => this.#variables.get(name)?.value));
  }

  // ---- conditions

  #condition(word: "ifeq" | "ifneq" | "ifdef" | "ifndef", text: string, line: LogicalLine): void {
    const outer = this.#active;
    const { holds, sure } = outer ? this.#decide(word, text) : { holds: false, sure: true };
    const assumption = sure ? undefined : this.#assume(line);
    this.#conditions.push({ outer, active: holds, taken: holds, assumption });
  }

  #decide(
    word: "ifeq" | "ifneq" | "ifdef" | "ifndef",
    text: string,
  ): { readonly holds: boolean; readonly sure: boolean } {
    return decideCondition(word, text, this.world(true));
  }

  #assume({ source, start, end }: LogicalLine): OpenAssumption {
    const assumption: OpenAssumption = { source, range: { start, end }, names: new Set(), recipes: false };
    this.#assumptions.push(assumption);
    return assumption;
  }

  /** `else`, and `else ifeq …`, which is a condition in its place. */
  #else(text: string, line: LogicalLine): void {
    const last = this.#conditions.pop();
    if (last === undefined) return;
    const inner = statementOf(text);
    if (last.taken || !last.outer || inner.kind !== "condition") {
      this.#conditions.push({ ...last, active: !last.taken, taken: true });
      return;
    }
    const { holds, sure } = this.#decide(inner.word, inner.text);
    const assumption = last.assumption ?? (sure ? undefined : this.#assume(line));
    this.#conditions.push({ ...last, active: holds, taken: holds, assumption });
  }

  #note(tell: (assumption: OpenAssumption) => void): void {
    for (const { assumption } of this.#conditions) if (assumption !== undefined) tell(assumption);
  }

  // ---- variables

  #assign({ name, operator, value, exported, override }: AssignmentLine): void {
    this.#close();
    const known = expand(name, this.world(true)).trim();
    if (exported === true) this.#exported.add(known);
    if (exported === false) this.#hidden.add(known);
    this.#set(known, operator, value, override);
  }

  #set(name: string, operator: string, value: string, override: boolean): void {
    const before = this.#variables.get(name);
    const fixed = before?.origin === "command line" || before?.origin === "override";
    if (name === "" || (fixed && !override)) return;
    const after = assigned(before, operator, value, this.world());
    if (after !== undefined) this.#variables.set(name, { ...after, origin: override ? "override" : "file" });
  }

  #export(exported: boolean, text: string): void {
    const names = wordsOf(expand(text, this.world(true)));
    if (names.length === 0) this.#exportsAll = exported;
    for (const name of names) {
      if (exported) this.#exported.add(name);
      else this.#hidden.add(name);
    }
  }

  /** `define NAME` … `endef`, line ends included. Definitions may stand in each other. */
  #define(
    { name, operator, exported }: Extract<MakeStatement, { kind: "define" }>,
    lines: readonly LogicalLine[],
    at: number,
  ): number {
    let depth = 1;
    let last = at + 1;
    for (; last < lines.length; last++) {
      const line = lines[last];
      const word =
        line === undefined
          ? undefined
          : /^[ \t]*(define|endef)\b/.exec(line.source.text.slice(line.start, line.start + 200))?.[1];
      if (word === "define") depth++;
      if (word === "endef" && --depth === 0) break;
    }
    const [first, end] = [lines[at + 1], lines[last - 1]];
    this.#note(({ names }) => names.add(name));
    if (!this.#active) return last;
    this.#close();
    const known = expand(name, this.world(true)).trim();
    if (exported) this.#exported.add(known);
    const body =
      first === undefined || end === undefined || last <= at + 1
        ? ""
        : withoutHoles(first.source.text.slice(first.start, end.end)).replaceAll("\r\n", "\n");
    this.#set(known, operator, body, false);
    return last;
  }

  // ---- other files

  #include(text: string, line: LogicalLine): void {
    this.#close();
    const world = this.world(true);
    for (const name of wordsOf(expand(text, world))) {
      const found = /[*?[]/.test(name) ? wordsOf(wildcard(name, this.#files, this.#directory) ?? "") : [name];
      for (const one of found) if (!this.#includeFile(one)) this.#unread.push(...missingInclude(one, line));
    }
  }

  #includeFile(name: string): boolean {
    const path = hasHole(name) ? undefined : joinHost(this.#directory, name);
    const read = path === undefined ? undefined : this.#files.read(path);
    if (path === undefined || read?.ok !== true) return false;
    if (this.#includes >= MOST_INCLUDES) return true;
    this.#includes += 1;
    this.read(sourceOf(this.#files, path, read.text));
    return true;
  }

  // ---- rules

  #rule(place: { readonly colon: number; readonly separate: boolean }, text: MappedText, line: LogicalLine): void {
    this.#close();
    const read = readRuleLine(place, text, line, this.world(true));
    if (read.kind === "binding") this.#bind(read.targets, read.assignment);
    else this.#start(read.heads, read.inline, line.source);
    if (this.#expandsAgain) this.#unread.push(...expandedTwice(text.text.slice(place.colon), line));
  }

  #start(heads: readonly RuleHead[], inline: Range | undefined, source: SourceFile): void {
    for (const { targets, prerequisites } of heads) {
      if (targets.includes(".PHONY")) for (const { name } of prerequisites) this.#phony.add(name);
      if (targets.includes(".ONESHELL")) this.#oneShell = true;
      if (targets.includes(".SECONDEXPANSION")) this.#expandsAgain = true;
      this.#firstGoal ??= targets.find(isGoal);
    }
    const filled = inline !== undefined && source.text.slice(inline.start, inline.end).trim() !== "";
    this.#open = { heads, source, lines: filled ? [inline] : [], told: inline !== undefined };
  }

  /** Ends the recipe of the rules that are open. */
  #close(): void {
    if (this.#open === undefined) return;
    const { heads, source, lines, told } = this.#open;
    const recipe: Recipe | undefined = lines.length > 0 || told ? { source, lines } : undefined;
    for (const head of heads) this.#rules.push({ ...head, recipe });
    this.#open = undefined;
  }

  #bind(targets: readonly string[], { name, operator, value }: AssignmentLine): void {
    for (const target of targets)
      this.#specific.set(target, [...(this.#specific.get(target) ?? []), { name, operator, value }]);
  }
}

/** The first target that no dot starts, unless it has a slash, and that is no pattern. */
function isGoal(target: string): boolean {
  return !target.includes("%") && (!target.startsWith(".") || target.includes("/"));
}
