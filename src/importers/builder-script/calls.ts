/**
 * Calls: of the functions that a script defines, and of other scripts.
 *
 *     build() { local tag=$1; docker build -t "$tag" .; }; build app      $1 is "app", and tag is gone afterwards
 *     . ./settings.sh                                                     runs in this shell
 *     sh api/build.sh                                                     files, containers and images outlast it
 */
import type { ScriptText } from "../../drivers/driver.ts";
import { type Field, fieldValue, type SymbolicValue } from "../../shell/symbolic.ts";
import type { Assignment, FunctionDefinition, SimpleCommand } from "../../shell/syntax.ts";
import type { ScriptCall } from "./command-context.ts";
import { processShell } from "./fresh-shell.ts";
import { type Outcome, SUCCESS } from "./outcome.ts";
import type { Effect } from "./trace.ts";
import type { Trap } from "./traps.ts";
import { declaredNames, isGiven } from "./variables.ts";
import type { Walker } from "./walker.ts";
import type { ShellList } from "./world.ts";

const DEEPEST_CALL = 20;

/** What a function's `local` hides until the function ends. */
type Frame = Map<string, { readonly value: SymbolicValue | "unset" | undefined; readonly list: ShellList | undefined }>;

/** Where a run is: in which script, called by which commands, and inside which functions. */
export interface CallPlace {
  readonly script: ScriptText;
  readonly calls: readonly SimpleCommand[];
  readonly frames: readonly Frame[];
}

/** What walks a script, as far as calls need it. */
export interface Caller extends Walker {
  place: CallPlace;
  readonly traps: readonly Trap[];
  /** Makes a command one of the visits. */
  record(node: SimpleCommand, effects: readonly Effect[], outcome: Outcome): Outcome;
  assign(assignment: Assignment): void;
  /** Runs what was left in `trap` since there were `before` of them. */
  runTraps(before: number): void;
}

/** Runs a function that the script defines. */
export function callFunction(
  caller: Caller,
  node: SimpleCommand,
  called: { readonly definition: FunctionDefinition; readonly script: ScriptText },
  fields: readonly Field[],
): Outcome {
  const before = caller.place;
  if (before.calls.length >= DEEPEST_CALL) return { truth: undefined, leaving: "exit" };
  caller.record(node, [{ kind: "call", name: called.definition.name }], SUCCESS);
  const { positional, variables, lists } = caller.shell;
  const prefix = node.assignments.filter((assignment) => assignment.value !== undefined);
  const frame: Frame = new Map(
    prefix.map(({ name }) => [name, { value: variables.get(name), list: lists.get(name) }] as const),
  );
  for (const assignment of prefix) caller.assign(assignment);
  caller.shell.positional = argumentsOf(fields.slice(1));
  caller.place = { script: called.script, calls: [...before.calls, node], frames: [...before.frames, frame] };
  const outcome = caller.list(called.definition.body);
  endFrame(caller, frame);
  caller.shell.positional = positional;
  caller.place = before;
  return outcome.leaving === "exit" ? outcome : { truth: outcome.truth, output: outcome.output };
}

/** Gives variables back what `local` hid. */
function endFrame({ shell }: Caller, frame: Frame): void {
  const variables = new Map(shell.variables);
  const lists = new Map(shell.lists);
  for (const [name, { value, list }] of frame) {
    if (value === undefined) variables.delete(name);
    else variables.set(name, value);
    if (list === undefined) lists.delete(name);
    else lists.set(name, list);
  }
  shell.variables = variables;
  shell.lists = lists;
}

/** Runs commands of another place. */
export function runCalled(caller: Caller, node: SimpleCommand, called: ScriptCall): Outcome {
  const { place, shell } = caller;
  if (place.calls.length >= DEEPEST_CALL) return { truth: undefined };
  caller.record(node, [{ kind: "call", name: "", units: called.units }], SUCCESS);
  const { positional } = shell;
  const calls = [...place.calls, node];
  let outcome: Outcome = SUCCESS;
  for (const unit of called.units) {
    caller.place = { script: unit, calls, frames: called.apart ? [] : place.frames };
    if (called.apart) caller.shell = processShell(unit, called, shell);
    else if (called.positional !== undefined) caller.shell.positional = called.positional;
    const { length } = caller.traps;
    outcome = caller.list(unit.statements);
    if (called.apart) caller.runTraps(length);
  }
  caller.place = place;
  if (called.apart) caller.shell = shell;
  else if (called.positional !== undefined) caller.shell.positional = positional;
  const ends = outcome.leaving === "exit" && !called.apart;
  return ends ? outcome : { truth: outcome.truth, output: outcome.output };
}

/** Remembers what `local` hides. */
export function hideLocals(
  { place, shell }: Caller,
  name: string,
  node: SimpleCommand,
  fields: readonly Field[],
): void {
  const frame = name === "export" || name === "readonly" ? undefined : place.frames.at(-1);
  if (frame === undefined) return;
  for (const local of declaredNames(fields.slice(1), node)) {
    if (!frame.has(local)) frame.set(local, { value: shell.variables.get(local), list: shell.lists.get(local) });
  }
}

/** Where the arguments of a function are those that only the driver's caller knows, they stay so; elsewhere there are none of them. */
function argumentsOf(fields: readonly Field[]): readonly SymbolicValue[] | undefined {
  const known = fields.filter((field) => !isGiven(field));
  return known.length < fields.length && known.length === 0 ? undefined : known.map(fieldValue);
}
