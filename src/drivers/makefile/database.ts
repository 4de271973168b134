/**
 * What is known of a Makefile once it is read: its rules, and the variables that recipes are expanded with.
 *
 *     app: main.go | bin     { targets: [app], prerequisites: [main.go], orderOnly: [bin], recipe: … }
 *     app: GOOS = linux      specific: app ↦ [GOOS = linux]
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import type { HostPath } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { UnreadPlace } from "../driver.ts";
import type { ExpandWorld, MakeVariable } from "./expand.ts";
import type { Holes } from "./holes.ts";

/** A name in a rule, with the word that it comes from. */
export interface NamedWord extends Range {
  readonly name: string;
  /** True where the word stands for this name and no other. */
  readonly alone: boolean;
}

/** The lines of a recipe, each without the character that marks it. */
export interface Recipe {
  readonly source: SourceFile;
  readonly lines: readonly Range[];
}

export interface MakeRule {
  readonly source: SourceFile;
  /** Names, or patterns with `%` in a pattern rule. */
  readonly targets: readonly string[];
  readonly targetWords: readonly NamedWord[];
  readonly prerequisites: readonly NamedWord[];
  readonly orderOnly: readonly NamedWord[];
  readonly recipe: Recipe | undefined;
  /** `target:: prerequisites`: each such rule stands for itself. */
  readonly separate: boolean;
  /** What `%` stands for, in a static pattern rule. */
  readonly stem?: string;
}

/** A variable that is set while one target and its prerequisites are made. */
export interface Binding {
  readonly name: string;
  readonly operator: string;
  /** As written. */
  readonly value: string;
}

/** A condition whose outcome only a real run knows, and what depends on it. */
export interface Assumption {
  readonly source: SourceFile;
  readonly range: Range;
  readonly names: ReadonlySet<string>;
  /** True where commands of a recipe depend on it. */
  readonly recipes: boolean;
}

export interface MakeDatabase {
  readonly files: ProjectFiles;
  /** Where make runs. */
  readonly directory: HostPath;
  readonly source: SourceFile;
  readonly holes: Holes;
  readonly variables: ReadonlyMap<string, MakeVariable>;
  readonly exported: ReadonlySet<string>;
  readonly rules: readonly MakeRule[];
  readonly byTarget: ReadonlyMap<string, readonly MakeRule[]>;
  readonly specific: ReadonlyMap<string, readonly Binding[]>;
  readonly phony: ReadonlySet<string>;
  readonly oneShell: boolean;
  readonly defaultGoal: string | undefined;
  readonly assumptions: readonly Assumption[];
  readonly unread: readonly UnreadPlace[];
  /** In which texts are expanded, but for automatic and target-specific variables. */
  readonly world: ExpandWorld;
}
