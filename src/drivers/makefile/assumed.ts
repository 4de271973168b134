/**
 * Conditions of a Makefile that the environment decides, as far as they matter to what its entries run.
 *
 *     ifdef WORKSPACE            counts where a recipe of an entry uses D
 *     D = $(WORKSPACE)
 *     endif
 */
import type { Range, SourceFile } from "../../text/source.ts";
import type { DriverEntry } from "../driver.ts";
import type { MakeDatabase } from "./database.ts";
import { tokensOf } from "./references.ts";

export function assumedConditions(
  database: MakeDatabase,
  entries: readonly DriverEntry[],
): readonly { readonly source: SourceFile; readonly range: Range }[] {
  if (database.assumptions.length === 0) return [];
  const used = usedNames(database, entries);
  return database.assumptions
    .filter(({ names, recipes }) => recipes || [...names].some((name) => used.has(name)))
    .map(({ source, range }) => ({ source, range }));
}

/** The variables that recipes of the entries refer to, and those that their values refer to. */
function usedNames({ variables }: MakeDatabase, entries: readonly DriverEntry[]): ReadonlySet<string> {
  const units = new Set(entries.flatMap((entry) => entry.units));
  const texts = [...units].flatMap(({ source, statements }) =>
    statements.map(({ range }) => source.text.slice(range.start, range.end)),
  );
  const used = new Set<string>();
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const name of namesIn(text)) {
      if (used.has(name)) continue;
      used.add(name);
      texts.push(variables.get(name)?.value ?? "");
    }
  }
  return used;
}

/** What `$(…)` holds, as names: `$(V:a=b)` refers to V, `$(addprefix x,$(V))` to V too. */
function namesIn(text: string): readonly string[] {
  return tokensOf(text).flatMap((token) => {
    if (token.kind !== "reference") return [];
    const [name = ""] = token.body.split(/[:\s]/, 1);
    return [name, ...namesIn(token.body)];
  });
}
