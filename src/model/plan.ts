/**
 * Where importers and synth meet. An importer reads a legacy setup and says, stage by stage, what the new Dockerfiles hold and
 * which other files change; synth turns that into text, edits and an explained diff. Nothing here is text yet, but for the
 * user's own instructions, which are kept verbatim.
 *
 *     Plan ── PlannedDockerfile "Dockerfile" ── Stage "builder" ── steps: the user's own RUN …, COPY …
 *         │                                  └─ Stage "production" ── copy /bin/server from builder, the user's own CMD …
 *         └── CallerEdit build.sh 120–188 ── "" because the container is no longer needed
 */

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DockerfileDocument, FromInstruction, Instruction, InstructionRef } from "../dockerfile/syntax.ts";
import type { HostPath } from "../text/paths.ts";
import type { Range } from "../text/source.ts";
import type { Confidence, Decision, UnusedAnswer } from "./decision.ts";
import type { Provenance } from "./provenance.ts";
import type { BuildRecipe } from "./recipe.ts";

export type StageRole = "base" | "dependencies" | "build" | "test" | "development" | "runtime" | "export";

/** Why a piece of the result stands there; every output line gets one. */
export interface Because {
  /** One sentence for the reader of the diff, present tense. */
  readonly reason: string;
  readonly because: readonly Provenance[];
  readonly confidence: Confidence;
}

export type CopyOrigin =
  | { readonly kind: "context"; readonly directory: HostPath }
  | { readonly kind: "stage"; readonly stage: string }
  | { readonly kind: "image"; readonly image: string };

/** A COPY (or ADD) to be written. Paths are written as they are given here; synth only quotes them. */
export interface PlannedCopy {
  readonly keyword: "COPY" | "ADD";
  readonly from: CopyOrigin;
  readonly sources: readonly string[];
  readonly destination: string;
  /** Flags other than `--from`, in order: `["--chown=0:0"]`. */
  readonly flags: readonly string[];
  /**
   * What every source is, where the importer knows: with a destination that ends in `/`, a file lands there under its own
   * name and a directory's contents land in it, and the result's flows say which. Absent: inferred from the project's
   * files, from the COPYs and commands of the source stage, then from names.
   */
  readonly type?: "file" | "directory";
}

export type StageStep = Because &
  (
    | /** The user's own instruction with its comments, verbatim. */ {
        readonly kind: "original";
        readonly source: InstructionRef;
      }
    | /** The user's own instruction, its comments kept, its text replaced. */ {
        readonly kind: "rewritten";
        readonly source: InstructionRef;
        readonly text: string;
      }
    | /** A COPY of ours. `source`: the instruction that it takes the place of, whose comments it keeps. */ {
        readonly kind: "copy";
        readonly copy: PlannedCopy;
        readonly source?: InstructionRef;
      }
    | /** A new instruction, as text without a final line end; may span lines with continuations. */ {
        readonly kind: "synthesized";
        readonly text: string;
      }
  );

/** What a stage starts from. `reference` is as the user writes it, variables, tag and digest included. */
export type StageBase =
  | { readonly kind: "image"; readonly reference: string; readonly platform?: string }
  | { readonly kind: "stage"; readonly stage: string };

export interface Stage extends Because {
  /** Lower case; unique in its Dockerfile; never an image that the file uses, `scratch`, `context` or a number. */
  readonly name: string;
  readonly role: StageRole;
  readonly base: StageBase;
  /** The user's own FROM, when this stage is theirs: its comments and other flags are kept. */
  readonly from?: InstructionRef<FromInstruction>;
  readonly steps: readonly StageStep[];
}

/** What `docker build --target` makes from a planned Dockerfile, and what it stands for. */
export interface PlannedOutput {
  readonly target: string;
  /** The old Dockerfile whose image this replaces. */
  readonly replaces: HostPath;
  /** Tags as the callers write them, variables included. */
  readonly tags: readonly string[];
}

export interface PlannedDockerfile {
  /** Where the result is written. */
  readonly path: HostPath;
  /** The file whose parser directives, byte-order mark, line ends and top comment the result keeps. */
  readonly template: DockerfileDocument;
  /** The build context's directory. */
  readonly context: HostPath;
  /** ARGs before the first FROM. */
  readonly globals: readonly StageStep[];
  /** In file order; what a plain `docker build` makes is last. */
  readonly stages: readonly Stage[];
  readonly outputs: readonly PlannedOutput[];
}

/** A replacement in a script or another file that calls the old build; `text` is "" to remove whole commands. */
export interface CallerEdit extends Because {
  readonly path: HostPath;
  readonly range: Range;
  readonly text: string;
}

/** A whole file that is created or replaced, such as an ignore file. */
export interface PlannedFile extends Because {
  readonly path: HostPath;
  readonly text: string;
}

/** A file that nothing uses any more. */
export interface PlannedRemoval extends Because {
  readonly path: HostPath;
}

export type SetupKind = "builder-script" | "fat-dockerfile" | "multi-stage";
export type SourceRole = "driver" | "dockerfile" | "ignore-file" | "manifest" | "caller";

export interface SetupSource {
  readonly path: HostPath;
  readonly role: SourceRole;
}

/** A legacy setup: what was read, and under which stable id. */
export interface Setup {
  /** `<kind>:<path of the driver or Dockerfile>`. */
  readonly id: string;
  readonly kind: SetupKind;
  readonly sources: readonly SetupSource[];
}

/**
 * An instruction of an old Dockerfile that the result leaves out on purpose. Whatever set the old final image's configuration
 * (ENV, USER, LABEL …) and is neither re-emitted nor named here makes the invariants refuse the plan.
 */
export interface DroppedInstruction extends Because {
  readonly source: InstructionRef;
}

export interface Plan {
  readonly dockerfiles: readonly PlannedDockerfile[];
  readonly callerEdits: readonly CallerEdit[];
  readonly files: readonly PlannedFile[];
  readonly removals: readonly PlannedRemoval[];
  /** Absent means none. */
  readonly dropped?: readonly DroppedInstruction[];
  /** Settings that are new or another on purpose, by what they are called (`"ENV PORT"`), each with its reason. Absent means none. */
  readonly resettled?: Readonly<Record<string, string>>;
  /** True when some of the old dance has to stay; each rest is named by a warning. */
  readonly partial: boolean;
  /** How its images are made, before and after; absent where no image is. */
  readonly recipe?: Omit<BuildRecipe, "leftOut">;
}

/** A Dockerfile as it stands, for results that change nothing; `context` is its build context's directory. */
interface Understood {
  readonly understood?: DockerfileDocument;
  readonly context?: HostPath;
}

/** What an importer makes of one setup. */
export type ImportResult = {
  readonly setup: Setup;
  /** One sentence for lists: what it is and what would happen. */
  readonly summary: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly decisions: readonly Decision[];
  readonly unusedAnswers: readonly UnusedAnswer[];
} & (
  | { readonly verdict: "plan"; readonly plan: Plan }
  /** Nothing that run time does not need would stay behind. `understood`: the Dockerfile as it stands. */
  | ({ readonly verdict: "no-benefit" } & Understood)
  /** At least one diagnostic is an error. */
  | ({ readonly verdict: "refused" } & Understood)
);

/** What is said of a file that comes to no setup. */
export interface Aside {
  readonly verdict: "aside";
  readonly path: HostPath;
  readonly diagnostics: readonly Diagnostic[];
}

/** The instruction kinds that set an image's configuration and nothing else. */
export const CONFIGURATION_KINDS: ReadonlySet<Instruction["kind"]> = new Set([
  "cmd",
  "entrypoint",
  "env",
  "expose",
  "healthcheck",
  "label",
  "maintainer",
  "shell",
  "stopsignal",
  "user",
  "volume",
  "workdir",
]);
