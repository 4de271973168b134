/**
 * The one JSON document of `--json`, on stdout whatever happens: also when the command line is wrong, with `migrations` empty.
 */
import type { LocatedDiagnostic } from "../diagnostics/to-json.ts";
import type { Migration } from "../model/migration.ts";
import { visibleJson } from "../text/visible.ts";
import { VERSION } from "../version.ts";
import type { Host } from "./host.ts";

const HEAD = { schema: 1, tool: { name: "restage", version: VERSION } } as const;

/** Prints any document of this tool. Characters that a terminal would act on are escaped, as JSON allows everywhere. */
export function printDocument(host: Host, body: Readonly<Record<string, unknown>>): void {
  host.stdout.write(`${visibleJson(JSON.stringify({ ...HEAD, ...body }, undefined, 2))}\n`);
}

/** What `migrate --json` prints. */
export function printMigrations(
  host: Host,
  diagnostics: readonly LocatedDiagnostic[],
  migrations: readonly Migration[],
): void {
  printDocument(host, { diagnostics, migrations });
}
