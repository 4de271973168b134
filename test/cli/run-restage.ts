/** Runs the command line in this process, with streams of strings and, where a test wants, a pipeline of its own. */
import type { Host } from "../../src/cli/host.ts";
import { run } from "../../src/cli/run.ts";
import type { Connection } from "../../src/engine/engine.ts";
import type { MigrateOptions, MigrateResult } from "../../src/migrate.ts";
import type { Migration } from "../../src/model/migration.ts";
import type { ProjectFiles } from "../../src/model/project-files.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly confirm?: Host["confirm"];
  readonly ask?: Host["ask"];
  readonly onInterrupt?: Host["onInterrupt"];
  readonly engine?: Connection;
  readonly migrate?: (files: ProjectFiles, options?: MigrateOptions) => MigrateResult;
}

export async function restage(argv: readonly string[], around: Surroundings = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal: around.terminal ?? false,
    columns: around.columns ?? 100,
  });
  const code = await run(argv, {
    cwd: around.cwd ?? "/",
    env: around.env ?? {},
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    sleep: async () => undefined,
    now: Date.now,
    ...(around.confirm === undefined ? {} : { confirm: around.confirm }),
    ...(around.ask === undefined ? {} : { ask: around.ask }),
    onInterrupt: around.onInterrupt ?? (() => () => undefined),
    connectEngine: async () => around.engine ?? { ok: false, problem: "there is none in this test" },
    loadMigrate: async () => around.migrate ?? (await import("../../src/migrate.ts")).migrate,
  });
  return { code, ...written };
}

/** A migration that says nothing but what a test gives. */
export function migration(given: Partial<Migration>): Migration {
  return {
    id: "fat-dockerfile:Dockerfile",
    kind: "fat-dockerfile",
    verdict: "migrated",
    summary: "Two stages take the place of one.",
    sources: [],
    stages: [],
    outputs: [],
    flows: [],
    decisions: [],
    diagnostics: [],
    changes: [],
    diff: "",
    explanation: [],
    removed: [],
    ...given,
  };
}
