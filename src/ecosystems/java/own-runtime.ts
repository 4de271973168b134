/**
 * A Java runtime made for one program, of the modules that its classes name:
 *
 *     jdeps --print-module-deps …     java.base,java.sql
 *     jlink --add-modules …           /opt/java-runtime: bin/java, lib, conf
 *
 * Sources: https://docs.oracle.com/en/java/javase/17/docs/specs/man/jlink.html and …/jdeps.html. `jdk.crypto.ec` holds the curves of TLS
 * and is bound by nothing (https://openjdk.org/jeps/200 lists service providers), so that it is always added. Of the system the runtime
 * needs zlib and, in Debian's builds, libstdc++: zlib is copied beside its own libraries, where the launcher looks first ($ORIGIN).
 * What is found by name alone, as by `Class.forName`, is seen by nobody.
 */

import type { ImagePath } from "../../text/paths.ts";
import type { BaseImage } from "../base-images.ts";
import { compareVersions, GLIBC } from "../base-releases.ts";
import type { ImageView, ResolvedCommand } from "../ecosystem.ts";

/** Where the runtime lies in both stages. */
export const OWN_RUNTIME = "/opt/java-runtime" as ImagePath;
/** The newest of Debian's releases with such images. */
export const RUNTIME_BASES = { plain: "gcr.io/distroless/cc-debian13", shell: "debian:trixie-slim" };
const LIBC = GLIBC.trixie ?? "0";

/** Kits of these versions hold the modules as files, which jlink takes (https://openjdk.org/jeps/493 made that optional in 24). */
const FIRST = 11;
const LAST = 23;

/** Options of Java that change nothing of what it loads: memory, collectors, properties. */
const HARMLESS = /^-(?:X(?:m[nsx]|ss|X:)|D[\w.]+=(?!.*\/)|server$|ea$|enableassertions$)/;

/** Variables that Java reads options and a class path from (https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html). */
const OPTIONS = ["CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/** The directory of the classes that a command starts; `undefined` where libraries or agents come along. */
export function classesOf(command: ResolvedCommand, image: ImageView): ImagePath | undefined {
  const [, ...words] = command.argv;
  if (
    command.name !== "java" ||
    words.some(({ known }) => !known) ||
    OPTIONS.some((name) => command.environment.has(name))
  )
    return undefined;
  const main = words.findIndex(({ text }) => !text.startsWith("-"));
  const options = words.slice(0, main < 0 ? words.length : main);
  if (main < 0 || !options.every(({ text }) => HARMLESS.test(text)) || /\.(?:jar|java)$/.test(words[main]?.text ?? ""))
    return undefined;
  const own = image.artifacts.filter(
    ({ ecosystem, path }) => ecosystem === "java" && path === `${command.workdir}/*.class`,
  );
  const plain = /^[\w./@+-]+$/.test(command.workdir);
  return own.length === 0 || image.dependencies.length > 0 || !plain ? undefined : command.workdir;
}

/** Whether a kit can make one, and the C library of its image is, as far as its tag tells, no newer than that of the images it then runs in. */
export function makesRuntimes({
  toolchain,
  version = "",
  libc,
  distribution,
  packageManager,
  executables,
}: BaseImage): boolean {
  const number = Number(version);
  const release = distribution?.codename;
  // Kits themselves are built for old C libraries (https://adoptium.net/supported-platforms), wherever they are unpacked; zlib, which is
  // copied beside them, asks for little. Where the tag does not tell the release, that is all that is known.
  const older = release === undefined ? packageManager === "apt" : compareVersions(GLIBC[release] ?? "9", LIBC) <= 0;
  return (
    toolchain === "java" &&
    executables.includes("javac") &&
    number >= FIRST &&
    number <= LAST &&
    libc === "glibc" &&
    older
  );
}

/** The command that makes it out of the classes in a directory. */
export function ownRuntimeCommand(classes: ImagePath, version: string): string {
  const compression = Number(version) >= 21 ? "zip-6" : "2";
  return [
    `jlink --add-modules "$(jdeps --ignore-missing-deps --print-module-deps --multi-release ${version} ${classes}),jdk.crypto.ec" \\`,
    `      --strip-java-debug-attributes --no-header-files --no-man-pages --compress=${compression} --output ${OWN_RUNTIME} \\`,
    `    && ldd ${OWN_RUNTIME}/lib/libjli.so | awk '$1 ~ /^libz\\./ { print $3 }' | xargs -r -I {} cp -L {} ${OWN_RUNTIME}/lib/`,
  ].join("\n");
}
