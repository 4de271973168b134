/**
 * What compilers of C and C++ make:
 *
 *     gcc -O2 -o /bin/app main.c -lssl      the artifact /bin/app, linked to libssl
 *     cc main.c                             a.out
 *     gcc -c util.c                         writes util.o
 *     gcc -shared -o libx.so x.c            a library
 *     ar rcs libx.a x.o                     writes libx.a
 *
 * Source: GCC's manual, "Overall Options" and "Options for Linking" (https://gcc.gnu.org/onlinedocs/gcc/Invoking-GCC.html); clang takes
 * the same ones.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, Linkage, ResolvedCommand, StaticLink } from "../ecosystem.ts";
import { needsSharedLibc } from "./sources.ts";
import { STANDARD } from "./standard-libraries.ts";

const COMPILER = /^(?:(?:[\w]+-)+)?(?:cc|gcc|clang|c\+\+|g\+\+|clang\+\+|tcc)(?:-\d[\d.]*)?$/;
const CPLUSPLUS = /\+\+(?:-\d[\d.]*)?$/;

/** Options whose value is the next word. */
const VALUED = new Set(
  `-o -x -I -L -l -D -U -include -imacros -isystem -iquote -idirafter -MF -MT -MQ -T -u -z -Xlinker -Xassembler -Xpreprocessor -arch
   --param -aux-info -specs --sysroot -target -framework`.split(/\s+/),
);

interface Compilation {
  readonly sources: readonly Argument[];
  readonly output?: Argument;
  readonly options: readonly string[];
  /** What `-l` names, and what other options link to. */
  readonly libraries: readonly string[];
  /** What `-L` names. */
  readonly directories: readonly string[];
  /** False where words come out of a command or a variable that is not known: `$(pkg-config --libs x)`. */
  readonly known: boolean;
}

function isCompiler(name: string): boolean {
  return COMPILER.test(name);
}

function isCPlusPlus(name: string): boolean {
  return CPLUSPLUS.test(name);
}

/** Reads all fields but the first. */
function readCompilation(argv: readonly Argument[]): Compilation {
  const sources: Argument[] = [];
  const options: string[] = [];
  const libraries: string[] = [];
  const directories: string[] = [];
  let output: Argument | undefined;
  let known = true;
  for (let at = 1; at < argv.length; at++) {
    const field = argv[at];
    if (field === undefined) break;
    const { text } = field;
    if (!field.known) known = false;
    if (text === "-o") output = argv[++at];
    else if (text === "-l") libraries.push(argv[++at]?.text ?? "");
    else if (/^-o./.test(text)) output = { ...field, text: text.slice(2) };
    else if (/^-l./.test(text)) libraries.push(text.slice(2));
    else if (text === "-L") directories.push(argv[++at]?.text ?? "");
    else if (/^-L./.test(text)) directories.push(text.slice(2));
    else if (text.startsWith("-") && text !== "-") {
      options.push(text);
      if (text === "-fopenmp") libraries.push("gomp");
      if (/^-(?:fsanitize=|shared-libasan)/.test(text)) libraries.push(text);
      if (VALUED.has(text)) at++;
    } else sources.push(field);
  }
  return { sources, options, libraries, directories, known, ...(output === undefined ? {} : { output }) };
}

/** `undefined` where it is no compiler of C or C++. */
export function readCompiler(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (command.name === "ar" || command.name === "ranlib") return readArchive(command);
  if (!isCompiler(command.name)) return undefined;
  const read = readCompilation(command.argv);
  const { sources, output, options } = read;
  if (sources.length === 0) return [{ kind: "nothing" }];
  const only = options.find((option) => /^-(?:c|S|E|M|MM|fsyntax-only)$/.test(option));
  if (output?.known === false || output?.text === "-")
    return [{ kind: "writes", path: command.workdir, form: "directory" }];
  const { workdir } = command;
  if (only !== undefined)
    return output !== undefined
      ? [{ kind: "writes", path: imagePath(output.text, workdir), form: "file" }]
      : sources.flatMap((source) => object(source, only, workdir));
  const path = imagePath(output?.text ?? "a.out", workdir);
  if (path === "/dev/null") return [{ kind: "nothing" }];
  const [first] = sources;
  const source = first?.known === true ? imagePath("..", imagePath(first.text, workdir)) : workdir;
  const { because } = command;
  const frame = { path, form: "file", ecosystem: "c", source, confidence: "certain", because } as const;
  const libraries = read.libraries.flatMap((name) => systemLibrary(name, read, workdir, image));
  const linkage = linkageOf(command, read, image);
  const staticLink = () => staticLinkOf(command.name, read, libraries, source, image);
  const more = linkage.kind === "static" ? {} : { staticLink };
  return [{ kind: "artifact", artifact: { ...frame, libraries, linkage, ...more } }];
}

/**
 * `-static`, where nothing but the compiler's own libraries is linked, of which the packages of apt and apk for building have archives.
 * glibc's manual names what does not work so: https://sourceware.org/glibc/wiki/FAQ#Even_statically_linked_programs_need_some_shared_libraries
 */
function staticLinkOf(
  command: string,
  { options, known, sources }: Compilation,
  libraries: readonly string[],
  source: ImagePath,
  image: ImageView,
): StaticLink | undefined {
  const shared = options.some((option) => /^-(?:shared|rdynamic|fsanitize=|fopenmp|static|nostdlib|Wl,)/.test(option));
  const objects = sources.some(({ text, known: isKnown }) => !isKnown || !/\.(?:c|cc|cpp|cxx|C)$/.test(text));
  const { packageManager } = image.base;
  const archives = packageManager === "apt" || packageManager === "apk";
  if (!known || shared || objects || !archives || libraries.some((name) => !STANDARD.test(name))) return undefined;
  if (needsSharedLibc(source, image)) return undefined;
  const consequence =
    "The C library is inside of the program, which then needs nothing else; its fixes come with the next build.";
  return { command, after: "-static", advised: false, consequence };
}

/** Of `-l`: nothing for an archive of the build's own, which ends up in the program; a shared library of its own is marked. */
function systemLibrary(
  name: string,
  { directories }: Compilation,
  workdir: ImagePath,
  image: ImageView,
): readonly string[] {
  const places = directories.map((directory) => imagePath(directory, workdir));
  if (places.some((place) => image.kindOf(imagePath(`lib${name}.so`, place)) !== undefined)) return [`own ${name}`];
  if (places.some((place) => image.kindOf(imagePath(`lib${name}.a`, place)) !== undefined)) return [];
  return [name];
}

/** `ar rcs libx.a x.o`: an archive for the linker, which nothing reads at run time. */
function readArchive({ argv, workdir }: ResolvedCommand): readonly Effect[] {
  const archive = argv.slice(1).find(({ text }) => /\.a$/.test(text));
  return archive?.known === true
    ? [{ kind: "writes", path: imagePath(archive.text, workdir), form: "file" }]
    : [{ kind: "writes", path: workdir, form: "directory" }];
}

function object(source: Argument, option: string, workdir: ImagePath): readonly Effect[] {
  if (option !== "-c" && option !== "-S") return [{ kind: "nothing" }];
  if (!source.known || source.glob) return [{ kind: "writes", path: workdir, form: "directory" }];
  const name = baseName(source.text).replace(/\.[^.]*$/, option === "-c" ? ".o" : ".s");
  return [{ kind: "writes", path: imagePath(name, workdir), form: "file" }];
}

/** The official image of GCC has its own libstdc++, newer than Debian's, in /usr/local (https://github.com/docker-library/gcc). */
function linkageOf({ name }: ResolvedCommand, { options, known, sources }: Compilation, image: ImageView): Linkage {
  if (options.some((option) => /^-static(?:-pie)?$/.test(option))) return { kind: "static" };
  const { libc, toolchain } = image.base;
  const own = options.includes("-static-libstdc++") && options.includes("-static-libgcc");
  const foreign = /musl|mingw|-(?:arm|aarch64|riscv)/.test(`-${name}`);
  const newer = isCPlusPlus(name) && toolchain === "gcc" && !own;
  const shared =
    sources.some(({ text }) => /\.so(?:\.\d+)*$/.test(text)) || (toolchain === "gcc" && options.includes("-fopenmp"));
  return libc === undefined || !known || foreign || newer || shared ? { kind: "unknown" } : { kind: "dynamic", libc };
}
