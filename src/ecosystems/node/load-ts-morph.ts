/**
 * The TypeScript parser, loaded when the first source has to be read: it takes some 0.4 s, and most projects need none of it.
 *
 *     loadTypeScript().createSourceFile("a.ts", text, 99)
 *
 * `require`, since the core is synchronous; the bundle of the command line leaves the package outside, so that this line finds it
 * there too. Only syntax is read, never types.
 */
import { createRequire } from "node:module";
import type { ts } from "ts-morph";

let loaded: typeof ts | undefined;

/** The `ts` namespace that ts-morph carries. */
export function loadTypeScript(): typeof ts {
  loaded ??= (createRequire(import.meta.url)("ts-morph") as { readonly ts: typeof ts }).ts;
  return loaded;
}
