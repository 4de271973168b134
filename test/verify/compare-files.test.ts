import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compareFiles } from "../../src/verify/compare-files.ts";
import { type ImageSpec, readImageOf } from "./images.ts";

const STATUS = "Package: gcc\nStatus: install ok installed\nVersion: 12\n";

interface Row {
  readonly before: ImageSpec;
  readonly after: ImageSpec;
  readonly sources?: readonly string[];
  readonly directories?: readonly string[];
  readonly contents?: Readonly<Record<string, Uint8Array>>;
}

function compare({ before, after, sources = [], directories = [], contents = {} }: Row) {
  return compareFiles({
    before: readImageOf(before),
    after: readImageOf(after),
    checkout: { digests: new Set(sources), directories: new Set(directories) },
    changed: { before: new Set(["old plan"]), after: new Set(["new plan"]) },
    read: async (side, path) => contents[`${side} ${path}`],
  });
}

/** What becomes of one file that only the old image has. */
async function fate(path: string, spec: ImageSpec["files"][string], more: Partial<Row> = {}): Promise<string> {
  const check = await compare({
    before: { ...more.before, files: { ...more.before?.files, [path]: spec } },
    after: more.after ?? { files: {} },
    ...(more.sources === undefined ? {} : { sources: more.sources }),
    ...(more.directories === undefined ? {} : { directories: more.directories }),
  });
  expect(check.ok).toBe(check.buckets.unexplained === undefined);
  return Object.keys(check.buckets).join(" ");
}

describe("a file that the new image has not", () => {
  test.each<[string, string, ImageSpec["files"][string], Partial<Row>, string]>([
    ["of the base image", "/usr/lib/go/x", { layer: 0 }, {}, "base-image"],
    [
      "of a package",
      "/usr/bin/gcc",
      {},
      { before: { files: {}, texts: { "/var/lib/dpkg/status": STATUS, "/var/lib/dpkg/info/gcc.list": "/bin/gcc\n" } } },
      "os-package",
    ],
    ["that the checkout has", "/app/main.go", "source text", { sources: ["main.go source text"] }, "source"],
    [
      "that the checkout has as a link",
      "/app/x",
      { kind: "symlink", target: "y" },
      { sources: ["x link y"] },
      "source",
    ],
    [
      "with the content of another file of the checkout",
      "/data/ready",
      "empty",
      { sources: [".keep empty"] },
      "unexplained",
    ],
    ["the Dockerfile that the migration rewrites, by another name", "/app/Dockerfile", "old plan", {}, "migration"],
    [
      "what setuptools writes beside its sources",
      "/app/x.egg-info/PKG-INFO",
      "x",
      { before: { files: { "/app/setup.py": { layer: 0 } } } },
      "base-image build-state",
    ],
    ["a directory of that name in no project of Python", "/app/build/lib/server.js", "x", {}, "unexplained"],
    [
      "the lock of a build by Hugo",
      "/site/.hugo_build.lock",
      "x",
      { before: { files: { "/site/hugo.toml": { layer: 0 } } } },
      "base-image build-state",
    ],
    [
      "a file of CMake's build directory",
      "/src/build/gen/table.c",
      "x",
      { before: { files: { "/src/build/CMakeCache.txt": { layer: 0 } } } },
      "base-image build-state",
    ],
    [
      "a file beside CMake's, where some of the directory ships",
      "/src/build/table.txt",
      "x",
      {
        before: { files: { "/src/build/CMakeCache.txt": { layer: 0 } } },
        after: { files: { "/src/build": { kind: "directory" } } },
      },
      "base-image unexplained",
    ],
    [
      "what Autoconf writes",
      "/src/libtool",
      "x",
      { before: { files: { "/src/config.status": { layer: 0 } } } },
      "base-image build-state",
    ],
    ["a script of that name elsewhere", "/srv/libtool", "x", {}, "unexplained"],
    [
      "classes of which Maven made the jar",
      "/app/target/classes/A.class",
      "x",
      { before: { files: { "/app/pom.xml": { layer: 0 } } } },
      "base-image build-state",
    ],
    ["classes beside no manifest", "/app/target/classes/A.class", "x", {}, "unexplained"],
    ["git's index, which a build had refreshed", "/app/.git/index", "x", { directories: [".git"] }, "version-control"],
    ["an index of no checkout", "/app/.git/index", "x", {}, "unexplained"],
    [
      "a file of a directory that Cargo tagged as a cache",
      "/app/target/release/deps/libx.rmeta",
      "x",
      {
        before: {
          files: {},
          texts: { "/app/target/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# made by cargo\n" },
        },
      },
      "cache",
    ],
    [
      "a program in such a directory, which was made for others",
      "/app/target/release/shop",
      {
        mode: 0o755,
        elf: {
          bits: 64,
          machine: 62,
          kind: "executable",
          needed: [],
          rpath: [],
          runpath: [],
          requires: {},
          defines: {},
        },
      },
      {
        before: { files: {}, texts: { "/app/target/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n" } },
      },
      "unexplained",
    ],
    [
      "a file beside something that only has the name of such a tag",
      "/app/target/x",
      "x",
      { before: { files: {}, texts: { "/app/target/CACHEDIR.TAG": "mine" } } },
      "unexplained",
    ],
    ["a log", "/var/log/app.log", "x", {}, "cache"],
    [
      "a link to where a server logs",
      "/var/log/nginx/access.log",
      { kind: "symlink", target: "/dev/stdout" },
      {},
      "unexplained",
    ],
    ["a directory that a program writes its process number to", "/run/app", { kind: "directory" }, {}, "unexplained"],
    ["an empty directory of the checkout", "/app/empty", { kind: "directory" }, { directories: ["empty"] }, "source"],
    ["a cache of npm", "/root/.npm/_cacache/x", "x", {}, "cache"],
    ["a module of Go", "/go/pkg/mod/x", "x", {}, "cache"],
    ["a library where no tree is left", "/app/node_modules/vite/x.js", "x", {}, "build-library"],
    [
      "a library that production has not",
      "/app/node_modules/jest/x.js",
      "x",
      { after: { files: { "/app/node_modules": { kind: "directory" } } } },
      "added development-dependency",
    ],
    [
      "written by an installation",
      "/usr/share/x",
      "x",
      { before: { files: {}, layers: ["base", "RUN apt-get install -y gcc"] } },
      "os-package",
    ],
    [
      "a global tool",
      "/usr/local/bin/tsc",
      "x",
      { before: { files: {}, layers: ["base", "RUN npm install -g typescript"] } },
      "build-tool",
    ],
    [
      "a lock file that an install wrote",
      "/app/package-lock.json",
      "x",
      { before: { files: {}, layers: ["base", "RUN npm install"] } },
      "lock-file",
    ],
    ["a lock file that nobody knows", "/app/package-lock.json", "x", {}, "unexplained"],
    ["an object file", "/app/main.o", "x", {}, "intermediate"],
    ["elsewhere in the new image", "/app/out/x", "text", { after: { files: { "/srv/x": "text" } } }, "moved"],
    ["that nothing explains", "/app/server.key", "x", {}, "unexplained"],
    ["an empty directory that nothing explains", "/data", { kind: "directory" }, {}, "unexplained"],
    [
      "a file of a library that production has",
      "/app/node_modules/express/lib/x.js",
      "x",
      {
        after: {
          files: { "/app/node_modules": { kind: "directory" }, "/app/node_modules/express": { kind: "directory" } },
        },
      },
      "unexplained",
    ],
  ])("%s", async (_, path, spec, more, bucket) => {
    expect((await fate(path, spec, more)).replace(/^added /, "")).toBe(bucket.replace(/^added /, ""));
  });

  test("is named, with a cause to start a repair from", async () => {
    const { findings } = await compare({ before: { files: { "/app/x": "x" } }, after: { files: {} } });
    expect(findings[0]).toMatchObject({
      level: "problem",
      what: "/app/x is missing",
      cause: { kind: "file-missing", path: "/app/x" },
    });
  });

  test("is counted where there are many", async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`/data/${index}`, "x"]));
    const { findings } = await compare({ before: { files }, after: { files: {} } });
    expect(findings).toHaveLength(21);
    expect(findings[20]?.what).toBe("10 more files are unexplained");
  });
});

describe("a file that both have", () => {
  test.each<[string, ImageSpec["files"][string], ImageSpec["files"][string], string | undefined]>([
    ["is equal", "x", "x", undefined],
    ["has another owner", { digest: "x", uid: 1000 }, { digest: "x" }, "it belonged to 1000:0, and belongs to 0:0"],
    ["has another mode", { digest: "x", mode: 0o755 }, { digest: "x" }, "its mode was 0755, and is 0644"],
    ["has another content", "x", "y", "content"],
    [
      "is a link elsewhere",
      { kind: "symlink", target: "a" },
      { kind: "symlink", target: "b" },
      'it led to "a", and leads to "b"',
    ],
    ["is of another kind", "x", { kind: "symlink", target: "b" }, "it was a file, and is a symlink"],
    ["lost its capabilities", { digest: "x", capabilities: "01" }, { digest: "x" }, "capabilities lost"],
  ])("%s", async (_, before, after, difference) => {
    const check = await compare({ before: { files: { "/app/x": before } }, after: { files: { "/app/x": after } } });
    expect(check.ok).toBe(difference === undefined);
    const problems = check.findings.filter(({ level }) => level === "problem").map(({ what }) => what);
    expect(problems).toEqual(difference === undefined ? [] : [`/app/x differs: ${difference}`]);
  });

  test("and kept capabilities that went lost over the host is a listed change", async () => {
    const check = await compare({
      before: { files: { "/app/x": "x" } },
      after: { files: { "/app/x": { digest: "x", capabilities: "01" } } },
    });
    expect(check).toMatchObject({
      ok: true,
      findings: [{ level: "expected", what: "/app/x has file capabilities now" }],
    });
  });

  test("may have another version in another base image", async () => {
    const check = await compare({
      before: { files: { "/lib/libc.so": { digest: "x", layer: 0 } } },
      after: { files: { "/lib/libc.so": { digest: "y", layer: 0 } } },
    });
    expect(check.ok).toBe(true);
  });

  test("may differ in the time of a compressed file, and in nothing else", async () => {
    const at = (seconds: number, text: string): Uint8Array => {
      const bytes = gzipSync(text);
      bytes.writeUInt32LE(seconds, 4);
      return bytes;
    };
    const files = { before: { files: { "/app/x.gz": "1" } }, after: { files: { "/app/x.gz": "2" } } };
    const same = { "before /app/x.gz": at(1, "a"), "after /app/x.gz": at(2, "a") };
    expect(await compare({ ...files, contents: same })).toMatchObject({ ok: true });
    const other = { "before /app/x.gz": at(1, "a"), "after /app/x.gz": at(2, "b") };
    expect(await compare({ ...files, contents: other })).toMatchObject({ ok: false });
  });

  test("keeps users that the old image added, under their numbers", async () => {
    const passwd = (text: string) => ({ files: { "/etc/passwd": text }, texts: { "/etc/passwd": text } });
    const [old, kept, lost] = ["root:x:0\napp:x:1001\n", "root:x:0\nbin:x:1\napp:x:1001\n", "root:x:0\napp:x:1002\n"];
    expect((await compare({ before: passwd(old), after: passwd(kept) })).ok).toBe(true);
    expect((await compare({ before: passwd(old), after: passwd(lost) })).ok).toBe(false);
  });
});

test("a file that is new, and that neither base nor package brings, is a problem", async () => {
  const check = await compare({ before: { files: {} }, after: { files: { "/app/x": "x", "/base": { layer: 0 } } } });
  expect(check.findings.map(({ what }) => what)).toEqual(["/app/x is new"]);
});

test("copies of the files that the migration changes may differ, and nothing else of them", async () => {
  const files = (digest: string, mode = 0o644) => ({ files: { "/app/Dockerfile": { digest, mode } } });
  expect((await compare({ before: files("old plan"), after: files("new plan") })).ok).toBe(true);
  expect((await compare({ before: files("old plan"), after: files("new plan", 0o600) })).ok).toBe(false);
  expect((await compare({ before: { files: {} }, after: files("new plan") })).ok).toBe(true);
});
