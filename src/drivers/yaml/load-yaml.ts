/**
 * Loads the YAML library when the first CI file is read: most projects have none that names a container engine, and the
 * command line should start without it.
 *
 *     loadYaml().parseDocument(text)
 */
import { createRequire } from "node:module";
import type * as Yaml from "yaml";

let loaded: typeof Yaml | undefined;

export function loadYaml(): typeof Yaml {
  loaded ??= createRequire(import.meta.url)("yaml") as typeof Yaml;
  return loaded;
}
