/**
 * What a compiled program needs where it runs, out of what its sources were seen to use:
 *
 *     ENTRYPOINT ["/bin/server"]      /bin/server, the templates that its sources name, git where it starts git
 *
 * How sources are read is each toolchain's own.
 */
import { type ImagePath, isWithin } from "../text/paths.ts";
import type { Artifact, ImageView, RuntimeNeed, RuntimeRoot } from "./ecosystem.ts";
import { purposeOf } from "./os-packages/purposes.ts";

export interface RuntimeUse {
  /** Paths in the image, none below another. */
  readonly paths: readonly ImagePath[];
  readonly executables: readonly string[];
  /** Directories beside the program that hold data by their names, which the sources do not mention. */
  readonly customary: readonly ImagePath[];
  /** Starts programs whose names it computes. */
  readonly startsUnknown: boolean;
  /** Loads time zones by name. */
  readonly timeZones: boolean;
  /** False when no source could be read. */
  readonly read: boolean;
}

/** The program of an ecosystem that a command starts. */
export function programOf({ command }: RuntimeRoot, image: ImageView, ecosystem: string): Artifact | undefined {
  const [first] = command.argv;
  if (first === undefined || !first.known) return undefined;
  const path = image.which(first.text, command.workdir, command.environment);
  return image.artifacts.find((artifact) => artifact.path === path && artifact.ecosystem === ecosystem);
}

/** All needs of a program that a root starts. */
export function needsOfProgram(
  program: Artifact,
  use: RuntimeUse,
  root: RuntimeRoot,
  image: ImageView,
): readonly RuntimeNeed[] {
  return [
    programNeed(program, root),
    ...unseenNeeds(program, use, root),
    ...unseenTools(program, use, image),
    ...pathNeeds(use, root),
    ...customaryNeeds(use, root),
    ...executableNeeds(use, root),
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
