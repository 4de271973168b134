/**
 * Whether `go build` links statically:
 *
 *     CGO_ENABLED=0 go build                     static
 *     go build              on golang:1.22       glibc: the image has gcc, so cgo is on, and net and os/user use it
 *     go build              on golang:1.22-alpine  static: no C compiler, so cgo is off (since Go 1.20)
 *     go build              on golang:1.14-alpine  musl: before 1.20 cgo was on even so
 *
 * With cgo on, a program without any C part still comes out static; it is treated as dynamic, which is safe.
 */
import { compareVersions } from "../base-releases.ts";
import type { Argument, ImageView, Linkage, ResolvedCommand } from "../ecosystem.ts";
import { executablesOf } from "../os-packages/purposes.ts";

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

function hasCompiler(image: ImageView): boolean {
  const compiles = (name: string): boolean => ["gcc", "cc", "clang"].includes(name);
  if (image.base.executables.some(compiles)) return true;
  // Alpine's and Debian's own Go packages depend on gcc (https://pkgs.alpinelinux.org/package/edge/community/x86_64/go).
  return image.packages.some(
    (name) => /^go(?:lang.*)?$/.test(name) || /^gcc/.test(name) || executablesOf(name).some(compiles),
  );
}
