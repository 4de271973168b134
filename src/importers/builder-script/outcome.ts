/** What a command or a list of commands answers. */
import type { SymbolicValue } from "../../shell/symbolic.ts";
import type { Truth } from "./conditions.ts";

/** Why a list of commands was left before its end. */
export type Leaving = "exit" | "return" | "break" | "continue";

/** What a command answers. `output` is what it prints, where that is known. */
export interface Outcome {
  readonly truth: Truth;
  /** True where it may as well fail, so that a condition on it is not decided. */
  readonly doubtful?: boolean | undefined;
  readonly output?: SymbolicValue | undefined;
  readonly leaving?: Leaving | undefined;
}

/** What a command answers that worked and printed nothing. */
export const SUCCESS: Outcome = { truth: true, output: [] };
