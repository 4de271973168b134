/**
 * `restage migrate --observe`: builds and runs the old images of fat Dockerfiles, and plans once more with what they show.
 *
 * What is not decided here: what counts as shown (verify/evidence-of-images.ts), and what the plan makes of it (the importers).
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineLostError } from "../engine/engine-lost.ts";
import { newRunId } from "../engine/run-id.ts";
import type { MigrateResult } from "../migrate.ts";
import type { Evidence, SetupEvidence } from "../model/evidence.ts";
import type { Migration } from "../model/migration.ts";
import { openScratch } from "../project/scratch.ts";
import { visibleLine } from "../text/visible.ts";
import { announcedBuild } from "../verify/announce.ts";
import { evidenceOf } from "../verify/evidence-of-images.ts";
import type { MigrateArguments } from "./arguments.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import type { Project } from "./prepare.ts";
import { type VerifyChoices, verifyChoices } from "./verify-options.ts";
import { verifyWorld } from "./verify-world.ts";

export type ObservedResult =
  | { readonly ok: true; readonly result: MigrateResult; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly exit: ExitCode };

/** `first` is the result without an engine; `again` plans with evidence. */
export async function observeImages(
  command: MigrateArguments,
  host: Host,
  project: Project,
  first: MigrateResult,
  again: (evidence: Evidence) => MigrateResult,
): Promise<ObservedResult> {
  const choices = verifyChoices({ given: command.networks }, project.verify);
  if (typeof choices === "string") return failed(usage(choices), EXIT.usage);
  const wanted = first.migrations.filter(
    ({ kind, recipe, changes }) => kind === "fat-dockerfile" && recipe !== undefined && changes.length > 0,
  );
  if (wanted.length === 0) return { ok: true, result: first, warnings: [] };
  const connected = await host.connectEngine({ runId: newRunId() });
  if (!connected.ok) return failed(diagnostic("engine-missing", { problem: connected.problem }), EXIT.engineMissing);
  const { engine } = connected;
  try {
    const agreed = await isAgreed(command, host, wanted, choices, engine);
    if (agreed === "nobody") return failed(diagnostic("confirmation-missing", {}), EXIT.usage);
    if (!agreed) return failed(diagnostic("observation-declined", {}), EXIT.usage);
    return await observeAll(command, host, { project, choices, engine, wanted, again });
  } catch (error) {
    if (!(error instanceof EngineLostError)) throw error;
    return failed(diagnostic("engine-lost", { problem: error.message }), EXIT.engineMissing);
  } finally {
    await engine.close();
  }
}

function usage(problem: string): Diagnostic {
  return diagnostic("command-line-invalid", { problem, command: "migrate" });
}

function failed(problem: Diagnostic, exit: ExitCode): ObservedResult {
  return { ok: false, diagnostics: [problem], exit };
}

async function isAgreed(
  { yes }: MigrateArguments,
  host: Host,
  wanted: readonly Migration[],
  { buildNetwork, runNetwork }: VerifyChoices,
  { facts }: Engine,
): Promise<boolean | "nobody"> {
  const lines = wanted.flatMap(({ id, recipe }) => (recipe === undefined ? [] : announcedBuild(id, recipe)));
  const networks = `networks: ${buildNetwork} for builds, ${runNetwork} for containers`;
  const said = [
    `engine: ${facts.summary}`,
    ...lines,
    networks,
    "all of it in scratch copies; what is built is removed",
  ];
  host.stderr.write(`${said.map(visibleLine).join("\n")}\n`);
  if (yes) return true;
  return host.confirm === undefined ? "nobody" : host.confirm("Build and run this now?");
}

interface Run {
  readonly project: Project;
  readonly choices: VerifyChoices;
  readonly engine: Engine;
  readonly wanted: readonly Migration[];
  readonly again: (evidence: Evidence) => MigrateResult;
}

async function observeAll(
  { json }: MigrateArguments,
  host: Host,
  { project, choices, engine, wanted, again }: Run,
): Promise<ObservedResult> {
  const interrupted = new AbortController();
  const release = host.onInterrupt(() => interrupted.abort());
  const scratch = openScratch();
  const progress = (message: string): void => {
    if (!json) host.stderr.write(`${visibleLine(message)} …\n`);
  };
  try {
    const evidence: Record<string, SetupEvidence> = {};
    const warnings: Diagnostic[] = [];
    for (const migration of wanted) {
      const { signal } = interrupted;
      const sides = { before: project.root, told: "the working tree" };
      const world = verifyWorld(migration, {
        ...{ engine, scratch, sides, files: project.files, choices, signal, progress },
        ...{ runsScript: false, cached: false, env: host.env, sleep: host.sleep },
      });
      const found = await evidenceOf(migration, { ...world, build: world.before(undefined) });
      if (signal.aborted) return failed(diagnostic("verification-interrupted", {}), EXIT.interrupted);
      if ("needs" in found) evidence[migration.id] = found;
      else warnings.push(diagnostic("observation-failed", { setup: migration.id, problem: found.problem }));
    }
    return { ok: true, result: again(evidence), warnings };
  } finally {
    scratch.close();
    release();
  }
}
