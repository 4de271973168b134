/**
 * Every diagnostic that restage can give: severity, message, help and documentation by code. A code is never re-used for
 * another meaning. Each area of the tool keeps its part beside the others under `catalog/`.
 */
import { BUILDER_ARTIFACTS } from "./catalog/builder-artifacts.ts";
import { BUILDER_REFUSALS } from "./catalog/builder-refusals.ts";
import { BUILDER_SCRIPT } from "./catalog/builder-script.ts";
import { DOCKERFILE } from "./catalog/dockerfile.ts";
import { DRIVERS } from "./catalog/drivers.ts";
import { ENGINE } from "./catalog/engine.ts";
import { FAT_DOCKERFILE } from "./catalog/fat-dockerfile.ts";
import { OTHER_CALLERS } from "./catalog/other-callers.ts";
import { PROJECT } from "./catalog/project.ts";
import { SHELL } from "./catalog/shell.ts";
import { SYNTH } from "./catalog/synth.ts";

export const CATALOG = {
  ...BUILDER_ARTIFACTS,
  ...BUILDER_REFUSALS,
  ...BUILDER_SCRIPT,
  ...DOCKERFILE,
  ...DRIVERS,
  ...ENGINE,
  ...FAT_DOCKERFILE,
  ...OTHER_CALLERS,
  ...PROJECT,
  ...SHELL,
  ...SYNTH,
} as const;

export type DiagnosticCode = keyof typeof CATALOG;
export type ArgsOf<Code extends DiagnosticCode> = Parameters<(typeof CATALOG)[Code]["message"]>[0];
