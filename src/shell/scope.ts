/**
 * What the words of a script may ask for while they are evaluated.
 *
 *     { lookup: (name) => variables.get(name), substitute: () => undefined }     // knows some variables, runs nothing
 */
import type { SymbolicList, SymbolicValue } from "./symbolic.ts";
import type { ShellScript } from "./syntax.ts";

/** What a word may ask for. */
export interface Scope {
  /** A variable's value; `[]` where it is set to nothing, "unset", or `undefined` where the environment decides. */
  readonly lookup: (name: string) => SymbolicValue | "unset" | undefined;
  /** An array; `undefined` where the variable holds none, or one that is not known. */
  readonly list?: (name: string) => SymbolicList | undefined;
  /** `$1`, `$2` …; absent where the caller of the script decides. */
  readonly positional?: readonly SymbolicValue[];
  /** True where the shell expands braces: bash and zsh do, sh need not. */
  readonly expandsBraces?: boolean;
  /** What `$(…)` prints; `undefined` where that is not known. Final line ends are taken off here. */
  readonly substitute: (script: ShellScript, source: string) => SymbolicValue | undefined;
  /** Whether text that an operator made of known text is what a run sees; absent where all of it is. */
  readonly isSeen?: (made: SymbolicValue) => boolean;
  /** Called for `${NAME:=word}` and arithmetic where they assign. */
  readonly assign?: (name: string, value: SymbolicValue) => void;
}
