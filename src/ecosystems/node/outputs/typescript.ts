/**
 * The TypeScript compiler, and tools that run it by its configuration:
 *
 *     tsc                     the outDir of tsconfig.json
 *     tsc -p tsconfig.prod.json --outDir lib
 *     tsc -b packages/api     the outDir of each referenced project too
 *     nest build              the outDir of tsconfig.build.json
 *
 * Options: https://www.typescriptlang.org/docs/handbook/compiler-options.html. Without an outDir the output stands beside the
 * sources: then the whole directory is written.
 */
import { type ImagePath, imagePath } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import { readConfiguration, settingAt } from "../configuration.ts";
import { readTsConfig, rootOf, type TsConfig } from "../tsconfig.ts";
import { builtDirectory, hasOption, type Output, optionOf, SOMEWHERE, type Tool, type ToolResult } from "./output.ts";

export const tsc: Tool = (command, image) => {
  if (hasOption(command, "--version", "-v", "--help", "-h", "--init", "--showConfig")) return { kind: "nothing" };
  if (hasOption(command, "--noEmit", "--emitDeclarationOnly")) return { kind: "checked", what: "lint" };
  if (hasOption(command, "-b", "--build", "-build")) return buildMode(command, image);
  const project = optionOf(command, "-p", "--project");
  if (project.kind === "unknown") return SOMEWHERE;
  const path = imagePath(project.kind === "text" ? project.text : "tsconfig.json", command.workdir);
  return withOptions(command, readTsConfig(path, image), image);
};

/** `tsc -b [projects]`. */
function buildMode(command: ResolvedCommand, image: ImageView): ToolResult {
  const named = command.argv.slice(1).filter((field) => !field.text.startsWith("-"));
  const starts = named.length === 0 ? ["."] : named.map((field) => field.text);
  const outputs = starts.map((start) => projectOutputs(imagePath(start, command.workdir), image, new Set()));
  return outputs.every((one) => one !== undefined) && outputs.flat().length > 0
    ? { kind: "built", outputs: outputs.flat() }
    : SOMEWHERE;
}

function projectOutputs(
  path: ImagePath,
  image: ImageView,
  seen: ReadonlySet<ImagePath>,
): readonly Output[] | undefined {
  const config = readTsConfig(path, image);
  if (config === undefined || seen.has(config.path)) return config === undefined ? undefined : [];
  const next = new Set([...seen, config.path]);
  const referenced = config.references.map((reference) => projectOutputs(reference, image, next));
  const emptySolution = config.files?.length === 0 && config.include === undefined;
  const own = emptySolution ? [] : outputsOf(config, image);
  return own !== undefined && referenced.every((one) => one !== undefined) ? [...referenced.flat(), ...own] : undefined;
}

function outputsOf(config: TsConfig, image: ImageView): readonly Output[] | undefined {
  if (config.noEmit) return [];
  if (config.outFile !== undefined) return [{ path: config.outFile, form: "file" }];
  if (config.outDir === undefined || config.outDir === config.directory) return undefined;
  return [{ path: config.outDir, form: "directory", source: rootOf(config, image) }];
}

function withOptions(command: ResolvedCommand, config: TsConfig | undefined, image: ImageView): ToolResult {
  const outDir = optionOf(command, "--outDir", "--outdir");
  const outFile = optionOf(command, "--outFile");
  if (outDir.kind === "unknown" || outFile.kind === "unknown") return SOMEWHERE;
  if (outFile.kind === "text")
    return { kind: "built", outputs: [{ path: imagePath(outFile.text, command.workdir), form: "file" }] };
  const rootDir = optionOf(command, "--rootDir");
  const root = rootDir.kind === "text" ? imagePath(rootDir.text, command.workdir) : undefined;
  if (outDir.kind === "text") {
    const source = root ?? (config === undefined ? undefined : rootOf(config, image));
    const path = imagePath(outDir.text, command.workdir);
    return path === command.workdir ? SOMEWHERE : builtDirectory(path, source);
  }
  if (config === undefined) return SOMEWHERE;
  if (config.noEmit) return { kind: "checked", what: "lint" };
  const outputs = outputsOf(config, image);
  return outputs === undefined ? SOMEWHERE : { kind: "built", outputs };
}

/** https://docs.nestjs.com/cli/monorepo: tsconfig.build.json unless nest-cli.json names another. */
export const nest: Tool = (command, image) => {
  const verb = command.argv[1]?.text;
  if (verb !== "build") return verb === "start" ? SOMEWHERE : { kind: "nothing" };
  const settings = readConfiguration(["nest-cli.json", ".nest-cli.json"], command.workdir, image, command.environment);
  const named = settingAt(settings, ["compilerOptions", "tsConfigPath"]);
  const monorepo = settingAt(settings, ["projects"]).kind !== "unset";
  if (named.kind === "unknown" || monorepo) return SOMEWHERE;
  const names = named.kind === "text" ? [named.text] : ["tsconfig.build.json", "tsconfig.json"];
  const path = names.map((name) => imagePath(name, command.workdir)).find((file) => image.kindOf(file) === "file");
  const config = path === undefined ? undefined : readTsConfig(path, image);
  const outputs = config === undefined ? undefined : outputsOf(config, image);
  return outputs === undefined || outputs.length === 0 ? SOMEWHERE : { kind: "built", outputs };
};

/** vue-tsc builds nothing when it stands before another builder; with output it goes by the same rules. */
export const vueTsc: Tool = (command, image) => {
  const result = tsc(command, image);
  return result.kind === "somewhere" ? { kind: "checked", what: "lint" } : result;
};
