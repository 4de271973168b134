/**
 * Follows symlinks as a kernel does, name by name, but never out of the project:
 *
 *     current -> releases/2       "current/app" leads to "releases/2/app"
 *     up      -> ../elsewhere     "outside", whatever stands there: the answer is the same on every machine
 */
import type { EntryKind } from "../model/project-files.ts";
import { type HostPath, joinHost, ROOT } from "../text/paths.ts";

/** What is at a path whose folders are no symlinks. */
export interface Found {
  readonly kind: EntryKind;
  /** Where a symlink points: as written, or from the root (`/…`) when it is absolute and leads inside. */
  readonly target?: string;
}

/** `at` is free of symlinks; `undefined` says that nothing is there. */
export type Look = (at: HostPath) => Found | undefined;

export type Followed =
  | { readonly ok: true; readonly path: HostPath }
  | { readonly ok: false; readonly reason: "missing" | "outside" };

/** As many as Linux follows in one path (https://man7.org/linux/man-pages/man7/path_resolution.7.html). */
const MOST_LINKS = 40;

/** Where `path` leads. Something that is neither file nor folder nor link is taken for missing. */
export function followLinks(path: HostPath, look: Look): Followed {
  const waiting = parts(path).reverse();
  let at: HostPath = ROOT;
  let links = 0;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const next = joinHost(at, name);
    if (next === undefined) return { ok: false, reason: "outside" };
    const found = look(next);
    if (!found) return { ok: false, reason: "missing" };
    if (found.target === undefined) {
      at = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return { ok: false, reason: "missing" };
    if (found.target.startsWith("/")) at = ROOT;
    waiting.push(...parts(found.target).reverse());
  }
  return { ok: true, path: at };
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
