/**
 * Cargo packages as they lie in an image:
 *
 *     [package] name = "shop"  with src/main.rs      the binary "shop"
 *     [[bin]] name = "worker"                        the binary "worker"
 *     src/bin/tool.rs, src/bin/other/main.rs         the binaries "tool" and "other"
 *     [workspace] members = ["crates/*"]             packages that share one target directory and one lock file
 *
 * Source: https://doc.rust-lang.org/cargo/reference/cargo-targets.html and workspaces.html. A file that is no TOML is not known.
 */
import { parse } from "smol-toml";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";

export interface CargoPackage {
  readonly directory: ImagePath;
  readonly name: string;
  readonly binaries: readonly string[];
}

export interface CargoProject {
  /** The directory of the workspace, or of the package where there is none: the lock file and `target` lie in it. */
  readonly root: ImagePath;
  /** Absent for a virtual workspace. */
  readonly own?: CargoPackage;
  /** All packages of the workspace, the own one first. */
  readonly packages: readonly CargoPackage[];
  /** Those that a command at the root works on without being told; absent where `own` or all are. */
  readonly defaults?: readonly CargoPackage[];
}

type Table = Readonly<Record<string, unknown>>;

/** The project of the manifest in `directory` or above it; `undefined` where none can be read. */
export function projectOf(directory: ImagePath, image: ImageView): CargoProject | undefined {
  for (let at = directory; ; at = imagePath("..", at)) {
    const manifest = readToml(imagePath("Cargo.toml", at), image);
    if (manifest !== undefined) return projectAt(at, manifest, image);
    if (at === "/") return undefined;
  }
}

/** The project of exactly this manifest. */
export function projectByManifest(path: ImagePath, image: ImageView): CargoProject | undefined {
  const manifest = readToml(path, image);
  return manifest === undefined ? undefined : projectAt(imagePath("..", path), manifest, image);
}

export function readToml(path: ImagePath, image: ImageView): Table | undefined {
  const text = image.read(path);
  if (text === undefined) return undefined;
  try {
    return parse(text) as Table;
  } catch {
    return undefined;
  }
}

function projectAt(directory: ImagePath, manifest: Table, image: ImageView): CargoProject {
  const own = packageAt(directory, manifest, image);
  if (tableIn(manifest, "workspace") !== undefined) return workspaceAt(directory, manifest, own, image);
  for (let at = directory; at !== "/"; ) {
    at = imagePath("..", at);
    const above = readToml(imagePath("Cargo.toml", at), image);
    if (above === undefined || tableIn(above, "workspace") === undefined) continue;
    const workspace = workspaceAt(at, above, undefined, image);
    const others = workspace.packages.filter((one) => one.directory !== directory);
    // The command works on the package that it stands in.
    if (others.length < workspace.packages.length)
      return {
        root: at,
        ...(own === undefined ? {} : { own }),
        packages: own === undefined ? others : [own, ...others],
      };
  }
  return { root: directory, ...(own === undefined ? {} : { own }), packages: own === undefined ? [] : [own] };
}

function workspaceAt(root: ImagePath, manifest: Table, own: CargoPackage | undefined, image: ImageView): CargoProject {
  const workspace = tableIn(manifest, "workspace") ?? {};
  const excluded = stringsIn(workspace, "exclude").map((path) => imagePath(path, root));
  const find = (key: string): readonly CargoPackage[] =>
    stringsIn(workspace, key)
      .flatMap((pattern) => directoriesOf(pattern, root, image))
      .filter((path) => !excluded.includes(path))
      .flatMap((path) => {
        const found = readToml(imagePath("Cargo.toml", path), image);
        return found === undefined ? [] : (packageAt(path, found, image) ?? []);
      });
  const members = find("members").filter(({ directory }) => directory !== own?.directory);
  const defaults = find("default-members");
  return {
    root,
    ...(own === undefined ? {} : { own }),
    packages: own === undefined ? members : [own, ...members],
    ...(defaults.length === 0 ? {} : { defaults }),
  };
}

/** `crates/*` and plain paths; a star stands for one name. */
function directoriesOf(pattern: string, root: ImagePath, image: ImageView): readonly ImagePath[] {
  let found: readonly ImagePath[] = [root];
  for (const part of pattern.split("/").filter((one) => one !== "" && one !== ".")) {
    const matches = new RegExp(
      `^${part
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*+/g, "[^/]*")
        .replace(/\?/g, ".")}$`,
    );
    found = found.flatMap((directory) =>
      /[*?]/.test(part)
        ? image
            .children(directory)
            .filter((name) => matches.test(name))
            .map((name) => imagePath(name, directory))
        : [imagePath(part, directory)],
    );
  }
  return found;
}

function packageAt(directory: ImagePath, manifest: Table, image: ImageView): CargoPackage | undefined {
  const table = tableIn(manifest, "package") ?? tableIn(manifest, "project");
  const name = table?.name;
  if (table === undefined || typeof name !== "string") return undefined;
  const named = Array.isArray(manifest.bin)
    ? manifest.bin.flatMap((one: Table) => (typeof one?.name === "string" ? [one.name] : []))
    : [];
  const found = table.autobins === false ? [] : discovered(directory, name, image);
  // A [[bin]] whose path is src/main.rs takes the place of the one that would be found there.
  const taken = Array.isArray(manifest.bin) && manifest.bin.some((one: Table) => one?.path === "src/main.rs");
  return { directory, name, binaries: [...new Set([...named, ...found.filter((one) => one !== name || !taken)])] };
}

function discovered(directory: ImagePath, name: string, image: ImageView): readonly string[] {
  const main = image.kindOf(imagePath("src/main.rs", directory)) === "file" ? [name] : [];
  const bin = imagePath("src/bin", directory);
  const others = image.children(bin).flatMap((entry) => {
    if (entry.endsWith(".rs")) return [entry.slice(0, -3)];
    return image.kindOf(imagePath(`${entry}/main.rs`, bin)) === "file" ? [entry] : [];
  });
  return [...main, ...others];
}

export function tableIn(table: Table, key: string): Table | undefined {
  const value = table[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}

function stringsIn(table: Table, key: string): readonly string[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
