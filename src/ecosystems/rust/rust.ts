/**
 * The Rust toolchain: what `cargo build` makes, what the program needs where it runs, and which images it runs on.
 *
 *     RUN cargo build --release                       artifact /src/target/release/shop
 *     ENTRYPOINT ["./target/release/shop"]            needs it, the files that its sources open, and libssl3 for openssl-sys
 *
 *     CMD ["cargo", "run"]                            needs the toolchain and everything in the working directory
 *
 * Left alone: cargo-chef, cross, and libraries of crates that are not known.
 */
import type { Ecosystem, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { programBases } from "../program-bases.ts";
import { needsOfProgram, programOf } from "../program-needs.ts";
import { readRustCommand } from "./commands.ts";
import { projectOf } from "./manifest.ts";
import { nativeLibraries } from "./native-crates.ts";
import { linksItself, readRuntimeUse } from "./sources.ts";

export const rust: Ecosystem = {
  name: "rust",
  interpret: readRustCommand,
  needs(root, image) {
    const program = programOf(root, image, "rust");
    if (program === undefined) return toolchainNeeds(root);
    const use = readRuntimeUse(program.source, root.command.workdir, image);
    const needs = needsOfProgram(program, use, root, image);
    if (program.linkage.kind === "static") return needs;
    const project = program.source === undefined ? undefined : projectOf(program.source, image);
    const native = project === undefined ? undefined : nativeLibraries(project.root, image);
    return [...needs, ...(native?.packages ?? []).map((name) => libraryNeed(name, root))];
  },
  runtimeBases(request) {
    const own = request.artifacts.filter(({ ecosystem }) => ecosystem === "rust");
    if (own.length === 0) return undefined;
    const open = own.some(({ linkage, source }) => {
      if (linkage.kind === "static" || source === undefined) return linkage.kind !== "static";
      const project = projectOf(source, request.image);
      const native = project === undefined ? undefined : nativeLibraries(project.root, request.image);
      return (
        native === undefined ||
        native.unknown.length > 0 ||
        (project !== undefined && linksItself(project, request.image))
      );
    });
    // Which libraries it links to is not known, so that only the old base is sure to have them.
    return open ? [] : programBases(request, { ecosystem: "rust", distroless: "cc" });
  },
};

function libraryNeed(name: string, { command }: RuntimeRoot): RuntimeNeed {
  return {
    kind: "package",
    name,
    reason: `A crate of the lock file links to the library of "${name}".`,
    confidence: "likely",
    because: [command.because],
  };
}

/** Verbs of cargo that read the sources where they run. */
const WORKS_ON_SOURCES = /^(?:run|r|watch|build|b|test|t|bench|install)$/;

function toolchainNeeds({ command }: RuntimeRoot): readonly RuntimeNeed[] | undefined {
  const verb = command.argv[1];
  if (command.name !== "cargo" || verb?.known !== true || !WORKS_ON_SOURCES.test(verb.text)) return undefined;
  const words = command.argv.map(({ text }) => text).join(" ");
  const base = { confidence: "certain", because: [command.because] } as const;
  return [
    { ...base, kind: "executable", name: "cargo", reason: `"${words}" is run by the Rust toolchain.` },
    {
      ...base,
      kind: "everything",
      directory: command.workdir,
      reason: `"${words}" works on the sources when the image runs.`,
      worksOnSources: words,
    },
  ];
}
