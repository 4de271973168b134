import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import type { PreparedFile } from "../../src/model/recipe.ts";
import { applyChanges } from "../../src/project/apply.ts";
import { openProject } from "../../src/project/read.ts";
import {
  digestTree,
  openScratch,
  placeDockerfile,
  prepareFiles,
  sourceToTouch,
  touch,
  writeChanges,
} from "../../src/project/scratch.ts";
import { readSides } from "../../src/project/sides.ts";
import { type HostPath, hostPath, imagePath, ROOT } from "../../src/text/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "restage-scratch-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (path: string): HostPath => hostPath(path) ?? ROOT;

let count = 0;
function project(): string {
  count += 1;
  const root = join(folder, String(count));
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(root, "src/main.go"), "package main\n");
  writeFileSync(join(root, "run.sh"), "#!/bin/sh\n");
  chmodSync(join(root, "run.sh"), 0o755);
  symlinkSync("/etc/hostname", join(root, "outside"));
  mkdirSync(join(root, ".restage"));
  return root;
}

test("a copy has everything as it is, links as links, and nothing of ours", () => {
  const scratch = openScratch();
  const copy = scratch.copyOf(project());
  expect(readlinkSync(join(copy, "outside"))).toBe("/etc/hostname");
  expect(statSync(join(copy, "run.sh")).mode & 0o777).toBe(0o755);
  expect(existsSync(join(copy, ".restage"))).toBe(false);
  mkdirSync(join(copy, "closed"), { mode: 0o500 });
  scratch.close();
  expect(existsSync(scratch.directory)).toBe(false);
});

describe("files are put into a copy as the script had put them", () => {
  async function prepared(files: readonly PreparedFile[]) {
    const scratch = openScratch();
    const copy = scratch.copyOf(project());
    const missing = await prepareFiles(scratch, copy, files, async (_, path, destination) => {
      if (path === "/nothing") return false;
      if (path !== "/out") writeFileSync(destination, `out of ${path}`);
      else {
        mkdirSync(destination);
        writeFileSync(join(destination, "index.html"), "page");
      }
      return true;
    });
    return { copy, missing, close: scratch.close };
  }

  test("out of an image, from the checkout, as text", async () => {
    const { copy, missing } = await prepared([
      { kind: "image", path: at("bin/app"), image: "b", from: imagePath("/app"), optional: false },
      { kind: "image", path: at("src"), image: "b", from: imagePath("/out"), optional: false },
      { kind: "checkout", path: at("copy.sh"), from: at("run.sh") },
      { kind: "text", path: at("version"), text: "1" },
      { kind: "mode", path: at("version"), mode: "u+x,g-r" },
      { kind: "directory", path: at("empty") },
      { kind: "removed", path: at("run.sh") },
      { kind: "image", path: at("maybe"), image: "b", from: imagePath("/nothing"), optional: true },
      { kind: "image", path: at("wanted"), image: "b", from: imagePath("/nothing"), optional: false },
    ]);
    expect(readFileSync(join(copy, "bin/app"), "utf8")).toBe("out of /app");
    expect([existsSync(join(copy, "src/main.go")), existsSync(join(copy, "src/index.html"))]).toEqual([true, true]);
    expect(statSync(join(copy, "copy.sh")).mode & 0o777).toBe(0o755);
    expect(statSync(join(copy, "version")).mode & 0o777).toBe(0o704);
    expect([existsSync(join(copy, "empty")), existsSync(join(copy, "run.sh"))]).toEqual([true, false]);
    expect(missing).toEqual(["/nothing"]);
  });

  test("in an archive", async () => {
    const members: PreparedFile[] = [
      { kind: "image", path: at("app"), image: "b", from: imagePath("/app"), optional: false },
    ];
    const { copy } = await prepared([{ kind: "archive", path: at("a.tar.gz"), gzip: true, members }]);
    const tar = gunzipSync(readFileSync(join(copy, "a.tar.gz")));
    expect(execFileSync("tar", ["-xO", "app"], { input: tar, encoding: "utf8" })).toBe("out of /app");
  });

  test("and never through a link that leads out", async () => {
    const scratch = openScratch();
    const copy = scratch.copyOf(project());
    symlinkSync(folder, join(copy, "link"));
    const escaping: PreparedFile[] = [{ kind: "text", path: at("link/x"), text: "1" }];
    await expect(prepareFiles(scratch, copy, escaping, async () => true)).rejects.toThrow("leads out of the project");
    for (const target of [folder, join(folder, "nothing")]) {
      symlinkSync(target, join(copy, `out-${target.length}`));
      const onto: PreparedFile[] = [{ kind: "checkout", path: at(`out-${target.length}`), from: at("src") }];
      await expect(prepareFiles(scratch, copy, onto, async () => true)).rejects.toThrow("leads out of the project");
    }
    expect(existsSync(join(folder, "x"))).toBe(false);
    scratch.close();
  });
});

test("a change set is written, and a file is changed a little", () => {
  const root = project();
  writeChanges(root, [
    { path: "Dockerfile", after: "FROM a\n", mode: "100644" },
    { path: "run.sh", mode: "100755" },
  ]);
  touch(root, "src/main.go", 2);
  expect(readFileSync(join(root, "Dockerfile"), "utf8")).toBe("FROM a\n");
  expect(existsSync(join(root, "run.sh"))).toBe(false);
  expect(readFileSync(join(root, "src/main.go"), "utf8")).toBe("package main\n\n\n");
});

test("a Dockerfile with another text lies outside, with its ignore file", () => {
  const scratch = openScratch();
  const root = project();
  writeFileSync(join(root, "Dockerfile"), "FROM a\n");
  writeFileSync(join(root, "Dockerfile.dockerignore"), "x\n");
  expect(placeDockerfile(scratch, root, "Dockerfile", "FROM a\n")).toBe(join(root, "Dockerfile"));
  const other = placeDockerfile(scratch, root, "Dockerfile", "FROM b\n");
  expect([readFileSync(other, "utf8"), readFileSync(`${other}.dockerignore`, "utf8")]).toEqual(["FROM b\n", "x\n"]);
  expect(lstatSync(placeDockerfile(scratch, root, undefined, "FROM c\n")).isFile()).toBe(true);
  scratch.close();
});

test("a tree has the digests of its files, and a source that may be touched", () => {
  const root = project();
  const { digests, directories } = digestTree(root);
  expect([digests.has("outside link /etc/hostname"), directories.has("src")]).toEqual([true, true]);
  const opened = openProject(root);
  if (!opened.ok) throw new Error("no project");
  expect(sourceToTouch(opened.files, [ROOT])).toBe("src/main.go");
  expect(sourceToTouch(opened.files, [at("run.sh")])).toBeUndefined();
});

describe("the states that are compared", () => {
  const git = (root: string, ...args: readonly string[]): void => {
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  };

  test("are the checkout and the plan where nothing was applied", () => {
    const scratch = openScratch();
    const root = project();
    expect(readSides(root, scratch, {})).toMatchObject({ ok: true, sides: { before: root } });
    scratch.close();
  });

  test("are what a migration replaced, and the working tree", () => {
    const scratch = openScratch();
    const root = project();
    writeFileSync(join(root, "Dockerfile"), "FROM old\n");
    const change = {
      path: "Dockerfile",
      action: "modify",
      mode: "100644",
      before: "FROM old\n",
      after: "FROM new\n",
    } as const;
    expect(applyChanges(root, [change], { force: true })).toMatchObject({ ok: true });
    const found = readSides(root, scratch, {});
    if (!found.ok) throw new Error(found.problem);
    expect(readFileSync(join(found.sides.before, "Dockerfile"), "utf8")).toBe("FROM old\n");
    expect(found.sides.after).toBe(root);
    scratch.close();
  });

  test("are a state of git and the working tree, whose index is not touched", () => {
    const scratch = openScratch();
    const root = project();
    git(root, "init", "-q");
    writeFileSync(join(root, "Dockerfile"), "FROM old\n");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "a");
    writeFileSync(join(root, "Dockerfile"), "FROM new\n");
    const index = readFileSync(join(root, ".git/index"));
    const found = readSides(root, scratch, { before: "HEAD" });
    if (!found.ok) throw new Error(found.problem);
    expect(readFileSync(join(found.sides.before, "Dockerfile"), "utf8")).toBe("FROM old\n");
    expect(readFileSync(join(root, ".git/index"))).toEqual(index);
    expect(readSides(root, scratch, { before: "nosuch" })).toMatchObject({ ok: false });
    expect(readSides(root, scratch, { before: "--output=x" })).toMatchObject({ ok: false });
    scratch.close();
  });
});
