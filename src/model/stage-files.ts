/**
 * Of which paths in a stage it is known whether they are files or directories:
 *
 *     WORKDIR /src                           /src is a directory
 *     COPY . .                               below /src it is as in the context
 *     RUN go build -o /bin/app ./cmd/app     /bin/app is a file
 *
 * Left alone: what a RUN does beyond a few commands whose arguments say plainly what they make.
 */
import { posix } from "node:path";
import type { HostPath } from "../text/paths.ts";
import type { PathKind } from "./path-kind.ts";
import type { ProjectFiles } from "./project-files.ts";

/** A directory of the checkout, or of an earlier stage, whose contents stand at `path`. */
interface Mount {
  readonly path: string;
  readonly origin:
    | { readonly kind: "host"; readonly directory: HostPath }
    | { readonly kind: "stage"; readonly stage: StageFiles; readonly path: string };
}

/** One stage's paths, growing while its instructions are read. */
export class StageFiles {
  readonly #project: ProjectFiles;
  readonly #kinds: Map<string, PathKind>;
  readonly #mounts: Mount[];

  /** `base`: the stage that this one is built from. */
  constructor(project: ProjectFiles, base?: StageFiles) {
    this.#project = project;
    this.#kinds = new Map(base ? base.#kinds : []);
    this.#mounts = base ? [...base.#mounts] : [];
  }

  learn(path: string, kind: PathKind): void {
    this.#kinds.set(path, kind);
  }

  mount(path: string, origin: Mount["origin"]): void {
    this.#mounts.push({ path, origin });
    this.learn(path, "directory");
  }

  /** Takes up the files that a RUN's shell text makes; `expand` gives variables their values. */
  learnCommand(command: string, expand: (text: string) => string | undefined): void {
    for (const { pattern, kind } of MAKERS) {
      for (const match of command.matchAll(pattern)) {
        const path = expand(match[2] ?? "");
        if (path !== undefined) this.learn(posix.normalize(path).replace(/(.)\/$/, "$1"), kind);
      }
    }
  }

  kindOf(path: string): PathKind | undefined {
    const known = this.#kinds.get(path);
    if (known) return known;
    for (const { path: place, origin } of this.#mounts.toReversed()) {
      const rest = below(path, place);
      const kind = rest === undefined ? undefined : this.#kindIn(origin, rest);
      if (kind) return kind;
    }
    const holdsMore = [...this.#kinds.keys()].some((other) => below(other, path) !== undefined);
    return holdsMore ? "directory" : undefined;
  }

  #kindIn(origin: Mount["origin"], rest: string): PathKind | undefined {
    if (origin.kind === "stage") return origin.stage.kindOf(posix.join(origin.path, rest));
    return kindOnHost(posix.join(origin.directory, rest) as HostPath, this.#project);
  }
}

/** What stands in the checkout, symlinks followed. */
export function kindOnHost(path: HostPath, files: ProjectFiles): PathKind | undefined {
  const real = files.resolve(path);
  const kind = real === undefined ? undefined : files.entry(real)?.kind;
  return kind === "symlink" ? undefined : kind;
}

/** The rest of `path` below `parent`, without a leading slash; `undefined` when it does not lie below. */
function below(path: string, parent: string): string | undefined {
  const prefix = parent === "/" ? "/" : `${parent}/`;
  return path.startsWith(prefix) && path !== prefix ? path.slice(prefix.length) : undefined;
}

/** Absolute paths only: `cd` is not followed. */
const MAKERS: readonly { readonly pattern: RegExp; readonly kind: PathKind }[] = [
  { pattern: /\bgo\s+build\b[^&|;\n]*?\s-o[ =]("?)([/$][^\s"]*[^\s"/])\1(?=\s|$)/g, kind: "file" },
  {
    pattern: /\b(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|rustc|ghc)\b[^&|;\n]*?\s-o\s*("?)([/$][^\s"]+)\1(?=\s|$)/g,
    kind: "file",
  },
  { pattern: /\bcurl\b[^&|;\n]*?\s(?:-o|--output)[ =]("?)([/$][^\s"]+)\1(?=\s|$)/g, kind: "file" },
  { pattern: /\bwget\b[^&|;\n]*?\s-O[ =]?("?)([/$][^\s"]+)\1(?=\s|$)/g, kind: "file" },
  { pattern: /\bmkdir\s+(?:-\S+\s+)*("?)([/$][^\s"]+)\1(?=\s|$)/g, kind: "directory" },
  { pattern: /\bgit\s+clone\b[^&|;\n]*?\s("?)([/$][^\s"]+)\1(?=\s|$)/g, kind: "directory" },
  { pattern: /\bpython[\d.]*\s+-m\s+venv\s+(?:-\S+\s+)*("?)([/$][^\s"]+)\1(?=\s|$)/g, kind: "directory" },
];
