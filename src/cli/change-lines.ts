/** What was written, a line for each file: `  modified  Dockerfile`. */
import type { Migration } from "../model/migration.ts";
import { visibleLine } from "../text/visible.ts";

const DONE = { create: "created", modify: "modified", delete: "deleted" } as const;

export function changeLines({ changes }: Migration): readonly string[] {
  return changes.map(({ path, action }) => `  ${DONE[action].padEnd(8)}  ${visibleLine(path)}\n`);
}
