/**
 * How the images of a setup are made, before and after: what `restage verify` builds.
 *
 *     before   builder  FROM golang …   context "."                              an image of its own
 *              final    FROM alpine …   context ".", with "app" out of builder    the image that ships
 *     after    production               Dockerfile, context "."                   what replaces final
 *
 * A recipe is our own plan of the old dance, step by step, as the importer understood it; nothing of the user's scripts is run
 * to follow it. It is part of a Migration in memory and not of its JSON document.
 */
import type { HostPath, ImagePath } from "../text/paths.ts";

/** A Dockerfile as text, in pieces: where it names an image that the recipe makes, that image's id stands. */
export interface RecipeDockerfile {
  /** Where it stands in the checkout; absent for one that the script has in it, or that says what a container does. */
  readonly path?: HostPath;
  readonly text: readonly (string | { readonly image: string })[];
}

/**
 * What an earlier step had put into the checkout, or taken out of it, when the next image was built. Later entries win, so a
 * list is applied in order. `path` is where it stands, relative to the project's root.
 */
export type PreparedFile =
  /** Out of an image of this recipe: a file becomes `path`; of a directory, what is in it lands below `path`. */
  | {
      readonly kind: "image";
      readonly path: HostPath;
      readonly image: string;
      readonly from: ImagePath;
      /** True where it may not be there at all. */
      readonly optional: boolean;
    }
  /** A file or directory of the checkout that was copied or moved there. */
  | { readonly kind: "checkout"; readonly path: HostPath; readonly from: HostPath }
  /** A tar archive (compressed by gzip where `gzip` is true) of these members, whose paths are relative to the archive's root. */
  | {
      readonly kind: "archive";
      readonly path: HostPath;
      readonly gzip: boolean;
      readonly members: readonly PreparedFile[];
    }
  /** A file that the script writes and whose text is known. */
  | { readonly kind: "text"; readonly path: HostPath; readonly text: string }
  | { readonly kind: "directory"; readonly path: HostPath }
  /** What `chmod` does to it: "0755", "+x". */
  | { readonly kind: "mode"; readonly path: HostPath; readonly mode: string }
  | { readonly kind: "removed"; readonly path: HostPath };

/** One image of the old dance. */
export interface LegacyImage {
  /** Names it within the recipe. */
  readonly id: string;
  readonly dockerfile: RecipeDockerfile;
  /** The build context's directory; absent where there is none. One that the script makes elsewhere has a name of ours. */
  readonly context?: HostPath;
  readonly prepared: readonly PreparedFile[];
  /** `--build-arg`, with values; one whose value only the environment knows is left out, as the engine would. */
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target?: string;
}

/** An image that the migration makes. */
export interface MigratedImage {
  readonly dockerfile: HostPath;
  readonly context: HostPath;
  readonly target: string;
  /** The id of the old image that it stands for; absent for one that only hands files to the host. */
  readonly replaces?: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Files that are new or have another content on purpose, each with its reason. Absent means none. */
  readonly onPurpose?: Readonly<Record<ImagePath, string>>;
}

/** What cannot be replayed, and why: `reason` is a clause such as `"make dist" runs on the host`. */
export interface UnreplayableStep {
  readonly reason: string;
  readonly path: HostPath;
  readonly line: number;
}

export interface BuildRecipe {
  /** In the order in which they are built. */
  readonly before: readonly LegacyImage[];
  readonly after: readonly MigratedImage[];
  /** Settings of the old configuration that are left out on purpose (`"ENV CGO_ENABLED"`), each with its reason. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Settings that are new or another on purpose (`"ENV PORT"`), each with its reason. Absent means none. */
  readonly resettled?: Readonly<Record<string, string>>;
  /** Not empty: the old dance can only be built with `--run-script`. */
  readonly unreplayable: readonly UnreplayableStep[];
  /** The driver that `--run-script` starts; absent where none can be started by itself (a README, a CI file). */
  readonly script?: RecipeScript;
}

export interface RecipeScript {
  readonly argv: readonly string[];
  readonly directory: HostPath;
  /** The tags under which it leaves old images, by their ids. */
  readonly tags: Readonly<Record<string, string>>;
}
