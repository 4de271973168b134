/**
 * Remix and React Router as frameworks:
 *
 *     remix build          build and public/build          https://remix.run/docs/en/main/file-conventions/remix-config
 *     remix vite:build     build, or the plugin's option    https://remix.run/docs/en/main/file-conventions/vite-config
 *     react-router build   build, or `buildDirectory`       https://reactrouter.com/api/framework-conventions/react-router.config.ts
 */
import { imagePath } from "../../../text/paths.ts";
import type { ImageView, ResolvedCommand } from "../../ecosystem.ts";
import { readConfiguration, settingAt } from "../configuration.ts";
import { buildsByConfiguration } from "./frameworks.ts";
import { builtDirectory, directoryFrom, SOMEWHERE, type Tool, type ToolResult, together, verbOf } from "./output.ts";

export const reactRouter: Tool = buildsByConfiguration("build", "react-router.config", ["buildDirectory"]);

export const remix: Tool = (command, image) => {
  switch (verbOf(command)) {
    case "build":
      return classic(command, image);
    case "vite:build":
      return withVite(command, image);
    case "dev":
    case "vite:dev":
    case "routes":
    case "watch":
      return { kind: "nothing" };
    default:
      return SOMEWHERE;
  }
};

function classic(command: ResolvedCommand, image: ImageView): ToolResult {
  const { workdir } = command;
  const names = ["remix.config.js", "remix.config.mjs", "remix.config.cjs"];
  const config = readConfiguration(names, workdir, image, command.environment);
  const server = settingAt(config, ["serverBuildPath"]);
  const directory =
    server.kind === "text"
      ? directoryFrom(
          { kind: "text", text: imagePath("..", imagePath(server.text, workdir)) },
          "build",
          workdir,
          workdir,
        )
      : directoryFrom(server, "build", workdir, workdir);
  return together([
    directory,
    directoryFrom(settingAt(config, ["assetsBuildDirectory"]), "public/build", workdir, workdir),
  ]);
}

/** The plugin takes options as the argument of a call, which is not folded: one that names a directory is left alone. */
function withVite(command: ResolvedCommand, image: ImageView): ToolResult {
  const texts = ["ts", "mts", "js", "mjs"].map((suffix) =>
    image.read(imagePath(`vite.config.${suffix}`, command.workdir)),
  );
  const named = texts.some((text) => text !== undefined && /\bbuildDirectory\b|\bpresets\b/.test(text));
  return named ? SOMEWHERE : builtDirectory(imagePath("build", command.workdir), command.workdir);
}
