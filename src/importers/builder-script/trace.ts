/**
 * What a run of a script leaves behind: one visit for each command that was reached, with what it does to the world.
 *
 *     docker create --name x app:build     → { kind: "create", container: "x", image: "app:build" }
 *     docker cp x:/out/app ./app           → { kind: "extract", image: …, from: "/out/app", to: "/⌂/app" }
 *     echo done                            → { kind: "plain" }
 *
 * What is not decided here: which of these commands the new script still needs (dispositions.ts).
 */
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import type { ScriptText } from "../../drivers/driver.ts";
import type { ContainerCall } from "../../shell/container-cli.ts";
import type { Field, SymbolicValue } from "../../shell/symbolic.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import type { HostPath, ImagePath } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { Mount } from "./container-mounts.ts";
import type { HostNode, HostTree, Shape, Step } from "./host-tree.ts";

/** `--build-arg NAME=value`; `value` is absent where the environment gives it. */
export interface BuildArgument {
  readonly name: string;
  readonly value?: SymbolicValue;
  readonly field: Field;
}

/** The Dockerfile that a build reads, or why it is not known. */
export type BuildFile =
  /** `by`: the commands that put it where the build finds it. */
  | {
      readonly kind: "found";
      readonly path: HostPath;
      readonly document: DockerfileDocument;
      readonly by?: readonly Step[];
    }
  | { readonly kind: "missing"; readonly path: string }
  /** Named by a path that leaves the project; `text` as the script writes it. */
  | { readonly kind: "outside"; readonly text: string }
  /** `key` is the absolute path, with holes; absent for `-f -`. */
  | { readonly kind: "unknown"; readonly text: string; readonly key?: string };

/** One `docker build` as it is reached, with the world at that moment. */
export interface Build {
  readonly id: string;
  readonly step: Step;
  readonly call: ContainerCall;
  readonly file: BuildFile;
  /** The context as an absolute path; `undefined` for `-` and URLs. */
  readonly context: string | undefined;
  readonly contextField: Field | undefined;
  /** The file that the call stands in. */
  readonly source: SourceFile;
  readonly tags: readonly { readonly key: string; readonly field: Field }[];
  readonly args: readonly BuildArgument[];
  readonly target: string | undefined;
  readonly cwd: string;
  readonly host: HostTree;
  /** Image keys by reference, for FROM lines and `--from`. */
  readonly images: ReadonlyMap<string, string>;
  /** The values that the words of the command had. */
  readonly fields: readonly Field[];
  /** What is assigned in front of the command, as written: `DOCKER_BUILDKIT=1 docker build …`. */
  readonly environment: readonly { readonly name: string; readonly text: string }[];
  /** The shell's variables and positional parameters at that moment. */
  readonly variables: ReadonlyMap<string, SymbolicValue | "unset">;
  readonly positional: readonly SymbolicValue[] | undefined;
  /** Set where the Dockerfile comes on standard input. */
  readonly input?: DockerfileInput;
  /** True where the context came on standard input, as an archive, or there is none. */
  readonly streamed?: boolean;
  /** From 2 on where earlier builds of the same file and context took in other things, so that this one makes another image. */
  readonly ordinal?: number;
  /** The Dockerfile's place on the abstract host, where it is known. */
  readonly fileInContext?: string;
  /** The compose file that describes the build, where compose makes it: no word of the script says what is built. */
  readonly composedIn?: HostPath;
  /** The inputs of the step that describes the build, where no command does: no word of a shell says what is built. */
  readonly described?: Range;
  /** True where the Dockerfile stands in the script: in a here-document, or as what a command prints. */
  readonly inline?: true;
  /** Set where no `docker build` made it, but a container that worked. */
  readonly derived?: Derived;
}

/** Whether the Dockerfile of a build is a file of its own, which others may name and which may go. */
export function hasOwnFile({ derived, inline }: Pick<Build, "derived" | "inline">): boolean {
  return derived === undefined && inline !== true;
}

/** A file of the project that a build reads on standard input as its Dockerfile. */
export interface DockerfileInput {
  /** Absolute. */
  readonly path: string;
  /** `< FILE` or `<<END`, where that brings it; absent where a pipe does. */
  readonly redirection?: Range;
  /** The Dockerfile itself, where the script has it as text: from `start` on, with blanks in the place of what is before it. */
  readonly written?: { readonly text: string; readonly start: number };
}

/** A build argument that the build which remains gets for a container's command. */
export interface DerivedOption {
  readonly name: string;
  /** The whole option, as the driver's file has to write it. */
  readonly text: string;
  /** False where the Dockerfile has a default, which is what the driver says. */
  readonly needed: boolean;
}

/** What is special about the image of a container that worked. Its Dockerfile is ours. */
export interface Derived {
  /** The image that the container was made from, and what it saw of the host. */
  readonly base: string;
  /** True where it did not work, but files were copied into it. */
  readonly copies?: true;
  readonly mounts: readonly Mount[];
  /** Where it ran, where the call says so. */
  readonly workdir?: string;
  /** The host paths behind the sources of its COPY instructions. */
  readonly roots: ReadonlyMap<string, string>;
  /** Options that the build which remains needs for it, as text. */
  readonly options: readonly DerivedOption[];
  /** True where others were to talk to it: with published ports, or in a network. */
  readonly serves: boolean;
  /** All that it ran; absent where there is more that is not known. */
  readonly told?: ToldCommands;
  /** What a build does not have, and the container had. */
  readonly problems: readonly DerivedProblem[];
}

/** Commands that are all known: as they are written, and the directories that they ran in. */
export interface ToldCommands {
  readonly texts: readonly string[];
  readonly directories: readonly string[];
  /** Where they stand, as keys of `visitPlace`. */
  readonly places: readonly string[];
}

export type DerivedProblem =
  /** What is copied into it, or where that goes, is not known. */
  | { readonly kind: "copy" }
  | { readonly kind: "option"; readonly name: string }
  | { readonly kind: "mount"; readonly path: string }
  | { readonly kind: "image"; readonly name: string };

export type Effect =
  | { readonly kind: "build"; readonly build: Build }
  /** A container worked, or files were copied into it: the image of what it holds then. */
  | {
      readonly kind: "derive";
      readonly build: Build;
      /** The command that made the container. */
      readonly container: Step;
    }
  | Creation
  | {
      readonly kind: "extract";
      readonly image: string;
      readonly from: ImagePath;
      readonly contents: boolean;
      /** The operand as written, where its value is that of a default which the environment may change. */
      readonly defaulted?: string;
      /** An absolute path, or `-` for standard output. */
      readonly to: string;
      /** The operand that names it. */
      readonly destination?: Field;
      /** The directory above it that was there before, where that may not be the next one. */
      readonly into?: string;
      readonly container: string;
      /** The command that made the container. */
      readonly created: Step;
    }
  /** A container puts files of its image on the host by itself: through a mount, or on its output. */
  | {
      readonly kind: "carry";
      readonly image: string;
      readonly from: ImagePath;
      readonly shape: Shape;
      /** Absolute. */
      readonly to: string;
      /** The directory above it that was there before. */
      readonly into: string;
      /** The command that made the container. */
      readonly created: Step;
    }
  /** Something is done to a container or an image and to nothing else. */
  | {
      readonly kind: "container";
      readonly verb: string;
      readonly containers: readonly string[];
      readonly images: readonly string[];
      /** The commands that made those containers which are known. */
      readonly created: readonly Step[];
    }
  | {
      readonly kind: "image";
      readonly verb: string;
      readonly images: readonly string[];
      readonly names: readonly string[];
      /** Where the names stand, in the same order. */
      readonly ranges?: readonly Range[];
      /** The commands that an archive went through which brings the images. */
      readonly through?: readonly Step[];
    }
  /** Volumes are made or removed. */
  | { readonly kind: "volume"; readonly names: readonly string[] }
  /** An archive becomes an image, under a key of its own; `through`: the commands that the archive went through. */
  | { readonly kind: "import"; readonly image: string; readonly name: string; readonly through: readonly Step[] }
  /** Files that are only put somewhere, or a directory made. */
  | {
      readonly kind: "move";
      readonly reads: readonly HostNode[];
      readonly from: readonly string[];
      readonly to: readonly string[];
      /** True where `to` is a file that the command itself writes. */
      readonly makesFile?: boolean;
      /** What stood in the directories that it writes into, and under the names that it adds to. */
      readonly into?: readonly HostNode[];
      /** True where the files are no longer where they were. */
      readonly moves?: boolean;
    }
  | {
      readonly kind: "mode";
      readonly mode: string;
      readonly paths: readonly string[];
      /** The words that name the paths, in the same order; absent where the command does more than set a mode. */
      readonly fields?: readonly Field[];
      readonly reads: readonly HostNode[];
    }
  | { readonly kind: "remove"; readonly paths: readonly RemovedPath[] }
  /** Changes files in place. `words` are all of the command's, those that are paths marked. */
  | {
      readonly kind: "change";
      readonly words: readonly ChangeWord[];
      readonly reads: readonly HostNode[];
    }
  /** A container gets a file that came out of an image to write to, and is believed to leave it as it is. */
  | { readonly kind: "spare"; readonly node: HostNode; readonly path: string }
  /** Looks at a file that came out of an image. */
  | { readonly kind: "look"; readonly reads: readonly HostNode[] }
  /** Says, sets or looks; changes nothing that matters here. */
  | { readonly kind: "plain" }
  /** A command that is not followed, with what it is given to read. */
  | {
      readonly kind: "foreign";
      readonly name: string;
      readonly reads: readonly HostNode[];
      readonly writes: readonly string[];
      /** Files that it is told to make, in directories that the script made. */
      readonly makes?: readonly string[];
    }
  /** A call of an engine, or a file that is sourced, that nothing is known of; as the script writes it. */
  | {
      readonly kind: "unread";
      readonly what: "call" | "source";
      readonly text: string;
      /** Why it is not followed, where the place itself does not tell. */
      readonly reason?: string;
      /** True where nothing of it matters but files that it may write: said where a later build asks for files in vain. */
      readonly onlyWrites?: true;
    }
  /** One of the script's own functions is called, or commands that stand elsewhere. */
  | { readonly kind: "call"; readonly name: string; readonly units?: readonly ScriptText[] }
  /** Something that has to be understood and is not. */
  | {
      readonly kind: "obscure";
      readonly what: "cp" | "container" | "path";
      /** As the script writes it, and as a key. */
      readonly name: string;
      readonly key: string;
    };

/** `docker create` or `docker run`. */
export interface Creation {
  readonly kind: "create";
  readonly container: string;
  readonly image: string;
  readonly runs: boolean;
  readonly command: readonly Field[];
  readonly entrypoint: Field | undefined;
  readonly environment: readonly Field[];
  readonly workdir: Field | undefined;
  /** True when it can write into a directory of the host. */
  readonly mounted: boolean;
  /** The names of the volumes that it sees. */
  readonly volumes: readonly string[];
}

/** A word of a command that changes files: its text, or the path that it names. */
export type ChangeWord =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "path"; readonly path: string; readonly node: HostNode };

export interface RemovedPath {
  readonly field: Field;
  readonly path: string;
  readonly node: HostNode;
}

/** One command as it was reached. The same command in a loop or function is visited more than once. */
export interface Visit {
  readonly step: Step;
  readonly script: ScriptText;
  readonly node: SimpleCommand;
  readonly range: Range;
  readonly effects: readonly Effect[];
  readonly variables: ReadonlyMap<string, SymbolicValue | "unset">;
  /** The working directory before the command, and after it. */
  readonly cwd: { readonly before: string; readonly after: string };
  /** True where what it prints is known as data. */
  readonly streams?: boolean;
  /** True inside a condition that only the real run decides. */
  readonly maybe: boolean;
  /** The calls of the script's own functions that led here, outermost first. */
  readonly calls: readonly SimpleCommand[];
}

/** Whether a command makes an image or a container, or takes files out of one. */
export function isBuilding({ effects }: Visit): boolean {
  return effects.some(({ kind }) => kind === "build" || kind === "create" || kind === "extract");
}

/** What is looked at for its value is read as by any other program. */
export function asRead(effect: Effect): Effect {
  return effect.kind === "look" ? { kind: "foreign", name: "", reads: effect.reads, writes: [] } : effect;
}

/** Where the command of a visit stands, as a key. */
export function visitPlace({ script, range }: Visit): string {
  return `${script.source.path} ${range.start} ${range.end}`;
}
