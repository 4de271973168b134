/**
 * How assignments change variables, and which variables there are before the first line.
 *
 *     A ?= x     set where nothing has set it
 *     A += y     "x y", expanded now only where A is a simple variable
 *
 * https://www.gnu.org/software/make/manual/html_node/Setting.html
 */
import { currentDirectory, type ExpandWorld, expand, type MakeVariable } from "./expand.ts";

/** The value of a variable after an assignment; `undefined` where it stays as it is. */
export function assigned(
  before: MakeVariable | undefined,
  operator: string,
  value: string,
  world: ExpandWorld,
): Pick<MakeVariable, "value" | "recursive"> | undefined {
  switch (operator) {
    case "?=":
      return before !== undefined && before.origin !== "default" ? undefined : { value, recursive: true };
    case "+=":
      return appended(before, value, world);
    case "!=":
      return { value: expand(`$(shell ${value})`, world), recursive: false };
    case "=":
      return { value, recursive: true };
    default:
      return { value: expand(value, world), recursive: false };
  }
}

function appended(
  before: MakeVariable | undefined,
  value: string,
  world: ExpandWorld,
): Pick<MakeVariable, "value" | "recursive"> {
  if (before === undefined) return { value, recursive: true };
  const added = before.recursive ? value : expand(value, world);
  return { value: before.value === "" ? added : `${before.value} ${added}`, recursive: before.recursive };
}

/** What make sets itself, as far as recipes use it (make, "Implicit Variables" and "Other Special Variables"). */
export function startVariables(world: ExpandWorld): ReadonlyMap<string, MakeVariable> {
  const here = currentDirectory(world);
  const values: readonly (readonly [string, string])[] = [
    ["AR", "ar"],
    ["CC", "cc"],
    ["CURDIR", here],
    ["CXX", "g++"],
    ["MAKE", "make"],
    ["MAKECMDGOALS", ""],
    ["MAKEFILE_LIST", ""],
    ["MAKEFLAGS", ""],
    ["MFLAGS", ""],
    ["PWD", here],
    ["RM", "rm -f"],
    ["SHELL", "/bin/sh"],
  ];
  return new Map(values.map(([name, value]) => [name, { value, recursive: false, origin: "default" }]));
}
