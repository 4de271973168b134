/**
 * Asks git which files have changes that are not committed:
 *
 *     uncommitted("/home/me/shop", ["Dockerfile", "build.sh"])     // ["build.sh"]
 *
 * Where there is no repository, or no git, nothing is known and the answer is `[]`. Nothing of the repository is changed, not even
 * git's index, and no program that its configuration names as a file system monitor is started.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Those of `paths` (relative to `root`) that git shows as changed, staged, or not tracked. */
export function uncommitted(root: string, paths: readonly string[]): readonly string[] {
  const prefix = git(root, ["rev-parse", "--show-prefix"]);
  if (prefix === undefined || paths.length === 0) return [];
  const status = git(root, ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ...paths]);
  const folder = prefix.replace(/\n$/, "");
  const listed = (status ?? "").split("\0").map((line) => line.slice("XY ".length));
  return paths.filter((path) => listed.includes(`${folder}${path}`));
}

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

function git(root: string, args: readonly string[]): string | undefined {
  const options = ["--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-C", root];
  const { status, stdout } = spawnSync("git", [...options, ...args], {
    encoding: "utf8",
    env: withoutRepository(process.env),
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? stdout : undefined;
}

/** Inside a git hook these variables name another repository or index than the one at `root`. */
function withoutRepository(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...rest } = env;
  return rest;
}
