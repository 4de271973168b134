/**
 * Builds of C and C++ whose rules are made while they run: Autoconf, CMake, Meson, Ninja, and make without a makefile that can be read.
 *
 *     ./configure --prefix=/opt/app && make && make install     files below the project, then /opt/app
 *     cmake -S . -B build && cmake --build build                files below build
 *     cmake --install build                                     /usr/local
 *     meson setup build && ninja -C build install               the same
 *
 * Where an install goes is what was configured, /usr/local by default (https://www.gnu.org/prep/standards/html_node/Directory-Variables.html,
 * https://cmake.org/cmake/help/latest/variable/CMAKE_INSTALL_PREFIX.html, https://mesonbuild.com/Builtin-options.html). In images that keep a
 * toolchain of their own in /usr/local it cannot be told apart from that, so an install there is refused.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";
import { readOperands } from "../operands.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];
const LOCAL = imagePath("/usr/local");

/** Where each build directory of an image installs to. */
const PREFIXES = new WeakMap<ImageView, Map<ImagePath, ImagePath>>();

function remember(directory: ImagePath, prefix: ImagePath, image: ImageView): void {
  PREFIXES.set(image, new Map([...(PREFIXES.get(image) ?? []), [directory, prefix]]));
}

function configured(directory: ImagePath, image: ImageView): ImagePath | undefined {
  return PREFIXES.get(image)?.get(directory);
}

export function readBuildSystem(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  switch (command.name) {
    case "configure":
    case "config":
      return command.argv[0]?.text.includes("/") === true ? configure(command, image) : undefined;
    case "autoreconf":
    case "autoconf":
    case "autoheader":
    case "aclocal":
    case "automake":
    case "libtoolize":
    case "autopoint":
    case "autogen.sh":
    case "bootstrap":
    case "bootstrap.sh":
    case "buildconf":
      return [below(command.workdir, command)];
    case "cmake":
      return cmake(command, image);
    case "ctest":
      return TESTS;
    case "meson":
      return meson(command, image);
    case "ninja":
    case "samu":
      return ninja(command, image);
    default:
      return undefined;
  }
}

/** Files that may lie anywhere below a directory. */
function below(path: ImagePath, command: ResolvedCommand): Effect {
  const { artifact } = filled(path, command);
  return { kind: "artifact", artifact: { ...artifact, source: path } };
}

/** A directory that an install fills. */
function filled(path: ImagePath, { because }: ResolvedCommand): Extract<Effect, { kind: "artifact" }> {
  const linkage = { kind: "unknown" } as const;
  const frame = { ecosystem: "c", confidence: "likely", because } as const;
  return { kind: "artifact", artifact: { path, form: "directory", linkage, ...frame } };
}

function valueOf(argv: readonly Argument[], name: string): string | undefined {
  const at = argv.findIndex(({ text }) => text === name || text.startsWith(`${name}=`));
  const field = argv[at];
  if (field === undefined) return undefined;
  return field.text === name ? argv[at + 1]?.text : field.text.slice(name.length + 1);
}

function configure(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { argv, workdir } = command;
  remember(workdir, imagePath(valueOf(argv, "--prefix") ?? LOCAL, workdir), image);
  return [below(workdir, command)];
}

/** https://cmake.org/cmake/help/latest/manual/cmake.1.html */
function cmake(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { argv, workdir } = command;
  const [, first] = argv;
  if (first === undefined || /^-{1,2}(?:version|help)|^-E$|^-P$/.test(first.text)) return NOTHING;
  const build = first.text === "--build" || first.text === "--install" ? argv[2]?.text : undefined;
  if (build !== undefined) {
    const directory = imagePath(build, workdir);
    const target = valueOf(argv, "--target") ?? valueOf(argv, "-t");
    if (first.text === "--install") return install(command, directory, valueOf(argv, "--prefix"), image);
    if (target === "install") return [below(directory, command), ...install(command, directory, undefined, image)];
    return target === "test" ? TESTS : [below(directory, command)];
  }
  const named =
    valueOf(argv, "-B") ?? argv.map(({ text }) => /^-B(.+)/.exec(text)?.[1]).find((one) => one !== undefined);
  const directory = imagePath(named ?? ".", workdir);
  const prefix = argv
    .map(({ text }) => /^-DCMAKE_INSTALL_PREFIX(?::\w+)?=(.+)/.exec(text)?.[1])
    .find((one) => one !== undefined);
  remember(directory, imagePath(prefix ?? valueOf(argv, "--install-prefix") ?? LOCAL, workdir), image);
  return [below(directory, command)];
}

/** https://mesonbuild.com/Commands.html */
function meson(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { argv, workdir } = command;
  const { values, operands } = readOperands(argv, ["-C", "--prefix", "-D", "--buildtype", "--destdir"]);
  const [verb, ...rest] = operands.map(({ text }) => text);
  const directory = imagePath(values.get("-C")?.text ?? ".", workdir);
  if (verb === "test") return TESTS;
  if (verb === "compile") return [below(directory, command)];
  if (verb === "install") return install(command, directory, undefined, image, values.get("--destdir")?.text);
  if (verb === undefined || /^(?:configure|introspect|dist|rewrite|wrap|subprojects)$/.test(verb)) return NOTHING;
  const build = imagePath((verb === "setup" ? rest : [verb, ...rest])[0] ?? ".", workdir);
  remember(build, imagePath(values.get("--prefix")?.text ?? LOCAL, workdir), image);
  return [below(build, command)];
}

function ninja(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { values, operands } = readOperands(command.argv, ["-C", "-j", "-f", "-k", "-l"]);
  const directory = imagePath(values.get("-C")?.text ?? ".", command.workdir);
  const targets = operands.map(({ text }) => text);
  if (targets.includes("install")) return [below(directory, command), ...install(command, directory, undefined, image)];
  if (targets.length > 0 && targets.every((target) => /^(?:test|check)$/.test(target))) return TESTS;
  return targets.length > 0 && targets.every((target) => target === "clean") ? NOTHING : [below(directory, command)];
}

/** `make` in a directory whose makefile is not in the checkout: it was generated, or came with a clone. */
export function readUnseenMake(
  command: ResolvedCommand,
  directory: ImagePath,
  targets: readonly string[],
  variables: ReadonlyMap<string, string>,
  image: ImageView,
): readonly Effect[] {
  const works = targets.filter((target) => !/^(?:clean|distclean|mrproper)$/.test(target));
  if (targets.length > 0 && works.length === 0) return NOTHING;
  if (works.length > 0 && works.every((target) => /^(?:test|check)$/.test(target))) return TESTS;
  if (!works.some((target) => /^install(?:-strip|\/strip|_sw|-\w+)?$/.test(target))) return [below(directory, command)];
  const prefix = variables.get("prefix") ?? variables.get("PREFIX");
  return [below(directory, command), ...install(command, directory, prefix, image, variables.get("DESTDIR"))];
}

function install(
  command: ResolvedCommand,
  directory: ImagePath,
  named: string | undefined,
  image: ImageView,
  destination?: string,
): readonly Effect[] {
  const prefix = named === undefined ? configured(directory, image) : imagePath(named, command.workdir);
  if (prefix === undefined) return [refused("it is not known where its install rule puts files")];
  const target = destination === undefined ? prefix : imagePath(`.${prefix}`, imagePath(destination, command.workdir));
  if (destination === undefined && isShared(prefix, image))
    return [refused(`it installs into "${prefix}", where the image has files of its own`)];
  return [filled(target, command)];
}

function refused(why: string): Effect {
  return { kind: "foreign", toolchain: "the build", what: "build", why };
}

/** `/usr` holds the distribution; `/usr/local` is empty but in images that keep their toolchain there. */
function isShared(prefix: ImagePath, { base }: ImageView): boolean {
  if (prefix === "/" || prefix === "/usr") return true;
  const plain = /^(?:debian|ubuntu|alpine|go|rust)$/.test(base.toolchain ?? "");
  return prefix === LOCAL && !plain;
}

/** A directory that an install filled, with the program that a command starts by its name in it. */
export function installedAround(command: ResolvedCommand, image: ImageView): readonly ImagePath[] {
  const prefixes = new Set(PREFIXES.get(image)?.values() ?? []);
  return image.artifacts
    .filter(({ ecosystem, form, path }) => ecosystem === "c" && form === "directory" && prefixes.has(path))
    .map(({ path }) => path)
    .filter((path) => {
      const [first] = command.argv;
      if (first === undefined || !first.known) return false;
      return !first.text.includes("/") || imagePath(first.text, command.workdir).startsWith(`${path}/`);
    });
}

const MANIFEST = /^(?:CMakeLists\.txt|.*\.cmake|meson\.build|Makefile(?:\.am|\.in)?|configure\.(?:ac|in))$/;
/** Whether a manifest below a directory speaks of shared libraries, or cannot be seen. */
export function makesSharedLibraries(directory: ImagePath, image: ImageView): boolean {
  const texts = filesBelow([directory], image, MANIFEST).flatMap((path) => image.read(path) ?? []);
  const shared = /\bSHARED\b|shared_library|both_libraries|LT_INIT|AC_PROG_LIBTOOL|\.so\b|-shared\b/;
  return texts.length === 0 || texts.some((text) => shared.test(text));
}
