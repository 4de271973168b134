/**
 * What an expression comes to, as far as it is known:
 *
 *     "dist"                        text
 *     { build: { outDir: "dist" } } object, of which propertyOf takes fields
 *     require("path").join          member "path.join" of another module
 *     compute()                     unknown
 */
import type { ts } from "ts-morph";
import type { SourceFile } from "./source-file.ts";

export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** Fields by name; `open` when others may be there. */
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Value>; readonly open: boolean }
  | { readonly kind: "function"; readonly node: ts.SignatureDeclaration; readonly file: SourceFile }
  /** Something of another module: "path.join", "express.static". */
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "undefined" }
  | { readonly kind: "unknown" };

export const UNKNOWN: Value = { kind: "unknown" };

/** A field of a value; a missing field of a closed object is `undefined`. */
export function propertyOf(value: Value, name: string): Value {
  if (value.kind === "member") return { kind: "member", name: `${value.name}.${name}` };
  if (value.kind !== "object") return UNKNOWN;
  return value.fields.get(name) ?? (value.open ? UNKNOWN : { kind: "undefined" });
}
