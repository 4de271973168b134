/**
 * Asks git which files have changes that are not committed, and hides changes in copies of a checkout:
 *
 *     uncommitted("/home/me/shop", ["Dockerfile", "build.sh"])     // ["build.sh"]
 *     hideChanges("/tmp/copy", ["Dockerfile"])                     // `git status` there says nothing of it any more
 *
 * Where there is no repository, or no git, nothing is known and the answer is `[]`. Nothing of the user's repository is changed, not
 * even git's index, and no program that its configuration names as a hook or a file system monitor is started.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";

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
 * Makes git in a copy see these files as they were committed, so that a build that writes the checkout's state down (Go's
 * `vcs.modified`, `git describe --dirty`) writes the same before and after a migration. A `.git` that is no directory names a
 * repository that is the user's own, and is left alone.
 */
export function hideChanges(copy: string, paths: readonly string[]): void {
  const folder = join(copy, ".git");
  if (paths.length === 0 || lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const tracked = (git(copy, ["ls-files", "-z", "--", ...paths]) ?? "").split("\0").filter((path) => path !== "");
  if (tracked.length > 0) git(copy, ["update-index", "--assume-unchanged", "--", ...tracked]);
  const others = paths
    .filter((path) => !tracked.includes(path))
    .map((path) => `/${path.replace(/[\\*?[ ]/g, "\\$&")}\n`);
  mkdirSync(join(folder, "info"), { recursive: true });
  appendFileSync(join(folder, "info", "exclude"), others.join(""));
}

function git(root: string, args: readonly string[]): string | undefined {
  const options = [
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-C",
    root,
  ];
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
