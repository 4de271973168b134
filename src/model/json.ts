/**
 * The result as a JSON document, version 1 (schema/migration.v1.json):
 *
 *     { "schema": 1, "tool": { "name": "restage", "version": "0.1.0" }, "diagnostics": [], "migrations": [ … ] }
 *
 * Everything in it is plain data, so `JSON.parse` of the text is equal to what was written. A later version 1 may add fields;
 * none is ever removed or given another meaning.
 */
import type { Migration, MigrationDiagnostic } from "./migration.ts";

/** What `migrate` answers: the setups in order, and what is said about none of them. */
export interface MigrateResult {
  readonly migrations: readonly Migration[];
  readonly diagnostics: readonly MigrationDiagnostic[];
}

export interface MigrationDocument extends MigrateResult {
  readonly schema: 1;
  readonly tool: { readonly name: "restage"; readonly version: string };
}

/** The document that `--json` prints. */
export function toDocument({ migrations, diagnostics }: MigrateResult, version: string): MigrationDocument {
  const written = migrations.map(({ recipe: _recipe, ...migration }) => migration);
  return { schema: 1, tool: { name: "restage", version }, diagnostics, migrations: written };
}

/** The document as text, indented, with a final line end. */
export function toJson(result: MigrateResult, version: string): string {
  return `${JSON.stringify(toDocument(result, version), undefined, 2)}\n`;
}
