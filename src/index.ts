/**
 * The library of restage: from the files of a project to one multi-stage Dockerfile for each legacy build, with the reason of
 * every line.
 *
 *     import { memoryProject, migrate } from "restage";
 *
 *     const files = memoryProject({ Dockerfile: "FROM golang:1.22\n…", "go.mod": "module app\n", "main.go": "…" });
 *     const { migrations } = migrate(files, { answers: { "*": { tests: "gate" } } });
 *     for (const { id, verdict, diff } of migrations) console.log(id, verdict, diff);
 *
 * `migrate` is pure: it reads what it is given and writes nothing. `openProject` gives it a directory on disk, `applyChanges`
 * writes a result, all files or none, and `undoLast` takes it back.
 */

export type { Diagnostic, DiagnosticCode, DiagnosticNote, Severity } from "./diagnostics/diagnostic.ts";
export { type MigrateLimit, type MigrateOptions, migrate } from "./migrate.ts";
export type { Answers, Confidence, DecisionOption } from "./model/decision.ts";
export { type MigrateResult, type MigrationDocument, toDocument, toJson } from "./model/json.ts";
export { maskSecrets } from "./model/mask.ts";
export type {
  ExplainedLine,
  FileChange,
  Migration,
  MigrationDecision,
  MigrationDiagnostic,
  MigrationFlow,
  MigrationOutput,
  MigrationStage,
  Place,
  RemovedLine,
  Verdict,
} from "./model/migration.ts";
export type { SetupKind, SourceRole, StageRole } from "./model/plan.ts";
export type { EntryKind, ProjectEntry, ProjectFiles, ReadFailure, ReadResult } from "./model/project-files.ts";
export { type ApplyOptions, type ApplyResult, applyChanges } from "./project/apply.ts";
export { type MemoryEntry, memoryProject } from "./project/memory.ts";
export { type OpenedProject, openProject } from "./project/read.ts";
export { type UndoResult, undoLast } from "./project/undo.ts";
export { type HostPath, hostPath } from "./text/paths.ts";
export { VERSION } from "./version.ts";
