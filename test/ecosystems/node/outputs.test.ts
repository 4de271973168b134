import { describe, expect, it } from "vitest";
import type { Effect } from "../../../src/ecosystems/ecosystem.ts";
import { node } from "../../../src/ecosystems/node/node.ts";
import { commandOf, viewOf } from "./view.ts";

/** Effects in short: "built /app/dist", "test", "unknown". */
function short(effects: readonly Effect[] | undefined): readonly string[] {
  return (effects ?? []).map((effect) => {
    switch (effect.kind) {
      case "artifact":
        return `built ${effect.artifact.path}${effect.artifact.source === undefined ? "" : ` from ${effect.artifact.source}`}`;
      case "check":
        return effect.what;
      case "runs":
        return `runs ${effect.script}`;
      case "removes":
      case "writes":
        return `${effect.kind} ${effect.path}`;
      default:
        return effect.kind;
    }
  });
}

function effects(
  line: string,
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): readonly string[] {
  return short(node.interpret(commandOf(line, environment), viewOf(files)));
}

const TSCONFIG = JSON.stringify({ compilerOptions: { outDir: "dist" }, include: ["src"] });
const SOURCES = { "src/index.ts": "", "src/lib/a.ts": "" };

describe("the TypeScript compiler", () => {
  const cases: readonly [string, string, Readonly<Record<string, string>>, readonly string[]][] = [
    [
      "writes outDir, from the common directory of its inputs",
      "tsc",
      { "tsconfig.json": TSCONFIG, ...SOURCES },
      ["built /app/dist from /app/src"],
    ],
    [
      "counts from the project when inputs lie in two directories",
      "tsc",
      { "tsconfig.json": '{"compilerOptions":{"outDir":"out"}}', ...SOURCES, "test/a.ts": "" },
      ["built /app/out from /app"],
    ],
    [
      "takes rootDir as it is",
      "tsc -p tsconfig.prod.json",
      { "tsconfig.prod.json": '{"compilerOptions":{"outDir":"out","rootDir":"."},"include":["src"]}', ...SOURCES },
      ["built /app/out from /app"],
    ],
    [
      "follows extends, comments and trailing commas allowed",
      "tsc -p .",
      {
        "tsconfig.json": '{ "extends": "./base", /* x */ "include": ["src",], }',
        "base.json": '{"compilerOptions": {"outDir": "./lib"}} // y',
        ...SOURCES,
      },
      ["built /app/lib from /app/src"],
    ],
    [
      "resolves inherited paths on the file that sets them",
      "tsc",
      {
        "tsconfig.json": '{"extends":"./config/base.json","include":["src"]}',
        "config/base.json": '{"compilerOptions":{"outDir":"../out"}}',
        ...SOURCES,
      },
      ["built /app/out from /app/src"],
    ],
    [
      "lets options win",
      "tsc --outDir build",
      { "tsconfig.json": TSCONFIG, ...SOURCES },
      ["built /app/build from /app/src"],
    ],
    ["only checks with noEmit", "tsc --noEmit", { "tsconfig.json": TSCONFIG }, ["lint"]],
    [
      "only checks with noEmit in the configuration",
      "tsc",
      { "tsconfig.json": '{"compilerOptions":{"noEmit":true}}' },
      ["lint"],
    ],
    [
      "is unknown where the output stands beside the sources",
      "tsc",
      { "tsconfig.json": "{}", ...SOURCES },
      ["unknown"],
    ],
    [
      "is unknown where a base lies in a package that is not read",
      "tsc",
      { "tsconfig.json": '{"extends":"@acme/base"}', ...SOURCES },
      ["unknown"],
    ],
    [
      "builds the referenced projects too",
      "tsc -b",
      {
        "tsconfig.json": '{"files":[],"references":[{"path":"./api"},{"path":"./web"}]}',
        "api/tsconfig.json": '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
        "web/tsconfig.json": '{"compilerOptions":{"outDir":"out","rootDir":"src"}}',
      },
      ["built /app/api/dist from /app/api/src", "built /app/web/out from /app/web/src"],
    ],
  ];
  it.each(cases)("%s", (_, line, files, expected) => {
    expect(effects(line, files)).toEqual(expected);
  });
});

describe("bundlers and frameworks", () => {
  const cases: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
    ["vite build", {}, ["built /app/dist from /app"]],
    ["vite build --outDir out", {}, ["built /app/out from /app"]],
    [
      "vite build",
      {
        "vite.config.ts":
          'import { defineConfig } from "vite";\nconst out = "public" + "/app";\nexport default defineConfig({ build: { outDir: out } });',
      },
      ["built /app/public/app from /app"],
    ],
    [
      "vite build",
      { "vite.config.js": 'export default ({ mode }) => ({ root: "web", build: { outDir: "../dist" } });' },
      ["built /app/dist from /app/web"],
    ],
    ["vite build", { "vite.config.js": "export default { build: { outDir: compute() } };" }, ["unknown"]],
    ["vite", {}, ["nothing"]],
    [
      "webpack --mode production",
      {
        "webpack.config.js":
          'const path = require("path");\nmodule.exports = { output: { path: path.resolve(__dirname, "build") } };',
      },
      ["built /app/build from /app"],
    ],
    [
      "webpack --config conf/prod.js",
      {
        "conf/prod.js":
          'const { merge } = require("webpack-merge");\nmodule.exports = merge(require("./common"), { mode: "production" });',
        "conf/common.js":
          'const path = require("path");\nfunction resolve(dir) { return path.join(__dirname, "..", dir); }\nmodule.exports = { output: { path: resolve("static") } };',
      },
      ["built /app/static from /app"],
    ],
    ["webpack", {}, ["built /app/dist from /app"]],
    ["next build", {}, ["built /app/.next from /app"]],
    [
      "next build",
      { "next.config.js": 'module.exports = { output: "export" };' },
      ["built /app/.next from /app", "built /app/out from /app"],
    ],
    [
      "next build",
      { "next.config.mjs": 'const config = { distDir: "build" };\nexport default config;' },
      ["built /app/build from /app"],
    ],
    ["react-scripts build", {}, ["built /app/build from /app"]],
    ["react-scripts test", {}, ["test"]],
    [
      "vue-cli-service build",
      { "vue.config.js": 'module.exports = { outputDir: "public" };' },
      ["built /app/public from /app"],
    ],
    [
      "ng build",
      { "angular.json": '{"projects":{"shop":{"architect":{"build":{"options":{"outputPath":"dist/shop"}}}}}}' },
      ["built /app/dist/shop from /app"],
    ],
    [
      "ng build",
      { "angular.json": '{"projects":{"shop":{"architect":{"build":{"options":{}}}}}}' },
      ["built /app/dist/shop from /app"],
    ],
    [
      "nest build",
      {
        "nest-cli.json": "{}",
        "tsconfig.build.json": '{"extends":"./tsconfig.json"}',
        "tsconfig.json": '{"compilerOptions":{"outDir":"./dist"}}',
        "src/main.ts": "",
      },
      ["built /app/dist from /app/src"],
    ],
    ["babel src -d lib", {}, ["built /app/lib from /app/src"]],
    ["esbuild src/a.ts --bundle --outfile=out/a.js", {}, ["built /app/out/a.js"]],
    ["esbuild src/a.ts --bundle --outdir=out", {}, ["built /app/out from /app"]],
    [
      "rollup -c",
      {
        "rollup.config.mjs":
          'export default { input: "a.js", output: [{ file: "dist/a.cjs" }, { file: "dist/a.mjs" }] };',
      },
      ["built /app/dist/a.cjs", "built /app/dist/a.mjs"],
    ],
    ["tsup", {}, ["built /app/dist from /app"]],
    [
      "gulp",
      {
        "gulpfile.js":
          'const gulp = require("gulp");\nconst out = "./public";\ngulp.task("css", () => gulp.src("a").pipe(gulp.dest(out + "/css")));',
      },
      ["built /app/public/css"],
    ],
    ["gulp", { "gulpfile.js": 'const { exec } = require("child_process");' }, ["unknown"]],
    [
      "grunt build",
      {
        "Gruntfile.js":
          'module.exports = (grunt) => grunt.initConfig({ uglify: { all: { files: { "build/app.js": ["src/*.js"] } } } });',
      },
      ["built /app/build/app.js"],
    ],
    ["jest --ci", {}, ["test"]],
    ["eslint .", {}, ["lint"]],
    ["rimraf dist", {}, ["removes /app/dist"]],
  ];
  it.each(cases)("%s with %j", (line, files, expected) => {
    expect(effects(line, files)).toEqual(expected);
  });

  it("lets BUILD_PATH name the directory of create-react-app", () => {
    expect(effects("react-scripts build", {}, { BUILD_PATH: "./out" })).toEqual(["built /app/out from /app"]);
  });
});

describe("package scripts", () => {
  const manifest = (
    scripts: Readonly<Record<string, string>>,
    more: object = {},
  ): Readonly<Record<string, string>> => ({
    "package.json": JSON.stringify({ scripts, ...more }),
  });
  const cases: readonly [string, string, Readonly<Record<string, string>>, readonly string[]][] = [
    [
      "runs what stands before and after",
      "npm run build",
      manifest({ prebuild: "rimraf dist", build: "tsc", postbuild: "cp a b" }),
      ["runs rimraf dist", "runs tsc", "runs cp a b"],
    ],
    [
      "passes arguments on",
      "npm run build -- --mode production",
      manifest({ build: "vite build" }),
      ["runs vite build --mode production"],
    ],
    ["knows yarn's short form", "yarn build", manifest({ build: "tsc" }), ["runs tsc"]],
    ["knows executables of libraries", "yarn tsc -p .", manifest({}), ["runs tsc -p ."]],
    ["takes npx off", "npx --yes typescript@5 -p .", manifest({}), ["runs typescript -p ."]],
    [
      "expands patterns",
      "run-p build:*",
      manifest({ "build:a": "tsc", "build:b": "vite build", "build:c:d": "x" }),
      ["runs tsc", "runs vite build"],
    ],
    [
      "takes cross-env off",
      "cross-env NODE_ENV=production webpack --progress",
      {},
      ["runs NODE_ENV=production webpack --progress"],
    ],
    ["says that a script is missing", "npm run build", manifest({}), ["unknown"]],
    ["does not mind with --if-present", "npm run build --if-present", manifest({}), ["nothing"]],
  ];
  it.each(cases)("%s", (_, line, files, expected) => {
    expect(effects(line, files)).toEqual(expected);
  });

  it("puts executables of libraries first in PATH", () => {
    const [effect] =
      node.interpret(commandOf("npm run build", { PATH: "/bin" }), viewOf(manifest({ build: "tsc" }))) ?? [];
    expect(effect).toMatchObject({ kind: "runs", workdir: "/app" });
    expect(effect?.kind === "runs" && effect.environment?.get("PATH")?.text).toBe("/app/node_modules/.bin:/bin");
  });
});

describe("installs", () => {
  const manifest = { "package.json": '{"devDependencies":{"typescript":"5"}}' };
  const production = (line: string, environment: Readonly<Record<string, string>> = {}): boolean | undefined => {
    const [effect] = node.interpret(commandOf(line, environment), viewOf(manifest)) ?? [];
    return effect?.kind === "dependencies" ? effect.tree.production : undefined;
  };
  it.each([
    ["npm ci", {}, false],
    ["npm install --omit=dev", {}, true],
    ["npm install --omit dev", {}, true],
    ["npm ci --only=production", {}, true],
    ["npm install", { NODE_ENV: "production" }, true],
    ["npm install --include=dev", { NODE_ENV: "production" }, false],
    ["yarn", {}, false],
    ["yarn install --production=false", { NODE_ENV: "production" }, false],
    ["yarn --prod", {}, true],
    ["pnpm install --prod --frozen-lockfile", {}, true],
  ] as const)("%s with %j leaves development dependencies out: %s", (line, environment, expected) => {
    expect(production(line, environment)).toBe(expected);
  });

  it("installs global tools without files that could be copied by themselves", () => {
    expect(node.interpret(commandOf("npm install -g typescript@5 serve"), viewOf(manifest))).toEqual([
      { kind: "tools", names: ["typescript", "serve", "tsc", "tsserver", "serve"], paths: [] },
    ]);
  });

  it("remembers packages that an earlier install added", () => {
    const view = viewOf(manifest, { dependencies: [{ directory: "/app", command: "npm install left-pad" }] });
    const [effect] = node.interpret(commandOf("npm install"), view) ?? [];
    expect(effect?.kind === "dependencies" && effect.tree.command).toBe("npm install left-pad");
  });

  it("runs the project's own install scripts", () => {
    const view = viewOf({ "package.json": '{"scripts":{"postinstall":"patch-package","prepare":"husky"}}' });
    expect(short(node.interpret(commandOf("npm ci"), view))).toEqual([
      "dependencies",
      "runs patch-package",
      "runs husky",
    ]);
    expect(short(node.interpret(commandOf("npm ci --ignore-scripts"), view))).toEqual(["dependencies"]);
  });
});
