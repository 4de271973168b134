/**
 * What walks a script, as far as loops and branches need it: interpreter.ts without its inside.
 *
 *     walker.list(body)     // runs statements in the state as it is, and changes it
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { Scope } from "../../shell/scope.ts";
import type { Field } from "../../shell/symbolic.ts";
import type { ShellNode, Word } from "../../shell/syntax.ts";
import type { Outcome } from "./outcome.ts";
import type { Shell, World } from "./world.ts";

/** Something that only a real run decides, and that was taken for granted. */
export interface Assumed {
  readonly node: ShellNode;
  readonly script: ScriptText;
  /** The branch that builds, or a call without arguments. */
  readonly what: "branch" | "arguments";
}

/** Branches of which a real run takes one. */
export interface Branches {
  readonly bodies: readonly (readonly ShellNode[])[];
  /** One of them runs for sure; else none may. */
  readonly complete?: boolean;
  /** Which one a call without arguments takes; "none" where it takes none of them. */
  readonly plain?: number | "none" | undefined;
}

export interface Walker {
  world: World;
  shell: Shell;
  /** True when no more work may be done. */
  readonly exhausted: boolean;
  /** How far standard input has been read. */
  readonly position: number;
  scope(): Scope;
  fields(words: readonly Word[]): readonly Field[];
  node(node: ShellNode): Outcome;
  list(nodes: readonly ShellNode[]): Outcome;
  /** Runs all branches, and goes on from the one that builds. */
  uncertain(node: ShellNode, branches: Branches): Outcome;
  assume(node: ShellNode, what: Assumed["what"]): void;
}
