/**
 * One run over a project, phase by phase:
 *
 *     discover ─▶ import (builder scripts, then the Dockerfiles that belong to none) ─▶ group ─▶ write ─▶ Migration[]
 *
 *     const { migrations } = migrate(files, { answers: { "*": { tests: "gate" } } });
 *
 * Pure: the same files and answers give the same result, and nothing is read but `files`, nothing written. What fails in one
 * setup, our own bugs included, refuses that setup and no other.
 */
import { chooseDrivers, companionsOf } from "./choose-drivers.ts";
import { type Diagnostic, diagnostic, sentence } from "./diagnostics/diagnostic.ts";
import { syntaxDiagnostics } from "./dockerfile/diagnose.ts";
import { parseDockerfile } from "./dockerfile/parse.ts";
import type { ImageDefaults } from "./dockerfile/scope.ts";
import { driverReader } from "./drivers/registry.ts";
import { describeBase } from "./ecosystems/base-images.ts";
import { importBuilderScript } from "./importers/builder-script/import.ts";
import { importOtherDriver, otherDrivers } from "./importers/builder-script/other-drivers.ts";
import { importDockerfile } from "./importers/fat-dockerfile/import.ts";
import type { Answers } from "./model/decision.ts";
import type { Evidence } from "./model/evidence.ts";
import type { MigrateResult } from "./model/json.ts";
import type { Migration } from "./model/migration.ts";
import type { Aside, ImportResult, Setup, SetupKind } from "./model/plan.ts";
import type { ProjectFiles } from "./model/project-files.ts";
import { readFailure } from "./model/read-failure.ts";
import { shownDiagnostic } from "./model/report.ts";
import { discover } from "./project/discover.ts";
import { groupSetups, keepSharedFiles, type SetupGroup, withoutCalledDrivers } from "./synth/setup-groups.ts";
import { writeMigration } from "./synth/write-migration.ts";
import { type HostPath, imagePath, ROOT } from "./text/paths.ts";

export type { MigrateResult } from "./model/json.ts";

export interface MigrateOptions {
  /** The user's word on decisions, by setup id (or "*"), then by decision id. */
  readonly answers?: Answers;
  /** Where no answer is given, the option with the smallest image is taken instead of the recommended one. */
  readonly smallest?: boolean;
  /** What an engine saw of the images. */
  readonly evidence?: Evidence;
  /** Limits the result to the setup of one Dockerfile or script of the project. */
  readonly only?: MigrateLimit;
}

export interface MigrateLimit {
  readonly dockerfile?: HostPath;
  readonly script?: HostPath;
}

/** Reads one kind of legacy setup; `undefined` where the file is no such setup. */
export type Importer = (
  files: ProjectFiles,
  path: HostPath,
  options: ImporterOptions,
) => ImportResult | Aside | undefined;

export interface ImporterOptions {
  readonly answers: Answers;
  /** Decisions without an answer take the option with the smallest image. */
  readonly smallest?: boolean;
  /** What an engine saw, by setup id. */
  readonly evidence?: Evidence;
  /** Drivers that change in the same migration. */
  readonly companions?: readonly HostPath[];
}

export interface Importers {
  readonly script: Importer;
  readonly dockerfile: Importer;
  /** Setups that a file which is no script drives. */
  readonly others?: { readonly candidates: (files: ProjectFiles) => readonly HostPath[]; readonly importer: Importer };
}

const IMPORTERS: Importers = {
  script: importBuilderScript,
  dockerfile: importDockerfile,
  others: {
    candidates: otherDrivers,
    importer: (files, path, options) =>
      driverReader(path) === undefined ? importOtherDriver(files, path) : importBuilderScript(files, path, options),
  },
};

/** Finds every legacy setup of a project and says what becomes of it. */
export function migrate(files: ProjectFiles, options: MigrateOptions = {}): MigrateResult {
  return migrateWith(IMPORTERS, files, options);
}

/** `migrate` with importers of the caller's choice. */
export function migrateWith(importers: Importers, files: ProjectFiles, options: MigrateOptions = {}): MigrateResult {
  const { answers = {}, only = {}, smallest = false } = options;
  const asides = new Asides();
  const { evidence } = options;
  const run: Run = { importers, files, only, asides, smallest, ...(evidence === undefined ? {} : { evidence }) };
  const first = importAll(run, answers);
  const shared = sharedAnswers(groupSetups(first), answers);
  const results = shared === answers ? first : importAll(run, shared);
  const migrations = groupSetups(keepSharedFiles(results))
    .map((group) => writeGroup(group, files))
    .filter((migration) => isWanted(migration, only))
    .sort(byKindThenPath);
  const unknown = options.only ? [] : answersWithoutSetup(answers, results);
  const said = [...unknown, ...asides.besides(results, only)];
  return { migrations, diagnostics: said.map((item) => shownDiagnostic(item, files)) };
}

/** What is said of files that come to no setup, each thing once, however often a file is read. */
class Asides {
  readonly #byFile = new Map<HostPath, Aside>();

  add(aside: Aside): void {
    this.#byFile.set(aside.path, aside);
  }

  /** What counts beside the setups that were found: those speak for their own files. */
  besides(results: readonly ImportResult[], { dockerfile, script }: MigrateLimit): readonly Diagnostic[] {
    if (dockerfile !== undefined) return [];
    const told = new Set(results.flatMap(({ setup }) => setup.sources.map(({ path }) => path)));
    const places = new Map<string, Diagnostic>();
    for (const { path, diagnostics } of [...this.#byFile.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      if (script !== undefined && script !== path) continue;
      for (const one of diagnostics) {
        const { span, code } = one;
        if (span !== undefined && told.has(span.path as HostPath)) continue;
        const key = `${code} ${span?.path} ${span?.start} ${span?.end}`;
        if (!places.has(key)) places.set(key, one);
      }
    }
    return [...places.values()];
  }
}

interface Run {
  readonly importers: Importers;
  readonly files: ProjectFiles;
  readonly only: MigrateLimit;
  readonly asides: Asides;
  readonly smallest: boolean;
  readonly evidence?: Evidence;
}

/** Scripts are always all read: only they tell which Dockerfiles belong to a script, and to how many. */
function importAll(run: Run, answers: Answers): readonly ImportResult[] {
  const { importers, files, only } = run;
  const found = discover(files);
  const scripts = distinct([...found.scripts, ...(only.script ? [only.script] : [])]);
  const driven = scripts.flatMap((path) => importOne("script", importers.script, path, run, answers));
  const setups = together(withoutCalledDrivers(chooseDrivers(driven, importOthers(run, answers))), run, answers);
  const belonging = new Set(setups.flatMap(({ setup }) => setup.sources.map(({ path }) => path)));
  const dockerfiles = only.dockerfile ? [only.dockerfile] : only.script ? [] : found.dockerfiles;
  const alone = dockerfiles.filter((path) => !belonging.has(path));
  return [...setups, ...alone.flatMap((path) => importOne("dockerfile", importers.dockerfile, path, run, answers))];
}

function importOthers(run: Run, answers: Answers): readonly ImportResult[] {
  const { others } = run.importers;
  if (others === undefined) return [];
  return others.candidates(run.files).flatMap((path) => importOne("script", others.importer, path, run, answers));
}

/** Drivers that come to the same Dockerfiles, read again with the knowledge that the others change too. */
function together(results: readonly ImportResult[], run: Run, answers: Answers): readonly ImportResult[] {
  const { importers } = run;
  return results.map((result) => {
    const companions = companionsOf(result, results);
    const [driver] = result.setup.sources;
    if (driver === undefined || companions.length === 0) return result;
    const importer =
      driverReader(driver.path) === undefined ? importers.script : (importers.others?.importer ?? importers.script);
    const [again] = importOne("script", importer, driver.path, run, answers, companions);
    return again?.verdict === "plan" ? again : result;
  });
}

function distinct(paths: readonly HostPath[]): readonly HostPath[] {
  return [...new Set(paths)].sort();
}

function importOne(
  what: keyof Importers,
  importer: Importer,
  path: HostPath,
  { files, asides, evidence, smallest }: Run,
  answers: Answers,
  companions: readonly HostPath[] = [],
): readonly ImportResult[] {
  try {
    const read = files.read(path);
    // A symlink that leads nowhere drives nothing.
    if (!read.ok && what === "script" && files.entry(path)?.kind === "symlink") return [];
    if (!read.ok) return [refused(setupOf(what, path), [readFailure(path, read)])];
    const problems = what === "script" ? [] : syntaxDiagnostics(parseDockerfile({ path, text: read.text }));
    const understood = problems.every(({ code }) => code === "dockerfile-syntax");
    const made = understood
      ? importer(files, path, { answers, companions, smallest, ...(evidence === undefined ? {} : { evidence }) })
      : undefined;
    if (made?.verdict === "aside") asides.add(made);
    const result = made?.verdict === "aside" ? undefined : made;
    if (problems.length === 0) return result ? [result] : [];
    return [result && isStaged(result) ? mention(result, problems) : refused(setupOf(what, path), problems)];
  } catch (error) {
    return [refused(setupOf(what, path), [internalError(path, error)])];
  }
}

/** A file whose stages already have names is left alone, whatever else may be wrong with it. */
function isStaged({ setup, verdict }: ImportResult): boolean {
  return setup.kind === "multi-stage" && verdict === "no-benefit";
}

/** Lines that the builder rejects in a file that is left alone: the user should know, but nothing depends on them. */
function mention(result: ImportResult, problems: readonly Diagnostic[]): ImportResult {
  const warnings = problems.map(({ message, span }) => diagnostic("line-rejected", { problem: message }, span));
  return { ...result, diagnostics: [...warnings, ...result.diagnostics] };
}

function setupOf(what: keyof Importers, path: HostPath): Setup {
  const kind: SetupKind = what === "script" ? "builder-script" : "fat-dockerfile";
  return { id: `${kind}:${path}`, kind, sources: [{ path, role: what === "script" ? "driver" : "dockerfile" }] };
}

function refused(setup: Setup, diagnostics: readonly Diagnostic[]): ImportResult {
  const summary = sentence(diagnostics[0]?.message ?? "it cannot be read");
  return { setup, verdict: "refused", summary, diagnostics, decisions: [], unusedAnswers: [] };
}

/** Our own bug, said without its inner life; the other setups of a batch go on. */
function internalError(path: HostPath, error: unknown): Diagnostic {
  const problem = error instanceof Error ? error.message : String(error);
  return diagnostic("internal-error", { problem }, { path, start: 0, end: 0 });
}

/** A group goes by its first setup's id, so answers that are given under that id hold for the others too. */
function sharedAnswers(groups: readonly SetupGroup[], answers: Answers): Answers {
  const added = groups.flatMap(([first, ...others]) => {
    const shared = answers[first.setup.id];
    return shared ? others.map(({ setup }) => [setup.id, { ...shared, ...answers[setup.id] }] as const) : [];
  });
  return added.length === 0 ? answers : { ...answers, ...Object.fromEntries(added) };
}

function writeGroup(group: SetupGroup, files: ProjectFiles): Migration {
  try {
    return writeMigration(group, { files, baseImage });
  } catch (error) {
    const [{ setup }] = group;
    const [source] = setup.sources;
    const problem = internalError(source?.path ?? ROOT, error);
    return writeMigration([refused(setup, [problem])], { files, baseImage });
  }
}

function baseImage(reference: string): ImageDefaults | undefined {
  const { known, environment, workdir = "/", user = "" } = describeBase(reference);
  return known ? { env: environment, workdir: imagePath(workdir), user } : undefined;
}

function isWanted({ sources }: Migration, { dockerfile, script }: MigrateLimit): boolean {
  const wanted = [dockerfile, script].filter((path) => path !== undefined);
  return wanted.every((path) => sources.some((source) => source.path === path));
}

const KINDS: readonly SetupKind[] = ["builder-script", "fat-dockerfile", "multi-stage"];

function byKindThenPath(a: Migration, b: Migration): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.id < b.id ? -1 : 1);
}

function answersWithoutSetup(answers: Answers, results: readonly ImportResult[]): readonly Diagnostic[] {
  const known = new Set(results.map(({ setup }) => setup.id));
  return Object.keys(answers)
    .filter((id) => id !== "*" && !known.has(id))
    .map((setup) => diagnostic("answer-without-setup", { setup }));
}
