/**
 * The contract between the fat-Dockerfile importer and what is known of each toolchain. An ecosystem answers three questions:
 *
 *     interpret(go build -o /bin/app ./cmd/app)   what does this command do?      → artifact /bin/app, static
 *     needs(ENTRYPOINT ["/bin/app"])              what does this need to run?     → file /bin/app, templates /src/templates
 *     runtimeBases(…)                             where can it run?               → distroless/static, alpine, debian-slim
 *
 * The importer expands variables, follows `cd`, `&&`, `if` and scripts, keeps the file tree of the image, peels wrappers
 * (tini, dumb-init, `sh -c`, exec, env) and assembles stages. An ecosystem never sees a Dockerfile, only commands and the image
 * as it stands before the command. It answers `undefined` for what is not its own.
 */
import type { Confidence } from "../model/decision.ts";
import type { ProjectFiles } from "../model/project-files.ts";
import type { Provenance } from "../model/provenance.ts";
import type { HostPath, ImagePath } from "../text/paths.ts";
import type { BaseImage, Libc } from "./base-images.ts";

export type { Libc } from "./base-images.ts";

/** A text whose variables were replaced where their values are known; otherwise `known` is false and they stand as written. */
export interface SymbolicText {
  readonly text: string;
  readonly known: boolean;
}

/** One field of a command line. `glob`: holds an unquoted `*`, `?` or `[…]`. */
export interface Argument extends SymbolicText {
  readonly glob: boolean;
}

/** Environment variables and build arguments in force, PATH of the base image included. An absent name is unset or unknown. */
export type Environment = ReadonlyMap<string, SymbolicText>;

/** One simple command, as the shell would start it. */
export interface ResolvedCommand {
  /** The last path component of `argv[0]`: "go", "npm"; "" when unknown. */
  readonly name: string;
  /** With `sudo`, `env A=b`, `exec`, `time`, `command`, `nice` taken off the front. Never empty. */
  readonly argv: readonly Argument[];
  readonly workdir: ImagePath;
  /** The image's environment with the command's own assignments (`CGO_ENABLED=0 go build`) on top. */
  readonly environment: Environment;
  /** The user as USER names it; absent for the base image's own. */
  readonly user?: string;
  /** Standard output goes to this file (`>` or `>>`). */
  readonly output?: ImagePath;
  /** Its output becomes words of another command, as in `$(…)`. */
  readonly captured?: true;
  /** The text of the command whose output it reads through a pipe; empty where that is no single command. */
  readonly input?: string;
  readonly because: Provenance;
}

/** The image as it stands before a command, or at the end for runtime needs. */
export interface ImageView {
  readonly project: ProjectFiles;
  /** The build context's directory. */
  readonly context: HostPath;
  readonly base: BaseImage;
  /** The context file whose unchanged copy stands at `path`. Directories: only when they are a copy of one context directory. */
  hostOf(path: ImagePath): HostPath | undefined;
  /** Where copies of a context file or directory stand in the image. */
  placesOf(host: HostPath): readonly ImagePath[];
  /** What stands at `path`: `undefined` when nothing is known to. Base image files are not known. */
  kindOf(path: ImagePath): "file" | "directory" | undefined;
  /** Whether a symbolic link that the build made stands at `path`. */
  isLink(path: ImagePath): boolean;
  /** Known names in a directory, sorted. */
  children(path: ImagePath): readonly string[];
  /** The address that the file at `path` was fetched from, variables as they stand. */
  fetchedFrom(path: ImagePath): string | undefined;
  /** The text of a file that is a copy of a context file, by COPY or by a command. */
  read(path: ImagePath): string | undefined;
  /** The executable that a name stands for: a slash means a path (on `workdir`), else artifacts and tools by PATH. */
  which(name: string, workdir: ImagePath, environment: Environment): ImagePath | undefined;
  readonly artifacts: readonly Artifact[];
  readonly dependencies: readonly DependencyTree[];
  /** OS packages that RUN commands installed and that are still there. */
  readonly packages: readonly string[];
}

/** What a file was linked against; `none` for scripts, static assets, byte code. */
export type Linkage =
  | { readonly kind: "static" }
  | { readonly kind: "dynamic"; readonly libc: Libc }
  | { readonly kind: "none" }
  | { readonly kind: "unknown" };

/** How the command that makes a program could link it statically, by words around the command. */
export interface StaticLink {
  /** The name of the command: "go". */
  readonly command: string;
  /** Assignments that go before it. */
  readonly before?: string;
  /** Options that go behind it. */
  readonly after?: string;
  /** True where nothing of the program is known to work differently then. */
  readonly advised: boolean;
  /** One sentence: what the program is like then. */
  readonly consequence: string;
}

/** Something that a build makes and run time may need. */
export interface Artifact {
  readonly path: ImagePath;
  readonly form: "file" | "directory";
  readonly linkage: Linkage;
  /** The ecosystem's name. */
  readonly ecosystem: string;
  /** Where it is not linked statically: how it could be. Reads the sources, so that it is asked for what ships alone. */
  readonly staticLink?: () => StaticLink | undefined;
  /** Libraries of the system that its command line names, as `-l` does; absent where the toolchain tells otherwise. */
  readonly libraries?: readonly string[];
  /** The package or directory that it is built from, for reading its sources. */
  readonly source?: ImagePath;
  /** Files and directories whose content is inside of it, so that it does not open them: `//go:embed web`. */
  readonly holds?: readonly ImagePath[];
  readonly confidence: Confidence;
  readonly because: Provenance;
}

/** Libraries of a project that an install put into the image, such as a `node_modules`. */
export interface DependencyTree {
  /** The directory of the manifest. */
  readonly directory: ImagePath;
  /** Directories that hold the installed files: `/app/node_modules`, of workspaces too. */
  readonly places: readonly ImagePath[];
  /** True when the install left development dependencies out. */
  readonly production: boolean;
  readonly ecosystem: string;
  /** The install's command line, without wrappers and variables: "npm ci --quiet". */
  readonly command?: string;
  /** True when no lock file stood there when it ran, so that the same install elsewhere may bring other versions. */
  readonly unlocked?: boolean;
  /** What it installed by name; absent where not all of it is known. */
  readonly names?: readonly string[];
  /** Makes a link under which the places are found, in the stage that they come from and in the one that they go to. */
  readonly alias?: { readonly command: string; readonly reason: string };
  /** True when it holds an interpreter of its own, which the base image need not have. */
  readonly interpreter?: true;
  /** The toolchain of a base image that brings files of its own at the same place, so that a copy there would mix the two. */
  readonly overBase?: string;
  /** True when the install needs nothing of the project, so that the runtime stage can run it again where it has to. */
  readonly repeatable?: boolean;
  /** What changed the installed files afterwards, so that the same install elsewhere gives others: "patch-package". */
  readonly changedBy?: string;
  readonly because: Provenance;
}

/** What one command does to the image. */
export type Effect =
  | {
      readonly kind: "packages";
      readonly manager: string;
      readonly action: "install" | "remove" | "refresh" | "clean";
      readonly names: readonly string[];
      /** The name of `apk add --virtual`, which `apk del` takes; absent otherwise. */
      readonly group?: string;
    }
  | { readonly kind: "dependencies"; readonly tree: DependencyTree }
  /** Changes an installed tree: `npm prune --omit=dev`, `npm rebuild`. */
  | {
      readonly kind: "dependencies-changed";
      readonly directory: ImagePath;
      readonly production: boolean;
      /** Absent where a new install gives the same files. */
      readonly by?: string;
    }
  | { readonly kind: "artifact"; readonly artifact: Artifact }
  /** A source of packages besides the distribution's own, or its key. `packages`: the names that it is there for, where known. */
  | { readonly kind: "repository"; readonly manager: string; readonly packages?: RegExp }
  /** A test or lint run: it fails the build or does nothing that run time needs. */
  | { readonly kind: "check"; readonly what: "test" | "lint" }
  /** Executables that the build uses: `npm i -g typescript`, `go install golangci-lint`. `paths` where known. */
  | {
      readonly kind: "tools";
      /** The executables, and the packages that bring them. */
      readonly names: readonly string[];
      /** Files that can be copied by themselves; without any, run time that starts one of `names` repeats the command. */
      readonly paths: readonly ImagePath[];
      /** Libraries to compile with came along, which nothing needs that is compiled. */
      readonly libraries?: true;
    }
  /** Writes files whose content the build makes; `form` unknown means either. */
  | {
      readonly kind: "writes";
      readonly path: ImagePath;
      readonly form: "file" | "directory" | "unknown";
      /** Of a file: another one, whose text it gets. */
      readonly copyOf?: ImagePath;
    }
  | { readonly kind: "removes"; readonly path: ImagePath }
  /** `cp`, `mv`, `ln -s`: `to` is the final path of the file or of the directory itself. */
  | {
      readonly kind: "copies";
      readonly from: ImagePath;
      readonly to: ImagePath;
      readonly move: boolean;
      readonly link: boolean;
    }
  /** chmod, chown, setcap on paths. */
  | {
      readonly kind: "attributes";
      readonly paths: readonly ImagePath[];
      readonly recursive: boolean;
      /** What chown sets, as written. */
      readonly owner?: string;
    }
  | { readonly kind: "user"; readonly names: readonly string[] }
  /** A file fetched from the network, from `url` where that is one. */
  | { readonly kind: "download"; readonly path: ImagePath; readonly form: "file" | "directory"; readonly url?: string }
  /** Another shell text that this command runs, such as a package script or a make recipe; read with the whole registry. */
  | {
      readonly kind: "runs";
      readonly script: string;
      readonly workdir: ImagePath;
      readonly environment?: Environment;
      readonly because: Provenance;
    }
  | { readonly kind: "directory-change"; readonly workdir: ImagePath }
  /** A build or an install of a toolchain that is not read yet: `mvn package`, `cargo build`, `pip install`. */
  | {
      readonly kind: "foreign";
      readonly toolchain: string;
      readonly what: "build" | "dependencies";
      /** Why this command of a toolchain that is read cannot be: a clause after "since". */
      readonly why?: string;
    }
  /** Only caches change: `npm cache clean`, `go clean -modcache`. */
  | { readonly kind: "cache" }
  | { readonly kind: "nothing" }
  /**
   * May write anything. `why`: a clause for the reader, such as "it is not known what it writes". `elsewhere`: it puts what the build
   * made at a place that nobody can tell, which may be anywhere in the image.
   */
  | { readonly kind: "unknown"; readonly why: string; readonly elsewhere?: true };

/** What starts when the image runs: ENTRYPOINT with CMD, CMD, a health check, or what a script or manager starts in turn. */
export interface RuntimeRoot {
  readonly origin: "entrypoint" | "cmd" | "healthcheck" | "script";
  readonly command: ResolvedCommand;
}

/** How production libraries come into the runtime stage. */
export type ProductionDependencies =
  | {
      /**
       * In a stage that repeats the user's instructions up to the old install, whose command becomes `command`. With
       * `manifests`, files of the context (image paths) that the install reads; a broader COPY before it is narrowed to them.
       */
      readonly kind: "install";
      readonly command: string;
      readonly manifests?: readonly ImagePath[];
    }
  /** In a stage made from the build stage. */
  | { readonly kind: "prune"; readonly command: string }
  /** What the build stage holds, development dependencies included (or when the old install was a production one). */
  | { readonly kind: "as-built" };

/** One way to get the libraries, in order of preference. */
export interface DependencyChoice {
  readonly value: "install" | "prune" | "as-built";
  readonly how: ProductionDependencies;
  readonly label: string;
  readonly consequence: string;
}

/** Something that has to be there when the image runs. `reason` is one present-tense sentence for the reader of the diff. */
export type RuntimeNeed = {
  readonly reason: string;
  readonly confidence: Confidence;
  readonly because: readonly Provenance[];
} & (
  | /** A file or directory at this path; the importer finds where it comes from. `guess` makes it a `keep:` decision. */ {
      readonly kind: "path";
      readonly path: ImagePath;
      /** Nothing beside it comes along, where a command made it in a directory of its own. */
      readonly alone?: boolean;
      /** Of a path that is alone: a file unless it says otherwise. */
      readonly form?: "file" | "directory";
    }
  | {
      readonly kind: "dependencies";
      readonly tree: DependencyTree;
      readonly choices: readonly DependencyChoice[];
      /** Libraries hold compiled add-ons: the runtime base has to have the build's libc and release. */
      readonly native: boolean;
    }
  | /** By name on PATH: "node", "curl", "git". */ { readonly kind: "executable"; readonly name: string }
  | { readonly kind: "shell" }
  | /** An OS package that RUN installed (or its runtime half). */ { readonly kind: "package"; readonly name: string }
  | /** A shell text that runs in turn: `npm start` → "node dist/index.js". Read as a further root. */ {
      readonly kind: "runs";
      readonly script: string;
      readonly workdir: ImagePath;
      readonly environment?: Environment;
    }
  | /** Cannot be told: the whole directory has to stay as the build left it, libraries included, on the same base. */ {
      readonly kind: "everything";
      readonly directory: ImagePath;
      /** The command line of a development server, which builds the sources when it runs. */
      readonly developmentServer?: string;
      /** The command line of a toolchain that compiles or checks the sources when it runs. */
      readonly worksOnSources?: string;
      /** A program that is told elsewhere what to start, in a place that cannot be read: `why` is a clause after "since". */
      readonly unread?: { readonly program: string; readonly why: string };
    }
);

/** All needs of the image, merged, for choosing a base. */
export interface BaseRequest {
  readonly image: ImageView;
  /** The base as the user wrote it, variables included. */
  readonly reference: string;
  readonly artifacts: readonly Artifact[];
  readonly needs: readonly RuntimeNeed[];
  /** `true` when a shell, a package manager or user creation is needed in the runtime stage. */
  readonly shell: boolean;
  readonly packages: readonly string[];
  /** A USER or named owner that has to exist or be created. */
  readonly createsUsers: boolean;
}

/** A base for the runtime stage. Rungs, most wanted first: minimal, slim, same. */
export interface RuntimeBase {
  readonly rung: "minimal" | "slim" | "same";
  /** As to be written after FROM. */
  readonly reference: string;
  /** One sentence: what the image is like with this base. */
  readonly consequence: string;
  readonly base: BaseImage;
  /** OS packages that must be installed because the old base had them and run time needs them: ca-certificates on debian-slim. */
  readonly packages: readonly string[];
  /** True where it may lack something: it is offered, and the old base is taken. */
  readonly unsure?: boolean;
}

/** What is known of one toolchain. */
export interface Ecosystem {
  /** As in docs/ecosystems/<name>.md. */
  readonly name: string;
  /** Effects in order, or `undefined` when the command is not this ecosystem's. */
  interpret(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined;
  /** Needs of a root, or `undefined` when it is not this ecosystem's. */
  needs(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined;
  /** Bases in ladder order, best first; `undefined` when none of the needs is this ecosystem's. "same" need not be listed. */
  runtimeBases(request: BaseRequest): readonly RuntimeBase[] | undefined;
}
