/**
 * All that is known of one image of the engine: its configuration, its files, its packages, and how many of its layers are those of
 * the base image that its last stage starts from.
 */
import type { Engine } from "../engine/engine.ts";
import type { ImageConfiguration, ReadImage } from "../model/image.ts";
import { installedPackages } from "./packages.ts";

export interface ImageWithBase extends ReadImage {
  /** The configuration of the base image, where the engine has it. */
  readonly base?: ImageConfiguration;
}

/** `base`: the reference that the last stage starts from; absent for `scratch` and where it is not known. */
export async function readImage(
  engine: Engine,
  reference: string,
  base: string | undefined,
  signal?: AbortSignal,
): Promise<ImageWithBase | undefined> {
  const image = await engine.inspect(reference);
  if (image === undefined) return undefined;
  const contents = await engine.readContents(reference, signal);
  const inspected = base === undefined ? undefined : await engine.inspect(base);
  const shared = inspected?.layers.every((layer, index) => image.layers[index] === layer) === true;
  const packages = installedPackages(contents);
  return {
    image,
    contents,
    ...(shared && inspected !== undefined
      ? { baseLayers: inspected.layers.length, base: inspected.configuration }
      : {}),
    ...(base === "scratch" ? { baseLayers: 0, base: EMPTY } : {}),
    ...(packages === undefined ? {} : { packages }),
  };
}

/** What `FROM scratch` starts with; the engine's default PATH comes with any image that has a shell (moby `DefaultPathEnv`). */
const EMPTY: ImageConfiguration = {
  env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  workdir: "",
  user: "",
  ports: [],
  volumes: [],
  labels: {},
  onbuild: [],
};
