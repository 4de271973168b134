/**
 * What `ifeq`, `ifneq`, `ifdef` and `ifndef` decide in a clean environment.
 *
 *     ifeq ($(TAG),)              true, and not sure, where nothing in the file sets TAG
 *     ifeq ($(shell uname),Darwin)  false, and not sure
 *     ifdef IMAGE                 true where the file gives IMAGE a value
 */
import { type ExpandWorld, expand } from "./expand.ts";
import { hasHole } from "./holes.ts";
import { conditionSides } from "./statements.ts";

export interface Decided {
  readonly holds: boolean;
  /** False where the environment, or a command, may decide otherwise. */
  readonly sure: boolean;
}

export function decideCondition(
  word: "ifeq" | "ifneq" | "ifdef" | "ifndef",
  text: string,
  world: ExpandWorld,
): Decided {
  const { holds, sure } = word === "ifeq" || word === "ifneq" ? isEqual(text, world) : isDefined(text, world);
  return { holds: word === "ifneq" || word === "ifndef" ? !holds : holds, sure };
}

/** A variable counts as defined where its value is not empty, references in it not looked at. */
function isDefined(text: string, world: ExpandWorld): Decided {
  const name = expand(text, world).trim();
  const variable = world.lookup(name);
  return { holds: variable !== undefined && variable.value !== "", sure: variable !== undefined || name === "" };
}

function isEqual(text: string, world: ExpandWorld): Decided {
  let sure = true;
  const watched: ExpandWorld = {
    ...world,
    onUse: (_, variable) => {
      if (variable === undefined) sure = false;
    },
  };
  const [left, right] = conditionSides(text)?.map((side) => expand(side, watched)) ?? [];
  if (left === undefined || right === undefined) return { holds: false, sure: false };
  return { holds: onLinux(left, world) === onLinux(right, world), sure: sure && !hasHole(left + right) };
}

/** Containers are built on Linux nearly everywhere; the answer is not sure, since it came out of a command. */
function onLinux(value: string, { holes }: ExpandWorld): string {
  return /^(?:\$\(uname(?: -s)?(?: 2>\/dev\/null.*)?\))$/.test(holes.only(value.trim()) ?? "") ? "Linux" : value;
}
