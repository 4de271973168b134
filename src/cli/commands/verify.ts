/**
 * `restage verify`: builds before and after with a container engine, compares them, and runs both.
 *
 *     restage verify             says what it will do, and asks
 *     restage verify --yes       for CI: exit code 0 only when everything is equal and works
 *
 * The checkout is never changed, but for `--repair --write`. What is not decided here: what is compared (verify/), and how an
 * engine is talked to (engine/).
 */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Engine } from "../../engine/engine.ts";
import { EngineLostError } from "../../engine/engine-lost.ts";
import { newRunId } from "../../engine/run-id.ts";
import type { MigrateResult } from "../../migrate.ts";
import type { Migration } from "../../model/migration.ts";
import type { Verification } from "../../model/verification.ts";
import { openScratch, type Scratch } from "../../project/scratch.ts";
import { readSides, type Sides } from "../../project/sides.ts";
import { visibleLine } from "../../text/visible.ts";
import { announcement } from "../../verify/announce.ts";
import { verificationsToHtml } from "../../verify/to-html.ts";
import { verificationToText } from "../../verify/to-text.ts";
import { verifyMigration } from "../../verify/verify.ts";
import type { VerifyArguments } from "../arguments.ts";
import { printDocument, printMigrations } from "../document.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Host, usesColor } from "../host.ts";
import { type Project, prepare } from "../prepare.ts";
import { locateAll, reportDiagnostics, sourcesOf } from "../report.ts";
import { optionConflict, type VerifyChoices, verifyChoices } from "../verify-options.ts";
import { verifyWorld } from "../verify-world.ts";

export async function runVerify(command: VerifyArguments, host: Host): Promise<ExitCode> {
  const conflict = optionConflict(command);
  if (conflict !== undefined) return fail(command, host, [usage(conflict)], EXIT.usage);
  if (command.prune) return prune(command, host);
  const prepared = await prepare(host, command.directory, command, { writes: command.write });
  if (!prepared.ok) return fail(command, host, prepared.diagnostics, EXIT.usage, prepared.files, prepared.sources);
  const { project } = prepared;
  const choices = verifyChoices(command, project.verify);
  if (typeof choices === "string") return fail(command, host, [usage(choices)], EXIT.usage);
  const scratch = openScratch();
  try {
    return await inScratch(command, host, project, choices, scratch);
  } finally {
    scratch.close();
  }
}

function usage(problem: string): Diagnostic {
  return diagnostic("command-line-invalid", { problem, command: "verify" });
}

function fail(
  { json }: VerifyArguments,
  host: Host,
  diagnostics: readonly Diagnostic[],
  exit: ExitCode,
  files?: Project["files"],
  sources: Parameters<typeof sourcesOf>[1] = [],
): ExitCode {
  const sourceOf = sourcesOf(files, sources);
  const located = locateAll(diagnostics, sourceOf);
  if (json) printMigrations(host, { diagnostics: located, migrations: [] });
  else reportDiagnostics(host, located, sourceOf);
  return exit;
}

async function prune({ json }: VerifyArguments, host: Host): Promise<ExitCode> {
  const connected = await host.connectEngine({ runId: "prune" });
  if (!connected.ok)
    return fail(
      { json } as VerifyArguments,
      host,
      [diagnostic("engine-missing", { problem: connected.problem })],
      EXIT.engineMissing,
    );
  const removed = await connected.engine.prune();
  const { containers, images, volumes } = removed;
  if (json) printDocument(host, { removed });
  else host.stdout.write(`removed ${containers} containers, ${images} images and ${volumes} volumes of earlier runs\n`);
  return EXIT.done;
}

async function inScratch(
  command: VerifyArguments,
  host: Host,
  project: Project,
  choices: VerifyChoices,
  scratch: Scratch,
): Promise<ExitCode> {
  const { given } = command;
  const after = given.after === undefined ? undefined : realDirectory(resolve(host.cwd, given.after));
  if (after === "missing")
    return fail(command, host, [usage(`the directory "${given.after}" is not there`)], EXIT.usage);
  const found = readSides(project.root, scratch, { before: given.before, after });
  if (!found.ok) return fail(command, host, [usage(found.problem)], EXIT.usage);
  const { sides } = found;
  // A new plan is no state of the working tree, so that rounds of repair would look at the old one again and again.
  if (command.repair && sides.after !== undefined)
    return fail(command, host, [usage('the migration is applied already: "restage undo" first')], EXIT.usage);
  const files = await filesOf(project, sides);
  const result = (await host.loadMigrate())(files, project.options);
  const wanted = result.migrations.filter(
    (migration) => migration.recipe !== undefined && migration.changes.length > 0,
  );
  if (wanted.length === 0) return nothing(command, host, result, sourcesOf(files));
  const connected = await host.connectEngine({ runId: newRunId() });
  if (!connected.ok) {
    const problem = diagnostic("engine-missing", { problem: connected.problem });
    return fail(command, host, [problem], EXIT.engineMissing);
  }
  const { engine } = connected;
  const agreed = await isAgreed(command, host, wanted, sides, choices, engine);
  if (agreed === "nobody") return fail(command, host, [diagnostic("confirmation-missing", {})], EXIT.usage);
  if (!agreed) {
    host.stderr.write("nothing was built\n");
    return EXIT.done;
  }
  return withEngine(command, host, { result, wanted, project, files, sides, choices, scratch, engine });
}

function realDirectory(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return "missing";
  }
}

async function filesOf(project: Project, { before }: Sides): Promise<Project["files"]> {
  if (before === project.root) return project.files;
  const { openProject } = await import("../../project/read.ts");
  const opened = openProject(before);
  if (!opened.ok) throw new Error("the state before cannot be read");
  return opened.files;
}

function nothing(
  command: VerifyArguments,
  host: Host,
  { migrations, diagnostics }: MigrateResult,
  sourceOf: ReturnType<typeof sourcesOf>,
): ExitCode {
  const all = [...diagnostics, ...migrations.flatMap((migration) => migration.diagnostics)];
  if (command.json) printMigrations(host, { migrations, diagnostics });
  else {
    host.stdout.write("nothing to verify: no setup would change\n");
    for (const { id, verdict } of migrations) host.stdout.write(`  ${visibleLine(id)}: ${verdict}\n`);
    reportDiagnostics(host, all, sourceOf);
  }
  return all.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done;
}

async function isAgreed(
  { yes, runScript, json }: VerifyArguments,
  host: Host,
  wanted: readonly Migration[],
  sides: Sides,
  { buildNetwork, runNetwork }: VerifyChoices,
  { facts }: Engine,
): Promise<boolean | "nobody"> {
  const lines = wanted.flatMap((migration) =>
    migration.recipe === undefined
      ? []
      : announcement({ migration, recipe: migration.recipe }, { buildNetwork, runNetwork, runScript }),
  );
  if (!json) {
    host.stderr.write(`engine: ${visibleLine(facts.summary)}\nstates: ${visibleLine(sides.told)}\n`);
    host.stderr.write(
      `${lines.map(visibleLine).join("\n")}\nall of it in scratch copies; the checkout is not changed\n`,
    );
  }
  if (yes) return true;
  return host.confirm === undefined ? "nobody" : host.confirm("Build and run this now?");
}

interface Run {
  readonly result: MigrateResult;
  readonly wanted: readonly Migration[];
  readonly project: Project;
  readonly files: Project["files"];
  readonly sides: Sides;
  readonly choices: VerifyChoices;
  readonly scratch: Scratch;
  readonly engine: Engine;
}

/** Whatever happens, nothing of the run is left in the engine. */
async function withEngine(command: VerifyArguments, host: Host, run: Run): Promise<ExitCode> {
  const interrupted = new AbortController();
  const release = host.onInterrupt(() => interrupted.abort());
  try {
    const verified = await verifyAll(command, host, run, interrupted.signal);
    if (interrupted.signal.aborted) return stopped(command, host);
    return await answer(command, host, run, verified);
  } catch (error) {
    if (interrupted.signal.aborted) return stopped(command, host);
    if (!(error instanceof EngineLostError)) throw error;
    return fail(command, host, [diagnostic("engine-lost", { problem: error.message })], EXIT.engineMissing);
  } finally {
    await run.engine.close();
    release();
  }
}

function stopped(command: VerifyArguments, host: Host): ExitCode {
  return fail(command, host, [diagnostic("verification-interrupted", {})], EXIT.interrupted);
}

type Verdicts = ReadonlyMap<string, { readonly migration: Migration; readonly verification: Verification }>;

async function verifyAll(
  command: VerifyArguments,
  host: Host,
  { wanted, files, sides, choices, scratch, engine, project }: Run,
  signal: AbortSignal,
): Promise<Verdicts> {
  const verdicts = new Map<string, { readonly migration: Migration; readonly verification: Verification }>();
  const progress = (message: string): void => {
    if (!command.json) host.stderr.write(`${visibleLine(message)} …\n`);
  };
  const migrate = await host.loadMigrate();
  for (const migration of wanted) {
    if (signal.aborted) break;
    const worldOf = (one: Migration) =>
      verifyWorld(one, {
        engine,
        scratch,
        sides,
        files,
        choices,
        signal,
        progress,
        runsScript: command.runScript,
        cached: command.cached,
        env: host.env,
        sleep: host.sleep,
      });
    if (command.repair) {
      const { repairMigration } = await import("../../verify/repair.ts");
      const again = (evidence: Parameters<typeof migrate>[1]) =>
        migrate(files, { ...project.options, ...evidence }).migrations.find(({ id }) => id === migration.id);
      verdicts.set(migration.id, await repairMigration(migration, worldOf, again));
    } else {
      const { verification } = await verifyMigration(migration, worldOf(migration));
      verdicts.set(migration.id, { migration, verification });
    }
  }
  return verdicts;
}

async function answer(command: VerifyArguments, host: Host, run: Run, verdicts: Verdicts): Promise<ExitCode> {
  const { result, files, project } = run;
  const migrations = result.migrations.map((migration) => {
    const found = verdicts.get(migration.id);
    return found === undefined ? migration : { ...found.migration, verification: found.verification };
  });
  const green = [...verdicts.values()].every(({ verification }) => verification.verdict === "verified");
  const problems = await applied(command, project, green, migrations);
  const all = [...result.diagnostics, ...migrations.flatMap((migration) => migration.diagnostics)];
  const sourceOf = sourcesOf(files);
  const said = locateAll(problems, sourceOf);
  const setups = [...verdicts].map(([id, { verification }]) => ({ id, verification }));
  if (command.given.html !== undefined) {
    const { writeFileSync } = await import("node:fs");
    writeFileSync(resolve(host.cwd, command.given.html), verificationsToHtml(setups));
  }
  if (command.json) printMigrations(host, { migrations, diagnostics: [...result.diagnostics, ...said] });
  else {
    const { createColors } = await import("picocolors");
    const style = { ...createColors(usesColor(host, host.stdout)), width: Math.min(host.stdout.columns, 120) };
    host.stdout.write(setups.map(({ id, verification }) => verificationToText(id, verification, style)).join("\n"));
    reportDiagnostics(host, [...all.filter(({ severity }) => severity === "error"), ...said], sourceOf);
  }
  const refused = all.some(({ severity }) => severity === "error") || problems.length > 0;
  return green && !refused ? EXIT.done : EXIT.failed;
}

/** `--repair --write`: only a plan that was verified is applied. */
async function applied(
  { write }: VerifyArguments,
  { root }: Project,
  green: boolean,
  migrations: readonly Migration[],
): Promise<readonly Diagnostic[]> {
  if (!write || !green) return [];
  const { applyChanges } = await import("../../project/apply.ts");
  const result = applyChanges(
    root,
    migrations.flatMap(({ changes }) => changes),
    { force: false },
  );
  return result.ok ? [] : result.diagnostics;
}
