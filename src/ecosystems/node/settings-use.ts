/**
 * What the settings of a tool import, when the tool reads them where it runs:
 *
 *     next.config.js   require("./paths"), require("@next/bundle-analyzer")
 *     // { files: ["/app/next.config.js", "/app/paths.js"], development: ["@next/bundle-analyzer"] }
 *
 * Which tools read settings when they run is not decided here.
 */
import type { ImagePath } from "../../text/paths.ts";
import { imagePath } from "../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../ecosystem.ts";
import { nearestManifest } from "./manifest.ts";
import { readProgram } from "./program.ts";
import { isDevelopment } from "./project-needs.ts";

const CONFIGURATION = /(?:\.config|rc|^knexfile|^gulpfile|^Gruntfile)\.[cm]?[jt]s$/;

export interface ConfigurationUse {
  /** The settings and the project's own files that they import. */
  readonly files: readonly ImagePath[];
  /** Development dependencies that they import. */
  readonly development: readonly string[];
}

/** What the settings in a project's directory import: a tool that reads them when it runs needs it there. */
export function configurationUse(directory: ImagePath, command: ResolvedCommand, image: ImageView): ConfigurationUse {
  const manifest = nearestManifest(directory, image);
  const entries = image.children(directory).filter((name) => CONFIGURATION.test(name));
  if (manifest === undefined || entries.length === 0) return { files: [], development: [] };
  const use = readProgram({
    entries: entries.map((name) => imagePath(name, directory)),
    image,
    workdir: command.workdir,
    environment: command.environment,
    runsAs: (source) => source,
  });
  const typed = entries.some((name) => /ts$/.test(name)) ? ["typescript"] : [];
  const development = [...new Set([...use.packages, ...typed])].filter((name) => isDevelopment(name, manifest));
  return { files: use.files, development: use.loadsUnknown ? Object.keys(manifest.devDependencies) : development };
}
