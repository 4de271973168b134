/**
 * Executables of Node packages by name, and what they do in a build:
 *
 *     tsc -p .        writes the compiler's output directory
 *     jest --ci       a test
 *     rimraf dist     removes dist
 *     gulp build      writes somewhere below the working directory
 *
 * A name that is not here but belongs to a package of the project writes somewhere below the working directory too.
 */
import { imagePath } from "../../text/paths.ts";
import type { Artifact, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { readOperands } from "../operands.ts";
import { packageOfBinary } from "./binaries.ts";
import { allNames, nearestManifest } from "./manifest.ts";
import { babel, esbuild, ncc, parcel, rollup, swc, tsup, vite, webpack } from "./outputs/bundlers.ts";
import {
  buildsByConfiguration,
  buildsInto,
  next,
  ng,
  nuxt,
  reactScripts,
  vueCliService,
} from "./outputs/frameworks.ts";
import { type Output, SOMEWHERE, type Tool, type ToolResult } from "./outputs/output.ts";
import { reactRouter, remix } from "./outputs/remix.ts";
import { grunt, gulp } from "./outputs/task-runners.ts";
import { nest, tsc, vueTsc } from "./outputs/typescript.ts";

const TESTS = `jest mocha _mocha ava tap tape karma cypress playwright jasmine lab qunit wtr testcafe
  nightwatch tstyche bats`.split(/\s+/);
const LINTS =
  `eslint tslint prettier stylelint standard xo semistandard jshint jscs depcheck commitlint lint-staged htmlhint
  markdownlint size-limit svelte-check jsonlint knip publint attw audit-ci snyk license-checker sort-package-json`.split(
    /\s+/,
  );
const NOTHING =
  `husky is-ci npm-check-updates ncu wait-on only-allow open-cli kill-port cowsay envinfo json-server`.split(/\s+/);
/** They write below the working directory; where to is in configuration that is not read. */
const ANYWHERE = `brunch broccoli ember sass node-sass lessc stylus postcss tailwindcss browserify uglifyjs terser
  cleancss webpack-bundle-analyzer turbo nx lerna rush preconstruct tsdown unbuild pkgroll microbundle bili snowpack wmr
  graphql-codegen openapi openapi-generator-cli swagger-jsdoc tsoa typeorm sequelize knex i18next workbox svgo imagemin bower
  jspm lingui ipx pkg nexe encore mix laravel-mix storybook build-storybook start-storybook typedoc jsdoc apidoc compodoc
  esbuild-node-externals copyfiles cpx cpy cpy-cli ncp tsc-alias tsconfig-replace-paths resolve-tspaths make-dir-cli`.split(
  /\s+/,
);

const TOOLS: Readonly<Record<string, Tool>> = {
  ...table(TESTS, () => ({ kind: "checked", what: "test" })),
  ...table(LINTS, () => ({ kind: "checked", what: "lint" })),
  ...table(NOTHING, () => ({ kind: "nothing" })),
  ...table(ANYWHERE, () => SOMEWHERE),
  astro: buildsByConfiguration("dist", "astro.config", ["outDir"], "--outDir"),
  babel,
  craco: reactScripts,
  docusaurus: buildsInto(["build"], "--out-dir"),
  eleventy: () => SOMEWHERE,
  esbuild,
  // `gatsby serve` reads pages, functions and paths in `.cache` (gatsbyjs/gatsby, packages/gatsby/src/commands/serve.ts).
  gatsby: buildsInto(["public", ".cache"]),
  ncc,
  grunt,
  "grunt-cli": grunt,
  gulp,
  nest,
  next,
  ng,
  nuxi: nuxt,
  nuxt,
  parcel,
  quasar: () => SOMEWHERE,
  "react-app-rewired": reactScripts,
  "react-router": reactRouter,
  "react-scripts": reactScripts,
  remix,
  rollup,
  strapi: buildsInto(["build"]),
  swc,
  tsc,
  tspc: tsc,
  tsup,
  ttsc: tsc,
  vite,
  vitepress: () => SOMEWHERE,
  vitest: (command) =>
    /^(?:watch|dev)$/.test(command.argv[1]?.text ?? "") ? { kind: "nothing" } : { kind: "checked", what: "test" },
  "vue-cli-service": vueCliService,
  "vue-tsc": vueTsc,
  webpack,
  "webpack-cli": webpack,
};

function table(names: readonly string[], tool: Tool): Readonly<Record<string, Tool>> {
  return Object.fromEntries(names.map((name) => [name, tool]));
}

/** The effects of an executable of a package, or `undefined` when it is none that is known. */
export function toolEffects(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const files = fileTool(command) ?? libraryChange(command, image);
  if (files !== undefined) return files;
  const tool = TOOLS[command.name];
  if (tool !== undefined) return effectsOf(tool(command, image), command);
  const manifest = nearestManifest(command.workdir, image);
  const ours = manifest !== undefined && packageOfBinary(command.name, allNames(manifest)) !== undefined;
  return ours ? effectsOf(SOMEWHERE, command) : undefined;
}

/** The effects of what a tool writes. */
export function effectsOf(result: ToolResult, command: ResolvedCommand): readonly Effect[] {
  switch (result.kind) {
    case "built":
      return result.outputs.length === 0
        ? [{ kind: "check", what: "lint" }]
        : result.outputs.map((output) => ({ kind: "artifact", artifact: artifactOf(output, command) }));
    case "checked":
      return [{ kind: "check", what: result.what }];
    case "nothing":
      return [{ kind: "nothing" }];
    case "somewhere":
      return [{ kind: "unknown", why: `it is not known which files "${command.name}" writes` }];
  }
}

function artifactOf(output: Output, command: ResolvedCommand): Artifact {
  return {
    path: output.path,
    form: output.form,
    linkage: { kind: "none" },
    ecosystem: "node",
    ...(output.source === undefined ? {} : { source: output.source }),
    confidence: "certain",
    because: command.because,
  };
}

/**
 * Tools that change installed libraries: `patch-package` (https://github.com/ds300/patch-package), and `prisma generate`, which
 * writes to `node_modules/.prisma` unless the schema names an output (https://www.prisma.io/docs/orm/prisma-schema/overview/generators).
 */
function libraryChange(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const verb = command.argv[1]?.text ?? "";
  const generates = command.name === "prisma" && verb === "generate";
  if (command.name === "prisma" && /^(?:format|validate|version|-v|--version|migrate|db|studio)$/.test(verb))
    return [{ kind: "nothing" }];
  if (command.name !== "patch-package" && !(generates && generatesLibrary(command, image))) return undefined;
  const directory = nearestManifest(command.workdir, image)?.directory ?? command.workdir;
  const tree = image.dependencies.find((one) => one.directory === directory);
  const by = generates ? "prisma generate" : command.name;
  return [{ kind: "dependencies-changed", directory, production: tree?.production ?? false, by }];
}

/** Whether every generator of the schema is the client's, without a place of its own. */
function generatesLibrary(command: ResolvedCommand, image: ImageView): boolean {
  if (command.argv.some((field) => field.text.startsWith("--schema"))) return false;
  const manifest = nearestManifest(command.workdir, image);
  if (manifest === undefined || manifest.fields.prisma !== undefined) return false;
  const text = image.read(imagePath("prisma/schema.prisma", manifest.directory));
  if (text === undefined) return false;
  const generators = [...text.matchAll(/^generator\s+\w+\s*\{([^}]*)\}/gm)].map(([, body = ""]) => body);
  return (
    generators.length > 0 &&
    generators.every((body) => /provider\s*=\s*"prisma-client-js"/.test(body) && !/^\s*output\s*=/m.test(body))
  );
}

/** Portable stand-ins for `rm`, `mkdir` and for shell commands. */
function fileTool(command: ResolvedCommand): readonly Effect[] | undefined {
  if (!/^(?:rimraf|del|del-cli|mkdirp|make-dir|shx)$/.test(command.name)) return undefined;
  if (command.name === "shx") {
    const script = command.argv
      .slice(1)
      .map((field) => field.text)
      .join(" ");
    return [
      { kind: "runs", script, workdir: command.workdir, environment: command.environment, because: command.because },
    ];
  }
  const { operands } = readOperands(command.argv, ["-m", "--mode"]);
  const paths = operands
    .filter((field) => field.known && !field.glob)
    .map((field) => imagePath(field.text, command.workdir));
  if (command.name.startsWith("m")) return paths.map((path) => ({ kind: "writes", path, form: "directory" }));
  return paths.length === 0 ? [{ kind: "nothing" }] : paths.map((path) => ({ kind: "removes", path }));
}
