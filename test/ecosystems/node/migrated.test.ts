/** Whole Dockerfiles of Node projects, as a user gets them: what the image starts with is still there. */
import { describe, expect, it } from "vitest";
import { migrated } from "../../importers/fat-dockerfile/migrated.ts";

const TYPESCRIPT = {
  "package-lock.json": '{"lockfileVersion":3,"packages":{}}',
  "tsconfig.json": '{"compilerOptions":{"outDir":"dist","rootDir":"src"},"include":["src"]}',
  "src/main.ts": 'import express from "express"; express();',
};

function manifest(more: object = {}): string {
  return JSON.stringify({
    scripts: { build: "tsc", start: "node dist/main.js" },
    dependencies: { express: "4" },
    devDependencies: { typescript: "5" },
    ...more,
  });
}

function dockerfile(start: string, install = "npm ci", before = "", build = "npm run build"): string {
  return `FROM node:20\nWORKDIR /app\n${before}COPY . .\nRUN ${install}\nRUN ${build}\nCMD ${start}\n`;
}

describe("a Node project", () => {
  it("follows a script that a shell is given as a file", () => {
    const seen = migrated({
      "package.json": '{"dependencies":{"express":"4"},"devDependencies":{"jest":"29"}}',
      "package-lock.json": "{}",
      "index.js": 'require("express")',
      "entrypoint.sh": "sleep 1\nnode index.js\n",
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nENTRYPOINT ["sh", "entrypoint.sh"]\n',
    });
    expect(seen.production).toContain("FROM node:20-slim AS production");
    expect(seen.flows).toContain("dependencies:/app/node_modules -> /app/node_modules");
  });

  it.each([
    ["with Plug'n'Play", { "package.json": manifest(), "yarn.lock": "__metadata:\n" }, "yarn install", "yarn build"],
    [
      "whose parts are linked",
      { "package.json": manifest(), "lib/package.json": "{}" },
      "npm link ./lib",
      "npm run build",
    ],
  ])("%s is refused", (_, files, install, build) => {
    const { verdict, codes } = migrated({
      ...TYPESCRIPT,
      ...files,
      Dockerfile: dockerfile('["node","dist/main.js"]', install, "", build),
    });
    expect({ verdict, codes }).toEqual({ verdict: "refused", codes: ["toolchain-unsupported"] });
  });

  it("keeps what Prisma generated and what a patch changed", () => {
    const seen = migrated({
      ...TYPESCRIPT,
      "package.json": manifest({
        scripts: { build: "tsc", postinstall: "patch-package" },
        dependencies: { "@prisma/client": "5" },
        devDependencies: { prisma: "5", "patch-package": "8", typescript: "5" },
      }),
      "prisma/schema.prisma": 'generator client {\n  provider = "prisma-client-js"\n}\n',
      "src/main.ts": 'import { PrismaClient } from "@prisma/client"; new PrismaClient();',
      Dockerfile: dockerfile('["node","dist/main.js"]', "npm ci && npx prisma generate"),
    });
    expect(seen.decisions.dependencies).toBe("prune");
    expect(seen.dockerfile).toContain("FROM builder AS dependencies\nWORKDIR /app\nRUN npm prune --omit=dev\n");
    expect(seen.production).toContain("openssl");
  });

  it("keeps the manager that Corepack fetched while it built", () => {
    const seen = migrated({
      ...TYPESCRIPT,
      "package.json": manifest({ packageManager: "pnpm@9.1.0" }),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      Dockerfile: dockerfile(
        '["pnpm","start"]',
        "pnpm install",
        "RUN apt-get update && apt-get install -y build-essential\nRUN corepack enable\n",
        "pnpm build",
      ),
    });
    expect(seen.flows).toEqual([
      "builder:/root/.cache/node/corepack -> /root/.cache/node/corepack",
      "builder:/app -> /app",
    ]);
  });

  it("is left whole where its manifest is not in the checkout", () => {
    const seen = migrated({
      "server.js": "",
      Dockerfile:
        'FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\nCMD ["node","server.js"]\n',
    });
    expect(seen.verdict).toBe("no-benefit");
  });

  it("keeps the full base where a library of a library links the system's own", () => {
    const seen = migrated({
      ...TYPESCRIPT,
      "package.json": manifest({ dependencies: { charts: "1" } }),
      "package-lock.json":
        '{"packages":{"":{},"node_modules/charts":{"dependencies":{"canvas":"2"}},"node_modules/canvas":{"hasInstallScript":true}}}',
      Dockerfile: dockerfile('["node","dist/main.js"]'),
    });
    expect(seen.decisions["runtime-base"]).toBe("node:20");
  });
});

describe("a lock file that comes after the install", () => {
  const tree = (install: string, lock: string): Record<string, string> => ({
    "package.json": '{"dependencies":{"a":"1"},"devDependencies":{"b":"1"}}',
    [lock]: "{}",
    "server.js": 'require("a");\n',
    Dockerfile: `FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN ${install}\nCOPY . .\nCMD ["node", "server.js"]\n`,
  });

  it("is not what npm prunes to, since it names other versions than are there", () => {
    const seen = migrated(tree("npm install", "package-lock.json"));
    expect(seen.dockerfile).toContain("RUN npm prune --omit=dev --no-package-lock\n");
  });

  it("leaves the libraries of Yarn as they were built", () => {
    expect(migrated(tree("yarn install", "yarn.lock")).dockerfile).not.toContain("--production");
  });
});
