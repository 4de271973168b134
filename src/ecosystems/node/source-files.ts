/**
 * The project's sources in an image, and which file an import names:
 *
 *     resolve("./config", "/app/src/server.ts")      /app/src/config.ts, /app/src/config/index.ts, …
 *     resolve("./config.js", "/app/src/server.ts")   /app/src/config.ts too, since TypeScript imports what it will emit
 *
 * Rules: https://nodejs.org/api/modules.html#all-together, https://www.typescriptlang.org/docs/handbook/modules/reference.html.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { readManifest } from "./manifest.ts";
import { readSourceFile, type SourceFile } from "./source-file.ts";
import type { TsConfig } from "./tsconfig.ts";

const EXTENSIONS = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue", ".svelte"];
/** What TypeScript looks for where an import names its output. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

export class SourceFiles {
  readonly #image: ImageView;
  readonly #config: TsConfig | undefined;
  readonly #files = new Map<ImagePath, SourceFile | undefined>();

  constructor(image: ImageView, config?: TsConfig) {
    this.#image = image;
    this.#config = config;
  }

  read(path: ImagePath): SourceFile | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const text = /\.(?:vue|svelte)$/.test(path) ? undefined : this.#image.read(path);
    const file = text === undefined ? undefined : readSourceFile(path, text);
    this.#files.set(path, file);
    return file;
  }

  /** The file of the project that a specifier names; `undefined` for packages and for what is not there. */
  resolve(specifier: string, from: ImagePath): SourceFile | undefined {
    const path = this.locate(specifier, from);
    return path === undefined ? undefined : this.read(path);
  }

  locate(specifier: string, from: ImagePath): ImagePath | undefined {
    if (/^\.{0,2}\/|^\.{1,2}$/.test(specifier)) return this.fileAt(imagePath(specifier, imagePath("..", from)));
    return this.#aliases(specifier)
      .map((path) => this.fileAt(path))
      .find((path) => path !== undefined);
  }

  /** The file that `path` leads to, as `require` and TypeScript complete it. */
  fileAt(path: ImagePath): ImagePath | undefined {
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? "";
    const bare = path.slice(0, path.length - extension.length);
    const candidates = [
      path,
      ...(SOURCES_OF[extension] ?? []).map((other) => `${bare}${other}`),
      ...EXTENSIONS.map((other) => `${path}${other}`),
    ] as ImagePath[];
    return candidates.find((candidate) => this.#image.kindOf(candidate) === "file") ?? this.#indexOf(path);
  }

  #indexOf(directory: ImagePath): ImagePath | undefined {
    if (this.#image.kindOf(directory) !== "directory") return undefined;
    const main = readManifest(directory, this.#image)?.main;
    const named = main === undefined || /^\.?\/?$/.test(main) ? undefined : this.fileAt(imagePath(main, directory));
    const index = EXTENSIONS.map((extension) => imagePath(`index${extension}`, directory));
    return named ?? index.find((candidate) => this.#image.kindOf(candidate) === "file");
  }

  /** Paths that `compilerOptions.paths` and `baseUrl` give a bare specifier. */
  #aliases(specifier: string): readonly ImagePath[] {
    const { paths = {}, baseUrl } = this.#config ?? {};
    const matched = Object.entries(paths).flatMap(([pattern, targets]) => {
      const [before = "", after] = pattern.split("*", 2);
      if (after === undefined) return pattern === specifier ? targets : [];
      if (!specifier.startsWith(before) || !specifier.endsWith(after)) return [];
      const star = specifier.slice(before.length, specifier.length - after.length);
      return targets.map((target) => target.replace("*", star) as ImagePath);
    });
    return baseUrl === undefined ? matched : [...matched, imagePath(specifier, baseUrl)];
  }
}

const NO_SOURCES = /^(?:node_modules|test|tests|__tests__|spec|e2e|cypress|coverage|docs|examples|\..*)$/;

/** Every source below a directory, tests and tool settings left out: what may have gone into an output that is not mapped. */
export function allSources(directory: ImagePath, image: ImageView, depth: number): readonly ImagePath[] {
  if (depth > 8) return [];
  return image.children(directory).flatMap((name): readonly ImagePath[] => {
    const path = imagePath(name, directory);
    if (NO_SOURCES.test(name)) return [];
    if (image.kindOf(path) === "directory") return allSources(path, image, depth + 1);
    return /\.[cm]?[jt]sx?$/.test(name) && !/(?:^|[._-])(?:d|config|conf|tests?|spec)\.[cm]?[jt]sx?$/.test(name)
      ? [path]
      : [];
  });
}
