/**
 * The configuration files of build tools, in JSON, JavaScript or TypeScript, as values.
 *
 *     vite.config.ts: export default defineConfig({ build: { outDir: "out" } })
 *     readConfiguration(["vite.config.ts"], "/app", …)?.text(["build", "outDir"])      // "out"
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView } from "../ecosystem.ts";
import { type FoldContext, foldDefaultExport } from "./fold.ts";
import { isObject, parseJson, parseJsonWithComments } from "./json.ts";
import { SourceFiles } from "./source-files.ts";
import { propertyOf, type Value } from "./value.ts";

/** A text that a configuration sets; "unset" when it does not, "unknown" when that cannot be told. */
export type Setting = { readonly kind: "text"; readonly text: string } | { readonly kind: "unset" | "unknown" };

/** Reads the first of the named files that stands in `directory`; `undefined` when none does. */
export function readConfiguration(
  names: readonly string[],
  directory: ImagePath,
  image: ImageView,
  environment: Environment,
): Value | undefined {
  const path = names.map((name) => imagePath(name, directory)).find((candidate) => image.kindOf(candidate) === "file");
  return path === undefined ? undefined : readConfigurationFile(path, directory, image, environment);
}

/** Reads one configuration file; what cannot be read is unknown. */
export function readConfigurationFile(
  path: ImagePath,
  workdir: ImagePath,
  image: ImageView,
  environment: Environment,
): Value {
  const text = image.read(path);
  if (text === undefined) return { kind: "unknown" };
  if (/^\.?\w+rc$/.test(baseName(path)) || path.endsWith(".json"))
    return valueOfJson(parseJson(text) ?? parseJsonWithComments(text));
  const files = new SourceFiles(image);
  const file = files.read(path);
  const context: FoldContext = {
    resolve: (name, from) => files.resolve(name, from),
    runsAs: (source) => source,
    workdir,
    environment,
  };
  return file === undefined ? { kind: "unknown" } : foldDefaultExport(file, context);
}

/** A JSON value as a folded one. */
export function valueOfJson(json: unknown): Value {
  if (typeof json === "string" || typeof json === "number") return { kind: "text", text: String(json) };
  if (typeof json === "boolean") return { kind: "boolean", value: json };
  if (Array.isArray(json)) return { kind: "list", items: json.map(valueOfJson) };
  if (!isObject(json)) return { kind: "unknown" };
  return {
    kind: "object",
    open: false,
    fields: new Map(Object.entries(json).map(([name, field]) => [name, valueOfJson(field)])),
  };
}

/** The value at a path of field names. */
export function valueAt(value: Value, names: readonly string[]): Value {
  return names.reduce((at, name) => (at.kind === "undefined" ? at : propertyOf(at, name)), value);
}

/** The text at a path of field names. */
export function settingAt(value: Value | undefined, names: readonly string[]): Setting {
  const found = value === undefined ? { kind: "undefined" as const } : valueAt(value, names);
  if (found.kind === "text") return found;
  return { kind: found.kind === "undefined" ? "unset" : "unknown" };
}
