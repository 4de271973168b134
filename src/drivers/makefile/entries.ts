/**
 * The goals of a Makefile that people call to build images.
 *
 *     all: image push      an entry, as the default goal
 *     image: builder       none of its own: `all` runs it
 *     push: image          none of its own
 *     tools: builder       an entry, since nothing else makes it
 *     pack: app.tar        an entry that needs app.tar, which no rule makes
 *
 * Only goals that call a container engine, themselves or through what they need, count. The other goals that do so are parts: ways
 * to leave an image or a file behind that an entry needs and does not make itself.
 */
import type { HostPath } from "../../text/paths.ts";
import type { DriverEntry } from "../driver.ts";
import type { MakeDatabase } from "./database.ts";
import { goalOrder, ownScripts, prerequisitesOf } from "./goals.ts";
import { fileNamed } from "./named-files.ts";

/** More goals than people tell apart; a generated file may have any number. */
const MOST_GOALS = 400;
const MOST_NAMES = 4000;

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
  const { scripts, unmade } = goalOrder(database, [goal]);
  const needs = unmade.flatMap((name) => missingFile(database, name));
  return { name: goal, units: scripts, cwd: database.directory, ...(needs.length === 0 ? {} : { needs }) };
}

/** A prerequisite that no rule makes has to be there when make starts. */
function missingFile(database: MakeDatabase, name: string): readonly HostPath[] {
  const path = fileNamed(name, database);
  return path === undefined || database.files.entry(path) !== undefined ? [] : [path];
}

/** Goals whose own recipes, or those of what they need, call an engine or start make again. */
function reachingEngine(database: MakeDatabase, goals: readonly string[]): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  const queue: string[] = [];
  const names = new Set(goals);
  // What only a pattern rule makes is no goal by its name, and comes in as a prerequisite.
  for (const name of names) {
    for (const need of prerequisitesOf(database, name)) {
      users.set(need, [...(users.get(need) ?? []), name]);
      if (names.size < MOST_NAMES) names.add(need);
    }
    if (ownRecipesCall(database, name)) queue.push(name);
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
