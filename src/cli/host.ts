/**
 * What a command sees of the world: streams, the working directory, the environment. main.ts makes it of `process`, tests of
 * strings.
 */
import type { Connection } from "../engine/engine.ts";
import type { MigrateOptions, MigrateResult } from "../migrate.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import type { Asker } from "./wizard/asker.ts";

export interface OutputStream {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Lines of a terminal. */
  readonly rows?: number;
}

export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Asks a yes-or-no question, "no" by default; absent where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** The questions of the wizard; absent where nobody can answer. */
  readonly ask?: (options: { readonly plain: boolean; readonly rows: number }) => Promise<Asker>;
  /** Calls back when the user or the system asks to end (Ctrl-C); what is returned takes the callback off again. */
  readonly onInterrupt: (callback: () => void) => () => void;
  /** A container engine, or why there is none. */
  readonly connectEngine: (options: { readonly runId: string }) => Promise<Connection>;
  /** The pipeline, loaded when it is first needed. */
  readonly loadMigrate: () => Promise<(files: ProjectFiles, options?: MigrateOptions) => MigrateResult>;
}

/** Whether to colour what goes to a stream (https://no-color.org/; FORCE_COLOR as Node reads it). */
export function usesColor({ env }: Host, stream: OutputStream): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return !["0", "false"].includes(forced);
  return stream.isTerminal && env.TERM !== "dumb";
}
