import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ProjectFiles, ReadResult } from "../../src/model/project-files.ts";
import { type MemoryEntry, memoryProject } from "../../src/project/memory.ts";
import { openProject } from "../../src/project/read.ts";
import { type HostPath, hostPath, ROOT } from "../../src/text/paths.ts";
import { makePipe } from "./checkout.ts";

const created: string[] = [];
afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function path(raw: string): HostPath {
  const result = hostPath(raw);
  if (result === undefined) throw new Error(raw);
  return result;
}

type Tree = Readonly<Record<string, MemoryEntry>>;

function diskProject(tree: Tree): ProjectFiles {
  const root = join(mkdtempSync(join(tmpdir(), "restage-read-")), "project");
  created.push(dirname(root));
  mkdirSync(root);
  for (const [name, entry] of Object.entries(tree)) writeEntry(join(root, name), entry);
  const opened = openProject(root);
  if (!opened.ok) throw new Error(opened.diagnostic.message);
  return opened.files;
}

function writeEntry(file: string, entry: MemoryEntry): void {
  mkdirSync(dirname(file), { recursive: true });
  if (typeof entry === "string") writeFileSync(file, entry);
  else if ("symlink" in entry) symlinkSync(entry.symlink, file);
  else if ("bytes" in entry) writeFileSync(file, entry.bytes);
  else if ("text" in entry) {
    writeFileSync(file, entry.text);
    chmodSync(file, entry.mode === "100755" ? 0o755 : 0o644);
  }
}

const TREE: Tree = {
  Dockerfile: "\uFEFFFROM a\r\n",
  "build.sh": { text: "#!/bin/sh\n", mode: "100755" },
  empty: "",
  "binary.bin": { bytes: Buffer.from([0x46, 0x00, 0x01]) },
  "latin1.txt": { bytes: Buffer.from("eins\nh\u00f6\n", "latin1") },
  "utf16.txt": { bytes: Buffer.from("\uFEFFFROM a\n", "utf16le") },
  "cut.txt": { bytes: Buffer.from([0x61, 0xe2, 0x82]) },
  "a/b/c.txt": "c",
  "a-b/d.txt": "d",
  ".git/config": "[core]",
  ".restage/undo-0001.json": "{}",
  "node_modules/x/index.js": "x",
  "sub/node_modules/x/index.js": "x",
  link: { symlink: "a/b/c.txt" },
  folder: { symlink: "a/b" },
  "a/up": { symlink: "../Dockerfile" },
  escape: { symlink: "../../etc/passwd" },
  absolute: { symlink: "/etc/passwd" },
  away: { symlink: "../.." },
  dangling: { symlink: "nowhere" },
  loop: { symlink: "loop" },
};

const READS: readonly (readonly [string, ReadResult])[] = [
  ["Dockerfile", { ok: true, text: "\uFEFFFROM a\r\n" }],
  ["empty", { ok: true, text: "" }],
  ["link", { ok: true, text: "c" }],
  ["folder/c.txt", { ok: true, text: "c" }],
  ["a/up", { ok: true, text: "\uFEFFFROM a\r\n" }],
  ["nothing", { ok: false, reason: "missing" }],
  ["Dockerfile/nothing", { ok: false, reason: "missing" }],
  ["dangling", { ok: false, reason: "missing" }],
  ["loop", { ok: false, reason: "missing" }],
  ["a", { ok: false, reason: "directory" }],
  [".", { ok: false, reason: "directory" }],
  ["folder", { ok: false, reason: "directory" }],
  ["escape", { ok: false, reason: "outside" }],
  ["absolute", { ok: false, reason: "outside" }],
  ["away/etc/passwd", { ok: false, reason: "outside" }],
  ["binary.bin", { ok: false, reason: "binary" }],
  ["latin1.txt", { ok: false, reason: "invalid-utf8", detail: "byte 0xF6 in line 2" }],
  ["cut.txt", { ok: false, reason: "invalid-utf8", detail: "byte 0xE2 in line 1" }],
  ["utf16.txt", { ok: false, reason: "invalid-utf8", detail: "it starts with the mark of UTF-16" }],
];

describe.each([
  ["on disk", diskProject],
  ["in memory", (tree: Tree) => memoryProject(tree)],
])("a project %s", (_, project) => {
  const files = () => project(TREE);

  test.each(READS)("reads %s", (name, expected) => expect(files().read(path(name))).toEqual(expected));

  test("lists its files in one order, without .git, node_modules and our own records", () => {
    expect([...files().walk(ROOT)]).toEqual([
      "Dockerfile",
      "a/b/c.txt",
      "a/up",
      "a-b/d.txt",
      "absolute",
      "away",
      "binary.bin",
      "build.sh",
      "cut.txt",
      "dangling",
      "empty",
      "escape",
      "folder",
      "latin1.txt",
      "link",
      "loop",
      "utf16.txt",
    ]);
    expect([...files().walk(path("a"))]).toEqual(["a/b/c.txt", "a/up"]);
  });

  test("lists a folder by name, and nothing for a file", () => {
    expect(files().children(path("a"))).toEqual(["b", "up"]);
    expect(files().children(path("folder"))).toEqual(["c.txt"]);
    expect(files().children(path("away"))).toEqual([]);
    expect(files().children(path("Dockerfile"))).toEqual([]);
    expect(files().children(ROOT)).not.toContain(".git");
  });

  test("describes entries as git would", () => {
    expect(files().entry(path("Dockerfile"))).toEqual({ kind: "file", size: 11, mode: "100644" });
    expect(files().entry(path("build.sh"))).toEqual({ kind: "file", size: 10, mode: "100755" });
    expect(files().entry(path("link"))).toEqual({ kind: "symlink", size: 9, mode: "120000" });
    expect(files().entry(path("folder/c.txt"))).toEqual({ kind: "file", size: 1, mode: "100644" });
    expect(files().entry(path("a"))).toEqual({ kind: "directory", size: 0 });
    expect(files().entry(ROOT)).toEqual({ kind: "directory", size: 0 });
    expect(files().entry(path("nothing"))).toBeUndefined();
    expect(files().entry(path("away/etc"))).toBeUndefined();
  });

  test("resolves symlinks inside only", () => {
    expect(files().resolve(path("link"))).toBe("a/b/c.txt");
    expect(files().resolve(path("folder/c.txt"))).toBe("a/b/c.txt");
    expect(files().resolve(path("a/up"))).toBe("Dockerfile");
    expect(files().resolve(ROOT)).toBe(".");
    expect(files().resolve(path("escape"))).toBeUndefined();
    expect(files().resolve(path("loop"))).toBeUndefined();
  });

  test("reads a line of ten million characters", () => {
    const text = `FROM a\n# ${"x".repeat(10_000_000)}\n`;
    expect(project({ Dockerfile: text }).read(path("Dockerfile"))).toEqual({ ok: true, text });
  });

  test("reads each file once", () => {
    const all = files();
    expect(all.read(path("link"))).toBe(all.read(path("link")));
  });
});

describe("a project on disk", () => {
  test("takes a pipe for nothing that could be read", async () => {
    const root = mkdtempSync(join(tmpdir(), "restage-read-"));
    created.push(root);
    makePipe(join(root, "Dockerfile"));
    const opened = openProject(root);
    expect(opened.ok && opened.files.read(path("Dockerfile"))).toEqual({
      ok: false,
      reason: "unreadable",
      detail: "it is not a regular file",
    });
    expect(opened.ok && opened.files.entry(path("Dockerfile"))).toBeUndefined();
    expect(opened.ok && [...opened.files.walk(ROOT)]).toEqual([]);
  });

  test("refuses what is larger than a text", () => {
    const bytes = Buffer.alloc(32 * 1024 * 1024 + 1, "x");
    expect(diskProject({ big: { bytes } }).read(path("big"))).toEqual({
      ok: false,
      reason: "too-large",
      detail: "33554433 bytes",
    });
  });

  test("is not opened where there is none", () => {
    const root = mkdtempSync(join(tmpdir(), "restage-read-"));
    created.push(root);
    writeFileSync(join(root, "Dockerfile"), "FROM a\n");
    expect(openProject(join(root, "nothing"), "nothing")).toMatchObject({
      ok: false,
      diagnostic: { code: "project-missing", message: 'the directory "nothing" does not exist' },
    });
    expect(openProject(join(root, "Dockerfile"), "Dockerfile")).toMatchObject({
      ok: false,
      diagnostic: { code: "project-not-directory", message: '"Dockerfile" is not a directory' },
    });
  });
});

describe("memoryProject", () => {
  test("fails as it is told to", () => {
    expect(memoryProject({ Dockerfile: { failure: "unreadable" } }).read(path("Dockerfile"))).toEqual({
      ok: false,
      reason: "unreadable",
    });
  });

  test.each(["/etc/passwd", "../x", "."])("throws on the path %s", (name) => {
    expect(() => memoryProject({ [name]: "" })).toThrow("not a path inside the project");
  });
});
