/**
 * Installs that can run again in the runtime stage:
 *
 *     docker-php-ext-install gd     nothing of the project is in it
 *     composer install              needs the project, and stays in the build stage
 */
import type { Effect } from "../../ecosystems/ecosystem.ts";

/** Installs libraries of the system itself. */
export function isRepeatable(effect: Effect): boolean {
  return effect.kind === "dependencies" && effect.tree.repeatable === true;
}
