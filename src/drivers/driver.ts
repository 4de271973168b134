/**
 * What drives a legacy build: a file with shell commands in it, and the ways in which people start them.
 *
 *     build.sh                 one entry, the script itself
 *     Makefile                 one entry for each goal that people call, with the recipes of its prerequisites before its own
 *     .gitlab-ci.yml           one entry for each job
 *
 * Readers of such files only find commands and their places; what the commands do is for the interpreter of builder scripts.
 */
import type { ProjectFiles } from "../model/project-files.ts";
import type { SymbolicValue } from "../shell/symbolic.ts";
import type { ShellNode, ShellScript } from "../shell/syntax.ts";
import type { TextEdit } from "../text/edits.ts";
import type { HostPath } from "../text/paths.ts";
import type { SourceFile } from "../text/source.ts";

/** Commands of one file that run in one shell, one after another. Ranges count in `source`. */
export interface ScriptText {
  readonly source: SourceFile;
  readonly statements: readonly ShellNode[];
  /** What the shell would reject. */
  readonly problems?: ShellScript["problems"];
  /** True where they go on in the shell of the unit before. */
  readonly continues?: boolean;
  /** The directory that they start in, from the project's root; absent where the entry tells. */
  readonly cwd?: SymbolicValue;
  /** What is set before the first of them. */
  readonly variables?: ReadonlyMap<string, SymbolicValue>;
  /** Variables that hold the path of the checkout, such as `GITHUB_WORKSPACE`. */
  readonly roots?: readonly string[];
  /** Shell text as it has to be written at a place of the file; absent where that is the same. */
  readonly write?: (text: string, at: number) => string;
}

/** One way to start a driver. Every entry begins with a clean checkout and no images or containers. */
export interface DriverEntry {
  /** How people call it: `image` for a goal, `build` for a job; "" for a script. */
  readonly name: string;
  /** Run in order, each in a shell of its own. */
  readonly units: readonly ScriptText[];
  /** The directory that the commands start in; absent where that has to be found out. */
  readonly cwd?: HostPath;
}

export interface Driver {
  readonly source: SourceFile;
  readonly entries: readonly DriverEntry[];
  /**
   * False where the file only tells people what to type (a README, a comment): nothing is rewritten in it, and what it says is
   * likely at best.
   */
  readonly runs: boolean;
}

/** Reads one kind of driver. */
export interface DriverReader {
  /** Kebab-case: `shell-script`, `makefile`. */
  readonly name: string;
  /** Whether a file may be such a driver, by its path alone. */
  readonly accepts: (path: HostPath) => boolean;
  /** `undefined` where the file drives nothing. */
  readonly read: (files: ProjectFiles, source: SourceFile) => Driver | undefined;
  /** What else has to change with edits of its commands; absent where nothing ever has, and the file is a shell script. */
  readonly settle?: (source: SourceFile, edits: readonly TextEdit[]) => Settled;
}

/** All edits of a file together, or why it would no longer be a file of its kind. */
export type Settled =
  | { readonly kind: "edits"; readonly added: readonly TextEdit[] }
  | { readonly kind: "broken"; readonly problem: string };
