/** Projects of several packages, as a user gets them. */
import { describe, expect, it } from "vitest";
import { migrated } from "../../importers/fat-dockerfile/migrated.ts";

type Tree = Readonly<Record<string, string>>;

const TSCONFIG = '{"compilerOptions":{"outDir":"dist","rootDir":"src"},"include":["src"]}';
const LOCK = (more: object = {}): string => JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...more } });

function member(name: string, more: object = {}): string {
  return JSON.stringify({ name, scripts: { build: "tsc" }, devDependencies: { typescript: "5" }, ...more });
}

/** A service, the library that it depends on, and a package that is nobody's. */
function workspace(more: Tree = {}, ranges = "1.0.0"): Tree {
  return {
    "package.json": '{"name":"root","private":true,"workspaces":["packages/*"]}',
    "package-lock.json": LOCK(),
    "packages/api/package.json": member("api", { dependencies: { express: "4", lib: ranges } }),
    "packages/api/tsconfig.json": TSCONFIG,
    "packages/api/src/index.ts": 'import express from "express"; import { x } from "lib"; express(x);',
    "packages/lib/package.json": member("lib", { main: "dist/index.js" }),
    "packages/lib/tsconfig.json": TSCONFIG,
    "packages/lib/src/index.ts": "export const x = 1;",
    "packages/site/package.json": member("site"),
    "packages/site/tsconfig.json": TSCONFIG,
    "packages/site/src/index.ts": "export {};",
    ...more,
  };
}

function dockerfile(install: string, build: string, start = 'CMD ["node", "packages/api/dist/index.js"]'): string {
  return `FROM node:20\nWORKDIR /app\nCOPY . .\nRUN ${install}\nRUN ${build}\n${start}\n`;
}

const BUILT = [
  "builder:/app/packages/api/dist -> /app/packages/api/dist",
  "builder:/app/packages/lib/dist -> /app/packages/lib/dist",
];
const INSTALLED = "dependencies:/app/node_modules -> /app/node_modules";

describe("a workspace of npm", () => {
  it.each([
    ["npm run build --workspaces"],
    ["npm run build -w lib -w api"],
    ["npm run build --workspace=packages/lib && npm -w api run build"],
    ["npx turbo run build --filter=api"],
    ["npx lerna run build"],
  ])("ships the packages that the program depends on after %s", (build) => {
    const { flows, production } = migrated({ ...workspace(), Dockerfile: dockerfile("npm ci", build) });
    expect(flows).toEqual([INSTALLED, ...BUILT]);
    expect(production).toContain("FROM node:20-slim AS production");
    expect(production).not.toContain("site");
  });

  it("installs afresh with the manifests of all packages", () => {
    const { dockerfile: text } = migrated({ ...workspace(), Dockerfile: dockerfile("npm ci", "npm run build -ws") });
    expect(text).toContain("COPY packages/site/package.json /app/packages/site/\nRUN npm ci --omit=dev\n");
  });

  it("brings the libraries of a package that the lock file does not hoist, unless they are for development", () => {
    const lock = LOCK({
      "packages/api/node_modules/express": {},
      "packages/lib/node_modules/typescript": { dev: true },
    });
    const { flows } = migrated({
      ...workspace({ "package-lock.json": lock }),
      Dockerfile: dockerfile("npm ci", "npm run build -ws"),
    });
    expect(flows).toContain("dependencies:/app/packages/api/node_modules -> /app/packages/api/node_modules");
    expect(flows.join("\n")).not.toContain("/app/packages/lib/node_modules");
  });

  it("prunes where a package prepares itself", () => {
    const lib = member("lib", { main: "dist/index.js", scripts: { build: "tsc", prepare: "husky" } });
    const { decisions } = migrated({
      ...workspace({ "packages/lib/package.json": lib }),
      Dockerfile: dockerfile("npm ci", "npm run build -ws"),
    });
    expect(decisions.dependencies).toBe("prune");
  });

  it.each([
    ["imports a development dependency", { "packages/api/src/index.ts": 'import "typescript"; import "lib";' }],
    [
      "names files of another package",
      { "packages/api/src/index.ts": 'require("fs").readFileSync("packages/site/a.txt")', "packages/site/a.txt": "" },
    ],
    [
      "depends on a directory by its path",
      { "packages/lib/package.json": member("lib", { dependencies: { x: "file:../../x" } }) },
    ],
  ])("stays whole where the program %s", (_, more) => {
    const { verdict } = migrated({ ...workspace(more), Dockerfile: dockerfile("npm ci", "npm run build -ws") });
    expect(verdict).toBe("no-benefit");
  });

  it("says so where a selection cannot be read", () => {
    const { codes } = migrated({ ...workspace(), Dockerfile: dockerfile("npm ci", "npm run build -w elsewhere") });
    expect(codes).toEqual(["command-effects-unknown"]);
  });
});

describe("a workspace of another manager", () => {
  const pnpm = (): Tree => {
    const { "package-lock.json": _, ...rest } = workspace(
      {
        "package.json": '{"name":"root","private":true}',
        "pnpm-workspace.yaml": "# ours\npackages:\n  - 'packages/*' # all\n  - '!packages/site'\ncatalog:\n  - x\n",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      },
      "workspace:*",
    );
    return rest;
  };

  it.each([["pnpm -r build"], ["pnpm --filter api... build"], ["pnpm --filter './packages/*' run build"]])(
    "ships what pnpm installs for each package after %s",
    (build) => {
      const { flows } = migrated({
        ...pnpm(),
        Dockerfile: dockerfile("npm i -g pnpm && pnpm i --frozen-lockfile", build),
      });
      expect(flows).toEqual([
        INSTALLED,
        "dependencies:/app/packages/api/node_modules -> /app/packages/api/node_modules",
        ...BUILT,
      ]);
    },
  );

  it("stays whole where pnpm selects a package when the image runs", () => {
    const start = 'CMD ["pnpm", "--filter", "api", "start"]';
    const { verdict } = migrated({
      ...pnpm(),
      Dockerfile: dockerfile("npm i -g pnpm && pnpm i", "pnpm -r build", start),
    });
    expect(verdict).toBe("no-benefit");
  });

  it.each([["yarn workspaces run build"], ["yarn workspace lib build && yarn workspace api build"]])(
    "ships packages whole with Yarn, whose libraries may lie in them, after %s",
    (build) => {
      const { flows } = migrated({
        ...workspace({ "yarn.lock": "" }),
        Dockerfile: dockerfile("yarn install --frozen-lockfile", build),
      });
      expect(flows).toEqual([
        "builder:/app/node_modules -> /app/node_modules",
        "builder:/app/packages/api -> /app/packages/api",
        "builder:/app/packages/lib -> /app/packages/lib",
      ]);
    },
  );
});
