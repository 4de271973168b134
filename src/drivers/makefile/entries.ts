/**
 * The goals of a Makefile that people call to build images.
 *
 *     all: image push      an entry, as the default goal
 *     image: builder       none of its own: `all` runs it
 *     push: image          none of its own
 *     tools: builder       an entry, since nothing else makes it
 *
 * Only goals that call a container engine, themselves or through what they need, count. The other goals that do so are parts: ways
 * to leave an image or a file behind that an entry needs and does not make itself.
 */
import type { DriverEntry } from "../driver.ts";
import type { MakeDatabase } from "./database.ts";
import { goalScripts, ownScripts, prerequisitesOf } from "./goals.ts";

/** More goals than people tell apart; a generated file may have any number. */
const MOST_GOALS = 400;

export interface MakeEntries {
  readonly entries: readonly DriverEntry[];
  readonly parts: readonly DriverEntry[];
}

export function makeEntries(database: MakeDatabase): MakeEntries {
  const goals = [...database.byTarget.keys()].filter(isGoal).slice(0, MOST_GOALS);
  const needs = new Map(goals.map((goal) => [goal, prerequisitesOf(database, goal)]));
  const calling = reachingEngine(database, goals);
  const called = new Set(goals.flatMap((goal) => (needs.get(goal) ?? []).filter((name) => name !== goal)));
  const heads = goals.filter((goal) => calling.has(goal) && (goal === database.defaultGoal || !called.has(goal)));
  const entries = heads.map((goal) => entryOf(database, goal));
  const covered = new Set(entries.flatMap(({ units }) => units));
  const parts: DriverEntry[] = [];
  for (const goal of goals) {
    if (!calling.has(goal) || heads.includes(goal)) continue;
    const entry = entryOf(database, goal);
    // Goals that need each other have no head; one of them has to stand for all.
    if (entry.units.every((unit) => covered.has(unit))) parts.push(entry);
    else {
      entries.push(entry);
      for (const unit of entry.units) covered.add(unit);
    }
  }
  return { entries, parts };
}

function isGoal(target: string): boolean {
  return !target.includes("%") && (!target.startsWith(".") || target.includes("/"));
}

function entryOf(database: MakeDatabase, goal: string): DriverEntry {
  return { name: goal, units: goalScripts(database, [goal]), cwd: database.directory };
}

/** Goals whose own recipes, or those of what they need, call an engine or start make again. */
function reachingEngine(database: MakeDatabase, goals: readonly string[]): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  const queue: string[] = [];
  for (const goal of goals) {
    for (const need of prerequisitesOf(database, goal)) users.set(need, [...(users.get(need) ?? []), goal]);
    if (ownRecipesCall(database, goal)) queue.push(goal);
  }
  const reached = new Set(queue);
  for (let goal = queue.pop(); goal !== undefined; goal = queue.pop())
    for (const user of users.get(goal) ?? []) {
      if (reached.has(user)) continue;
      reached.add(user);
      queue.push(user);
    }
  return reached;
}

function ownRecipesCall(database: MakeDatabase, goal: string): boolean {
  return ownScripts(database, goal).some((script) => script.callsEngine);
}
