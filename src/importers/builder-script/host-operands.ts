/**
 * The words of a host command: options, their values, and what is left.
 *
 *     cp -rt deploy a b          flags { r }, values { t → deploy }, operands a b
 *     install -m755 -D app bin/  flags { D }, values { m → 755 }, operands app bin/
 *
 * Which options take a value is for each command to say. What is not decided here: what the command does with them.
 */
import { posix } from "node:path";
import { type Field, withoutLeading } from "../../shell/symbolic.ts";
import type { CommandContext, Done } from "./command-context.ts";
import { exists, type HostNode, type HostTree, look, type Step, shapeOf } from "./host-tree.ts";
import type { Effect } from "./trace.ts";
import { absolutePath, fieldKey } from "./values.ts";

/** Options that take the next word as their value: single letters, and long names without dashes. */
export interface ValueOptions {
  readonly letters: string;
  readonly names: readonly string[];
}

/** The words of a command, sorted. Long options stand under their names, short ones under their letters. */
export interface Words {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, Field>;
  readonly operands: readonly Field[];
}

/** Sorts words as getopt does: options may follow operands, and end at `--`. */
export function readWords(fields: readonly Field[], options: ValueOptions): Words {
  const flags = new Set<string>();
  const values = new Map<string, Field>();
  const operands: Field[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as Field;
    const key = fieldKey(field);
    const next = fields[at + 1];
    if (key === "--") return { flags, values, operands: [...operands, ...fields.slice(at + 1)] };
    if (key.startsWith("--")) at += readLong(field, key, next, options, flags, values);
    else if (/^-./.test(key)) at += readShort(field, key, next, options, flags, values);
    else operands.push(field);
  }
  return { flags, values, operands };
}

/** Reads one long option; gives the number of words taken besides its own. */
function readLong(
  field: Field,
  key: string,
  next: Field | undefined,
  { names }: ValueOptions,
  flags: Set<string>,
  values: Map<string, Field>,
): number {
  const equals = key.indexOf("=");
  if (equals > 0) values.set(key.slice(2, equals), withoutLeading(field, equals + 1));
  else if (names.includes(key.slice(2)) && next !== undefined) {
    values.set(key.slice(2), next);
    return 1;
  } else flags.add(key.slice(2));
  return 0;
}

function readShort(
  field: Field,
  key: string,
  next: Field | undefined,
  { letters }: ValueOptions,
  flags: Set<string>,
  values: Map<string, Field>,
): number {
  for (let at = 1; at < key.length; at += 1) {
    const letter = key[at] ?? "";
    if (!letters.includes(letter)) {
      flags.add(letter);
      continue;
    }
    if (at + 1 < key.length) values.set(letter, withoutLeading(field, at + 1));
    else if (next !== undefined) {
      values.set(letter, next);
      return 1;
    }
    return 0;
  }
  return 0;
}

/** The absolute path that an operand names. */
export function absolute(field: Field, { shell }: CommandContext): string {
  return absolutePath(shell.cwd, fieldKey(field));
}

/** A command that did what `effects` say and left the host as `host`. */
export function done(effects: readonly Effect[], host: HostTree, { world }: CommandContext): Done {
  return { effects, truth: true, output: [], world: { ...world, host } };
}

/** A thing that is there since a step, and of which nothing more is known. */
export function made(step: Step): HostNode {
  return { kind: "made", shape: "unknown", presumed: false, by: [step] };
}

/** What is left where something was taken away; remembers whether the checkout had it. */
export function gone(node: HostNode): HostNode {
  return node.kind === "checkout" ? { kind: "absent", removed: true } : { kind: "absent" };
}

/** The directories that paths stand in, as they were before. */
export function directoriesOf(host: HostTree, paths: readonly string[]): readonly HostNode[] {
  return paths.map((path) => look(host, posix.dirname(path)));
}

/** `dir/.` and, where the names in it are not known, `dir/*` stand for what is in the directory. */
export function readSource(
  host: HostTree,
  key: string,
  { shell }: CommandContext,
): { readonly path: string; readonly contents: boolean } {
  const [, before] = /^(.*)\/(?:\.|\*)$/.exec(key) ?? [];
  if (before !== undefined && shapeOf(host.files, look(host, absolutePath(shell.cwd, before))) !== "file") {
    return { path: absolutePath(shell.cwd, before), contents: true };
  }
  return { path: absolutePath(shell.cwd, key), contents: /^\.\.?$/.test(key) };
}

/** Whether something that is no file stands at a path. */
export function isDirectoryAt(host: HostTree, path: string): boolean {
  const node = look(host, path);
  return exists(node) && shapeOf(host.files, node) !== "file";
}
