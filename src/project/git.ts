/**
 * Asks git which files have changes that are not committed:
 *
 *     uncommitted("/home/me/shop", ["Dockerfile", "build.sh"])     // ["build.sh"]
 *
 * Where there is no repository, or no git, nothing is known and the answer is `[]`. Nothing of the repository is changed, not even
 * git's index, and no program that its configuration names as a file system monitor is started.
 */
import { spawnSync } from "node:child_process";

/** Those of `paths` (relative to `root`) that git shows as changed, staged, or not tracked. */
export function uncommitted(root: string, paths: readonly string[]): readonly string[] {
  const prefix = git(root, ["rev-parse", "--show-prefix"]);
  if (prefix === undefined || paths.length === 0) return [];
  const status = git(root, ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ...paths]);
  const folder = prefix.replace(/\n$/, "");
  const listed = (status ?? "").split("\0").map((line) => line.slice("XY ".length));
  return paths.filter((path) => listed.includes(`${folder}${path}`));
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
