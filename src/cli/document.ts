/**
 * The one JSON document of `--json`, on stdout whatever happens: also when the command line is wrong, with `migrations` empty.
 */
import { type MigrateResult, toDocument } from "../model/json.ts";
import { visibleJson } from "../text/visible.ts";
import { VERSION } from "../version.ts";
import type { Host } from "./host.ts";

/** What `migrate --json` prints. */
export function printMigrations(host: Host, result: MigrateResult): void {
  print(host, toDocument(result, VERSION));
}

/** A document of another form under the same head. */
export function printDocument(host: Host, body: Readonly<Record<string, unknown>>): void {
  const { schema, tool } = toDocument({ migrations: [], diagnostics: [] }, VERSION);
  print(host, { schema, tool, ...body });
}

/** Characters that a terminal would act on are escaped, as JSON allows in every string. */
function print(host: Host, document: unknown): void {
  host.stdout.write(`${visibleJson(JSON.stringify(document, undefined, 2))}\n`);
}
