/**
 * Work that is the same each time for a project and a thing in it, done once for as long as both live.
 *
 *     const runOf = onceForEach((files, driver: Driver) => runFrom(files, driver));
 *     runOf(files, driver) === runOf(files, driver)
 *
 * Only for functions that are pure in what they are given, whose results nobody changes.
 */
import type { ProjectFiles } from "./project-files.ts";

/** Remembers what a question about the whole project comes to. */
export function oncePerProject<Value>(make: (files: ProjectFiles) => Value): (files: ProjectFiles) => Value {
  const of = onceForEachText((files) => make(files));
  return (files) => of(files, "");
}

type PerProject<Key, Value> = (files: ProjectFiles, key: Key) => Value;

/** Remembers a result by the very object it was made for. */
export function onceForEach<Key extends WeakKey, Value>(make: PerProject<Key, Value>): PerProject<Key, Value> {
  return remembering(make, () => new WeakMap<Key, { readonly value: Value }>());
}

/** Remembers a result by a text, such as a path. */
export function onceForEachText<Value>(make: PerProject<string, Value>): PerProject<string, Value> {
  return remembering(make, () => new Map<string, { readonly value: Value }>());
}

interface Memory<Key, Value> {
  get(key: Key): { readonly value: Value } | undefined;
  set(key: Key, made: { readonly value: Value }): unknown;
}

function remembering<Key, Value>(
  make: PerProject<Key, Value>,
  memory: () => Memory<Key, Value>,
): PerProject<Key, Value> {
  const projects = new WeakMap<ProjectFiles, Memory<Key, Value>>();
  return (files, key) => {
    const known = projects.get(files) ?? memory();
    projects.set(files, known);
    const made = known.get(key) ?? { value: make(files, key) };
    known.set(key, made);
    return made.value;
  };
}
