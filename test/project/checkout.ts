/** A checkout in a scratch directory, for tests of what writes: made, looked at, and removed again. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";

const created: string[] = [];
afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Makes the files; a name that ends in `.sh` is executable. Returns the root's real path. */
export function checkout(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "restage-checkout-")));
  created.push(root);
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, name.endsWith(".sh") ? 0o755 : 0o644);
  }
  return root;
}

/** Puts the checkout under git, with everything committed. */
export function commitAll(root: string): void {
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "all", "--allow-empty");
}

export function git(root: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" });
}

/** Every file with its mode and text, git's own and restage's records left out. */
export function snapshot(root: string, directory = ""): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, directory)).sort()) {
    const path = directory === "" ? name : `${directory}/${name}`;
    if (path === ".git" || path === ".restage") continue;
    const stats = lstatSync(join(root, path));
    if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
    else if (stats.isDirectory()) Object.assign(found, { [`${path}/`]: "" }, snapshot(root, path));
    else found[path] = `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(root, path), "latin1")}`;
  }
  return found;
}

/** Makes a named pipe: a file that is there and cannot be read as one. */
export function makePipe(path: string): void {
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
}
