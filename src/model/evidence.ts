/**
 * What an engine saw, in the form in which `migrate()` takes it again: what run time needs for certain, so that what a run missed
 * is kept.
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
  | /** An OS package, by the name that the old image's package manager has for it. */ {
      readonly kind: "package";
      readonly name: string;
      /** True where every image of the distribution has it, so that it only rules out those without a distribution. */
      readonly standing?: boolean;
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
  | /** The runtime base has to have what the old one had, or its C library. */ {
      readonly kind: "base";
      readonly reach: "same-libc" | "same-base";
    }
);

export interface SetupEvidence {
  /** True where an engine showed which shared libraries the old image's programs load: those of the needs, and no others. */
  readonly librariesSeen?: boolean;
  readonly needs: readonly EvidenceNeed[];
}

/** By setup id. */
export type Evidence = Readonly<Record<string, SetupEvidence>>;
