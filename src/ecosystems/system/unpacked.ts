/**
 * Archives that a build of the project made, unpacked where it runs:
 *
 *     tar -xf build/distributions/shop.tar -C /opt        /opt/shop, as Gradle's distributions are laid out
 *     unzip target/universal/shop-1.0.zip -d /srv         /srv/shop-1.0, as sbt's are
 *     tar -xzf _build/prod/rel/shop/shop-1.0.tar.gz -C /srv/shop       /srv/shop
 *
 * Sources: https://docs.gradle.org/current/userguide/distribution_plugin.html,
 * https://sbt-native-packager.readthedocs.io/en/latest/formats/universal.html. Of any other archive nothing tells the names that it
 * holds, so where it is unpacked among the system's own files it is none of these.
 */
import { baseName, type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";

/** Directories that hold the base image's own files as well. */
const SHARED =
  /^\/(?:usr|usr\/(?:local|share|lib|bin)|usr\/local\/\w+|etc|opt|srv|var|var\/\w+|home|root|bin|lib|tmp)?$/;
/** Where build tools put archives that hold one directory with the archive's name. */
const NAMED = /(?:\/build\/distributions|\/target\/universal)\/([^/*?]+?)\.(?:tar|zip|tgz|tar\.gz)$/;

/** What an archive of the build leaves in a directory; `undefined` for every other archive. */
export function unpackedBuild(
  archive: Argument | undefined,
  directory: ImagePath,
  stripped: boolean,
  command: ResolvedCommand,
  image: ImageView,
): Effect | undefined {
  if (archive === undefined || !archive.known) return undefined;
  const path = imagePath(archive.text, command.workdir);
  const artifact = image.artifacts.find((one) => one.path === path || isWithin(path, one.path));
  if (artifact === undefined || baseName(path) === "") return undefined;
  const name = stripped ? undefined : NAMED.exec(path)?.[1];
  const target = name === undefined ? directory : imagePath(name, directory);
  if (SHARED.test(target)) return undefined;
  const { ecosystem, linkage, source } = artifact;
  const frame = { path: target, form: "directory", ecosystem, linkage, confidence: "likely" } as const;
  const { because } = command;
  return { kind: "artifact", artifact: { ...frame, ...(source === undefined ? {} : { source }), because } };
}
