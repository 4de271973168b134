/** Images as tests want them: a few files, and nothing else. */
import type { ImageConfiguration, ImageFile, ReadImage, RegularFile } from "../../src/model/image.ts";
import { type ImagePath, imagePath } from "../../src/text/paths.ts";
import { installedPackages } from "../../src/verify/packages.ts";

export type FileSpec = Partial<Omit<RegularFile, "path" | "kind">> & {
  readonly kind?: ImageFile["kind"];
  readonly target?: string;
};

export const CONFIGURATION: ImageConfiguration = {
  env: { PATH: "/usr/bin:/bin" },
  workdir: "/app",
  user: "",
  ports: [],
  volumes: [],
  labels: {},
  onbuild: [],
};

export interface ImageSpec {
  readonly files: Readonly<Record<string, FileSpec | string>>;
  readonly texts?: Readonly<Record<string, string>>;
  readonly baseLayers?: number;
  readonly layers?: readonly string[];
  readonly configuration?: Partial<ImageConfiguration>;
  readonly id?: string;
}

/** A text stands for a file with that content; layer 1 is the first above the base. */
export function readImageOf(spec: ImageSpec): ReadImage {
  const files = new Map<ImagePath, ImageFile>();
  for (const [name, given] of Object.entries(spec.files)) {
    const path = imagePath(name);
    files.set(path, fileOf(path, typeof given === "string" ? { digest: given } : given));
  }
  const texts = new Map(Object.entries(spec.texts ?? {}).map(([name, text]) => [imagePath(name), text]));
  const layers = (spec.layers ?? ["base", "COPY . .", "RUN make"]).map((createdBy) => ({
    digest: "",
    size: 1,
    createdBy,
  }));
  const packages = installedPackages({ texts });
  return {
    image: {
      id: spec.id ?? "sha256:1",
      configuration: { ...CONFIGURATION, ...spec.configuration },
      architecture: "amd64",
      os: "linux",
      size: 1000,
      layers: layers.map((_, index) => `layer-${index}`),
    },
    contents: { layers, files, texts },
    baseLayers: spec.baseLayers ?? 1,
    ...(packages === undefined ? {} : { packages }),
  };
}

function fileOf(path: ImagePath, { kind = "file", target = "", ...given }: FileSpec): ImageFile {
  const facts = { path, mode: given.mode ?? 0o644, uid: given.uid ?? 0, gid: given.gid ?? 0, layer: given.layer ?? 1 };
  if (kind === "symlink") return { ...facts, kind, target };
  if (kind !== "file") return { ...facts, kind };
  return { size: 10, digest: `own ${path}`, ...given, ...facts, kind };
}
