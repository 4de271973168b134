/**
 * What making a goal runs: the recipes of its prerequisites, each once, then its own.
 *
 *     image: builder app      builder's recipe, app's recipe, image's recipe
 *     %.tar: %                a rule for app.tar, with the stem "app"
 *
 * Everything is made, as in a clean checkout; files that the checkout already has are made again where a rule says how. The order
 * is that of https://www.gnu.org/software/make/manual/html_node/Rule-Syntax.html and of its chapters on double-colon, static
 * pattern and pattern rules.
 */
import { posix } from "node:path";
import { firstEngineCall } from "../../shell/engine-text.ts";
import type { Range } from "../../text/source.ts";
import type { UnreadPlace } from "../driver.ts";
import type { Binding, MakeDatabase, MakeRule, NamedWord, Recipe } from "./database.ts";
import { type ExpandWorld, expand, type MakeVariable } from "./expand.ts";
import { stemOf } from "./functions.ts";
import { hasHole, withoutHoles } from "./holes.ts";
import { fileNamed } from "./named-files.ts";
import { type RecipeScript, recipeScript } from "./recipes.ts";
import { assigned } from "./variables.ts";

/** More recipes than a goal of any Makefile that people wrote runs. */
const MOST_RECIPES = 1000;

/** The recipes that making the goals runs, in order; goals without a rule run nothing. */
export function goalScripts(database: MakeDatabase, goals: readonly string[]): readonly RecipeScript[] {
  return goalOrder(database, goals).scripts;
}

/** The same, with the names on the way that no rule makes. */
export function goalOrder(
  database: MakeDatabase,
  goals: readonly string[],
): { readonly scripts: readonly RecipeScript[]; readonly unmade: readonly string[] } {
  const order = new GoalOrder(database);
  for (const goal of goals) order.make(goal, []);
  return order;
}

/** A rule as it is used for one target. */
interface UsedRule {
  readonly rule: MakeRule;
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  readonly stem: string;
}

class GoalOrder {
  readonly scripts: RecipeScript[] = [];
  readonly unmade: string[] = [];
  readonly #database: MakeDatabase;
  readonly #made = new Set<string>();

  constructor(database: MakeDatabase) {
    this.#database = database;
  }

  make(target: string, inherited: readonly Binding[]): void {
    if (this.#made.has(target) || this.scripts.length >= MOST_RECIPES) return;
    this.#made.add(target);
    const bindings = [...inherited, ...(this.#database.specific.get(target) ?? [])];
    const rules = rulesFor(this.#database, target);
    if (rules.length === 0) this.unmade.push(target);
    for (const used of rules) {
      for (const name of [...used.prerequisites, ...used.orderOnly]) this.make(name, bindings);
      this.#run(target, used, bindings);
    }
  }

  #run(target: string, used: UsedRule, bindings: readonly Binding[]): void {
    const script = scriptOf(this.#database, target, used, bindings);
    if (script !== undefined) this.scripts.push(script);
  }
}

function scriptOf(
  database: MakeDatabase,
  target: string,
  rule: UsedRule,
  bindings: readonly Binding[],
): RecipeScript | undefined {
  const { recipe } = rule.rule;
  if (recipe === undefined) return undefined;
  const world = targetWorld(database, target, rule, bindings);
  if (!isShell(expand("$(SHELL)", world))) return undefined;
  return recipeScript(recipe, {
    world,
    outer: database.world,
    environment: environmentOf(database, world),
    oneShell: database.oneShell,
  });
}

/** Recipes in another language that call an engine. */
export function unreadRecipes(database: MakeDatabase): readonly UnreadPlace[] {
  const shell = expand("$(SHELL)", database.world);
  if (isShell(shell)) return [];
  return database.rules.flatMap(({ recipe }) => {
    const lines = (recipe?.lines ?? []).filter((range) => firstEngineCall(textIn(recipe, range)) !== undefined);
    const [range] = lines;
    const reason = `the recipes are for "${withoutHoles(shell)}", which is no shell that is read`;
    return recipe === undefined || range === undefined ? [] : [{ source: recipe.source, range, reason }];
  });
}

function textIn(recipe: Recipe | undefined, { start, end }: Range): string {
  return recipe?.source.text.slice(start, end) ?? "";
}

/** The recipes of a target alone. */
export function ownScripts(database: MakeDatabase, target: string): readonly RecipeScript[] {
  const bindings = database.specific.get(target) ?? [];
  return rulesFor(database, target).flatMap((rule) => scriptOf(database, target, rule, bindings) ?? []);
}

function isShell(program: string): boolean {
  return hasHole(program) || /(?:^|\/)(?:env )?(?:ba|da|a|k|z)?sh(?:\s|$)/.test(program);
}

/** The names that a target's own rules make first. */
export function prerequisitesOf(database: MakeDatabase, target: string): readonly string[] {
  return rulesFor(database, target).flatMap(({ prerequisites, orderOnly }) => [...prerequisites, ...orderOnly]);
}

/** The rules that make a target. Rules with one colon are one: the prerequisites of all, the recipe of the last that has one. */
export function rulesFor(database: MakeDatabase, target: string): readonly UsedRule[] {
  const rules = database.byTarget.get(target) ?? [];
  if (rules.some(({ separate }) => separate))
    return rules.map((rule) =>
      used(
        rule,
        rules.filter((one) => one === rule),
        "",
      ),
    );
  const told = rules.findLast(({ recipe }) => recipe !== undefined);
  if (told !== undefined) return [used(told, [told, ...rules.filter((rule) => rule !== told)], told.stem ?? "")];
  const pattern = database.phony.has(target) ? undefined : patternFor(database, target);
  if (pattern !== undefined) return [used(pattern.rule, [pattern.rule, ...rules], pattern.stem)];
  const [first] = rules;
  return first === undefined ? [] : [used(first, rules, "")];
}

function used(rule: MakeRule, all: readonly MakeRule[], stem: string): UsedRule {
  const names = (words: readonly NamedWord[]): readonly string[] =>
    words.map(({ name }) => name.replace("%", () => stem));
  return {
    rule,
    prerequisites: [...new Set(all.flatMap(({ prerequisites }) => names(prerequisites)))],
    orderOnly: [...new Set(all.flatMap(({ orderOnly }) => names(orderOnly)))],
    stem,
  };
}

/** A pattern rule that fits, whose prerequisites exist or are made by a rule of their own; the shortest stem wins. */
function patternFor(
  database: MakeDatabase,
  target: string,
): { readonly rule: MakeRule; readonly stem: string } | undefined {
  const fitting = database.rules.flatMap((rule) => {
    if (rule.recipe === undefined) return [];
    const stems = rule.targets.flatMap((pattern) => (pattern.includes("%") ? (stemOf(pattern, target) ?? []) : []));
    const [stem] = stems;
    return stem === undefined || stem === "" ? [] : [{ rule, stem }];
  });
  const possible = fitting.filter(({ rule, stem }) =>
    rule.prerequisites.every(({ name }) =>
      isKnown(
        database,
        name.replace("%", () => stem),
      ),
    ),
  );
  return possible.reduce<(typeof possible)[number] | undefined>(
    (best, one) => (best === undefined || one.stem.length < best.stem.length ? one : best),
    undefined,
  );
}

function isKnown(database: MakeDatabase, name: string): boolean {
  const path = fileNamed(name, database);
  return database.byTarget.has(name) || (path !== undefined && database.files.entry(path) !== undefined);
}

/** What a recipe is expanded in: automatic variables, then those of the target, then the file's. */
function targetWorld(
  database: MakeDatabase,
  target: string,
  rule: UsedRule,
  bindings: readonly Binding[],
): ExpandWorld {
  const own = new Map<string, MakeVariable>();
  for (const [name, value] of automatic(target, rule)) own.set(name, { value, recursive: false, origin: "automatic" });
  const world: ExpandWorld = { ...database.world, lookup: (name) => own.get(name) ?? database.world.lookup(name) };
  for (const { name, operator, value } of bindings) {
    const known = expand(name, world).trim();
    const before = world.lookup(known);
    if (before?.origin === "command line") continue;
    const after = assigned(before, operator, value, world);
    if (after !== undefined) own.set(known, { ...after, origin: "file" });
  }
  return world;
}

/** https://www.gnu.org/software/make/manual/html_node/Automatic-Variables.html */
function automatic(target: string, { prerequisites, orderOnly, stem }: UsedRule): ReadonlyMap<string, string> {
  const all = prerequisites.join(" ");
  const values: readonly (readonly [string, string])[] = [
    ["@", target],
    ["<", prerequisites[0] ?? ""],
    ["^", all],
    ["+", all],
    ["?", all],
    ["*", stem],
    ["|", orderOnly.join(" ")],
  ];
  const each = (value: string, change: (path: string) => string): string =>
    value
      .split(" ")
      .filter((path) => path !== "")
      .map((path) => change(path))
      .join(" ");
  return new Map(
    values.flatMap(([name, value]) => [
      [name, value],
      [`${name}D`, each(value, posix.dirname)],
      [`${name}F`, each(value, (path) => posix.basename(path))],
    ]),
  );
}

/** Exported variables whose values are known; the others stay for the shell to look up. */
function environmentOf({ exported, variables }: MakeDatabase, world: ExpandWorld): ReadonlyMap<string, string> {
  const given = [...variables].filter(([, { origin }]) => origin === "command line").map(([name]) => name);
  const values = [...new Set([...exported, ...given])].flatMap((name): readonly (readonly [string, string])[] => {
    const value =
      world.lookup(name) === undefined || !/^[A-Za-z_]\w*$/.test(name) ? undefined : expand(`$(${name})`, world);
    return value === undefined || hasHole(value) ? [] : [[name, value]];
  });
  return new Map(values);
}
