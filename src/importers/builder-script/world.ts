/**
 * The state in which a script's commands are read: what is on the host, in the engine, and in the shell.
 *
 *     docker create --name x app:build     world.containers: x → container of the image that "app:build" names now
 *
 * World and Shell are plain values that are copied where the script forks (subshells, branches that may or may not run).
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { ContainerCall } from "../../shell/container-cli.ts";
import type { Field, SymbolicList, SymbolicValue } from "../../shell/symbolic.ts";
import type { FunctionDefinition } from "../../shell/syntax.ts";
import type { Mount } from "./container-mounts.ts";
import type { HostTree, Step } from "./host-tree.ts";
import type { Build } from "./trace.ts";
import { imageKey } from "./values.ts";

/** A container that was made from an image and not removed. */
export interface Container {
  /** The key of the image whose files it has now. */
  readonly image: string;
  /** The image as the script names it. */
  readonly reference: string;
  /** The command that made it. */
  readonly created: Step;
  readonly mounts: readonly Mount[];
  /** What it runs when it is started: the words behind the image, and `--entrypoint`. */
  readonly words: readonly Field[];
  readonly entrypoint: Field | undefined;
  /** All options of the call that made it: they hold for everything that runs in it. */
  readonly options: ContainerCall["options"];
  /** True once a command in it was waited for. */
  readonly ran: boolean;
}

export interface World {
  host: HostTree;
  /** By name or id key. */
  containers: ReadonlyMap<string, Container>;
  /** The image that each reference names now: a build's id, or the reference itself when it was not built here. */
  images: ReadonlyMap<string, string>;
  /** What was built so far, by image key. */
  builds: ReadonlyMap<string, Build>;
}

/** An array; `open` where the caller of the driver may have put arguments of its own in it. */
export interface ShellList extends SymbolicList {
  readonly open?: boolean;
}

export interface Shell {
  cwd: string;
  /** Of an array its first element. */
  variables: ReadonlyMap<string, SymbolicValue | "unset">;
  lists: ReadonlyMap<string, ShellList>;
  /** Names whose values the programs that are started see. */
  exported: ReadonlySet<string>;
  /** After `set -a`, when all that is assigned is exported. */
  exportsAll: boolean;
  /** What `pushd` left to come back to, the last one first. */
  directories: readonly string[];
  functions: ReadonlyMap<string, { readonly definition: FunctionDefinition; readonly script: ScriptText }>;
  positional: readonly SymbolicValue[] | undefined;
}

/** The image that a reference names now. */
export function imageOf(world: World, reference: string): string {
  const key = imageKey(reference);
  return world.images.get(key) ?? key;
}

/** A variable with a value, in a copy. */
export function assigned(
  shell: Shell,
  name: string,
  value: SymbolicValue | "unset",
): ReadonlyMap<string, SymbolicValue | "unset"> {
  return new Map(shell.variables).set(name, value);
}

/** A shell's variables and arrays after one of several branches ran. */
export function mergedState(shells: readonly Shell[]): Pick<Shell, "variables" | "lists"> {
  const variables = mergedVariables(shells.map((shell) => shell.variables));
  const [first, ...others] = shells;
  const lists = new Map<string, ShellList>();
  const differ = new Map(variables);
  for (const name of new Set(shells.flatMap((shell) => [...shell.lists.keys()]))) {
    const list = first?.lists.get(name);
    if (list !== undefined && others.every((shell) => sameList(shell.lists.get(name), list))) lists.set(name, list);
    else differ.set(name, [{ kind: "unknown", source: `$${name}`, name }]);
  }
  return { variables: differ, lists };
}

function sameList(a: ShellList | undefined, b: ShellList): boolean {
  return a === b || (a !== undefined && a.open === b.open && same([...a.elements].flat(2), [...b.elements].flat(2)));
}

/**
 * The variables after one of several branches ran: a value that not all agree on is known by the variable's name only.
 */
function mergedVariables(
  branches: readonly ReadonlyMap<string, SymbolicValue | "unset">[],
): ReadonlyMap<string, SymbolicValue | "unset"> {
  const [first, ...others] = branches;
  if (first === undefined) return new Map();
  const merged = new Map(first);
  for (const name of new Set(branches.flatMap((variables) => [...variables.keys()]))) {
    const agree = others.every((variables) => same(variables.get(name), first.get(name)));
    if (!agree) merged.set(name, [{ kind: "unknown", source: `$${name}`, name }]);
  }
  return merged;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
