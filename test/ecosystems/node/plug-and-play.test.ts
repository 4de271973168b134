import { describe, expect, it } from "vitest";
import { node } from "../../../src/ecosystems/node/node.ts";
import { commandOf, viewOf } from "./view.ts";

function effects(line: string, files: Readonly<Record<string, string>>, environment = {}): readonly string[] {
  const found = node.interpret(commandOf(line, environment), viewOf({ "package.json": "{}", ...files })) ?? [];
  return found.map((effect) => ("toolchain" in effect ? `${effect.kind} ${effect.toolchain}` : effect.kind));
}

const REFUSED = ["foreign Yarn Plug'n'Play"];
const LATER = { "yarn.lock": "__metadata:\n  version: 8\n" };

describe("Plug'n'Play", () => {
  it.each([
    ["is what later versions of Yarn use unless told otherwise", "yarn install --immutable", LATER, {}, REFUSED],
    [
      "is not where a node_modules is asked for",
      "yarn install",
      { ...LATER, ".yarnrc.yml": 'nodeLinker: "node-modules"\n' },
      {},
      ["dependencies"],
    ],
    ["is not where the environment says so", "yarn", LATER, { YARN_NODE_LINKER: "node-modules" }, ["dependencies"]],
    ["is an option of Yarn 1", "yarn install --pnp", { "yarn.lock": "" }, {}, REFUSED],
    ["is a setting of Yarn 1", "yarn", { "package.json": '{"installConfig":{"pnp":true}}' }, {}, REFUSED],
    ["is not what Yarn 1 does", "yarn", { "yarn.lock": "" }, {}, ["dependencies"]],
    ["is nothing that npm knows", "npm ci", LATER, {}, ["dependencies"]],
  ])("%s", (_, line, files, environment, expected) => {
    expect(effects(line, files, environment)).toEqual(expected);
  });
});

describe("libraries that change after their install", () => {
  it.each([
    ["npx is followed first", "npx patch-package", ["runs"]],
    ["patches", "patch-package", ["dependencies-changed"]],
    ["a generated client", "prisma generate", ["dependencies-changed"]],
    ["links between directories", "npm link lib", ["foreign npm link"]],
    ["a migration of a database", "prisma migrate deploy", ["nothing"]],
  ])("%s", (_, line, expected) => {
    const schema = 'generator client {\n  provider = "prisma-client-js"\n}\n';
    expect(effects(line, { "prisma/schema.prisma": schema })).toEqual(expected);
  });

  it("are not known where the client goes elsewhere", () => {
    const schema = 'generator client {\n  provider = "prisma-client-js"\n  output = "../src/db"\n}\n';
    const manifest = '{"devDependencies":{"prisma":"5"}}';
    expect(effects("prisma generate", { "package.json": manifest, "prisma/schema.prisma": schema })).toEqual([
      "unknown",
    ]);
  });
});
