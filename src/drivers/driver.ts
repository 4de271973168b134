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
import type { Range, SourceFile } from "../text/source.ts";

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
  /** False where the text was put together by the run, so that ranges are those of the command that did. */
  readonly rewritable?: boolean;
  /** Set where inputs of a step describe a build, which the commands only stand for: the inputs are what is changed. */
  readonly described?: Range;
  /** Values in the commands that whoever starts the driver can set. */
  readonly settable?: SettableValues;
  /** Variables that the driver hands to the commands in their environment. */
  readonly environment?: ReadonlyMap<string, string>;
}

/** The same commands with variables in the place of values that can be set from outside, and what the driver says these hold. */
export interface SettableValues {
  readonly statements: readonly ShellNode[];
  readonly values: ReadonlyMap<string, string>;
}

/** A file that the driver's own syntax names, outside of commands: a prerequisite or target of a rule. */
export interface FileMention {
  readonly source: SourceFile;
  readonly range: Range;
  readonly path: HostPath;
  /** `needs`: the driver fails where the file is not there. `makes`: it says how to make it. */
  readonly role: "makes" | "needs";
  /** True where another name may stand in the place of the word. */
  readonly replaceable: boolean;
  /** What names in that place count from, and those that stand beside it. */
  readonly directory: HostPath;
  readonly beside: readonly string[];
}

export interface UnreadPlace {
  readonly source: SourceFile;
  readonly range: Range;
  /** Why it is not read. */
  readonly reason: string;
}

/** One way to start a driver. Every entry begins with a clean checkout and no images or containers. */
export interface DriverEntry {
  /** How people call it: `image` for a goal, `build` for a job; "" for a script. */
  readonly name: string;
  /** Commands of the host that are left out, since a container of the driver runs the very same ones. */
  readonly compiled?: readonly { readonly source: SourceFile; readonly range: Range }[];
  /** Run in order, each in a shell of its own. */
  readonly units: readonly ScriptText[];
  /** The directory that the commands start in; absent where that has to be found out. */
  readonly cwd?: HostPath;
  /** Files that have to be there before, and that neither the checkout has nor the driver says how to make. */
  readonly needs?: readonly HostPath[];
  /** What variables are taken to hold that only the environment or the caller sets. */
  readonly pinned?: ReadonlyMap<string, SymbolicValue>;
}

export interface Driver {
  readonly source: SourceFile;
  readonly entries: readonly DriverEntry[];
  /** Ways to start a part of an entry, which count where another entry needs what they leave behind. */
  readonly parts?: readonly DriverEntry[];
  /** Files that it names and that its commands may not. */
  readonly mentions?: readonly FileMention[];
  /** Places where the environment decides what counts of the file, which was taken to be empty. */
  readonly assumed?: readonly { readonly source: SourceFile; readonly range: Range }[];
  /** Places outside of commands that build images, or may, in a way that is not read. */
  readonly unread?: readonly UnreadPlace[];
  /** The places of builds whose Dockerfile depends on what is pinned. */
  readonly chosen?: ReadonlySet<string>;
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
  | {
      readonly kind: "edits";
      readonly added: readonly TextEdit[];
      /** Edits among the given ones that others of `added` stand for. */
      readonly replaced?: readonly TextEdit[];
    }
  | { readonly kind: "broken"; readonly problem: string };
