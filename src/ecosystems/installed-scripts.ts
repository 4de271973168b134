/**
 * Programs that only an install of libraries can have brought:
 *
 *     CMD gunicorn app:app     the build makes no such file, nor has the base or a package of the system a program of that name
 */
import type { ImageView, ResolvedCommand } from "./ecosystem.ts";
import { isEverywhere } from "./everywhere.ts";
import { executablesOf } from "./os-packages/purposes.ts";

/** Programs that come with packages of other names, or with services. */
const OTHERS =
  /^(?:bash|mount|nproc|getent|useradd|usermod|userdel|groupadd|groupmod|adduser|addgroup|chpasswd|nginx|cron|crond|service|ps|node|npm|npx|yarn|java)$/;

/** Whether no file of the build, no package and nothing of the base is known to be what a command starts. */
export function isBroughtByNothing({ name, argv, workdir, environment }: ResolvedCommand, image: ImageView): boolean {
  const [first] = argv;
  if (first === undefined || !first.known || name === "") return false;
  const path = image.which(first.text, workdir, environment);
  const made = path !== undefined && image.kindOf(path) !== undefined;
  const system = image.base.executables.includes(name) || isEverywhere(name) || OTHERS.test(name);
  return !made && !system && !image.packages.some((one) => executablesOf(one).includes(name));
}
