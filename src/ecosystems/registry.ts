/**
 * Every ecosystem, alphabetical by name. The order decides nothing: an ecosystem answers only for its own commands.
 *
 * Not decided here: what a command does.
 */
import type { Ecosystem } from "./ecosystem.ts";
import { foreign } from "./foreign.ts";
import { go } from "./go/go.ts";
import { make } from "./make/make.ts";
import { node } from "./node/node.ts";
import { osPackages } from "./os-packages/os-packages.ts";
import { system } from "./system/system.ts";

export const ECOSYSTEMS: readonly Ecosystem[] = [foreign, go, make, node, osPackages, system];
