/**
 * What another file of the repository says about building a Dockerfile, whatever its format:
 *
 *     compose.yaml:  build: { context: ., dockerfile: Dockerfile.build }
 *     ci.yml:        uses: docker/build-push-action, with file: Dockerfile.build
 *         → { dockerfile: "Dockerfile.build", context: ".", target: undefined, range, rewrite }
 *
 * What is not decided here: what the reference becomes (plan-other-callers.ts).
 */
import type { ProjectFiles } from "../../../model/project-files.ts";
import type { TextEdit } from "../../../text/edits.ts";
import type { HostPath } from "../../../text/paths.ts";
import type { Range, SourceFile } from "../../../text/source.ts";

/** The build that a reference has to name from now on. */
export interface NewBuild {
  readonly dockerfile: HostPath;
  readonly context: HostPath;
  /** Set where the stage is not what a plain build makes. */
  readonly target: string | undefined;
}

export interface BuildReference {
  readonly dockerfile: HostPath;
  /** `undefined` where it is no directory of the checkout. */
  readonly context: HostPath | undefined;
  readonly target: string | undefined;
  /** True where the same file, which is no documentation, starts containers of the image that run what the Dockerfile says. */
  readonly starts?: boolean;
  /** The text that names the build; a mention of the Dockerfile inside it is explained by it. */
  readonly range: Range;
  /** Where the sources of a build cache are listed, and which they are. */
  readonly cache?: { readonly range: Range; readonly sources: readonly string[] };
  /** The edits that name another build; `undefined` where they would not be exact. */
  readonly rewrite: (next: NewBuild) => readonly TextEdit[] | undefined;
}

/** Reads one format. */
export interface CallerReader {
  /** Kebab-case: `compose`, `build-push-action`. */
  readonly name: string;
  /** Whether a file may be of that format, by its path alone. */
  readonly accepts: (path: HostPath) => boolean;
  readonly read: (files: ProjectFiles, source: SourceFile) => readonly BuildReference[];
}
