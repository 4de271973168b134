/**
 * Host directories and volumes that a container sees.
 *
 *     -v "$PWD/dist:/out"            { source: "/⌂/dist", target: "/out" }
 *     --mount type=bind,src=.,dst=/src,readonly
 *     -v deps:/root/.m2              a named volume: it lives beside the host's files
 *
 * Formats: https://docs.docker.com/engine/storage/bind-mounts/#options-for---volume and #options-for---mount.
 * What is not decided here: what becomes of a mount in a stage (derived-build.ts).
 */
import { posix } from "node:path";
import { type ContainerCall, optionValues } from "../../shell/container-cli.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import { VOLUMES } from "./host-tree.ts";
import { absolutePath, fieldKey, isPartlyUnknown } from "./values.ts";

export interface Mount {
  /** An absolute path of the host, or of a volume. */
  readonly source: string;
  readonly target: ImagePath;
  readonly readOnly: boolean;
  readonly volume: boolean;
}

/** The mounts of a call, outer targets first. A target that is not known is left out. */
export function mountsOf(call: ContainerCall, cwd: string): readonly Mount[] {
  return allMounts(call, cwd)
    .filter(({ target }) => !isPartlyUnknown(target))
    .sort((a, b) => a.target.length - b.target.length);
}

/** The mounts of a call, those with a target that is not known too. */
export function allMounts(call: ContainerCall, cwd: string): readonly Mount[] {
  const short = optionValues(call, "volume").flatMap((field) => shortMount(fieldKey(field), cwd));
  const long = optionValues(call, "mount").flatMap((field) => longMount(fieldKey(field), cwd));
  return [...short, ...long];
}

/** `SOURCE:TARGET[:OPTIONS]`; a source without a slash or dot at its start names a volume. */
function shortMount(key: string, cwd: string): readonly Mount[] {
  const [, source, inside, options = ""] = /^((?:‹[^›]*›|[^:‹])+):((?:‹[^›]*›|[^:‹])+)(?::(.*))?$/.exec(key) ?? [];
  if (source === undefined || inside === undefined) return [];
  const readOnly = /(?:^|,)ro(?:$|,)/.test(options);
  const volume = !/^[./~‹]/.test(source);
  return [{ source: placeOf(source, volume, cwd), target: imagePath(inside), readOnly, volume }];
}

function longMount(key: string, cwd: string): readonly Mount[] {
  const parts = new Map(key.split(",").map((part) => part.split("=", 2) as [string, string | undefined]));
  const source = parts.get("source") ?? parts.get("src");
  const inside = parts.get("target") ?? parts.get("dst") ?? parts.get("destination");
  const type = parts.get("type") ?? "volume";
  if (source === undefined || inside === undefined || !/^(?:bind|volume)$/.test(type)) return [];
  const isOff = (name: string): boolean => parts.has(name) && parts.get(name) !== "false";
  const volume = type === "volume";
  const readOnly = isOff("readonly") || isOff("ro");
  return [{ source: placeOf(source, volume, cwd), target: imagePath(inside), readOnly, volume }];
}

function placeOf(source: string, volume: boolean, cwd: string): string {
  return volume ? `${VOLUMES}/${source}` : absolutePath(cwd, source);
}

/** The mount of which another one only shows a part under a second name. A part that alone can be written to is one by itself. */
export function outerMount(mount: Mount, mounts: readonly Mount[]): Mount | undefined {
  return mounts.find(
    (other) =>
      other !== mount &&
      other.source !== mount.source &&
      isWithin(mount.source, other.source) &&
      (mount.readOnly || !other.readOnly),
  );
}

/** Folders in which package managers keep what they can fetch again. */
const CACHE =
  /\/(?:\.m2|\.npm|\.cache|\.gradle|\.ivy2|\.sbt|\.cargo|\.nuget|\.yarn|\.pnpm-store|\.pub-cache|\.composer|\.ccache|\.bundle|\.stack|\.cabal|\.conan|go\/pkg|apt\/archives|cache|go-build|pkg\/mod)(?:\/|$)/i;

/** Whether a mount only keeps downloads between runs, so that a build goes without. */
export function isCache({ source, target }: Mount): boolean {
  return CACHE.test(`${target}/`) || CACHE.test(`${source}/`);
}

/** Names of directories that hold what a program keeps, or says, while it runs. */
const RUNNING = /^(?:cache|config|conf|coverage|data|db|logs?|node_modules|reports?|state|storage|tmp|uploads?)$/i;

/** Whether a directory, by its name, is for what a program keeps or says while it runs. */
export function isWorkingDirectory(path: string): boolean {
  return RUNNING.test(posix.basename(path));
}
