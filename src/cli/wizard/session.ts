/** What one walk through the wizard has settled so far, and how it speaks. */
import type { Answers } from "../../model/decision.ts";
import type { Migration } from "../../model/migration.ts";
import { wrapLine } from "../../text/wrap.ts";
import type { Host } from "../host.ts";
import type { Project } from "../prepare.ts";
import type { Asker } from "./asker.ts";

export interface WizardOptions {
  readonly plain: boolean;
  /** Lines of the terminal. */
  readonly rows: number;
}

export interface Session {
  readonly host: Host;
  readonly asker: Asker;
  readonly project: Project;
  readonly options: WizardOptions;
  /** By setup, over what files say. */
  answers: Answers;
  /** What the answers came to. */
  last?: { readonly answers: Answers; readonly migrations: readonly Migration[] };
  /** Whether something was written. */
  wrote: boolean;
}

/** Lines of prose, as wide as the terminal allows. */
export function say({ host }: Session, lines: readonly string[]): void {
  const width = Math.min(host.stdout.columns, 100);
  for (const line of lines) for (const part of wrapLine(line, width, 0)) host.stdout.write(`${part}\n`);
}
