/**
 * Every ecosystem, alphabetical by name. The order decides nothing: an ecosystem answers only for its own commands.
 *
 * Not decided here: what a command does.
 */
import type { Ecosystem } from "./ecosystem.ts";

export const ECOSYSTEMS: readonly Ecosystem[] = [];
