/**
 * Yarn's Plug'n'Play: no `node_modules`, but `.pnp.cjs`, and archives that lie in `.yarn/cache` or in the user's own cache.
 *
 *     .yarnrc.yml  enableTelemetry: false       Plug'n'Play, which Yarn 2 and later use unless told otherwise
 *     .yarnrc.yml  nodeLinker: node-modules     a node_modules
 *
 * Programs then need the whole project and files of the user's home at the same places, so such an image is left as it is.
 * Source: https://yarnpkg.com/configuration/yarnrc#nodeLinker, https://yarnpkg.com/features/pnp (2026-11-24).
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { isObject } from "./json.ts";
import { nearestManifest } from "./manifest.ts";
import type { ManagerCall } from "./package-managers.ts";

/** Whether an install writes no `node_modules`; unknown settings count as such. */
export function usesPlugAndPlay(call: ManagerCall, image: ImageView): boolean {
  if (!call.manager.startsWith("yarn")) return false;
  const directory = nearestManifest(call.directory, image)?.directory ?? call.directory;
  const linker = call.command.environment.get("YARN_NODE_LINKER")?.text ?? linkerIn(directory, image);
  if (call.manager === "yarn-berry") return linker === undefined || !/^(?:node-modules|pnpm)$/.test(linker);
  const config = nearestManifest(directory, image)?.fields.installConfig;
  return (
    (isObject(config) && config.pnp === true) || [...call.before, ...call.rest].some(({ text }) => text === "--pnp")
  );
}

/** The project around a directory whose libraries are found through a `.pnp.cjs` of the checkout, as with a zero-install cache. */
export function plugAndPlayProject(directory: ImagePath, image: ImageView): ImagePath | undefined {
  for (let at = directory; ; at = imagePath("..", at)) {
    if ([".pnp.cjs", ".pnp.js"].some((name) => image.kindOf(imagePath(name, at)) === "file")) return at;
    if (at === "/") return undefined;
  }
}

/** `nodeLinker` of the closest `.yarnrc.yml`, as Yarn looks for it. */
function linkerIn(directory: ImagePath, image: ImageView): string | undefined {
  for (let at = directory; ; at = imagePath("..", at)) {
    const text = image.read(imagePath(".yarnrc.yml", at));
    const linker = /^nodeLinker:\s*["']?([\w-]+)/m.exec(text ?? "")?.[1];
    if (linker !== undefined || at === "/") return linker;
  }
}
