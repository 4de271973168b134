/**
 * Go modules and packages as they lie in an image:
 *
 *     module example.com/shop/v2      in /src/go.mod
 *     go build ./cmd/web              the package example.com/shop/v2/cmd/web makes the file "web"
 *     go build                        the package of the module itself makes "shop": a last "/v2" is left out
 *
 * Names follow `go help build` and cmd/go's DefaultExecName (https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies).
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Environment, ImageView } from "../ecosystem.ts";

export interface GoModule {
  readonly directory: ImagePath;
  /** The import path of the directory. */
  readonly path: string;
}

/** Modules that `go mod init` made, by the image that is read. */
const INITIALIZED = new WeakMap<ImageView, Map<ImagePath, string>>();

/** Notes `go mod init example.com/shop`. Without a name it takes one from the sources, which is not followed. */
export function initializeModule(directory: ImagePath, path: string, image: ImageView): void {
  INITIALIZED.set(image, new Map([...(INITIALIZED.get(image) ?? []), [directory, path]]));
}

/** The module that holds `directory`, by its go.mod, or the import path below GOPATH/src. */
export function moduleOf(directory: ImagePath, image: ImageView, environment: Environment): GoModule | undefined {
  for (let at = directory; ; at = imagePath("..", at)) {
    const text = image.read(imagePath("go.mod", at));
    const path = /^\s*module\s+"?([^\s"]+)"?/m.exec(text ?? "")?.[1];
    const own = path ?? INITIALIZED.get(image)?.get(at);
    if (own !== undefined) return { directory: at, path: own };
    if (at === "/") break;
  }
  const root = imagePath("src", goPath(environment));
  if (directory === root || !isWithin(directory, root)) return undefined;
  return { directory, path: directory.slice(root.length + 1) };
}

/** The first directory of GOPATH; `$HOME/go` of root where it is not set (https://pkg.go.dev/cmd/go#hdr-GOPATH_environment_variable). */
export function goPath(environment: Environment): ImagePath {
  const set = environment.get("GOPATH");
  return imagePath(set?.known === true && set.text !== "" ? (set.text.split(":")[0] ?? "/root/go") : "/root/go");
}

/** Where `go install` puts executables. */
export function goBin(environment: Environment): ImagePath {
  const set = environment.get("GOBIN");
  return set?.known === true && set.text !== "" ? imagePath(set.text) : imagePath("bin", goPath(environment));
}

/** The executable's name for an import path: its last element, without a major version suffix. */
export function executableName(importPath: string): string {
  const parts = importPath.split("@")[0]?.split("/") ?? [];
  const last = parts.at(-1) ?? "";
  return /^v\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last;
}

/** The executable's name of a package directory; `undefined` where its import path is not known. */
export function nameOfDirectory(directory: ImagePath, image: ImageView, environment: Environment): string | undefined {
  const module = moduleOf(directory, image, environment);
  if (module === undefined) return undefined;
  if (module.directory === directory) return executableName(module.path);
  return executableName(`${module.path}${directory.slice(module.directory === "/" ? 0 : module.directory.length)}`);
}

/** The Go files of a directory, tests left out. */
export function goFiles(directory: ImagePath, image: ImageView): readonly ImagePath[] {
  return image
    .children(directory)
    .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go") && !/^[._]/.test(name))
    .map((name) => imagePath(name, directory));
}

/** Whether a directory holds a program. */
export function isMain(directory: ImagePath, image: ImageView): boolean {
  return goFiles(directory, image).some((file) => {
    const text = image.read(file) ?? "";
    return /^package\s+main\b/m.test(text) && !/^\/\/\s*(?:go:build|\+build)\s+ignore/m.test(text);
  });
}

const SKIPPED = /^(?:vendor|testdata|node_modules|[._].*)$/;

/** The programs in a directory and below it: what `./...` stands for. */
export function mainsBelow(directory: ImagePath, image: ImageView, depth = 0): readonly ImagePath[] {
  if (depth > 12) return [];
  const below = image
    .children(directory)
    .filter((name) => !SKIPPED.test(name))
    .map((name) => imagePath(name, directory))
    .filter((path) => image.kindOf(path) === "directory")
    .flatMap((path) => mainsBelow(path, image, depth + 1));
  return isMain(directory, image) ? [directory, ...below] : below;
}

/** The directory of a package operand, where it lies in the image: `.`, `./cmd/x`, `/src/x`, or an import path of the module. */
export function packageDirectory(
  operand: string,
  workdir: ImagePath,
  image: ImageView,
  environment: Environment,
): ImagePath | undefined {
  if (/^\.{1,2}(?:\/|$)|^\//.test(operand)) return imagePath(operand, workdir);
  const module = moduleOf(workdir, image, environment);
  const plain = operand.split("@")[0] ?? operand;
  if (module !== undefined && isWithin(plain, module.path))
    return imagePath(`.${plain.slice(module.path.length)}`, module.directory);
  const inPath = imagePath(`src/${plain}`, goPath(environment));
  return image.kindOf(inPath) === "directory" ? inPath : undefined;
}
