/**
 * Bundlers whose output directory is an option or a field of their configuration:
 *
 *     vite build --outDir out     https://vite.dev/config/build-options#build-outdir     "dist"
 *     webpack --mode production   https://webpack.js.org/configuration/output            "dist"
 *     rollup -c                   https://rollupjs.org/configuration-options/#output-dir
 *     esbuild a.ts --outfile=b.js https://esbuild.github.io/api/#outfile
 *     parcel build index.html     https://parceljs.org/features/targets/                 "dist"
 *     tsup                        https://tsup.egoist.dev/#usage                         "dist"
 */
import { type ImagePath, imagePath } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import { readConfiguration, readConfigurationFile, settingAt, valueAt } from "../configuration.ts";
import { readManifest } from "../manifest.ts";
import type { Value } from "../value.ts";
import {
  builtDirectory,
  directoryFrom,
  firstSet,
  hasOption,
  type Output,
  optionOf,
  SOMEWHERE,
  type Tool,
  type ToolResult,
  together,
  verbOf,
} from "./output.ts";
import { svelteKit, usesSvelteKit } from "./svelte-kit.ts";

const SUFFIXES = ["ts", "mts", "cts", "js", "mjs", "cjs"];
const named = (base: string): readonly string[] => SUFFIXES.map((suffix) => `${base}.${suffix}`);

/** The configuration that `-c FILE` names, else the standard one; `undefined` when there is none. */
function configurationOf(
  command: ResolvedCommand,
  names: readonly string[],
  image: ImageView,
  root: ImagePath = command.workdir,
): Value | undefined {
  const option = optionOf(command, "-c", "--config");
  if (option.kind === "unknown") return { kind: "unknown" };
  if (option.kind === "text" && !option.text.startsWith("-"))
    return readConfigurationFile(imagePath(option.text, command.workdir), root, image, command.environment);
  return readConfiguration(names, root, image, command.environment);
}

export const vite: Tool = (command, image) => {
  const verb = command.argv[1]?.text;
  if (verb !== "build") return { kind: "nothing" };
  if (usesSvelteKit(command, image)) return svelteKit(command, image);
  const operand = command.argv[2];
  const start =
    operand === undefined || operand.text.startsWith("-") ? command.workdir : imagePath(operand.text, command.workdir);
  const config = configurationOf(command, named("vite.config"), image, start);
  const root = settingAt(config, ["root"]);
  if (root.kind === "unknown") return SOMEWHERE;
  const base = root.kind === "text" ? imagePath(root.text, start) : start;
  return directoryFrom(
    firstSet(optionOf(command, "--outDir"), settingAt(config, ["build", "outDir"])),
    "dist",
    base,
    base,
  );
};

export const webpack: Tool = (command, image) => {
  const verb = command.argv[1]?.text ?? "";
  if (/^(?:serve|server|s|watch|w|info|version|help|init)$/.test(verb)) return { kind: "nothing" };
  const config = configurationOf(command, [...named("webpack.config"), ...named(".webpack/webpack.config")], image);
  const given = optionOf(command, "--output-path", "-o");
  // "-o" named a file up to webpack 3 and 4's compatibility mode.
  if (given.kind === "text" && /\.[cm]?js$/.test(given.text))
    return { kind: "built", outputs: [{ path: imagePath(given.text, command.workdir), form: "file" }] };
  if (given.kind !== "unset") return directoryFrom(given, "dist", command.workdir, command.workdir);
  const configs = config?.kind === "list" ? config.items : [config];
  const results = configs.map((one) =>
    directoryFrom(settingAt(one, ["output", "path"]), "dist", command.workdir, command.workdir),
  );
  return together(results);
};

export const rollup: Tool = (command, image) => {
  const dir = optionOf(command, "-d", "--dir");
  const file = optionOf(command, "-o", "--file");
  if (dir.kind !== "unset") return directoryFrom(dir, "dist", command.workdir, command.workdir);
  if (file.kind !== "unset") return fileResult(file, command);
  const config =
    hasOption(command, "-c", "--config") || optionOf(command, "-c", "--config").kind !== "unset"
      ? configurationOf(command, named("rollup.config"), image)
      : undefined;
  const configs = config?.kind === "list" ? config.items : config === undefined ? [] : [config];
  const targets = configs.flatMap((one) => {
    const output = valueAt(one, ["output"]);
    return output.kind === "list" ? output.items : [output];
  });
  return together(targets.map((target) => rollupTarget(target, command)));
};

function rollupTarget(target: Value, command: ResolvedCommand): ToolResult {
  const dir = settingAt(target, ["dir"]);
  return dir.kind === "unset"
    ? fileResult(settingAt(target, ["file"]), command)
    : directoryFrom(dir, "dist", command.workdir, command.workdir);
}

function fileResult(setting: ReturnType<typeof settingAt>, command: ResolvedCommand): ToolResult {
  if (setting.kind !== "text") return SOMEWHERE;
  const path = imagePath(setting.text, command.workdir);
  return { kind: "built", outputs: [{ path, form: "file" }] };
}

export const esbuild: Tool = (command) => {
  const file = optionOf(command, "--outfile");
  if (file.kind !== "unset") return fileResult(file, command);
  const directory = optionOf(command, "--outdir");
  return directory.kind === "unset" ? SOMEWHERE : directoryFrom(directory, "dist", command.workdir, command.workdir);
};

export const parcel: Tool = (command, image) => {
  if (verbOf(command) !== "build") return { kind: "nothing" };
  const given = optionOf(command, "--dist-dir", "--out-dir", "-d");
  const fields = readManifest(command.workdir, image)?.fields ?? {};
  // Targets in package.json name output files of their own.
  if (given.kind === "unset" && ("targets" in fields || "main" in fields || "module" in fields || "browser" in fields))
    return SOMEWHERE;
  return directoryFrom(given, "dist", command.workdir, command.workdir);
};

export const tsup: Tool = (command, image) => {
  const config = configurationOf(command, [...named("tsup.config"), "tsup.config.json"], image);
  return directoryFrom(
    firstSet(optionOf(command, "-d", "--out-dir"), settingAt(config, ["outDir"])),
    "dist",
    command.workdir,
    command.workdir,
  );
};

/** https://babeljs.io/docs/babel-cli and https://swc.rs/docs/usage/cli: each file goes to its place below the directory. */
export const babel: Tool = (command) => {
  const file = optionOf(command, "-o", "--out-file");
  if (file.kind !== "unset") return fileResult(file, command);
  const directory = optionOf(command, "-d", "--out-dir");
  const [source] = command.argv.slice(1).filter((field) => !field.text.startsWith("-"));
  const from = source === undefined || !source.known ? command.workdir : imagePath(source.text, command.workdir);
  if (directory.kind !== "text") return SOMEWHERE;
  const path = imagePath(directory.text, command.workdir);
  return path === command.workdir ? SOMEWHERE : builtDirectory(path, from);
};

/** swc keeps the first directory of its inputs (`src`) below the output unless told to strip it. */
export const swc: Tool = (command, image) => {
  const result = babel(command, image);
  if (result.kind !== "built" || hasOption(command, "--strip-leading-paths")) return result;
  const outputs: readonly Output[] = result.outputs.map((output) => ({ ...output, source: command.workdir }));
  return { kind: "built", outputs };
};

/** https://github.com/vercel/ncc: one file with everything it imports. */
export const ncc: Tool = (command) => {
  if (verbOf(command) !== "build") return { kind: "nothing" };
  return directoryFrom(optionOf(command, "-o", "--out"), "dist", command.workdir, command.workdir);
};
