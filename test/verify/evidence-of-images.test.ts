import { describe, expect, test } from "vitest";
import type { ElfFacts } from "../../src/model/image.ts";
import { imagePath } from "../../src/text/paths.ts";
import { needsOf } from "../../src/verify/evidence-of-images.ts";
import { type ImageSpec, readImageOf } from "./images.ts";

const LD = "/lib64/ld-linux-x86-64.so.2";
const ELF: ElfFacts = {
  kind: "shared-object",
  machine: 62,
  bits: 64,
  needed: [],
  rpath: [],
  runpath: [],
  requires: {},
  defines: {},
};
const elf = (facts: Partial<ElfFacts> = {}, layer = 1) => ({ mode: 0o755, layer, elf: { ...ELF, ...facts } });

const STATUS = ["libc6", "libpq5", "libldap", "libmagic1"]
  .map((name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\n`)
  .concat("Package: grep\nStatus: install ok installed\nVersion: 1\nEssential: yes\nDepends: libc6, libpcre2-8-0\n")
  .concat("Package: libpcre2-8-0\nStatus: install ok installed\nVersion: 1\n")
  .join("\n");

function image(files: ImageSpec["files"]) {
  const listed = (name: string, path: string) => [`/var/lib/dpkg/info/${name}.list`, `${path}\n`] as const;
  return readImageOf({
    files: {
      [LD]: elf({}, 0),
      "/usr/lib/libc.so.6": elf({}, 0),
      "/usr/lib/libpq.so.5": elf({ needed: ["libldap.so.2"] }),
      "/usr/lib/libldap.so.2": elf({}),
      "/usr/lib/libmagic.so.1": elf({}),
      "/usr/lib/libpcre2-8.so.0": elf({}, 0),
      ...files,
    },
    texts: {
      "/var/lib/dpkg/status": STATUS,
      ...Object.fromEntries([
        listed("libc6", `${LD}\n/usr/lib/libc.so.6`),
        listed("libpq5", "/usr/lib/libpq.so.5"),
        listed("libldap", "/usr/lib/libldap.so.2"),
        listed("libmagic1", "/usr/lib/libmagic.so.1"),
        listed("libpcre2-8-0", "/usr/lib/libpcre2-8.so.0"),
      ]),
    },
  });
}

function needs(files: ImageSpec["files"], shipped: readonly string[], opened: readonly string[] = []) {
  const paths = (list: readonly string[]) => list.map((path) => imagePath(path));
  return needsOf(image(files), paths(shipped), new Set(paths(opened))).map((need) =>
    need.kind === "package"
      ? `${need.name}${need.standing === true ? " (standing)" : ""}`
      : need.kind === "path"
        ? need.path
        : need.kind,
  );
}

describe("what a program links to", () => {
  const app = (...needed: readonly string[]) => ({ "/app/x": elf({ interpreter: LD, needed }) });

  test("comes with its package, and so does what that one links to", () => {
    expect(needs(app("libc.so.6", "libpq.so.5"), ["/app/x"])).toEqual(["libpq5", "libldap"]);
  });

  test("is said to be everywhere where it is, which rules out images without a distribution", () => {
    expect(needs(app("libc.so.6", "libpcre2-8.so.0"), ["/app"])).toEqual(["libpcre2-8-0 (standing)"]);
  });

  test("is a file where no package owns it", () => {
    const files = { ...app("libown.so"), "/usr/local/lib/libown.so": elf(), "/etc/ld.so.conf": "" };
    const own = readImageOf({ files, texts: { "/etc/ld.so.conf": "/usr/local/lib\n" } });
    expect(needsOf(own, [imagePath("/app/x")], new Set())).toMatchObject([{ path: "/usr/local/lib/libown.so" }]);
  });

  test("is nobody's need where the program stays behind", () => {
    expect(needs(app("libpq.so.5"), ["/srv"])).toEqual([]);
  });
});

describe("what a process has open", () => {
  test("counts: a library that is loaded by name, a file of the project", () => {
    const files = { "/srv/words.txt": "w", "/app/x": elf() };
    const opened = ["/usr/lib/libmagic.so.1", "/srv/words.txt", "/app/x", "/tmp/made-when-it-ran"];
    expect(needs(files, ["/app/x"], opened)).toEqual(["libmagic1", "/srv/words.txt"]);
  });

  test("does not count where it comes with the base, or with a tree of libraries", () => {
    const files = { "/etc/base.conf": { layer: 0 }, "/app/node_modules/a/b.node": elf() };
    const opened = ["/usr/lib/libpcre2-8.so.0", "/etc/base.conf", "/app/node_modules/a/b.node"];
    expect(needs(files, [], opened)).toEqual([]);
  });
});
