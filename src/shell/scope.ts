/**
 * What the words of a script may ask for while they are evaluated.
 *
 *     { lookup: (name) => variables.get(name), substitute: () => undefined }     // knows some variables, runs nothing
 */
import type { SymbolicValue } from "./symbolic.ts";
import type { ShellScript } from "./syntax.ts";

/** What a word may ask for. */
export interface Scope {
  /** A variable's value; `[]` where it is set to nothing, "unset", or `undefined` where the environment decides. */
  readonly lookup: (name: string) => SymbolicValue | "unset" | undefined;
  /** `$1`, `$2` …; absent where the caller of the script decides. */
  readonly positional?: readonly SymbolicValue[];
  /** What `$(…)` prints; `undefined` where that is not known. Final line ends are taken off here. */
  readonly substitute: (script: ShellScript, source: string) => SymbolicValue | undefined;
  /** Called for `${NAME:=word}` where it assigns. */
  readonly assign?: (name: string, value: SymbolicValue) => void;
}
