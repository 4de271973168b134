/**
 * What a Rust program opens and starts when it runs, as far as its sources say:
 *
 *     File::open("data/words.txt")            the path data/words.txt, on the working directory at run time
 *     ServeDir::new("static")                 the directory static
 *     include_str!("x.sql"), #[folder = "…"]  nothing: it is inside the program
 *     Command::new("git")                     the executable git
 *
 * Only the project's own packages are read, not its libraries. String literals count where they name something that the image
 * holds; a bare word only beside a call that takes a path.
 */
import { type ImagePath, imagePath, isWithin } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { customaryData, namedPath, outermost, withoutPattern } from "../program-files.ts";
import type { RuntimeUse } from "../program-needs.ts";
import { type CargoProject, projectOf } from "./manifest.ts";

const MOST_FILES = 4000;
/** What is no data although it lies in a directory of that name. */
const SOURCES = /\.(?:rs|md|proto|toml\.lock)$|^\.|^(?:Cargo\.(?:toml|lock)|LICENSE.*)$/;

/** Reads the packages that the program in `directory` may be made of: those of its workspace. */
export function readRuntimeUse(directory: ImagePath | undefined, workdir: ImagePath, image: ImageView): RuntimeUse {
  const project = directory === undefined ? undefined : projectOf(directory, image);
  const texts = (project === undefined ? [] : sourceFiles(project, image)).flatMap((file) => {
    const text = image.read(file);
    return text === undefined ? [] : [withoutComments(text)];
  });
  const embedded = texts.flatMap((text) => embeddedPaths(text, project?.root ?? workdir));
  const open = texts.map(withoutEmbedded);
  const places = [...new Set([workdir, ...(project?.packages.map((one) => one.directory) ?? [])])];
  const found = open.flatMap((text) => pathsIn(text, workdir, places, image));
  const byFramework = project === undefined ? [] : frameworkFiles(open, workdir, image);
  const commands = open.flatMap(commandsIn);
  const outside = [...found, ...byFramework].filter((path) => !embedded.some((own) => isWithin(path, own)));
  const opens = open.some((text) => OPENS_FILES.test(text));
  return {
    paths: outermost(outside),
    customary: opens ? customaryData(workdir, [...outside, ...embedded], image, SOURCES) : [],
    executables: [...new Set(commands.flatMap((name) => name ?? []))].sort(),
    startsUnknown: commands.includes(undefined),
    timeZones: false,
    read: texts.length > 0,
  };
}

/** Whether the project's own packages link to libraries of the system, by a build script or an attribute. */
export function linksItself(project: CargoProject, image: ImageView): boolean {
  const scripts = project.packages.map(({ directory }) => imagePath("build.rs", directory));
  const links = scripts.some((path) =>
    /rustc-link-(?:lib|search|arg)|\bpkg_config\b|\bcc::|\bcmake::|\bsystem_deps\b|\bvcpkg\b/.test(
      image.read(path) ?? "",
    ),
  );
  return (
    links || sourceFiles(project, image).some((path) => /#\[link\s*\(/.test(withoutComments(image.read(path) ?? "")))
  );
}

function sourceFiles({ packages, root }: CargoProject, image: ImageView): readonly ImagePath[] {
  const files: ImagePath[] = [];
  const open = packages.length === 0 ? [root] : packages.map(({ directory }) => directory);
  const seen = new Set<ImagePath>(open);
  for (let at = open.pop(); at !== undefined && files.length < MOST_FILES; at = open.pop()) {
    for (const name of image.children(at)) {
      const path = imagePath(name, at);
      if (name.endsWith(".rs") && name !== "build.rs") files.push(path);
      else if (
        image.kindOf(path) === "directory" &&
        !seen.has(path) &&
        !/^(?:target|tests|benches|examples|\..*)$/.test(name)
      ) {
        seen.add(path);
        open.push(path);
      }
    }
  }
  return files;
}

function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|r#*"[\s\S]*?"#*|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? " " : part,
  );
}

/** Macros and attributes that read files when the program is compiled. */
const EMBEDS =
  /\b(?:include_str|include_bytes|include_dir|include|embed_migrations|migrate|load_dotenv|dotenv|query_file\w*|graphql_client)!\s*[([]\s*(?:r#*)?"([^"]*)"|#\[(?:folder|template|grammar|include|exclude|prefix|graphql)\b[^\]]*?"([^"]*)"[^\]]*\]/g;

function embeddedPaths(text: string, root: ImagePath): readonly ImagePath[] {
  return [...text.matchAll(EMBEDS)].flatMap((match) => {
    const name = withoutPattern((match[1] ?? match[2] ?? "").replace(/^\$CARGO_MANIFEST_DIR\/?/, ""));
    return name === "" || name === "." ? [] : [imagePath(name, root)];
  });
}

function withoutEmbedded(text: string): string {
  return text.replace(EMBEDS, " ");
}

/** Calls that open files, or libraries that do by names of their own. */
const OPENS_FILES =
  /\bFile::open\b|\bfs::(?:read|read_to_string|read_dir|File)\b|\bServe(?:Dir|File)::|\bNamedFile::|\bFileServer::|\bFiles::new\b|\bTera::|\bTemplate::(?:fairing|render)\b|\bHandlebars::|\bconfig::|\brocket::|\bfluent\b|\bminijinja::|\bliquid::/;

const FIRST_IS_PATH =
  /\b(?:open|read|read_to_string|read_dir|read_link|metadata|canonicalize|Path::new|PathBuf::from|ServeDir::new|ServeFile::new|FileServer::(?:from|new)|Files::new|Tera::(?:new|parse)|from_file|from_path|with_name|with_file|with_path|glob|dir|file|join|push|load|load_from|relative!|certificate_chain_file|private_key_file|set_current_dir|path_loader|Migrator::new)\s*[(!]*\(?\s*&?\s*$/;

function pathsIn(
  text: string,
  workdir: ImagePath,
  places: readonly ImagePath[],
  image: ImageView,
): readonly ImagePath[] {
  const inPackage = /CARGO_MANIFEST_DIR|relative!/.test(text);
  return [...text.matchAll(/"((?:\\.|[^"\\\n])*)"/g)].flatMap((match) => {
    const literal = match[1] ?? "";
    if (literal.endsWith(".rs")) return [];
    const ahead = text.slice(Math.max(0, match.index - 100), match.index);
    const near = FIRST_IS_PATH.test(ahead) || SERVES_FILES.test(ahead);
    const plain = namedPath(literal, near, workdir, image) ?? withoutExtension(literal, near, workdir, image);
    // `concat!(env!("CARGO_MANIFEST_DIR"), "/static")` stays the path where the package was built.
    const own = inPackage
      ? places.flatMap((place) => namedPath(literal.replace(/^\//, ""), true, place, image) ?? [])
      : [];
    return [...(plain === undefined ? [] : [plain]), ...own];
  });
}

/** Calls that serve files take the route first: `Files::new("/assets", "public")`. */
const SERVES_FILES =
  /\b(?:Files::new|FileServer::(?:from|new)|ServeDir::new|serve_dir|StaticFiles\w*|nest_service|static_files?|fs::(?:dir|file))\b[^;]*$/;

/** `config::File::with_name("config/default")` finds config/default.toml, .json, .yaml. */
function withoutExtension(literal: string, near: boolean, workdir: ImagePath, image: ImageView): ImagePath | undefined {
  if (!near || !/^[\w./-]+$/.test(literal) || literal.endsWith("/")) return undefined;
  const path = imagePath(literal, workdir);
  const directory = imagePath("..", path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const found = image.children(directory).find((entry) => entry.startsWith(`${name}.`) && !entry.endsWith(".rs"));
  return found === undefined ? undefined : imagePath(found, directory);
}

/** Files that frameworks open by their own names: Rocket's settings and templates, dotenv's `.env`. */
function frameworkFiles(texts: readonly string[], workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  const uses = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  const names = [
    ...(uses(/\brocket::/) ? ["Rocket.toml"] : []),
    ...(uses(/\brocket_(?:dyn_templates|contrib)\b/) ? ["templates"] : []),
    ...(uses(/\bdotenvy?::(?:dotenv|from_filename|load)\b|\bdotenvy?\(\)/) ? [".env"] : []),
  ];
  return names.map((name) => imagePath(name, workdir)).filter((path) => image.kindOf(path) !== undefined);
}

/** Names of started programs; `undefined` for a name that is computed. */
function commandsIn(text: string): readonly (string | undefined)[] {
  if (!/\bprocess::|\bCommand\b/.test(text)) return [];
  const clap = /\bclap::|\bstructopt\b/.test(text) && !/\bprocess::Command|\bprocess::\{[^}]*Command/.test(text);
  if (clap) return [];
  return [...text.matchAll(/\bCommand::new\(\s*(?:"([^"\n]+)")?/g)].map((match) => match[1]);
}
