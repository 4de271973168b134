/**
 * PHP: what Composer and the extension scripts install, what a PHP program needs where it runs.
 *
 *     RUN docker-php-ext-install zip          extensions in /usr/local/lib/php/extensions, their settings in conf.d
 *     RUN composer install --no-dev           libraries in vendor
 *     CMD ["php", "artisan", "serve"]         needs them, and the sources
 *
 * No other base is proposed: the official images have no slim variants, so the runtime stage keeps the old one. Left alone: PEAR
 * packages, and extensions that are compiled by hand.
 */
import type { BaseRequest, Ecosystem, RuntimeBase } from "../ecosystem.ts";
import { readPhpCommand } from "./commands.ts";
import { isInterpreter, phpNeeds } from "./runtime.ts";

export const php: Ecosystem = {
  name: "php",
  interpret: readPhpCommand,
  needs: phpNeeds,
  runtimeBases: phpBases,
};

/** No base but the old one is known to hold the same PHP with the same settings. */
function phpBases({ image, needs }: BaseRequest): readonly RuntimeBase[] | undefined {
  const own =
    image.base.toolchain === "php" ||
    needs.some(
      (need) =>
        (need.kind === "dependencies" && need.tree.ecosystem === "php") ||
        (need.kind === "executable" && isInterpreter(need.name)),
    );
  return own ? [] : undefined;
}
