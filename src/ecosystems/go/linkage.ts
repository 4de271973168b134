/**
 * Whether `go build` links statically:
 *
 *     CGO_ENABLED=0 go build                     static
 *     go build              on golang:1.22       glibc: the image has gcc, so cgo is on, and net and os/user use it
 *     go build              on golang:1.22-alpine  static: no C compiler, so cgo is off (since Go 1.20)
 *     go build              on golang:1.14-alpine  musl: before 1.20 cgo was on even so
 *
 * With cgo on, a program without any C part still comes out static; it is treated as dynamic, which is safe. Where cgo is on and nothing
 * that is read uses it, the same build with `CGO_ENABLED=0` gives a static program.
 */

import { type ImagePath, imagePath } from "../../text/paths.ts";
import { compareVersions } from "../base-releases.ts";
import type { Argument, ImageView, Linkage, ResolvedCommand, StaticLink } from "../ecosystem.ts";
import { filesBelow, MOST_FILES } from "../image-files.ts";
import { executablesOf } from "../os-packages/purposes.ts";
import { goFiles, moduleOf } from "./module.ts";
import { importsC, usesC } from "./sources.ts";

/** "The go command now disables cgo by default on systems without a C toolchain" (https://go.dev/doc/go1.20#cgo). */
const CGO_NEEDS_COMPILER = "1.20";

export function linkageOf(command: ResolvedCommand, flags: readonly Argument[], image: ImageView): Linkage {
  if (flags.some((flag) => /-static\b/.test(flag.text))) return { kind: "static" };
  const cgo = command.environment.get("CGO_ENABLED");
  if (cgo?.known === false) return { kind: "unknown" };
  const on = cgo === undefined || cgo.text === "" ? cgoByDefault(command, image) : cgo.text !== "0";
  if (on === false) return { kind: "static" };
  const { libc } = image.base;
  if (on === undefined || libc === undefined) return { kind: "unknown" };
  return { kind: "dynamic", libc };
}

function cgoByDefault(command: ResolvedCommand, image: ImageView): boolean | undefined {
  if (crossCompiles(command)) return false;
  if (hasCompiler(image)) return true;
  const version = image.base.toolchain === "go" ? goVersion(image) : undefined;
  if (version === undefined) return undefined;
  return compareVersions(version, CGO_NEEDS_COMPILER) < 0;
}

/** cgo is off by default when cross-compiling (https://pkg.go.dev/cmd/cgo); amd64 is what nearly everyone builds on. */
function crossCompiles(command: ResolvedCommand): boolean {
  const arch = command.environment.get("GOARCH");
  return arch?.known === true && !["", "amd64", "arm64"].includes(arch.text);
}

/** The toolchain's version by the tag; tags such as "alpine" and "1-alpine" stand for the newest. */
function goVersion(image: ImageView): string | undefined {
  const { version, tag } = image.base;
  if (version?.includes(".") === true) return version;
  return version === "1" || tag === undefined || /^(?:latest|alpine|bookworm|trixie|bullseye)/.test(tag)
    ? "1.99"
    : undefined;
}

function compiles(name: string): boolean {
  return ["gcc", "cc", "clang"].includes(name);
}

function hasCompiler(image: ImageView): boolean {
  return image.base.executables.some(compiles) || installsCompiler(image);
}

function installsCompiler(image: ImageView): boolean {
  // Alpine's and Debian's own Go packages depend on gcc (https://pkgs.alpinelinux.org/package/edge/community/x86_64/go).
  return image.packages.some(
    (name) => /^go(?:lang.*)?$/.test(name) || /^gcc/.test(name) || executablesOf(name).some(compiles),
  );
}

/** What the words of a build say, as its reader took them apart. */
interface BuildFlags {
  readonly flags: ReadonlyMap<string, Argument>;
  readonly bare: ReadonlySet<string>;
}

/** Flags and build modes that need cgo or another linker (`go help build`, `go help buildmode`). */
function needsCgo({ flags, bare }: BuildFlags): boolean {
  const text = (name: string): string => flags.get(name)?.text ?? "";
  return (
    ["race", "msan", "asan", "linkshared"].some((name) => bare.has(name)) ||
    ["compiler", "toolexec"].some((name) => flags.has(name)) ||
    !["", "exe", "pie", "default"].includes(text("buildmode")) ||
    /-linkmode[= ]external/.test(text("ldflags"))
  );
}

/**
 * The build with cgo off; `undefined` where it is known to need it. In containers Go looks names up by itself anyway, unless the
 * resolver's settings ask for more than it knows (https://pkg.go.dev/net#hdr-Name_Resolution), and reads users from /etc/passwd.
 */
export function staticLinkOf(
  { environment }: ResolvedCommand,
  go: BuildFlags,
  directory: ImagePath | undefined,
  image: ImageView,
): StaticLink | undefined {
  const chosen = (environment.get("CGO_ENABLED")?.text ?? "") !== "";
  if (chosen || directory === undefined || image.base.toolchain !== "go" || needsCgo(go)) return undefined;
  if (usesC(directory, image, environment)) return undefined;
  const module = moduleOf(directory, image, environment)?.directory;
  const text = module === undefined ? undefined : image.read(imagePath("go.mod", module));
  if (text !== undefined && WRAPPERS.test(text)) return undefined;
  // Who installs a compiler beside Go wants cgo; and where no source is seen, nothing is known.
  const seen = !installsCompiler(image) && goFiles(directory, image).length > 0;
  // Vendored modules count where the build takes those (https://go.dev/ref/mod#vendoring).
  const vendors = go.flags.get("mod") === undefined && !/-mod=/.test(environment.get("GOFLAGS")?.text ?? "");
  const advised = seen && module !== undefined && text !== undefined && isPure(module, text, vendors, image);
  const doubt = advised ? "" : " Modules that it requires are not read: those with parts in C would not work.";
  return {
    command: "go",
    before: "CGO_ENABLED=0",
    advised,
    consequence: `The same program without cgo: it needs no C library, and Go looks up names and users by itself.${doubt}`,
  };
}

/**
 * Modules that are wrappers of libraries in C, each by its own README: without cgo some do not build, and go-sqlite3 builds and then fails
 * when it is first used (https://github.com/mattn/go-sqlite3#installation).
 */
const WRAPPERS =
  /^\s*(?:require\s+)?(?:github\.com\/(?:mattn\/go-(?:sqlite3|oci8)|confluentinc\/confluent-kafka-go|libgit2\/git2go|godror\/godror|DataDog\/zstd|valyala\/gozstd|(?:tecbot\/go|linxGnu\/g)rocksdb|davidbyttow\/govips|h2non\/bimg|pebbe\/zmq4|veandco\/go-sdl2|go-gl\/\w+|hajimehoshi\/ebiten|bytecodealliance\/wasmtime-go|wasmerio\/wasmer-go|marcboeker\/go-duckdb|miekg\/pkcs11|google\/gopacket|gordonklaus\/portaudio|mutecomm\/go-sqlcipher)|gocv\.io\/x\/gocv|fyne\.io\/fyne|gopkg\.in\/(?:gographics\/imagick|confluentinc\/confluent-kafka-go))(?:[/.]v?\d+)*\s/m;

/** Whether a module requires no other one, or has those that it requires beside it, none with a part in C. */
function isPure(module: ImagePath, text: string, vendors: boolean, image: ImageView): boolean {
  if (!/^\s*require\b/m.test(text)) return true;
  if (!vendors) return false;
  const files = filesBelow([imagePath("vendor", module)], image, /\.go$/);
  return files.length > 0 && files.length < MOST_FILES && !files.some((file) => importsC(image.read(file) ?? ""));
}
