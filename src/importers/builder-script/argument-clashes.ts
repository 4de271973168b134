/**
 * Build arguments that have one name and different values in two builds which become one:
 *
 *     docker build --build-arg MODE=debug -f Dockerfile.build …     both files say ARG MODE: one call cannot say both
 *     docker build --build-arg MODE=release -t app .
 *
 * What is not decided here: whether one of them gets another name (argument-renames.ts), or the builds stay apart.
 */
import { PREDEFINED_ARGUMENTS } from "../../dockerfile/scope.ts";
import type { LinkedBuild } from "./links.ts";
import { keyOf } from "./values.ts";

/** New names of a build's arguments, by the old ones. */
export type Renames = ReadonlyMap<string, string>;

/** The renames of each build that has some. */
export type GroupRenames = ReadonlyMap<LinkedBuild, Renames>;

/** For a build whose arguments keep their names. */
export const NO_RENAMES: Renames = new Map();

/** An argument of a builder that has another value in a build beside it. */
export interface ArgumentClash {
  readonly builder: LinkedBuild;
  readonly name: string;
}

/** Those of the builders that become stages of one call, against the call's own build and against each other. */
export function argumentClashes(final: LinkedBuild, builders: readonly LinkedBuild[]): readonly ArgumentClash[] {
  return builders.flatMap((builder, index) =>
    [final, ...builders.slice(0, index)]
      .flatMap((other) => differingArguments(other, builder))
      .map((name) => ({ builder, name })),
  );
}

/** Arguments that one of two calls gives another value than the other, and that a file declares which is not to see it. */
export function differingArguments(final: LinkedBuild, builder: LinkedBuild): readonly string[] {
  const pairs = [
    { from: builder, to: final },
    { from: final, to: builder },
  ];
  return pairs.flatMap(({ from, to }) =>
    from.build.args.flatMap(({ name, value }) => {
      const other = to.build.args.findLast((argument) => argument.name === name);
      const same = other !== undefined && keyOf(other.value ?? []) === keyOf(value ?? []);
      return !same && !PREDEFINED_ARGUMENTS.has(name) && declares(to, name) ? [name] : [];
    }),
  );
}

/** Whether a Dockerfile has an ARG of that name, so that a value given to the call reaches it. */
function declares(linked: LinkedBuild, name: string): boolean {
  if (linked.retired.has(name)) return false;
  return linked.document.instructions.some((i) => i.kind === "arg" && i.pairs.some((pair) => pair.key === name));
}
