/**
 * The Go toolchain: what `go build` makes, what the program needs where it runs, and which images it runs on.
 *
 *     RUN go build -o /bin/server ./cmd/server        artifact /bin/server
 *     ENTRYPOINT ["/bin/server"]                      needs /bin/server and the templates that its sources open
 *
 *     CMD ["go", "test", "./..."]                     needs the toolchain and everything in the working directory
 *
 * Left alone: plugins, and assets that libraries open.
 */
import { isWithin } from "../../text/paths.ts";
import type { Artifact, Ecosystem, ImageView, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { purposeOf } from "../os-packages/purposes.ts";
import { goBases } from "./bases.ts";
import { readGoCommand } from "./commands.ts";
import { type RuntimeUse, readRuntimeUse } from "./sources.ts";

export const go: Ecosystem = {
  name: "go",
  interpret: readGoCommand,
  needs(root, image) {
    const program = programOf(root, image);
    if (program === undefined) return toolchainNeeds(root);
    const use = readRuntimeUse(program.source, root.command.workdir, image, root.command.environment);
    return [
      programNeed(program, root),
      ...unseenNeeds(program, use, root),
      ...unseenTools(program, use, image),
      ...pathNeeds(use, root),
      ...customaryNeeds(use, root),
      ...executableNeeds(use, root),
    ];
  },
  runtimeBases: goBases,
};

function programOf(root: RuntimeRoot, image: ImageView): Artifact | undefined {
  const [first] = root.command.argv;
  if (first === undefined || !first.known) return undefined;
  const path = image.which(first.text, root.command.workdir, root.command.environment);
  return image.artifacts.find((artifact) => artifact.path === path && artifact.ecosystem === "go");
}

/** Verbs of the go command that read the sources where they run. */
const WORKS_ON_SOURCES = /^(?:build|doc|fix|fmt|generate|install|list|run|test|tool|vet)$/;

function toolchainNeeds({ command }: RuntimeRoot): readonly RuntimeNeed[] | undefined {
  const verb = command.argv[1];
  if (command.name !== "go" || verb?.known !== true || !WORKS_ON_SOURCES.test(verb.text)) return undefined;
  const words = command.argv.map(({ text }) => text).join(" ");
  const base = { confidence: "certain", because: [command.because] } as const;
  return [
    { ...base, kind: "executable", name: "go", reason: `"${words}" is run by the Go toolchain.` },
    {
      ...base,
      kind: "everything",
      directory: command.workdir,
      reason: `"${words}" works on the sources when the image runs.`,
      worksOnSources: words,
    },
  ];
}

function programNeed(program: Artifact, root: RuntimeRoot): RuntimeNeed {
  return {
    kind: "path",
    path: program.path,
    reason: `The image starts "${program.path}", which the build makes.`,
    confidence: program.confidence,
    because: [program.because, root.command.because],
  };
}

/** Sources that a clone brought are not seen, and what the program opens may lie among them. */
function unseenNeeds(program: Artifact, use: RuntimeUse, root: RuntimeRoot): readonly RuntimeNeed[] {
  const { workdir } = root.command;
  const { source } = program;
  if (use.read || source === undefined || workdir === "/" || !(isWithin(source, workdir) || isWithin(workdir, source)))
    return [];
  const reason = `The sources in "${source}" are not in the checkout, so what the program opens in "${workdir}" is not known.`;
  return [{ kind: "path", path: workdir, reason, confidence: "likely", because: [program.because] }];
}

/** Where the sources are not seen, nobody can tell that the program does not call `git` or `curl`. */
function unseenTools(program: Artifact, use: RuntimeUse, image: ImageView): readonly RuntimeNeed[] {
  if (use.read) return [];
  return image.packages
    .filter((name) => purposeOf(name).kind === "tool")
    .map((name) => ({
      kind: "package",
      name,
      reason: `The program's sources are not in the checkout, so it may call "${name}".`,
      confidence: "likely",
      because: [program.because],
    }));
}

function customaryNeeds(use: RuntimeUse, root: RuntimeRoot): readonly RuntimeNeed[] {
  return use.customary.map((path) => ({
    kind: "path",
    path,
    reason: `Programs open files in a directory with the name of "${path}", though the sources do not mention it.`,
    confidence: "guess",
    because: [root.command.because],
  }));
}

function pathNeeds(use: RuntimeUse, root: RuntimeRoot): readonly RuntimeNeed[] {
  return use.paths.map((path) => ({
    kind: "path",
    path,
    reason: `The program's sources name "${path}".`,
    confidence: "likely",
    because: [root.command.because],
  }));
}

function executableNeeds(use: RuntimeUse, root: RuntimeRoot): readonly RuntimeNeed[] {
  const base = { confidence: "likely", because: [root.command.because] } as const;
  const named = use.executables.map(
    (name): RuntimeNeed => ({
      ...base,
      kind: "executable",
      name,
      reason: `The program starts "${name}".`,
    }),
  );
  const shell: RuntimeNeed = {
    ...base,
    kind: "shell",
    reason: "The program starts other programs whose names it computes.",
  };
  const zones: RuntimeNeed = {
    ...base,
    kind: "package",
    name: "tzdata",
    reason: "The program loads time zones by name.",
  };
  return [...named, ...(use.startsUnknown ? [shell] : []), ...(use.timeZones ? [zones] : [])];
}
