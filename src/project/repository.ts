/**
 * Where a project lies in its git repository, found by looking: no program is started.
 *
 *     folderInRepository("/home/me/shop/services/api")     // "services/api", where /home/me/shop/.git is
 */
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/**
 * The way from the top of the repository that holds `root` down to it: `"services/shop"`, or `""` at the top and outside of
 * repositories. In a folder below the top `git apply` passes over every file of a patch without a word
 * (https://git-scm.com/docs/git-apply: "patched paths outside the directory are ignored").
 */
export function folderInRepository(root: string): string {
  for (let at = root; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return relative(at, root).split(sep).join("/");
    if (dirname(at) === at) return "";
  }
}
