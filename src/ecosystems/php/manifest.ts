/**
 * What `composer.json` and `composer.lock` say, read where they stand in an image:
 *
 *     readManifest("/app", environment, image)      // { vendor: "/app/vendor", scripts: { test: ["phpunit"] }, … }
 *     lockedNames("/app", true, image)              // ["monolog/monolog", …], without development packages
 *
 * Fields: https://getcomposer.org/doc/04-schema.md. COMPOSER and COMPOSER_VENDOR_DIR: https://getcomposer.org/doc/03-cli.md#environment-variables.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView } from "../ecosystem.ts";
import { isObject, objectField, parseJson, textField, textList } from "../node/json.ts";

export interface ComposerManifest {
  readonly vendor: ImagePath;
  /** The commands of each script, in order. */
  readonly scripts: Readonly<Record<string, readonly string[]>>;
  /** What it requires by name, `php` and `ext-…` left out. */
  readonly requires: readonly string[];
}

/** The value of a variable that is set and known. */
export function setting(environment: Environment, name: string): string | undefined {
  const value = environment.get(name);
  return value?.known === true && value.text !== "" ? value.text : undefined;
}

/** What is said of the project in a directory; defaults where its file cannot be read. */
export function readManifest(directory: ImagePath, environment: Environment, image: ImageView): ComposerManifest {
  const file = imagePath(setting(environment, "COMPOSER") ?? "composer.json", directory);
  const parsed = parseJson(image.read(file) ?? "");
  const fields = isObject(parsed) ? parsed : {};
  const vendor =
    setting(environment, "COMPOSER_VENDOR_DIR") ?? textField(objectField(fields, "config"), "vendor-dir") ?? "vendor";
  const scripts = Object.entries(objectField(fields, "scripts")).map(([name, value]): [string, readonly string[]] => [
    name,
    typeof value === "string" ? [value] : textList(value),
  ]);
  return {
    vendor: imagePath(vendor, directory),
    scripts: Object.fromEntries(scripts),
    requires: Object.keys(objectField(fields, "require")).filter((name) => name.includes("/")),
  };
}

/** The packages of the lock file; `undefined` where there is none that can be read. */
export function lockedNames(
  directory: ImagePath,
  production: boolean,
  image: ImageView,
): readonly string[] | undefined {
  const text = image.read(imagePath("composer.lock", directory));
  const parsed = text === undefined ? undefined : parseJson(text);
  if (!isObject(parsed)) return undefined;
  const lists = production ? [parsed.packages] : [parsed.packages, parsed["packages-dev"]];
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((one) => (isObject(one) ? (textField(one, "name") ?? []) : []));
}
