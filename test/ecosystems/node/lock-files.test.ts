import { describe, expect, it } from "vitest";
import { productionTree } from "../../../src/ecosystems/node/lock-files.ts";
import { readManifest } from "../../../src/ecosystems/node/manifest.ts";
import { imagePath } from "../../../src/text/paths.ts";
import { viewOf } from "./view.ts";

/** What a production install of `express` brings by a lock file. */
function tree(name: string, text: string): { readonly names: readonly string[]; readonly installs: readonly string[] } {
  const image = viewOf({
    "package.json": '{"dependencies":{"express":"4"},"devDependencies":{"jest":"29"}}',
    [name]: text,
  });
  const manifest = readManifest(imagePath("/app"), image);
  if (manifest === undefined) throw new Error("package.json cannot be read");
  return productionTree(manifest, image);
}

describe("what a lock file installs for production", () => {
  const rows: readonly [string, string, string, readonly string[], readonly string[]][] = [
    [
      "package-lock.json, version 3",
      "package-lock.json",
      JSON.stringify({
        packages: {
          "": {},
          "node_modules/express": { dependencies: { "@a/b": "1" } },
          "node_modules/express/node_modules/@a/b": { hasInstallScript: true },
          "node_modules/fsevents": { hasInstallScript: true, os: ["darwin"] },
          "node_modules/jest": { dev: true, hasInstallScript: true },
        },
      }),
      ["@a/b", "express"],
      ["@a/b"],
    ],
    [
      "package-lock.json, version 1",
      "package-lock.json",
      JSON.stringify({
        dependencies: {
          express: { requires: { canvas: "2" }, dependencies: { canvas: {} } },
          jest: { dev: true, requires: { sharp: "1" } },
          sharp: { dev: true },
        },
      }),
      ["canvas", "express"],
      [],
    ],
    [
      "yarn.lock",
      "yarn.lock",
      'express@^4.0.0:\n  version "4.0.0"\n  dependencies:\n    "@a/b" "^1.0.0"\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.1.0"\n\njest@29:\n  version "29"\n',
      ["@a/b", "express"],
      [],
    ],
    [
      "yarn.lock of later versions",
      "yarn.lock",
      '__metadata:\n  version: 8\n\n"express@npm:^4":\n  version: 4.0.0\n  dependencies:\n    canvas: "npm:2"\n\n"canvas@npm:2":\n  version: 2.0.0\n',
      ["canvas", "express"],
      [],
    ],
    [
      "pnpm-lock.yaml, version 6",
      "pnpm-lock.yaml",
      "lockfileVersion: '6.0'\npackages:\n\n  /@a/b@1.0.0:\n    requiresBuild: true\n    dev: false\n\n  /express@4.0.0:\n    dependencies:\n      '@a/b': 1.0.0\n    dev: false\n\n  /jest@29.0.0:\n    requiresBuild: true\n    dev: true\n",
      ["@a/b", "express"],
      ["@a/b"],
    ],
    [
      "pnpm-lock.yaml, version 9",
      "pnpm-lock.yaml",
      "lockfileVersion: '9.0'\npackages:\n\n  '@a/b@1.0.0':\n    resolution: {}\n\n  express@4.0.0:\n    resolution: {}\n\nsnapshots:\n\n  '@a/b@1.0.0(c@1.0.0)': {}\n\n  express@4.0.0:\n    dependencies:\n      '@a/b': 1.0.0(c@1.0.0)\n",
      ["@a/b", "express"],
      [],
    ],
    ["a file that is no lock file", "package-lock.json", "<<<<<<< HEAD", ["express"], []],
  ];
  it.each(rows)("%s", (_, name, text, names, installs) => {
    expect(tree(name, text)).toEqual({ names, installs });
  });
});
