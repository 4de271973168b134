/**
 * The result for one legacy setup, as the library returns it and `--json` prints it (version 1; the shipped
 * schema/migration.v1.json describes the same). All paths are relative to the project root, `/`-separated; lines and columns
 * count from 1, columns in UTF-16 units.
 */
import type { LocatedDiagnostic } from "../diagnostics/to-json.ts";
import type { Confidence, DecisionOption } from "./decision.ts";
import type { SetupKind, SourceRole, StageRole } from "./plan.ts";
import type { BuildRecipe } from "./recipe.ts";
import type { Verification } from "./verification.ts";

export type Verdict = "migrated" | "partial" | "refused" | "no-benefit";

/** A place in the user's files and its text, on one line. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface MigrationStage {
  readonly name: string;
  readonly role: StageRole;
  readonly from: string;
  readonly fromKind: "image" | "stage";
  readonly dockerfile: string;
}

export interface MigrationOutput {
  readonly dockerfile: string;
  readonly target: string;
  readonly replaces: string;
  readonly tags: readonly string[];
}

/** A path that moves into a stage; see DESIGN's rules: `to.path` is the final place of the file or of the directory's contents. */
export interface MigrationFlow {
  readonly from: { readonly kind: "stage" | "context" | "image"; readonly name: string; readonly path: string };
  readonly to: { readonly dockerfile: string; readonly stage: string; readonly path: string };
  readonly owner?: string;
  readonly mode?: string;
  readonly confidence: Confidence;
  readonly because: readonly Place[];
}

export interface MigrationDecision {
  readonly id: string;
  readonly question: string;
  readonly chosen: string;
  readonly options: readonly DecisionOption[];
  readonly confidence: Confidence;
  readonly because: readonly Place[];
}

/** A diagnostic of a migration, with its place in the project. */
export type MigrationDiagnostic = LocatedDiagnostic;

/** A file of the change set. `before` is absent for created files, `after` for deleted ones. */
export interface FileChange {
  readonly path: string;
  readonly action: "create" | "modify" | "delete";
  /** Git's file mode. */
  readonly mode: "100644" | "100755";
  readonly before?: string;
  readonly after?: string;
}

/** One line of an output file (numbers from 1, both ends included) and why it is there. */
export interface ExplainedLine {
  readonly path: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly reason: string;
  readonly confidence: Confidence;
  readonly because: readonly Place[];
}

/** A range of lines of an input file that is gone from the result, and why. */
export interface RemovedLine {
  readonly path: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly reason: string;
}

export interface Migration {
  readonly id: string;
  readonly kind: SetupKind;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly summary: string;
  readonly sources: readonly { readonly path: string; readonly role: SourceRole }[];
  readonly stages: readonly MigrationStage[];
  readonly outputs: readonly MigrationOutput[];
  readonly flows: readonly MigrationFlow[];
  readonly decisions: readonly MigrationDecision[];
  readonly diagnostics: readonly MigrationDiagnostic[];
  readonly changes: readonly FileChange[];
  /** Unified diff over all changes, as `git apply` takes it. */
  readonly diff: string;
  readonly explanation: readonly ExplainedLine[];
  readonly removed: readonly RemovedLine[];
  /** How its images are made, before and after. In memory only: the JSON document leaves it out. */
  readonly recipe?: BuildRecipe;
  /** Absent until verified. */
  readonly verification?: Verification;
}
