/**
 * Where the TypeScript compiler puts its output, by `tsconfig.json` with all that it extends.
 *
 *     { "extends": "./base.json", "compilerOptions": { "outDir": "dist" } }     // outDir /app/dist, root /app/src
 *
 * Rules: https://www.typescriptlang.org/tsconfig (outDir, rootDir, extends, files, include). A base that lies in a package is
 * not read; then options that this project does not set itself are not known.
 */
import { matchesWildcard } from "../../dockerfile/wildcards.ts";
import { ANY, matchesSequence } from "../../text/glob.ts";
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { isObject, type JsonObject, objectField, parseJsonWithComments, textField, textList } from "./json.ts";

export interface TsConfig {
  readonly path: ImagePath;
  readonly directory: ImagePath;
  readonly outDir?: ImagePath;
  readonly outFile?: ImagePath;
  readonly rootDir?: ImagePath;
  readonly declarationDir?: ImagePath;
  readonly noEmit: boolean;
  /** Import aliases: pattern to image path pattern. */
  readonly paths: Readonly<Record<string, readonly ImagePath[]>>;
  readonly baseUrl?: ImagePath;
  /** As written; absent where neither this file nor a base names any. */
  readonly files?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Directories or files of the projects that `tsc -b` builds first. */
  readonly references: readonly ImagePath[];
  /** A base could not be read, so an absent option may be set there. */
  readonly partial: boolean;
}

/** Reads a configuration file, or the `tsconfig.json` of a directory. */
export function readTsConfig(path: ImagePath, image: ImageView): TsConfig | undefined {
  const file = image.kindOf(path) === "directory" ? imagePath("tsconfig.json", path) : path;
  return readFile(file, image, new Set());
}

function readFile(path: ImagePath, image: ImageView, seen: ReadonlySet<ImagePath>): TsConfig | undefined {
  const text = image.read(path);
  const fields = text === undefined ? undefined : parseJsonWithComments(text);
  if (!isObject(fields) || seen.has(path)) return undefined;
  const own = ownSettings(path, fields);
  const bases = basesOf(fields).map((base) => readBase(base, own.directory, image, new Set([...seen, path])));
  const inherited: Partial<TsConfig> = Object.assign({}, ...bases);
  const partial = bases.some((base) => base === undefined || base.partial);
  const { references: _, ...rest } = inherited;
  return { paths: {}, noEmit: false, ...rest, references: [], ...own, partial };
}

/** `extends` is one name or, since TypeScript 5.0, a list. */
function basesOf(fields: JsonObject): readonly string[] {
  const { extends: base } = fields;
  return typeof base === "string" ? [base] : textList(base);
}

function readBase(
  name: string,
  directory: ImagePath,
  image: ImageView,
  seen: ReadonlySet<ImagePath>,
): TsConfig | undefined {
  const package_ = !name.startsWith(".") && !name.startsWith("/");
  const path = imagePath(package_ ? `node_modules/${name}` : name, directory);
  const found = [path, `${path}.json` as ImagePath].find((candidate) => image.kindOf(candidate) === "file");
  if (found !== undefined) return readFile(found, image, seen);
  return package_ && namesNoOutput(name) ? emptyBase(path, directory) : undefined;
}

/** The shared bases of https://github.com/tsconfig/bases set no output directory: they cannot know it. */
function namesNoOutput(name: string): boolean {
  return /^@tsconfig\//.test(name) || /\/tsconfig(?:\.\w+)?(?:\.json)?$/.test(name);
}

function emptyBase(path: ImagePath, directory: ImagePath): TsConfig {
  return { path, directory, noEmit: false, paths: {}, references: [], partial: false };
}

type Own = Partial<TsConfig> & Pick<TsConfig, "path" | "directory">;

function ownSettings(path: ImagePath, fields: JsonObject): Own {
  const directory = imagePath("..", path);
  const options = objectField(fields, "compilerOptions");
  const resolve = (name: string): ImagePath | undefined => {
    const text = textField(options, name);
    // "${configDir}" is the directory of the outermost file (TypeScript 5.5); for a file without bases that is its own.
    return text === undefined ? undefined : imagePath(text.replace(/^\$\{configDir\}/, directory), directory);
  };
  const { files, include, exclude, references } = fields;
  const noEmit = options.noEmit === true || options.emitDeclarationOnly === true;
  const emits = options.noEmit === false ? { noEmit: false } : noEmit ? { noEmit: true } : {};
  return {
    path,
    directory,
    ...present("outDir", resolve("outDir")),
    ...present("outFile", resolve("outFile")),
    ...present("rootDir", resolve("rootDir")),
    ...present("declarationDir", resolve("declarationDir")),
    ...present("baseUrl", resolve("baseUrl")),
    ...emits,
    ...pathAliases(options, directory, resolve("baseUrl")),
    ...(files === undefined ? {} : { files: textList(files) }),
    ...(include === undefined ? {} : { include: textList(include) }),
    ...(exclude === undefined ? {} : { exclude: textList(exclude) }),
    references: readReferences(references, directory),
  };
}

function present<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value });
}

function pathAliases(options: JsonObject, directory: ImagePath, baseUrl: ImagePath | undefined): Partial<TsConfig> {
  if (!isObject(options.paths)) return {};
  const pairs = Object.entries(options.paths).map(([pattern, targets]) => [
    pattern,
    textList(targets).map((target) => imagePath(target, baseUrl ?? directory)),
  ]);
  return { paths: Object.fromEntries(pairs) };
}

function readReferences(references: unknown, directory: ImagePath): readonly ImagePath[] {
  if (!Array.isArray(references)) return [];
  return references.flatMap((item) => {
    const path = isObject(item) ? textField(item, "path") : undefined;
    return path === undefined ? [] : [imagePath(path, directory)];
  });
}

/**
 * The directory whose tree the output repeats. Without `rootDir` it is the longest common directory of all inputs; the inputs are
 * those of `files` and `include`, by default everything.
 */
export function rootOf(config: TsConfig, image: ImageView): ImagePath {
  if (config.rootDir !== undefined) return config.rootDir;
  const patterns = [...(config.files ?? []), ...(config.include ?? (config.files === undefined ? ["**/*"] : []))];
  const starts = patterns.map((pattern) => imagePath(staticPart(pattern), config.directory));
  const inputs = starts.flatMap((start) => sourcesBelow(start, config, image, 0));
  return commonDirectory(inputs) ?? config.directory;
}

/** What stands before the first part with a wildcard: `src/**` gives `src`. */
function staticPart(pattern: string): string {
  const parts = pattern.split("/");
  const wild = parts.findIndex((part) => /[*?]/.test(part));
  return wild < 0 ? pattern : parts.slice(0, wild).join("/");
}

const DEEPEST = 12;

/** Inputs at and below a path. `node_modules` and the output are left out by default; declarations do not count for the root. */
function sourcesBelow(path: ImagePath, config: TsConfig, image: ImageView, depth: number): readonly ImagePath[] {
  if (isExcluded(path, config)) return [];
  if (image.kindOf(path) === "file") return /(?<!\.d)\.[cm]?tsx?$/.test(path) ? [path] : [];
  if (
    depth > DEEPEST ||
    path.endsWith("/node_modules") ||
    (config.outDir !== undefined && config.outDir !== config.directory && isWithin(path, config.outDir))
  )
    return [];
  return image.children(path).flatMap((name) => sourcesBelow(imagePath(name, path), config, image, depth + 1));
}

function isExcluded(path: ImagePath, config: TsConfig): boolean {
  return (config.exclude ?? []).some((pattern) => {
    const plain = imagePath(pattern, config.directory);
    return /[*?]/.test(pattern) ? matchesBelow(plain, path) : isWithin(path, plain);
  });
}

/** `**` stands for any directories, `*` and `?` for parts of a name; what lies below a match matches too. */
function matchesBelow(pattern: string, path: string): boolean {
  const wanted = pattern
    .split("/")
    .map((part) => (part === "**" ? ANY : (name: string) => matchesWildcard(part, name)));
  return matchesSequence([...wanted, ANY], path.split("/"));
}

function commonDirectory(files: readonly ImagePath[]): ImagePath | undefined {
  const [first, ...rest] = files;
  if (first === undefined) return undefined;
  let common = imagePath("..", first);
  for (const file of rest) while (!isWithin(file, common)) common = imagePath("..", common);
  return common;
}
