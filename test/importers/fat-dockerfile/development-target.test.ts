import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { migrated } from "./migrated.ts";

const DOCKERFILE = `FROM node:20
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
# All the rest
COPY . .
RUN npm run build
CMD ["node", "dist/index.js"]
`;

function project(compose: string, dockerfile = DOCKERFILE): Record<string, string> {
  const scripts = { build: "tsc", dev: "nodemon src/index.ts", seed: "node dist/seed.js" };
  const manifest = {
    scripts,
    dependencies: { express: "4.19.2" },
    devDependencies: { nodemon: "3.1.0", typescript: "5.4.5" },
  };
  return {
    Dockerfile: dockerfile,
    "compose.yaml": compose,
    "package.json": JSON.stringify(manifest),
    "package-lock.json": "{}",
    "tsconfig.json": '{"compilerOptions":{"outDir":"dist"}}',
    "src/index.ts": 'import express from "express";\nexpress();\n',
  };
}

function composeAfter(tree: Record<string, string>, answers: Record<string, string> = {}): string | undefined {
  const [migration] = migrate(memoryProject(tree), { answers: { "*": answers } }).migrations;
  return migration?.changes.find(({ path }) => path === "compose.yaml")?.after;
}

const SHORT = 'services:\n  web:\n    build: .   # ours\n    command: npm run dev\n    ports: ["80:80"]\n';

describe("a compose service that develops in an image that ships", () => {
  it("builds the old image, unchanged, as a target of its own", () => {
    const seen = migrated(project(SHORT));
    expect(seen.decisions.development).toBe("target");
    expect(seen.dockerfile).toContain(`FROM node:20 AS development
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
CMD ["node", "dist/index.js"]
`);
    expect(seen.production).toMatch(/^FROM node:20-slim AS production\n/);
    expect(seen.codes).not.toContain("command-elsewhere");
  });

  it.each([
    ["short", SHORT, SHORT.replace("build: .", "build:\n      context: .\n      target: development")],
    [
      "a block",
      "services:\n  web:\n    build:\n      context: .\n    command: [npm, run, dev]\n",
      "services:\n  web:\n    build:\n      target: development\n      context: .\n    command: [npm, run, dev]\n",
    ],
    [
      "in braces",
      "services:\n  web:\n    build: { context: . }\n    command: npx nodemon src/index.ts\n",
      "services:\n  web:\n    build: { target: development, context: . }\n    command: npx nodemon src/index.ts\n",
    ],
    [
      "with CRLF",
      "services:\r\n  web:\r\n    build: .\r\n    command: npm run dev\r\n",
      "services:\r\n  web:\r\n    build:\r\n      context: .\r\n      target: development\r\n    command: npm run dev\r\n",
    ],
  ])("gets the target into a build that is written %s", (_, before, after) => {
    expect(composeAfter(project(before))).toBe(after);
  });

  it("keeps what other services build", () => {
    const both = `${SHORT}  worker:\n    build: .\n    command: npm run seed\n`;
    expect(composeAfter(project(both))).toContain("  worker:\n    build: .\n    command: npm run seed\n");
    expect(migrated(project(both)).codes).toEqual([]);
  });

  it("is named where the answers leave it in the image that ships", () => {
    expect(migrated(project(SHORT), { development: "leave" }).codes).toContain("command-elsewhere");
  });

  it.each([
    ["it starts what ships", "services:\n  web:\n    build: .\n    command: node dist/index.js\n"],
    [
      "it has a target",
      "services:\n  web:\n    build:\n      context: .\n      target: old\n    command: npm run dev\n",
    ],
    ["its build is an alias", "x-b: &b\n  context: .\nservices:\n  web:\n    build: *b\n    command: npm run dev\n"],
    ["it builds another file", "services:\n  web:\n    build: ./api\n    command: npm run dev\n"],
  ])("gets none where %s", (_, compose) => {
    const seen = migrated(project(compose));
    expect(seen.verdict).toBe("migrated");
    expect(seen.dockerfile).not.toContain("AS development");
    expect(composeAfter(project(compose))).toBeUndefined();
  });

  it("stays in the image that ships where the answers say so", () => {
    expect(composeAfter(project(SHORT), { development: "leave" })).toBeUndefined();
    expect(migrated(project(SHORT), { development: "leave" }).codes).toContain("command-elsewhere");
  });

  it("takes a name that no stage has", () => {
    const staged = `FROM node:20 AS development\nRUN true\n\n${DOCKERFILE}`;
    expect(migrated(project(SHORT, staged)).dockerfile).toContain("FROM node:20 AS development-stage-2\n");
  });

  it("is settled after that", () => {
    const files = project(SHORT);
    const again = migrated({
      ...files,
      Dockerfile: migrated(files).dockerfile,
      "compose.yaml": composeAfter(files) ?? "",
    });
    expect(again.verdict).toBe("no-benefit");
  });
});
