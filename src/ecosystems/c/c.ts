/**
 * Compilers of C and C++, called by name: what they make, what the program needs where it runs, and which images it runs on.
 *
 *     RUN gcc -o /bin/app main.c -lssl      artifact /bin/app, which needs the package of libssl
 *     CMD ["/bin/app"]                      needs it, and the files that its sources open
 *
 * Builds by make are read line by line (make/), where their recipes say what is compiled; what CMake, Meson and Autoconf make is taken by
 * its directory (build-systems.ts).
 */

import { imagePath, isWithin } from "../../text/paths.ts";
import { debianLibrary } from "../debian-libraries.ts";
import type { Artifact, Ecosystem, ImageView, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { isBroughtByNothing } from "../installed-scripts.ts";
import { programBases } from "../program-bases.ts";
import { needsOfProgram, programOf } from "../program-needs.ts";
import { installedAround, makesSharedLibraries, readBuildSystem } from "./build-systems.ts";
import { readCompiler } from "./commands.ts";
import { loadsLibraries, readRuntimeUse } from "./sources.ts";
import { STANDARD } from "./standard-libraries.ts";

export const c: Ecosystem = {
  name: "c",
  interpret: (command, image) => readCompiler(command, image) ?? readBuildSystem(command, image),
  needs(root, image) {
    const program = programOf(root, image, "c");
    if (program === undefined) return builtNeeds(root, image) ?? installedNeeds(root, image);
    const use = readRuntimeUse(program.source, root.command.workdir, image);
    const needs = needsOfProgram(program, use, root, image);
    if (program.linkage.kind === "static") return needs;
    return [...needs, ...librariesOf(program, image).packages.map((name) => libraryNeed(name, program))];
  },
  runtimeBases(request) {
    const own = request.artifacts.filter(({ ecosystem }) => ecosystem === "c");
    if (own.length === 0) return undefined;
    const open = own.some(
      (one) =>
        one.linkage.kind !== "static" &&
        (librariesOf(one, request.image).unknown.length > 0 || loadsLibraries(one.source, request.image)),
    );
    return open ? [] : programBases(request, { ecosystem: "c", distroless: "cc" });
  },
};

/** A program in a build directory: by itself, or with all that lies there where the build makes shared libraries, too. */
function builtNeeds({ command }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const [first] = command.argv;
  if (first === undefined || !first.known || !first.text.includes("/")) return undefined;
  const program = imagePath(first.text, command.workdir);
  if (image.kindOf(program) !== undefined) return undefined;
  const around = image.artifacts
    .filter(({ ecosystem, form, path, source }) => ecosystem === "c" && form === "directory" && source === path)
    .filter(({ path }) => isWithin(program, path))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (around === undefined) return undefined;
  const shared =
    makesSharedLibraries(command.workdir, image) || makesSharedLibraries(imagePath("..", around.path), image);
  const path = shared ? around.path : program;
  const reason = shared
    ? `The image starts "${program}", and the build makes shared libraries beside it.`
    : `The image starts "${program}", which the build makes.`;
  const frame = { confidence: "certain", because: [around.because, command.because] } as const;
  return [{ kind: "path", path, alone: !shared, reason, ...frame }];
}

/** A program that no other rule knows and that an install can have brought. */
function installedNeeds({ command }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const places = isBroughtByNothing(command, image) ? installedAround(command, image) : [];
  if (places.length === 0) return undefined;
  return places.map((path) => ({
    kind: "path",
    path,
    reason: `"${command.name}" was installed there with what it needs.`,
    confidence: "likely",
    because: [command.because],
  }));
}

function librariesOf({ libraries = [] }: Artifact, image: ImageView) {
  const release = image.base.distribution?.codename;
  const open = libraries.filter((name) => !STANDARD.test(name));
  const known = open.flatMap((name) => debianLibrary(name, release) ?? []);
  const unknown = open.filter((name) => debianLibrary(name, release) === undefined);
  return { packages: [...new Set(known)].sort(), unknown };
}

function libraryNeed(name: string, { because }: Artifact): RuntimeNeed {
  const reason = `The program is linked to the library of "${name}".`;
  return { kind: "package", name, reason, confidence: "likely", because: [because] };
}
