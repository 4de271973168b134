/**
 * What build systems keep of themselves beside what they make:
 *
 *     /src/build/CMakeFiles/…        CMake's, as /src/build/CMakeCache.txt shows
 *     /src/config.status             Autoconf's
 *     /src/target/classes/…          Maven's, of which the jar was made
 *     /app/native/shop.egg-info/…    setuptools'
 *
 * Each is known by what the system's documentation says it writes, below a directory that holds its manifest or its own mark. A build directory of CMake or Meson is left behind as a whole where
 * nothing of it is in the new image, since an install has put elsewhere what runs.
 */
import { posix } from "node:path";
import type { ImageFile, ReadImage } from "../model/image.ts";
import { type ImagePath, imagePath } from "../text/paths.ts";

/** https://www.gnu.org/software/automake/manual/html_node/Auxiliary-Programs.html and the Autoconf manual, "Making configure Scripts". */
const AUTOCONF =
  /\/(?:autom4te\.cache(?:\/.*)?|aclocal\.m4|ar-lib|compile|config\.(?:guess|h|h\.in~?|log|status|sub)|configure~?|depcomp|install-sh|libtool|ltmain\.sh|missing|mkinstalldirs|py-compile|stamp-h\d*|stamp-h\.in|test-driver|ylwrap|Makefile(?:\.in)?|\.deps(?:\/.*)?|\.dirstamp|\.libs(?:\/.*)?|.*\.(?:trs|Po|Plo))$/;
/** A directory whose build systems keep state in it, by what lies in it, and their own names below it. */
interface Kept {
  readonly manifest: readonly string[];
  readonly state: RegExp;
}

const KEPT: readonly Kept[] = [
  // https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html and its `build` command.
  {
    manifest: ["setup.py", "setup.cfg", "pyproject.toml"],
    state: /^\/(?:[^/]+\.egg-info|build\/(?:bdist|lib|temp)(?:\.[^/]*)?)(?:\/|$)/,
  },
  // https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html
  {
    manifest: ["pom.xml"],
    state:
      /^\/target\/(?:(?:classes|test-classes|generated-(?:test-)?sources|generated-resources|maven-(?:archiver|status)|surefire(?:-reports)?|failsafe-reports)(?:\/|$)|.*\.jar\.original$)/,
  },
  // https://docs.gradle.org/current/userguide/java_plugin.html
  {
    manifest: ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"],
    state:
      /^\/(?:\.gradle(?:\/|$)|build\/(?:(?:classes|generated|resources|tmp|reports|test-results|kotlin|bootJarMainClassName)(?:\/|$)|libs\/[^/]*-plain\.jar$))/,
  },
  // https://www.scala-sbt.org/1.x/docs/Directories.html
  {
    manifest: ["build.sbt"],
    state:
      /^\/(?:project\/(?:target|project)|target\/(?:streams|global-logging|task-temp-directory|\.history|(?:scala-[^/]+\/)?classes))(?:\/|$)/,
  },
  // https://gohugo.io/hugo-pipes/introduction/#caching
  {
    manifest: ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"],
    state: /^\/(?:\.hugo_build\.lock$|resources\/_gen(?:\/|$))/,
  },
];

/** https://cmake.org/cmake/help/latest/manual/cmake.1.html, https://mesonbuild.com/Builddir.html */
const CMAKE =
  /\/(?:CMakeFiles(?:\/.*)?|CMakeCache\.txt|cmake_install\.cmake|install_manifest\.txt|CTestTestfile\.cmake|CPack\w*\.cmake|Makefile|build\.ninja|\.ninja_(?:log|deps)|compile_commands\.json|meson-(?:private|info|logs)(?:\/.*)?)$/;

const MARKERS = ["CMakeCache.txt", "meson-private"];

export function isBuildState({ path, kind, ...file }: ImageFile, before: ReadImage, after: ReadImage): boolean {
  const isProgram = kind === "file" && "elf" in file && file.elf !== undefined;
  const { files } = before.contents;
  for (let at = imagePath("..", path); at !== "/"; at = imagePath("..", at)) {
    const below = path.slice(at.length);
    const kept = KEPT.some(
      ({ manifest, state }) => state.test(below) && manifest.some((name) => files.has(imagePath(name, at))),
    );
    if (kept) return true;
    if (files.has(imagePath("config.status", at)) && (AUTOCONF.test(path) || (isProgram && isInstalled(path, after))))
      return true;
    if (MARKERS.some((marker) => files.has(imagePath(marker, at))))
      return CMAKE.test(path) || !after.contents.files.has(at) || isInstalled(path, after);
  }
  return files.has(imagePath("CMakeCache.txt", path)) || files.has(imagePath("meson-private", path));
}

/** Under its own name somewhere else, with another run path or without symbols. */
function isInstalled(path: ImagePath, { contents }: ReadImage): boolean {
  const name = posix.basename(path);
  return [...contents.files.keys()].some((other) => posix.basename(other) === name);
}
