/**
 * What libraries of interpreters need beside the interpreter where they run, out of a table of each ecosystem's:
 *
 *     psycopg2     links to libpq
 *     pygobject    links to libraries that are not known
 *     pydub        starts ffmpeg
 */
import type { Source } from "./base-images.ts";
import { debianLibrary } from "./debian-libraries.ts";
import type { DependencyTree, RuntimeNeed } from "./ecosystem.ts";

export interface LibraryFact extends Source {
  /** Libraries by what `-l` calls them, as in debian-libraries.ts; "?": not known which. */
  readonly links?: readonly string[];
  readonly starts?: readonly string[];
}

export interface LibraryNeeds {
  /** Libraries by their `-l` names. */
  readonly libraries: readonly string[];
  /** Those that link to libraries which are not known. */
  readonly unknown: readonly string[];
  readonly executables: readonly (readonly [library: string, program: string])[];
}

export function libraryNeeds(names: readonly string[], facts: Readonly<Record<string, LibraryFact>>): LibraryNeeds {
  const known = names.flatMap((name) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    return fact === undefined ? [] : [[name, fact] as const];
  });
  return {
    libraries: [...new Set(known.flatMap(([, fact]) => (fact.links ?? []).filter((one) => one !== "?")))].sort(),
    unknown: known.filter(([, fact]) => fact.links?.includes("?") === true).map(([name]) => name),
    executables: known.flatMap(([name, fact]) => (fact.starts ?? []).map((program) => [name, program] as const)),
  };
}

/** Whether every library that is linked to has a package that is known for the release. */
export function hasPackages({ libraries, unknown }: LibraryNeeds, release: string | undefined): boolean {
  return unknown.length === 0 && libraries.every((one) => debianLibrary(one, release) !== undefined);
}

type Frame = Pick<RuntimeNeed, "confidence" | "because">;

/** The packages of linked libraries, and the programs that libraries start. `what`: "package", "gem". */
export function systemNeeds(
  needs: LibraryNeeds,
  what: string,
  release: string | undefined,
  frame: Frame,
): readonly RuntimeNeed[] {
  const packages = needs.libraries.flatMap((library): readonly RuntimeNeed[] => {
    const name = debianLibrary(library, release);
    const reason = `A ${what} links to the library of "${name ?? ""}".`;
    return name === undefined ? [] : [{ kind: "package", name, reason, ...frame }];
  });
  return [...startNeeds(needs.executables, what, frame), ...packages];
}

/** Programs that libraries start by name. */
export function startNeeds(
  executables: LibraryNeeds["executables"],
  what: string,
  frame: Frame,
): readonly RuntimeNeed[] {
  return executables.map(
    ([library, name]): RuntimeNeed => ({
      kind: "executable",
      name,
      reason: `The ${what} "${library}" starts "${name}".`,
      ...frame,
    }),
  );
}

/** A tree of libraries that ships as the build installed it. `what`: "packages", "gems". */
export function asInstalled(
  tree: DependencyTree,
  what: string,
  reason: string,
  native: boolean,
  frame: Frame,
): RuntimeNeed {
  const label = `The ${what} as the build installed them`;
  const consequence = `The image holds the same ${what} as before.`;
  const choices = [{ value: "as-built", how: { kind: "as-built" }, label, consequence } as const];
  return { kind: "dependencies", tree, choices, native, reason, ...frame };
}
