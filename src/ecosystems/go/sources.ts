/**
 * What a Go program opens and starts when it runs, as far as its sources say:
 *
 *     template.ParseFiles("templates/index.html")     the path templates/index.html, on the working directory at run time
 *     exec.Command("git", "status")                   the executable git
 *     //go:embed web                                  nothing: it is inside the program
 *
 * Only the program's own packages are read, not its libraries. String literals count where they name something that the image
 * holds; a bare word only beside a call that takes a path.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { Environment, ImageView } from "../ecosystem.ts";
import { customaryData, namedPath, outermost, withoutPattern } from "../program-files.ts";
import type { RuntimeUse } from "../program-needs.ts";
import { type GoModule, goFiles, moduleOf } from "./module.ts";

/** What is no data although it lies in a directory of that name. */
const GO_SOURCES = /\.(?:go|md|proto)$|^\.|^(?:go\.\w+|OWNERS|LICENSE)$/;

const MOST_FILES = 4000;

/** Reads the packages that the program in `directory` is made of. */
export function readRuntimeUse(
  directory: ImagePath | undefined,
  workdir: ImagePath,
  image: ImageView,
  environment: Environment,
): RuntimeUse {
  const files = directory === undefined ? [] : filesOfProgram(directory, image, environment);
  const texts = files.flatMap((file) => {
    const text = image.read(file);
    return text === undefined ? [] : [{ file, text: withoutComments(text) }];
  });
  const embedded = texts.flatMap(({ file, text }) => embeddedPaths(file, text));
  const found = texts.flatMap(({ text }) => pathsIn(text, workdir, image));
  const outside = found.filter((path) => !embedded.some((own) => isWithin(path, own) || isWithin(own, path)));
  const commands = texts.flatMap(({ text }) => commandsIn(text));
  const opens = texts.some(({ text }) => OPENS_FILES.test(text));
  const known = [...found, ...embedded];
  return {
    paths: outermost(outside),
    customary: opens ? customaryData(workdir, known, image, GO_SOURCES) : [],
    executables: [...new Set(commands.flatMap((c) => (c === undefined ? [] : [c])))].sort(),
    startsUnknown: commands.includes(undefined),
    timeZones: texts.some(({ text }) => /\btime\.LoadLocation\(/.test(text)),
    read: texts.length > 0,
  };
}

/** What the program in `directory` has inside of it. */
export function readEmbedded(
  directory: ImagePath | undefined,
  image: ImageView,
  environment: Environment,
): readonly ImagePath[] {
  const files = directory === undefined ? [] : filesOfProgram(directory, image, environment);
  return files.flatMap((file) => embeddedPaths(file, withoutComments(image.read(file) ?? "")));
}

/** Whether a package of the program, or one of its module that it imports, has a part in C (https://pkg.go.dev/cmd/cgo). */
export function usesC(directory: ImagePath, image: ImageView, environment: Environment): boolean {
  return filesOfProgram(directory, image, environment).some((file) => importsC(image.read(file) ?? ""));
}

export function importsC(text: string): boolean {
  return /^\s*(?:import\s+)?"C"\s*(?:\/\/.*)?$/m.test(text);
}

/** Calls that open files, or libraries that do by names of their own. */
const OPENS_FILES =
  /\b(?:os|ioutil)\.(?:Open|OpenFile|ReadFile|ReadDir)\(|\bhttp\.Dir\(|\bos\.DirFS\(|\.Parse(?:Files|Glob)\(|\.LoadHTML(?:Glob|Files)\(|"(?:[^"\n]*\/)?(?:viper|migrate|goose|packr|godotenv|go-i18n|beego|buffalo|revel|statik|pongo2|casbin|goth|gin|echo|fiber|iris)(?:\/v\d+)?(?:\/[^"\n]*)?"/;
/** The files of the program's package and of all packages of its module that it imports. */
function filesOfProgram(directory: ImagePath, image: ImageView, environment: Environment): readonly ImagePath[] {
  const module = moduleOf(directory, image, environment);
  const seen = new Set<ImagePath>([directory]);
  const files: ImagePath[] = [];
  for (const package_ of seen) {
    if (files.length > MOST_FILES) break;
    const own = goFiles(package_, image);
    files.push(...own);
    if (module === undefined) continue;
    for (const file of own) for (const found of importsOf(image.read(file) ?? "", module)) seen.add(found);
  }
  return files;
}

function importsOf(text: string, module: GoModule): readonly ImagePath[] {
  const paths = [...text.matchAll(/^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"\s*(?:\/\/.*)?$/gm)].map(
    (match) => match[1] ?? "",
  );
  return paths
    .filter((path) => isWithin(path, module.path))
    .map((path) => imagePath(`.${path.slice(module.path.length)}`, module.directory));
}

/** Blanks out comments, but for `//go:embed`, and leaves strings alone. */
function withoutComments(text: string): string {
  return text.replace(/\/\/go:embed[^\n]*|"(?:\\.|[^"\\\n])*"|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("//go:embed") || !part.startsWith("/") ? part : " ",
  );
}

function embeddedPaths(file: ImagePath, text: string): readonly ImagePath[] {
  const directory = imagePath("..", file);
  return [...text.matchAll(/^\/\/go:embed\s+(.+)$/gm)].flatMap((match) =>
    (match[1] ?? "")
      .trim()
      .split(/\s+/)
      .map((pattern) => imagePath(withoutPattern(pattern.replace(/^all:|"/g, "")), directory)),
  );
}

/** Calls whose first argument is a path, so that even a bare word there counts. */
const FIRST_IS_PATH =
  /\b(?:Open|OpenFile|ReadFile|ReadDir|Stat|Lstat|Dir|DirFS|Glob|ParseGlob|ParseFiles|Walk|WalkDir|LoadHTMLGlob|LoadHTMLFiles|File|Join|AddConfigPath|SetConfigFile|Load|LoadFile|Chdir|ListenAndServeTLS|LoadX509KeyPair)\(\s*$/;
/** Calls of web frameworks that serve files: `Static("/assets", "public")`. */
const SERVES_FILES = /\b(?:Static|StaticFile|StaticFS|ServeFile|ServeFiles|FileServer|PathPrefix)\(/;

function pathsIn(text: string, workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  const found: ImagePath[] = [];
  for (const line of text.split("\n")) {
    if (!/["`]/.test(line) || line.length > 2000) continue;
    const serves = SERVES_FILES.test(line);
    for (const match of line.matchAll(/"((?:\\.|[^"\\])*)"|`([^`]*)`/g)) {
      const near = serves || FIRST_IS_PATH.test(line.slice(0, match.index));
      const literal = match[1] ?? match[2] ?? "";
      const path = literal.endsWith(".go") ? undefined : namedPath(literal, near, workdir, image);
      if (path !== undefined) found.push(path);
    }
  }
  return [...found, ...configurationFiles(text, workdir, image)];
}

/** Files that libraries open by a default name: viper's by SetConfigName, godotenv's `.env`. */
function configurationFiles(text: string, workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  const names = [...text.matchAll(/\.SetConfigName\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
  const byName = names.flatMap((name) =>
    image.children(workdir).filter((file) => file.startsWith(`${name}.`) && !file.endsWith(".go")),
  );
  const dotenv = /\bgodotenv\.(?:Load|Overload|Read)\(\)/.test(text) ? [".env"] : [];
  return [...byName, ...dotenv]
    .map((name) => imagePath(name, workdir))
    .filter((path) => image.kindOf(path) !== undefined);
}

/** Names of started programs; `undefined` for a name that is computed. */
function commandsIn(text: string): readonly (string | undefined)[] {
  if (!/"os\/exec"/.test(text)) return [];
  const calls = [
    ...text.matchAll(
      /\bexec\.(?:Command|LookPath)\(\s*("([^"\n]+)")?|\bexec\.CommandContext\(\s*[^,]+,\s*("([^"\n]+)")?/g,
    ),
  ];
  return calls.map((match) => match[2] ?? match[4]);
}
