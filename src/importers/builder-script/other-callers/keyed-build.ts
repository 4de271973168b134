/**
 * A build that a data file describes by keys:
 *
 *     context: ./api                     { directory: "context", file: "dockerfile", stage: "target" }
 *     dockerfile: Dockerfile.build
 *
 * Formats differ in the names of the keys, and in what relative paths count from. Only the words of the values are replaced;
 * a key that is missing is put behind one that is there.
 */
import { posix } from "node:path";
import type { TextEdit } from "../../../text/edits.ts";
import { type HostPath, hostPath, joinHost } from "../../../text/paths.ts";
import type { Range } from "../../../text/source.ts";
import type { BuildReference, NewBuild } from "./reference.ts";

/** A value as it is read, and the range of its text without quotes. */
export interface KeyedWord {
  readonly value: string;
  readonly range: Range;
}

export interface KeyNames {
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string;
}

export interface KeyedBuild {
  readonly range: Range;
  readonly names: KeyNames;
  readonly context: KeyedWord | undefined;
  readonly dockerfile: KeyedWord | undefined;
  readonly target: KeyedWord | undefined;
  /** What a relative context counts from. */
  readonly contextBase: HostPath;
  /** What a relative Dockerfile counts from; absent where that is the context. */
  readonly dockerfileBase?: HostPath;
  /** Adds keys with their values, in order; `undefined` where the format leaves no place for them. */
  readonly insert: (pairs: readonly (readonly [string, string])[]) => TextEdit | undefined;
  readonly cache?: BuildReference["cache"];
}

/** The reference that a description makes; `undefined` where a value has variables in it or leaves the checkout. */
export function keyedReference(build: KeyedBuild): BuildReference | undefined {
  const words = [build.context, build.dockerfile, build.target];
  if (words.some((word) => word !== undefined && /[$`{}]|^~|:\/\/|^git@/.test(word.value))) return undefined;
  const context = joinHost(build.contextBase, build.context?.value ?? ".");
  if (context === undefined) return undefined;
  const dockerfile = joinHost(build.dockerfileBase ?? context, build.dockerfile?.value ?? defaultFile(build));
  if (dockerfile === undefined) return undefined;
  const { range, cache } = build;
  return {
    dockerfile,
    context,
    target: build.target?.value,
    range,
    rewrite: (next) => rewritten(build, context, next),
    ...(cache === undefined ? {} : { cache }),
  };
}

/** Without a name it is the context's own `Dockerfile`, from wherever names count. */
function defaultFile(build: KeyedBuild): string {
  if (build.dockerfileBase === undefined) return "Dockerfile";
  const context = joinHost(build.contextBase, build.context?.value ?? ".") ?? ".";
  return posix.relative(build.dockerfileBase, posix.join(context, "Dockerfile"));
}

function rewritten(build: KeyedBuild, context: HostPath, next: NewBuild): readonly TextEdit[] | undefined {
  const added: (readonly [string, string])[] = [];
  const edits: TextEdit[] = [];
  const set = (word: KeyedWord | undefined, key: string, value: string): void => {
    if (word === undefined) added.push([key, value]);
    else if (posix.normalize(word.value) !== posix.normalize(value))
      edits.push({ ...word.range, text: inStyleOf(word.value, value) });
  };
  if (next.context !== context)
    set(build.context, build.names.context, posix.relative(build.contextBase, next.context) || ".");
  const file = posix.relative(build.dockerfileBase ?? next.context, next.dockerfile);
  const isDefault = next.dockerfile === hostPath(posix.join(next.context, "Dockerfile"));
  if (build.dockerfile !== undefined || !isDefault) set(build.dockerfile, build.names.dockerfile, file);
  if (next.target !== undefined) set(build.target, build.names.target, next.target);
  else if (build.target !== undefined) return undefined;
  if (added.length === 0) return edits;
  const insertion = build.insert(added);
  return insertion === undefined ? undefined : [...edits, insertion];
}

/** `./Dockerfile.build` stays a path with `./` in front. */
function inStyleOf(old: string, value: string): string {
  const dotted = old.startsWith("./") && !value.startsWith(".");
  return `${dotted ? "./" : ""}${value}`;
}
