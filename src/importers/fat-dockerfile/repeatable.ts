/**
 * Installs that can run again in the runtime stage:
 *
 *     docker-php-ext-install gd     nothing of the project is in it
 *     composer install              needs the project, and stays in the build stage
 */
import { changedPaths } from "../../ecosystems/changed-paths.ts";
import type { Effect } from "../../ecosystems/ecosystem.ts";
import { type ImagePath, isWithin } from "../../text/paths.ts";
import type { ImageReading } from "./read-image.ts";

/** Installs libraries of the system itself. */
export function isRepeatable(effect: Effect): boolean {
  return effect.kind === "dependencies" && effect.tree.repeatable === true;
}

/**
 * Changes only what such an install made, before or with the last of them: `rm …/conf.d/docker-php-ext-xdebug.ini`. It arrives with
 * what is copied, and is repeated where the install is.
 */
export function arrivesWithInstall(effect: Effect, at: number, { image, instructions }: ImageReading): boolean {
  const paths = changedPaths(effect);
  const trees = image.dependencies.filter(({ repeatable }) => repeatable === true);
  const within = (path: ImagePath): boolean =>
    trees.some(({ places }) => places.some((place) => path !== place && isWithin(path, place)));
  if (paths.length === 0 || !paths.every(within)) return false;
  return instructions.some(
    ({ index, units }) => index >= at && units.some(({ effects }) => effects.some(isRepeatable)),
  );
}
