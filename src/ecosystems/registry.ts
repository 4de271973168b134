/**
 * Every ecosystem, alphabetical by name. For a command the first one that answers counts: `rm` of a package list is
 * os-packages', every other `rm` is system's.
 *
 * Not decided here: what a command does.
 */
import { c } from "./c/c.ts";
import { conda } from "./conda/conda.ts";
import { dotnet } from "./dotnet/dotnet.ts";
import type { Ecosystem } from "./ecosystem.ts";
import { foreign } from "./foreign.ts";
import { go } from "./go/go.ts";
import { hugo } from "./hugo.ts";
import { java } from "./java/java.ts";
import { make } from "./make/make.ts";
import { native } from "./native/native.ts";
import { node } from "./node/node.ts";
import { osPackages } from "./os-packages/os-packages.ts";
import { php } from "./php/php.ts";
import { python } from "./python/python.ts";
import { ruby } from "./ruby/ruby.ts";
import { rust } from "./rust/rust.ts";
import { system } from "./system/system.ts";

export const ECOSYSTEMS: readonly Ecosystem[] = [
  c,
  conda,
  dotnet,
  foreign,
  go,
  hugo,
  java,
  make,
  native,
  node,
  osPackages,
  php,
  python,
  ruby,
  rust,
  system,
];
