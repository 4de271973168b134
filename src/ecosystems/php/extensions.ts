/**
 * Extensions of PHP in the official images:
 *
 *     docker-php-ext-install gd zip       /usr/local/lib/php/extensions/…/{gd,zip}.so, /usr/local/etc/php/conf.d/docker-php-ext-{gd,zip}.ini
 *     pecl install redis                  /usr/local/lib/php/extensions/…/redis.so
 *     install-php-extensions gd           the same, and packages of the system, which are not named
 *
 * The scripts: https://github.com/docker-library/php/blob/master/docker-php-ext-install, -configure, -enable; the third:
 * https://github.com/mlocati/docker-php-extension-installer. What pecl does with another PHP is not known here.
 */
import { imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { NOTHING } from "./effects.ts";

/** The directory of extensions has one below it for the interface of the version: `no-debug-non-zts-20220829`. */
const EXTENSIONS = imagePath("/usr/local/lib/php/extensions");
const SETTINGS = imagePath("/usr/local/etc/php/conf.d");

export function readExtensions(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  switch (command.name) {
    case "docker-php-ext-install":
    case "docker-php-ext-configure":
    case "docker-php-ext-enable":
      return [extensions(command)];
    case "docker-php-source":
      return [{ kind: "cache" }];
    case "install-php-extensions":
      return installer(command);
    case "pecl":
      return pecl(command, image);
    case "pear":
      return pear(command);
    case "phpize":
      return [refused("phpize", "it compiles an extension by hand")];
    default:
      return undefined;
  }
}

/** They need nothing of the project, so a stage that has to can run them again. */
function extensions({ argv, because }: ResolvedCommand): Effect {
  return {
    kind: "dependencies",
    tree: {
      directory: EXTENSIONS,
      places: [EXTENSIONS, SETTINGS],
      production: true,
      repeatable: true,
      ecosystem: "php",
      command: argv.map(({ text }) => text).join(" "),
      because,
    },
  };
}

function refused(toolchain: string, why: string): Effect {
  return { kind: "foreign", toolchain, what: "dependencies", why };
}

/** It installs packages of the system that it does not name, so that only running it again brings all of them. */
function installer({ argv }: ResolvedCommand): readonly Effect[] {
  const composer = argv.some(({ text }) => /^@composer(?:-|$)/.test(text));
  const settings: Effect = { kind: "writes", path: imagePath("/usr/local/etc/php"), form: "unknown" };
  return composer ? [settings, { kind: "tools", names: ["composer"], paths: [] }] : [settings];
}

function verbOf({ argv }: ResolvedCommand): string {
  return argv.slice(1).find(({ text }) => !text.startsWith("-"))?.text ?? "";
}

function pecl(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const verb = verbOf(command);
  if (verb === "download" || verb === "bundle") return [{ kind: "writes", path: command.workdir, form: "directory" }];
  if (!/^(?:install|upgrade|upgrade-all|run-scripts)$/.test(verb)) return NOTHING;
  const { base } = image;
  const official = base.known ? base.toolchain === "php" : usesScripts(image);
  return official
    ? [extensions(command)]
    : [refused("PECL", `it is not known where the PHP of "${base.reference}" keeps its extensions`)];
}

/** An image of another maker in which the official scripts were used has the official places. */
function usesScripts(image: ImageView): boolean {
  return image.dependencies.some(({ directory }) => directory === EXTENSIONS);
}

function pear(command: ResolvedCommand): readonly Effect[] {
  return /^(?:install|upgrade|upgrade-all)$/.test(verbOf(command))
    ? [refused("PEAR", "it spreads what it installs over the directories of PHP itself")]
    : NOTHING;
}
