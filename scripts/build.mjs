/**
 * Builds the package:
 *
 *     dist/index.js, dist/index.d.ts …   the library, ES modules, one file for each source file (tsc)
 *     dist/bin/restage.cjs               the command line, one CommonJS file that starts fast (esbuild)
 *     dist/bin/help.cjs, yaml.cjs …      what few runs need, beside it
 *
 * Node reads and scans every byte of a file before it runs the first, so what carries a large library that most runs do not use
 * stands in a file of its own: yargs behind help, yaml behind the first function of it that is called. `ts-morph` stays outside as a package: it takes
 * 0.4 s to load. What is not decided here: which module is loaded when; see
 * docs/decisions/0004-cjs-bundle-for-the-command-line.md.
 *
 * `--if-stale` does nothing when `dist` is newer than all that it is made from.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const BUNDLE = join(DIST, "bin", "restage.cjs");
const INPUTS = ["src", "package.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.mjs"];

/** The newest modification time in a file or folder, in milliseconds. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isFresh() {
  if (!existsSync(BUNDLE)) return false;
  const made = statSync(BUNDLE).mtimeMs;
  return INPUTS.every((input) => newest(join(ROOT, input)) <= made);
}

function compileLibrary() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** Modules that are reached only by `import()`, by the file they become beside the command line. */
const APART = { "help.cjs": "src/cli/help.ts", "config.cjs": "src/project/config.ts" };

const apart = {
  name: "apart",
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const [file] = Object.entries(APART).find(([, source]) => join(resolveDir, path) === join(ROOT, source)) ?? [];
      return file && { path: `./${file}`, external: true };
    });
  },
};

/**
 * `yaml` as functions that load it when one of them is called: `import { isMap } from "yaml"` costs nothing until then. Its classes
 * are not there, so that nothing can be made of them.
 */
const lateYaml = {
  name: "late-yaml",
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, () => ({ path: "yaml", namespace: "late" }));
    build.onResolve({ filter: /^\.\/yaml\.cjs$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: "late" }, () => {
      const names = Object.keys(createRequire(import.meta.url)("yaml")).filter((name) => /^[a-z]/.test(name));
      const functions = names.map((name) => `export const ${name} = (...args) => yaml().${name}(...args);`);
      return {
        contents: ["let loaded;", `const yaml = () => (loaded ??= require("./yaml.cjs"));`, ...functions].join("\n"),
      };
    });
  },
};

async function bundle(entry, outfile, banner, plugins = [apart, lateYaml]) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // Less to read and to compile at each start; names stay, for the traces that RESTAGE_DEBUG shows.
    minifySyntax: true,
    minifyWhitespace: true,
    external: ["ts-morph"],
    plugins,
    // `import.meta.url` does not exist in CommonJS; `createRequire(import.meta.url)` is how the sources load heavy modules.
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: `${banner}const importMetaUrl = require("node:url").pathToFileURL(__filename).href;` },
    logLevel: "warning",
  });
}

async function bundleCommandLine() {
  await bundle("yaml", join(DIST, "bin", "yaml.cjs"), "", []);
  for (const [file, source] of Object.entries(APART)) await bundle(source, join(DIST, "bin", file), "");
  await bundle("src/cli/main.ts", BUNDLE, "#!/usr/bin/env node\n");
  chmodSync(BUNDLE, 0o755);
}

if (!(process.argv.includes("--if-stale") && isFresh())) {
  rmSync(DIST, { recursive: true, force: true });
  compileLibrary();
  await bundleCommandLine();
}
