/** One row of the catalog: `args` types are written at `message`, and `help` takes the same. */
export interface CatalogEntry<Args> {
  readonly severity: "error" | "warning" | "assumption";
  readonly message: (args: Args) => string;
  readonly help?: (args: Args) => string;
  /** The body of docs/diagnostics/<code>.md: why this is said and what to do. Markdown, a paragraph or more. */
  readonly explain: string;
}

/** Keeps the type of each entry's arguments while checking its form. */
export function entry<Args>(row: CatalogEntry<Args>): CatalogEntry<Args> {
  return row;
}
