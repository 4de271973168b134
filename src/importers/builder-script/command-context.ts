/**
 * What a command is read in, and what comes of it.
 *
 *     cd api      { effects: [plain], truth: true, output: [], shell: { cwd: "…/api" } }
 *
 * What each command does is decided in commands.ts and the files that it calls.
 */
import type { ScriptText } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { Scope } from "../../shell/scope.ts";
import type { Field, SymbolicValue } from "../../shell/symbolic.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import type { HostPath } from "../../text/paths.ts";
import type { Truth } from "./conditions.ts";
import type { HostNode, HostTree } from "./host-tree.ts";
import type { TextInput } from "./standard-input.ts";
import type { Effect, Visit } from "./trace.ts";
import type { Shell, World } from "./world.ts";

/** What a command is read in. */
export interface CommandContext {
  readonly files: ProjectFiles;
  readonly world: World;
  readonly shell: Shell;
  readonly script: ScriptText;
  readonly step: number;
  readonly node: SimpleCommand;
  readonly fields: readonly Field[];
  /** What a pipe brings in, or `< file`, where that is known. */
  readonly input: HostNode | undefined;
  /** True where a pipe takes what it prints. */
  readonly piped: boolean;
  /** Runs commands in another world, such as a container's, as part of this command. */
  readonly inside: (script: ScriptText, start: InsideStart) => Inside;
  /** Set for a build whose image is not that of an earlier build of the same file and context. */
  readonly ordinal: number | undefined;
  /** The directory of the checkout that an absolute path shows here: inside a container, what is mounted or copied there. */
  readonly checkoutAt: (path: string) => HostPath | undefined;
  /** Text on standard input, where that is known. */
  readonly stdin: TextInput | undefined;
  readonly scope: Scope;
}

export interface InsideStart {
  readonly world: World;
  readonly cwd: string;
  readonly variables: ReadonlyMap<string, SymbolicValue | "unset">;
  /** What stands at a path that something was put at, in that world's own terms. */
  readonly settled: (host: HostTree, path: string, moved: boolean) => HostTree;
  /** The directory of the checkout that a path of that world shows. */
  readonly checkoutAt: (path: string) => HostPath | undefined;
}

/** What commands in another world came to. */
export interface Inside {
  readonly visits: readonly Visit[];
  readonly world: World;
  readonly stream: HostNode | undefined;
}

export interface Done {
  readonly effects: readonly Effect[];
  readonly truth: Truth;
  /** True where it may as well fail: a condition on it is not decided. */
  readonly doubtful?: boolean;
  /** What it prints as text; absent where that is not known. */
  readonly output?: SymbolicValue | undefined;
  /** What it prints as data, such as an archive. */
  readonly stream?: HostNode | undefined;
  readonly world?: World | undefined;
  readonly shell?: Partial<Shell>;
  readonly leaving?: "exit" | "return" | "break" | "continue";
  /** Other commands that run now, with what they run in. */
  readonly called?: ScriptCall;
}

/** Commands of another place that a command runs: a sourced file, a script, the goals of a Makefile. */
export interface ScriptCall {
  /** One after another; with `apart`, each in a shell of its own. */
  readonly units: readonly ScriptText[];
  /** True where they run in a process of their own, so that only files, containers and images outlast them. */
  readonly apart: boolean;
  /** Absolute; absent where it is the caller's. */
  readonly cwd?: string;
  /** `$1`, `$2` …; absent where they are the caller's. */
  readonly positional?: readonly SymbolicValue[];
  /** What is set for them besides the caller's exported variables. */
  readonly variables?: ReadonlyMap<string, SymbolicValue | "unset">;
}

export const PLAIN: Done = { effects: [{ kind: "plain" }], truth: true, output: [] };
