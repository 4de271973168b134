/**
 * Frameworks that build a whole site or server into directories of their own:
 *
 *     next build            .next; out with `output: "export"`        https://nextjs.org/docs/app/api-reference/config/next-config-js
 *     react-scripts build   build, or BUILD_PATH                      https://create-react-app.dev/docs/advanced-configuration
 *     vue-cli-service build dist, or outputDir                        https://cli.vuejs.org/config/#outputdir
 *     ng build              dist/<project>, or outputPath             https://angular.dev/reference/configs/workspace-config
 *     nuxt build            .output (Nuxt 3), .nuxt (Nuxt 2)          https://nuxt.com/docs/api/commands/build
 */
import { type ImagePath, imagePath } from "../../../text/paths.ts";
import type { ImageView } from "../../ecosystem.ts";
import { readConfiguration, settingAt, valueAt } from "../configuration.ts";
import { nearestManifest } from "../manifest.ts";
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
  variable,
  verbOf,
} from "./output.ts";

const SUFFIXES = ["js", "mjs", "cjs", "ts", "mts"];
const named = (base: string): readonly string[] => SUFFIXES.map((suffix) => `${base}.${suffix}`);

/** The directory operand after the verb, as in `next build web`. */
function siteOf(command: Parameters<Tool>[0]): ImagePath {
  const operand = command.argv[2];
  return operand === undefined || operand.text.startsWith("-")
    ? command.workdir
    : imagePath(operand.text, command.workdir);
}

/** How a Next project is built: where to, and whether for a server, a standalone server or a static host. */
export interface NextBuild {
  readonly directory: ImagePath;
  readonly output: "server" | "standalone" | "export" | "unknown";
}

export function readNext(
  site: ImagePath,
  image: ImageView,
  environment: Parameters<typeof readConfiguration>[3],
): NextBuild | undefined {
  const config = readConfiguration(named("next.config"), site, image, environment);
  const dist = settingAt(config, ["distDir"]);
  const output = settingAt(config, ["output"]);
  if (dist.kind === "unknown" && config?.kind !== "object")
    return { directory: imagePath(".next", site), output: "unknown" };
  if (dist.kind === "unknown" && valueAt(config ?? { kind: "unknown" }, ["distDir"]).kind !== "unknown")
    return undefined;
  const directory = imagePath(dist.kind === "text" ? dist.text : ".next", site);
  const mode =
    output.kind === "text" && (output.text === "standalone" || output.text === "export") ? output.text : "server";
  return { directory, output: mode };
}

export const next: Tool = (command, image) => {
  const verb = command.argv[1]?.text;
  if (verb === "lint") return { kind: "checked", what: "lint" };
  if (verb !== "build" && verb !== "export") return { kind: "nothing" };
  const site = siteOf(command);
  if (verb === "export") return directoryFrom(optionOf(command, "-o", "--outdir"), "out", site, site);
  const build = readNext(site, image, command.environment);
  if (build === undefined) return SOMEWHERE;
  const outputs: readonly Output[] = [{ path: build.directory, form: "directory", source: site }];
  // With `output: "export"` the pages land in `out`, or in distDir where it is set.
  const exported = build.output === "export" && build.directory.endsWith("/.next");
  return {
    kind: "built",
    outputs: exported ? [...outputs, { path: imagePath("out", site), form: "directory", source: site }] : outputs,
  };
};

/** `react-scripts`, and `react-app-rewired` and `craco` around it. */
export const reactScripts: Tool = (command) => {
  const verb = command.argv[1]?.text;
  if (verb === "test") return { kind: "checked", what: "test" };
  if (verb !== "build") return { kind: "nothing" };
  return directoryFrom(variable(command, "BUILD_PATH"), "build", command.workdir, command.workdir);
};

export const vueCliService: Tool = (command, image) => {
  const verb = command.argv[1]?.text ?? "";
  if (verb === "lint") return { kind: "checked", what: "lint" };
  if (verb.startsWith("test")) return { kind: "checked", what: "test" };
  if (verb !== "build") return { kind: "nothing" };
  const config = readConfiguration(
    ["vue.config.js", "vue.config.cjs", "vue.config.mjs", "vue.config.ts"],
    command.workdir,
    image,
    command.environment,
  );
  const setting = firstSet(optionOf(command, "--dest"), settingAt(config, ["outputDir"]));
  return directoryFrom(setting, "dist", command.workdir, command.workdir);
};

export const ng: Tool = (command, image) => {
  const verb = command.argv[1]?.text ?? "";
  if (/^(?:test|t|e2e|e)$/.test(verb)) return { kind: "checked", what: "test" };
  if (verb === "lint") return { kind: "checked", what: "lint" };
  if (!/^(?:build|b|run)$/.test(verb)) return { kind: "nothing" };
  const given = optionOf(command, "--output-path", "--outputPath");
  if (given.kind !== "unset") return directoryFrom(given, "dist", command.workdir, command.workdir);
  return verb === "run" ? SOMEWHERE : angularOutput(command, image);
};

/** The builder's outputPath: a text, or `{ base }`; since Angular 17 `dist/<project>` by default. */
function angularOutput(command: Parameters<Tool>[0], image: ImageView): ToolResult {
  const workspace = readConfiguration(
    ["angular.json", ".angular.json", "angular-cli.json"],
    command.workdir,
    image,
    command.environment,
  );
  const projects = workspace === undefined ? undefined : valueAt(workspace, ["projects"]);
  if (projects?.kind !== "object") return SOMEWHERE;
  const operand = command.argv[2]?.text;
  const wanted =
    operand === undefined || operand.startsWith("-")
      ? settingAt(workspace, ["defaultProject"])
      : { kind: "text" as const, text: operand };
  const name =
    wanted.kind === "text" ? wanted.text : projects.fields.size === 1 ? [...projects.fields.keys()][0] : undefined;
  if (name === undefined) return SOMEWHERE;
  const options = ["targets", "architect"].map((key) =>
    valueAt(projects, [name, key, "build", "options", "outputPath"]),
  );
  const found = options.find((value) => value.kind !== "undefined" && value.kind !== "unknown");
  const path = found?.kind === "text" ? found.text : found === undefined ? `dist/${name}` : settingText(found);
  return path === undefined ? SOMEWHERE : builtDirectory(imagePath(path, command.workdir), command.workdir);
}

function settingText(value: Parameters<typeof settingAt>[0]): string | undefined {
  const base = settingAt(value, ["base"]);
  return base.kind === "text" ? base.text : undefined;
}

export const nuxt: Tool = (command, image) => {
  const verb = command.argv[1]?.text;
  if (verb !== "build" && verb !== "generate") return { kind: "nothing" };
  const site = siteOf(command);
  const range =
    nearestManifest(site, image)?.dependencies.nuxt ?? nearestManifest(site, image)?.devDependencies.nuxt ?? "";
  const old = /^[^\d]*[12]\b/.test(range);
  const config = readConfiguration(named("nuxt.config"), site, image, command.environment);
  if (old && verb === "generate") return directoryFrom(settingAt(config, ["generate", "dir"]), "dist", site, site);
  if (old) return directoryFrom(settingAt(config, ["buildDir"]), ".nuxt", site, site);
  return builtDirectory(imagePath(".output", site), site);
};

/** Verbs of frameworks that write nothing which ships: servers, checks and questions. */
const WRITES_NOTHING =
  /^(?:dev|develop|start|serve|preview|info|version|help|check|lint|typecheck|telemetry|routes|vite:dev)$/;

/** Whether a framework's verb builds; `undefined` for verbs that are not known. */
function buildsWith(command: Parameters<Tool>[0]): boolean | undefined {
  const verb = verbOf(command);
  if (verb === undefined || WRITES_NOTHING.test(verb)) return false;
  return hasOption(command, "build", "generate", "production") ? true : undefined;
}

/** A tool that builds with `build` into directories that are the same unless an option names the first. */
export function buildsInto(directories: readonly [string, ...string[]], ...options: readonly string[]): Tool {
  return (command) => {
    const builds = buildsWith(command);
    if (builds !== true) return builds === false ? { kind: "nothing" } : SOMEWHERE;
    const [directory, ...beside] = directories;
    const first = directoryFrom(optionOf(command, ...options), directory, command.workdir, command.workdir);
    const others = beside.map((name) => builtDirectory(imagePath(name, command.workdir), command.workdir));
    return together([first, ...others]);
  };
}

/** As buildsInto, where a configuration file may name the directory. */
export function buildsByConfiguration(
  directory: string,
  files: string,
  field: readonly string[],
  ...options: readonly string[]
): Tool {
  return (command, image) => {
    const builds = buildsWith(command);
    if (builds !== true) return builds === false ? { kind: "nothing" } : SOMEWHERE;
    const config = readConfiguration(named(files), command.workdir, image, command.environment);
    return directoryFrom(
      firstSet(optionOf(command, ...options), settingAt(config, field)),
      directory,
      command.workdir,
      command.workdir,
    );
  };
}
