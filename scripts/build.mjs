/**
 * Builds the package:
 *
 *     dist/index.js, dist/index.d.ts …       the library, ES modules, one file for each source file (tsc)
 *     dist/bin/restage.cjs                   the command line, CommonJS that starts fast (esbuild)
 *     dist/bin/builder-script.cjs, yaml.cjs  what only some runs need, beside it; chunk-….cjs: what several of them share
 *
 * Node reads and scans every byte of a file before it runs the first, so what most runs do not use stands in a file of its own: the
 * importers, yargs behind help, and yaml, each behind the first function of it that is called. `ts-morph` stays outside as a package:
 * it takes 0.4 s to load. What is not decided here: which module is loaded when; see
 * docs/decisions/0004-cjs-bundle-for-the-command-line.md.
 *
 * `--if-stale` does nothing when `dist` is newer than all that it is made from.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

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

/**
 * Modules that the command line loads when one of their functions is called, by the file that they become: a project of one kind
 * does without the importers of the others.
 */
const LATE = {
  "builder-script": "src/importers/builder-script/import-driver.ts",
  "fat-dockerfile": "src/importers/fat-dockerfile/import.ts",
  "other-driver": "src/importers/builder-script/other-driver.ts",
};

/** Functions that load `file` when one of them is called. */
function lateFunctions(file, names) {
  const functions = names.map((name) => `export const ${name} = (...args) => late().${name}(...args);`);
  return ["let loaded;", `const late = () => (loaded ??= require("./${file}"));`, ...functions].join("\n");
}

/** The functions that a module exports, which has to export nothing else that is there at run time. */
function functionsOf(source) {
  const text = readFileSync(join(ROOT, source), "utf8");
  const exported = [...text.matchAll(/^export (?!type |interface )(?:async )?(\w+) (\w+)/gm)];
  const other = exported.find(([, kind]) => kind !== "function");
  if (other !== undefined)
    throw new Error(`${source} exports "${other[2]}", which is no function, so it cannot be loaded late`);
  return exported.map(([, , name]) => name);
}

/** In the place of a late module, functions that load it. */
const late = {
  name: "late",
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const [name] = Object.entries(LATE).find(([, source]) => join(resolveDir, path) === join(ROOT, source)) ?? [];
      return kind === "entry-point" || name === undefined ? undefined : { path: name, namespace: "late" };
    });
    build.onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
      contents: lateFunctions(`${path}.cjs`, functionsOf(LATE[path])),
    }));
  },
};

/**
 * `yaml` as functions that load it when one of them is called: `import { isMap } from "yaml"` costs nothing until then. Its classes
 * are not there, so that nothing can be made of them.
 */
const lateYaml = {
  name: "late-yaml",
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, () => ({ path: "yaml", namespace: "late-yaml" }));
    build.onLoad({ filter: /.*/, namespace: "late-yaml" }, () => {
      const names = Object.keys(createRequire(import.meta.url)("yaml")).filter((name) => /^[a-z]/.test(name));
      return { contents: lateFunctions("yaml.cjs", names) };
    });
  },
};

/** Modules behind `import()` that stay files of their own: `--version` needs none of them, and few runs need help. */
const APART = /\bimport\("(?:[\w./-]*\/)?(?:config|help|migrate|verify|connect|wizard|asker)\.ts"\)/;

/** `await import()` of any other module becomes an import, so that esbuild does not make a file of each. */
const together = {
  name: "together",
  setup(build) {
    build.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => {
      const imports = [];
      const text = readFileSync(path, "utf8").replace(/\bawait import\("(\.[^"]+|picocolors)"\)/g, (whole, module) => {
        if (APART.test(whole)) return whole;
        imports.push(`import * as together${imports.length} from "${module}";`);
        return `together${imports.length - 1}`;
      });
      return { contents: [text, ...imports].join("\n"), loader: "ts" };
    });
  },
};

/** Files of `dist/bin` are not looked for in the sources. */
const besideThem = {
  name: "beside-them",
  setup(build) {
    build.onResolve({ filter: /^\.\/[\w-]+\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20.19",
  // Less to read and to compile at each start; names stay, for the traces that RESTAGE_DEBUG shows.
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "warning",
};

/**
 * What Node does first: 22.1 and newer keep what they compiled for the next start
 * (https://nodejs.org/api/module.html#moduleenablecompilecachecachedir), older ones have no such function.
 */
const START = `#!/usr/bin/env node\nrequire("node:module").enableCompileCache?.();\n`;

/**
 * An ES module that esbuild wrote as CommonJS. What it exports is there once it has run and never changes, so that plain constants
 * do, which cost nothing to use; esbuild's own conversion would ask a getter each time.
 */
function asCommonJs(text, path) {
  const names = (list) => list.replace(/ as /g, ": ");
  const code = text
    .replace(/^import \{([^}]*)\} from ("[^"]+");$/gm, (_, list, from) => `const {${names(list)}} = require(${from});`)
    .replace(/^import \* as (\w+) from ("[^"]+");$/gm, "const $1 = require($2);")
    .replace(/^import (\w+) from ("[^"]+");$/gm, "const $1 = require($2);")
    .replace(/^import ("[^"]+");$/gm, "require($1);")
    .replace(/^export \{([^}]*)\};$/gm, (_, list) => {
      const pairs = list.split(",").map((pair) => pair.trim().split(" as ").reverse().join(": "));
      return `module.exports = {${pairs.join(", ")}};`;
    })
    .replace(/\bimport\(("\.\/[\w-]+\.cjs")\)/g, "Promise.resolve().then(() => require($1))");
  const left = /^(?:import|export)\b.{0,60}/m.exec(code);
  if (left !== null) throw new Error(`${path} cannot be made CommonJS at "${left[0]}"`);
  const url = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;\n';
  return /\bimportMetaUrl\b/.test(code) ? url + code : code;
}

async function bundleCommandLine() {
  await build({ ...COMMON, entryPoints: ["yaml"], outfile: join(DIST, "bin", "yaml.cjs"), format: "cjs" });
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: { restage: "src/cli/main.ts", ...LATE },
    outdir: join(DIST, "bin"),
    outExtension: { ".js": ".cjs" },
    chunkNames: "[name]-[hash]",
    format: "esm",
    splitting: true,
    external: ["ts-morph"],
    plugins: [late, lateYaml, besideThem, together],
    minifyWhitespace: false,
    // `import.meta` does not exist in CommonJS: asCommonJs defines the URL, and yargs tries to resolve where a configuration says so.
    define: { "import.meta.url": "importMetaUrl", "import.meta.resolve": "undefined" },
    write: false,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(asCommonJs(text, path), { minifyWhitespace: true, target: COMMON.target });
    writeFileSync(path, path === BUNDLE ? START + code : code);
  }
  chmodSync(BUNDLE, 0o755);
}

if (!(process.argv.includes("--if-stale") && isFresh())) {
  rmSync(DIST, { recursive: true, force: true });
  compileLibrary();
  await bundleCommandLine();
}
