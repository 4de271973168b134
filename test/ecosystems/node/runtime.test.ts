import { describe, expect, it } from "vitest";
import type { RuntimeNeed } from "../../../src/ecosystems/ecosystem.ts";
import { slimReference } from "../../../src/ecosystems/node/bases.ts";
import { node } from "../../../src/ecosystems/node/node.ts";
import { imagePath } from "../../../src/text/paths.ts";
import { commandOf, type ViewOptions, viewOf } from "./view.ts";

function shortNeed(need: RuntimeNeed): string {
  switch (need.kind) {
    case "path":
      return `${need.confidence === "guess" ? "guess" : "path"} ${need.path}`;
    case "dependencies":
      return `dependencies ${need.choices.map((choice) => choice.value).join("|")}`;
    case "executable":
    case "package":
      return `${need.kind} ${need.name}`;
    case "everything":
      return `everything ${need.directory}`;
    case "runs":
      return `runs ${need.script}`;
    case "shell":
      return need.confidence === "guess" ? "shell for unknown programs" : "shell";
  }
}

/** Needs in short, sorted: "path /app/dist", "dependencies install|as-built", "guess /app/views". */
function short(needs: readonly RuntimeNeed[] | undefined): readonly string[] | undefined {
  return needs === undefined ? undefined : [...new Set(needs.map(shortNeed))].sort();
}

function needs(
  line: string,
  files: Readonly<Record<string, string>>,
  options: ViewOptions = {},
): readonly string[] | undefined {
  return short(node.needs({ origin: "cmd", command: commandOf(line) }, viewOf(files, options)));
}

const TREE = [{ directory: "/app", command: "npm ci" }];
const BUILT: ViewOptions = { artifacts: [{ path: "/app/dist", source: imagePath("/app/src") }], dependencies: TREE };
const PROJECT = {
  "package.json": '{"dependencies":{"express":"4"},"devDependencies":{"typescript":"5","pino-pretty":"1"}}',
  "package-lock.json": "{}",
  "tsconfig.json": '{"compilerOptions":{"outDir":"dist"},"include":["src"]}',
};
const COMPILED = ["dependencies install|prune|as-built", "executable node", "path /app/dist", "path /app/package.json"];

describe("a compiled program", () => {
  it("needs its output, its libraries and package.json", () => {
    expect(
      needs("node dist/server.js", { ...PROJECT, "src/server.ts": 'import express from "express";' }, BUILT),
    ).toEqual(COMPILED);
  });

  const assets: readonly [string, string, Readonly<Record<string, string>>, readonly string[]][] = [
    [
      "a file that it reads beside its output",
      'import fs from "fs"; import path from "path"; fs.readFileSync(path.join(__dirname, "../data/a.json"));',
      { "data/a.json": "", "data/b.json": "" },
      ["guess /app/data", "path /app/data/a.json"],
    ],
    [
      "a directory of which it reads any file",
      'import { readFileSync } from "node:fs"; import { join } from "node:path"; export const t = (n: string) => readFileSync(join(__dirname, "..", "texts", n));',
      { "texts/a.txt": "" },
      ["path /app/texts"],
    ],
    [
      "static files",
      'import express from "express"; const app = express(); app.use(express.static("public"));',
      { "public/a.css": "" },
      ["path /app/public"],
    ],
    [
      "views by a setting",
      'import express from "express"; import { resolve } from "path"; const app = express(); app.set("views", resolve(process.cwd(), "templates"));',
      { "templates/a.ejs": "" },
      ["path /app/templates"],
    ],
    [
      "a path that another file exports",
      'import { ROOT } from "./paths"; import { join } from "path"; import fs from "fs"; fs.readdirSync(join(ROOT, "seeds"));',
      { "src/paths.ts": 'import { dirname } from "path"; export const ROOT = dirname(__dirname);', "seeds/a.sql": "" },
      ["path /app/seeds"],
    ],
    [
      "a path on import.meta.url",
      'import { fileURLToPath } from "url"; import fs from "fs"; fs.readFileSync(fileURLToPath(new URL("../schema.sql", import.meta.url)));',
      { "schema.sql": "" },
      ["path /app/schema.sql"],
    ],
    ["the settings that dotenv reads", 'import "dotenv/config";', { ".env": "" }, ["path /app/.env"]],
    [
      "nothing for a source that only the build reads",
      'export const entities = ["src/entities/a.ts"];',
      { "src/entities/a.ts": "" },
      [],
    ],
    [
      "all files of the project where it opens files by computed paths",
      'import fs from "fs"; export const f = (p: string) => fs.readFileSync(p);',
      { "views/a.ejs": "", "docs/a.md": "" },
      ["path /app/docs", "path /app/package-lock.json", "path /app/tsconfig.json", "path /app/views"],
    ],
    [
      "directories that libraries open by custom",
      'import express from "express"; express().set("view engine", "ejs");',
      { "views/a.ejs": "", "docs/a.md": "" },
      ["guess /app/views"],
    ],
    [
      "a file that it imports beside its output",
      'const settings = require("../settings.json"); export default settings;',
      { "settings.json": "{}" },
      ["path /app/settings.json"],
    ],
    [
      "what modules open that it imports by computed names",
      `import fs from "fs"; import path from "path"; for (const f of fs.readdirSync(path.join(__dirname, "routes"))) require(\`./routes/\${f}\`);`,
      { "src/routes/a.ts": 'import fs from "fs"; fs.readFileSync("texts/a.txt");', "texts/a.txt": "", "docs/a.md": "" },
      ["path /app/texts/a.txt"],
    ],
    [
      "all files of the project where it imports computed names beside its output",
      `export const say = (l: string) => require(\`../\${l}.json\`);`,
      { "de.json": "{}" },
      ["path /app/de.json", "path /app/package-lock.json", "path /app/tsconfig.json"],
    ],
    [
      "the directory before a wildcard",
      'import glob from "glob"; export const found = glob.sync("plugins/**/*.js");',
      { "plugins/a.js": "" },
      ["path /app/plugins"],
    ],
    [
      "a program that it starts",
      'import { execFile } from "child_process"; execFile("pdftotext", ["a.pdf"]);',
      {},
      ["executable pdftotext"],
    ],
    [
      "a shell that it starts",
      `import { exec } from "child_process"; exec(\`git log \${process.argv[2]}\`);`,
      {},
      ["executable git", "shell"],
    ],
    [
      "programs that it computes",
      'import { spawn } from "child_process"; export const f = (x: string) => spawn(x);',
      {},
      ["shell for unknown programs"],
    ],
  ];
  it.each(assets)("needs %s", (_, source, files, expected) => {
    const all = needs("node dist/server.js", { ...PROJECT, "src/server.ts": source, ...files }, BUILT);
    expect(all).toEqual([...COMPILED, ...expected].sort());
  });

  it("keeps development dependencies that it imports", () => {
    const files = { ...PROJECT, "src/server.ts": 'import pretty from "pino-pretty"; pretty();' };
    expect(needs("node dist/server.js", files, BUILT)).toContain("dependencies as-built");
  });

  it("does not count imports of types", () => {
    const files = {
      ...PROJECT,
      "src/server.ts":
        'import type { A } from "typescript"; import { B } from "pino-pretty"; export const f = (a: A, b: B) => a;',
    };
    expect(needs("node dist/server.js", files, BUILT)).toEqual(COMPILED);
  });

  it("keeps development dependencies that are loaded before it", () => {
    expect(needs("node -r pino-pretty/x dist/server.js", { ...PROJECT, "src/server.ts": "" }, BUILT)).toContain(
      "dependencies as-built",
    );
  });

  it("needs no libraries where the project has none", () => {
    const files = { ...PROJECT, "package.json": '{"devDependencies":{"typescript":"5"}}', "src/server.ts": "" };
    expect(needs("node dist/server.js", files, BUILT)).toEqual([
      "executable node",
      "path /app/dist",
      "path /app/package.json",
    ]);
  });

  it("is found by tsconfig.json where a build of unknown output made it", () => {
    expect(needs("node dist/server.js", { ...PROJECT, "src/server.ts": "" }, { dependencies: TREE })).toEqual(COMPILED);
  });

  it("knows its place among the sources when tsconfig.json excludes others", () => {
    const files = {
      ...PROJECT,
      "tsconfig.json": '{"compilerOptions":{"outDir":"dist"},"exclude":["test","**/*.spec.ts"]}',
      "src/server.ts": 'import { join } from "path"; export const views = join(__dirname, "..", "views");',
      "test/a.ts": "",
      "lib/b.spec.ts": "",
      "views/a.hbs": "",
    };
    expect(needs("node dist/server", files, { dependencies: TREE })).toEqual([...COMPILED, "path /app/views"]);
  });

  it("keeps the whole project where packages link to one another", () => {
    const files = {
      "package.json": '{"workspaces":["packages/*"]}',
      "packages/api/package.json": "{}",
      "packages/api/src/a.ts": "",
    };
    expect(needs("node packages/api/dist/a.js", files)).toEqual(["everything /app", "executable node"]);
  });
});

describe("a program that runs as it was written", () => {
  it("needs the project's own files and what the build made among them", () => {
    const files = { ...PROJECT, "server.js": "", "lib/a.js": "" };
    expect(
      needs(
        "node .",
        { ...files, "package.json": '{"main":"server.js","dependencies":{"a":"1"},"devDependencies":{"b":"1"}}' },
        BUILT,
      ),
    ).toEqual([
      "dependencies install|prune|as-built",
      "executable node",
      "path /app/dist",
      "path /app/lib",
      "path /app/package-lock.json",
      "path /app/package.json",
      "path /app/server.js",
      "path /app/tsconfig.json",
    ]);
  });
});

describe("other ways to start", () => {
  it("follows package scripts", () => {
    const files = { "package.json": '{"scripts":{"prestart":"node check.js","start":"node server.js"}}' };
    expect(needs("npm start", files)).toEqual([
      "executable npm",
      "path /app/package.json",
      "runs node check.js",
      "runs node server.js",
    ]);
  });

  it("names development servers", () => {
    const files = { "package.json": '{"devDependencies":{"@angular/cli":"17"}}' };
    const found = node.needs({ origin: "cmd", command: commandOf("ng serve --host 0.0.0.0") }, viewOf(files));
    expect(found).toContainEqual(
      expect.objectContaining({ kind: "everything", developmentServer: "ng serve --host 0.0.0.0" }),
    );
  });

  it("keeps the compiler of ts-node", () => {
    const files = { "package.json": '{"dependencies":{"a":"1"},"devDependencies":{"ts-node":"10"}}', "src/a.ts": "" };
    const found = needs("ts-node src/a.ts", files, { dependencies: TREE });
    expect(found).toContain("dependencies as-built");
    expect(found).toContain("path /app/src");
  });

  it("needs what a static server hands out", () => {
    expect(needs("serve -s build -l 3000", { "package.json": "{}" })).toEqual([
      "executable node",
      "executable serve",
      "path /app/build",
    ]);
  });

  it("needs what Next wrote, and what lies beside it", () => {
    const files = {
      "package.json": '{"dependencies":{"next":"14"}}',
      "public/a.png": "",
      "next.config.js": "module.exports = {};",
      "pages/a.js": "",
    };
    expect(needs("next start -p 80", files, { dependencies: TREE })).toEqual([
      "dependencies as-built",
      "executable node",
      "path /app/.next",
      "path /app/next.config.js",
      "path /app/package.json",
      "path /app/public",
    ]);
  });

  it("needs only the standalone server where that is started", () => {
    expect(needs("node .next/standalone/server.js", PROJECT, BUILT)).toEqual([
      "executable node",
      "path /app/.next/standalone",
    ]);
  });

  it("reads pm2's process file", () => {
    const files = {
      "package.json": "{}",
      "ecosystem.config.js": 'module.exports = { apps: [{ name: "a", script: "./dist/a.js" }] };',
    };
    expect(needs("pm2-runtime start ecosystem.config.js", files)).toContain("runs node ./dist/a.js");
  });

  it("needs the settings of a preload, and what Next's settings import", () => {
    const files = {
      "package.json": '{"dependencies":{"next":"14","dotenv":"16"},"devDependencies":{"@next/bundle-analyzer":"14"}}',
      "next.config.js":
        'const paths = require("./build/paths"); require("@next/bundle-analyzer"); module.exports = paths;',
      "build/paths.js": "",
      "pages/index.js": 'import fs from "fs"; export const f = () => fs.readFileSync("content/a.md");',
      "content/a.md": "",
      "other/b.md": "",
      ".env": "",
      "a.js": "",
    };
    const next = needs("next start", files, { dependencies: TREE });
    expect(next).toEqual([
      "dependencies as-built",
      "executable node",
      "path /app/.env",
      "path /app/.next",
      "path /app/build/paths.js",
      "path /app/content/a.md",
      "path /app/next.config.js",
      "path /app/package.json",
    ]);
    const compiled = { ...PROJECT, ".env": "", "src/server.ts": "" };
    expect(needs("node -r dotenv/config dist/server.js", compiled, BUILT)).toContain("path /app/.env");
  });

  it("keeps the whole project for later versions of Yarn, which read its lock file and install state", () => {
    const files = {
      "package.json": '{"packageManager":"yarn@4.1.0","scripts":{"start":"node server.js"}}',
      "server.js": "",
    };
    expect(needs("yarn start", files, { dependencies: TREE })).toContain("everything /app");
  });

  it("keeps the whole project where a manager of the project's own version would be fetched again", () => {
    const files = { "package.json": '{"packageManager":"pnpm@9.1.0","scripts":{"start":"node server.js"}}' };
    expect(needs("pnpm start", files, { dependencies: TREE })).toContain("everything /app");
    expect(needs("npm start", files, { dependencies: TREE })).not.toContain("everything /app");
  });

  it("keeps the whole project where a script starts an executable that no known library brings", () => {
    const files = { "package.json": '{"dependencies":{"a":"1"}}' };
    const view = viewOf(files, { dependencies: TREE });
    const started = (line: string): readonly string[] | undefined =>
      short(node.needs({ origin: "script", command: commandOf(line, { PATH: "/app/node_modules/.bin:/bin" }) }, view));
    expect(started("some-server build")).toEqual(["everything /app"]);
    expect(started("mkdir logs")).toBeUndefined();
    expect(started("./run.sh")).toBeUndefined();
  });

  it("keeps the whole directory where libraries were installed by a manifest that is not in the checkout", () => {
    expect(needs("node server.js", { "server.js": "" }, { dependencies: TREE })).toContain("everything /app");
  });

  it("leaves other commands to others", () => {
    expect(needs("redis-server", PROJECT)).toBeUndefined();
  });
});

describe("production libraries", () => {
  const choices = (files: Readonly<Record<string, string>>, command: string, base = "node:20"): readonly string[] => {
    const view = viewOf({ "server.js": "", ...files }, { base, dependencies: [{ directory: "/app", command }] });
    const found = node
      .needs({ origin: "cmd", command: commandOf("node server.js") }, view)
      ?.find((need) => need.kind === "dependencies");
    return found?.kind !== "dependencies"
      ? []
      : found.choices.map(({ how }) => ("command" in how ? how.command : how.kind));
  };
  const manifest = (more: object = {}): string =>
    JSON.stringify({ dependencies: { a: "1" }, devDependencies: { b: "1" }, ...more });
  const rows: readonly [string, Readonly<Record<string, string>>, string, string, readonly string[]][] = [
    [
      "npm ci with a lock file",
      { "package.json": manifest(), "package-lock.json": "{}" },
      "npm ci --no-audit",
      "node:20",
      ["npm ci --no-audit --omit=dev", "npm prune --omit=dev", "as-built"],
    ],
    [
      "npm 6",
      { "package.json": manifest(), "package-lock.json": "{}" },
      "npm install",
      "node:12-alpine",
      ["npm install --production", "npm prune --production", "as-built"],
    ],
    ["no lock file", { "package.json": manifest() }, "npm install", "node:20", ["npm prune --omit=dev", "as-built"]],
    [
      "husky in prepare",
      { "package.json": manifest({ scripts: { prepare: "husky install" } }), "package-lock.json": "{}" },
      "npm ci",
      "node:20",
      ["npm prune --omit=dev", "as-built"],
    ],
    [
      "yarn 1",
      { "package.json": manifest(), "yarn.lock": "# yarn lockfile v1\n" },
      "yarn --frozen-lockfile",
      "node:20",
      [
        "yarn install --frozen-lockfile --production",
        "yarn install --production --ignore-scripts --prefer-offline",
        "as-built",
      ],
    ],
    [
      "yarn 1 leaves prepare out of production installs",
      { "package.json": manifest({ scripts: { prepare: "husky install" } }), "yarn.lock": "" },
      "yarn",
      "node:20",
      ["yarn install --production", "yarn install --production --ignore-scripts --prefer-offline", "as-built"],
    ],
    [
      "yarn 3",
      {
        "package.json": manifest({ packageManager: "yarn@3.6.0" }),
        "yarn.lock": "__metadata:\n",
        ".yarnrc.yml": "nodeLinker: node-modules\n",
      },
      "yarn install --immutable",
      "node:20",
      ["as-built"],
    ],
    [
      "pnpm",
      { "package.json": manifest(), "pnpm-lock.yaml": "" },
      "pnpm install --frozen-lockfile",
      "node:20",
      ["pnpm install --frozen-lockfile --prod", "pnpm prune --prod", "as-built"],
    ],
    [
      "packages that package.json does not name",
      { "package.json": manifest(), "package-lock.json": "{}" },
      "npm install left-pad",
      "node:20",
      ["npm prune --omit=dev", "as-built"],
    ],
    [
      "code that Prisma generates",
      { "package.json": manifest({ dependencies: { "@prisma/client": "5" } }), "package-lock.json": "{}" },
      "npm ci",
      "node:20",
      ["npm prune --omit=dev", "as-built"],
    ],
    [
      "options that bring development dependencies again",
      { "package.json": manifest(), "package-lock.json": "{}" },
      "npm ci --include=dev",
      "node:20",
      ["npm prune --omit=dev", "as-built"],
    ],
    [
      "a script that may make packages",
      { "package.json": manifest({ scripts: { postinstall: "node make.js" } }), "package-lock.json": "{}" },
      "npm ci",
      "node:20",
      ["as-built"],
    ],
    [
      "a script that runs another one, which leaves the libraries alone",
      {
        "package.json": manifest({ scripts: { prepare: "npm run build", build: "tsc -p ." } }),
        "package-lock.json": "{}",
      },
      "npm ci",
      "node:20",
      ["npm prune --omit=dev", "as-built"],
    ],
    [
      "code that Prisma generates below pnpm's own directory",
      { "package.json": manifest({ dependencies: { "@prisma/client": "5" } }), "pnpm-lock.yaml": "" },
      "pnpm install",
      "node:20",
      ["as-built"],
    ],
    [
      "no development dependencies",
      { "package.json": '{"dependencies":{"a":"1"}}', "package-lock.json": "{}" },
      "npm ci",
      "node:20",
      ["as-built"],
    ],
  ];
  it.each(rows)("%s", (_, files, command, base, expected) => {
    expect(choices(files, command, base)).toEqual(expected);
  });
});

describe("slim variants", () => {
  it.each([
    ["node", "node:slim"],
    ["node:20", "node:20-slim"],
    ["node:20.11-bookworm", "node:20.11-bookworm-slim"],
    ["registry.example:5000/lib/node:18", "registry.example:5000/lib/node:18-slim"],
    [`node:\${NODE_VERSION}`, `node:\${NODE_VERSION}-slim`],
    ["node:20-alpine", undefined],
    ["node:20-slim", undefined],
    ["node:20@sha256:abc", undefined],
    ["node:8.9.4", "node:8.9.4-slim"],
    ["node:8-stretch", "node:8-stretch-slim"],
    ["node:8.11.4-stretch", undefined],
    ["node:8.14.0-stretch", "node:8.14.0-stretch-slim"],
    ["node:9-stretch", undefined],
    ["node:lts-bookworm", "node:lts-bookworm-slim"],
    ["node:chakracore-8", undefined],
    ["$BASE", undefined],
  ])("%s → %s", (reference, expected) => {
    expect(slimReference(reference)).toBe(expected);
  });

  const bases = (
    base: string,
    line: string,
    files: Readonly<Record<string, string>>,
  ): readonly string[] | undefined => {
    const image = viewOf(files, { base, dependencies: TREE });
    const found = node.needs({ origin: "cmd", command: commandOf(line) }, image) ?? [];
    const request = {
      image,
      reference: base,
      artifacts: [],
      needs: found,
      shell: false,
      packages: [],
      createsUsers: false,
    };
    return node.runtimeBases(request)?.map((option) => option.reference);
  };
  const app = (more: object = {}): Readonly<Record<string, string>> => ({
    "package.json": JSON.stringify({ dependencies: { a: "1" }, ...more }),
    "server.js": "",
  });
  it.each([
    ["is offered for a plain program", "node:20", app(), ["node:20-slim"]],
    ["is not where a library links the system's own", "node:20", app({ dependencies: { canvas: "2" } }), []],
    [
      "is not where a library of a library links the system's own",
      "node:20",
      {
        ...app(),
        "package-lock.json":
          '{"packages":{"":{},"node_modules/a":{"dependencies":{"canvas":"2"}},"node_modules/canvas":{}}}',
      },
      [],
    ],
    [
      "is not where a library runs an install script that is not known",
      "node:20",
      { ...app(), "package-lock.json": '{"packages":{"":{},"node_modules/a":{"hasInstallScript":true}}}' },
      [],
    ],
    [
      "is where only development dependencies do",
      "node:20",
      { ...app(), "package-lock.json": '{"packages":{"":{},"node_modules/canvas":{"dev":true}}}' },
      ["node:20-slim"],
    ],
    [
      "is not where started programs are computed",
      "node:20",
      { ...app(), "server.js": 'require("child_process").spawn(process.argv[2]);' },
      [],
    ],
    ["is not for what is alpine already", "node:20-alpine", app(), []],
    [
      "is not where packages of a release are no longer served",
      "node:8",
      { ...app(), "server.js": 'require("child_process").execFile("git");' },
      [],
    ],
  ])("%s", (_, base, files, expected) => {
    expect(bases(base, "node server.js", files)).toEqual(expected);
  });
});
