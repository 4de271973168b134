/**
 * What an engine saw, in the form in which `migrate()` takes it again: what run time needs for certain, and what the old image
 * holds. With it a guess becomes a certainty, and what a run missed is kept.
 *
 *     { "fat-dockerfile:Dockerfile": { needs: [{ kind: "path", path: "/app/views", because: "…ENOENT…" }] } }
 */
import type { ImagePath } from "../text/paths.ts";

/** Something that the new image has to have. `because` is one sentence for the reader of the diff. */
export type EvidenceNeed = { readonly because: string } & (
  | /** A file or directory of the old image. */ {
      readonly kind: "path";
      readonly path: ImagePath;
      readonly form: "file" | "directory";
    }
  | /** A program that is found along PATH, such as a health check's curl. */ {
      readonly kind: "executable";
      readonly name: string;
    }
  | /** An OS package, by the name that the old image's package manager has for it. */ {
      readonly kind: "package";
      readonly name: string;
    }
  | /** An entry of the old image's passwd and group files. */ {
      readonly kind: "user";
      readonly name: string;
      readonly uid: number;
      readonly gid: number;
      readonly group?: string;
    }
  | /** A library of the project that only the full set of dependencies has; `directory` is that of the manifest. */ {
      readonly kind: "all-dependencies";
      readonly directory: ImagePath;
    }
  | /** The runtime base has to be at least this: with a shell, with the libc of the old base, or the old base itself. */ {
      readonly kind: "base";
      readonly reach: "shell" | "same-libc" | "same-base";
    }
);

/** What the old image was seen to hold; all paths are the image's. */
export interface ObservedImage {
  /** Files that the running container opened, as far as the engine's host allows tracing it. */
  readonly opened?: ReadonlySet<ImagePath>;
  /** Executables and libraries: what each was linked to. */
  readonly linkage: ReadonlyMap<
    ImagePath,
    { readonly kind: "static" } | { readonly kind: "dynamic"; readonly libc: "glibc" | "musl" }
  >;
  /** The package that owns a file, and those that the running programs' libraries belong to. */
  readonly ownerOf: ReadonlyMap<ImagePath, string>;
  readonly neededPackages: ReadonlySet<string>;
  /** The history text of the instruction whose layer wrote a file last, for files above the base image. */
  readonly writtenBy: ReadonlyMap<ImagePath, string>;
}

export interface SetupEvidence {
  readonly needs: readonly EvidenceNeed[];
  readonly observed?: ObservedImage;
}

/** By setup id. */
export type Evidence = Readonly<Record<string, SetupEvidence>>;
