/**
 * Idioms that are taken apart here and do not come back yet. A project that holds one is refused or comes back right; it is never
 * migrated to something else.
 */
export const PENDING: ReadonlySet<string> = new Set([
  "image-saved-and-loaded",
  "image-saved-to-file",
]);
