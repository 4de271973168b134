/**
 * What a `package.json` says, read where it stands in an image.
 *
 *     readManifest("/app", image)               // { scripts: { build: "tsc" }, dependencies: ["express"], … }
 *     nearestManifest("/app/dist/x.js", image)  // that of /app
 *
 * Fields: https://docs.npmjs.com/cli/v11/configuring-npm/package-json. What is installed is not decided here.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { isObject, type JsonObject, objectField, parseJson, textField, textFields, textList } from "./json.ts";

export interface Manifest {
  readonly directory: ImagePath;
  /** `<directory>/package.json`. */
  readonly path: ImagePath;
  readonly name?: string;
  readonly version?: string;
  readonly module: boolean;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** Version ranges by name, without what is optional. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** Patterns of directories; empty without workspaces. */
  readonly workspaces: readonly string[];
  /** "yarn@3.2.1". */
  readonly packageManager?: string;
  readonly fields: JsonObject;
}

/** The manifest in a directory of the image; `undefined` when there is none or it cannot be read. */
export function readManifest(directory: ImagePath, image: ImageView): Manifest | undefined {
  const path = imagePath("package.json", directory);
  const text = image.read(path);
  const fields = text === undefined ? undefined : parseJson(text);
  return isObject(fields) ? manifestOf(directory, path, fields) : undefined;
}

function manifestOf(directory: ImagePath, path: ImagePath, fields: JsonObject): Manifest {
  const name = textField(fields, "name");
  const version = textField(fields, "version");
  const main = textField(fields, "main");
  const packageManager = textField(fields, "packageManager");
  const group = (field: string): Readonly<Record<string, string>> => textFields(objectField(fields, field));
  return {
    directory,
    path,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(main === undefined ? {} : { main }),
    ...(packageManager === undefined ? {} : { packageManager }),
    module: textField(fields, "type") === "module",
    scripts: group("scripts"),
    dependencies: group("dependencies"),
    devDependencies: group("devDependencies"),
    optionalDependencies: group("optionalDependencies"),
    peerDependencies: group("peerDependencies"),
    workspaces: workspacesOf(fields),
    fields,
  };
}

/** Either a list of patterns, or yarn's `{ packages: […] }`. */
function workspacesOf(fields: JsonObject): readonly string[] {
  const { workspaces } = fields;
  return textList(isObject(workspaces) ? workspaces.packages : workspaces);
}

/** The manifest of the directory or of the closest one above it, as Node looks for it. */
export function nearestManifest(path: ImagePath, image: ImageView): Manifest | undefined {
  for (let at = path; ; at = imagePath("..", at)) {
    const found = readManifest(at, image);
    if (found !== undefined || at === "/") return found;
  }
}

/** Names that a production install brings, the package's own peers too (npm 7 installs them). */
export function productionNames(manifest: Manifest): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).sort();
}

/** Every package that the manifest names, whatever for. */
export function allNames(manifest: Manifest): readonly string[] {
  return [...productionNames(manifest), ...Object.keys(manifest.devDependencies)];
}

/** Whether a dependency lies in the project itself: `file:`, `link:`, `portal:` and `workspace:` ranges. */
export function hasLocalDependencies(manifest: Manifest): boolean {
  const ranges = Object.values({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  });
  return ranges.some((range) => /^(?:file|link|portal|workspace):|^\.{0,2}\//.test(range));
}
