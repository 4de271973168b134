import { describe, expect, test } from "vitest";
import type { ElfFacts } from "../../src/model/image.ts";
import { compareLibraries } from "../../src/verify/compare-libraries.ts";
import { type ImageSpec, readImageOf } from "./images.ts";

const LD = "/lib64/ld-linux-x86-64.so.2";
const ELF: ElfFacts = {
  bits: 64,
  machine: 62,
  kind: "shared-object",
  needed: [],
  rpath: [],
  runpath: [],
  requires: {},
  defines: {},
};
const elf = (facts: Partial<ElfFacts> = {}, layer = 1) => ({ mode: 0o755, layer, elf: { ...ELF, ...facts } });
const LIBC = { [LD]: elf({}, 0), "/usr/lib/libc.so.6": elf({ defines: { GLIBC: "2.31" } }, 0) };

function problems(
  after: ImageSpec["files"],
  before: ImageSpec["files"] = {},
  configuration: ImageSpec["configuration"] = {},
) {
  const check = compareLibraries(readImageOf({ files: before }), readImageOf({ files: after, configuration }));
  const found = check.findings.filter(({ level }) => level === "problem");
  expect(check.ok).toBe(found.length === 0);
  return found;
}

const what = (found: readonly { readonly what: string }[]): readonly string[] => found.map((one) => one.what);

describe("a program", () => {
  test("that finds all it needs is fine", () => {
    expect(problems({ ...LIBC, "/app/x": elf({ interpreter: LD, needed: ["libc.so.6"] }) })).toEqual([]);
  });

  test("lacks a library, which the old image has elsewhere", () => {
    const [found] = problems(
      { ...LIBC, "/app/x": elf({ interpreter: LD, needed: ["libpq.so.5"] }) },
      { "/usr/lib/libpq.so.5": elf() },
    );
    expect(found).toMatchObject({
      what: "/app/x needs libpq.so.5, which is not there",
      cause: { kind: "library-missing", library: "libpq.so.5", neededBy: "/app/x", foundAt: "/usr/lib/libpq.so.5" },
    });
  });

  test("of Java's runtime finds the machine that the launcher loads before it", () => {
    const net = elf({ needed: ["libjvm.so"] });
    expect(problems({ ...LIBC, "/opt/j/lib/libnet.so": net, "/opt/j/lib/server/libjvm.so": elf() })).toEqual([]);
    expect(what(problems({ ...LIBC, "/opt/j/lib/libnet.so": net, "/srv/libjvm.so": elf() }))).toEqual([
      "/opt/j/lib/libnet.so needs libjvm.so, which is not there",
    ]);
  });

  test("lacks what one of its libraries needs", () => {
    const files = { ...LIBC, "/usr/lib/liba.so": elf({ needed: ["libb.so"] }), "/app/x": elf({ needed: ["liba.so"] }) };
    expect(what(problems(files))).toContain("/usr/lib/liba.so needs libb.so, which is not there");
  });

  test.each<[string, Partial<ElfFacts>, Readonly<Record<string, string>>]>([
    ["beside itself, by RUNPATH", { runpath: ["$ORIGIN/lib"] }, {}],
    ["by RPATH", { rpath: ["/app/lib"] }, {}],
    ["by LD_LIBRARY_PATH", {}, { LD_LIBRARY_PATH: "/nowhere:/app/lib" }],
  ])("finds a library %s", (_, facts, env) => {
    const files = { ...LIBC, "/app/lib/liba.so": elf(), "/app/x": elf({ needed: ["liba.so"], ...facts }) };
    expect(problems(files, {}, { env })).toEqual([]);
    expect(problems({ ...files, "/app/x": elf({ needed: ["liba.so"] }) })).toHaveLength(1);
  });

  test("does not take a library of another architecture", () => {
    expect(
      problems({ "/usr/lib/liba.so": elf({ machine: 183 }), "/app/x": elf({ needed: ["liba.so"] }) }),
    ).toHaveLength(1);
  });

  test("asks for a newer libc", () => {
    const [found] = problems({ ...LIBC, "/app/x": elf({ needed: ["libc.so.6"], requires: { GLIBC: "2.34" } }) });
    expect(found).toMatchObject({
      what: "/app/x asks for GLIBC_2.34, and the image has GLIBC_2.31",
      cause: { kind: "libc-mismatch" },
    });
  });

  test("was linked for another C library", () => {
    const [found] = problems({ ...LIBC, "/app/x": elf({ interpreter: "/lib/ld-musl-x86_64.so.1" }) });
    expect(found?.cause).toMatchObject({ kind: "libc-mismatch", wants: "musl" });
  });

  test("that had the same lack before is only noted", () => {
    const file = { "/app/x": elf({ needed: ["liba.so"] }) };
    const check = compareLibraries(readImageOf({ files: file }), readImageOf({ files: file }));
    expect(check).toMatchObject({ ok: true, findings: [{ level: "note" }] });
  });

  test("of the base image is not looked at", () => {
    expect(problems({ "/usr/bin/x": elf({ needed: ["liba.so"] }, 0) })).toEqual([]);
  });
});

describe("a script", () => {
  const script = (...shebang: readonly string[]) => ({ "/app/run": { mode: 0o755, shebang } });

  test("finds its interpreter through links", () => {
    const links = { "/bin": { kind: "symlink", target: "usr/bin" }, "/usr/bin/sh": elf({}, 0) } as const;
    expect(problems({ ...links, ...script("/bin/sh") })).toEqual([]);
  });

  test("lacks its interpreter", () => {
    expect(problems(script("/bin/bash"))[0]?.cause).toEqual({
      kind: "shebang-missing",
      script: "/app/run",
      interpreter: "/bin/bash",
    });
  });

  test("lacks what env(1) looks for", () => {
    const env = { "/usr/bin/env": elf({}, 0) };
    expect(what(problems({ ...env, ...script("/usr/bin/env", "python3") }))).toEqual([
      "/app/run is started by python3, which is not on the PATH",
    ]);
    expect(problems({ ...env, "/usr/bin/python3": elf({}, 0), ...script("/usr/bin/env", "python3") })).toEqual([]);
  });

  test("that nobody may run is no matter", () => {
    expect(problems({ "/app/run": { mode: 0o644, shebang: ["/bin/bash"] } })).toEqual([]);
  });
});

test("a link has to lead somewhere, but for what only a running container has", () => {
  expect(
    what(
      problems({ "/app/a": { kind: "symlink", target: "b" }, "/app/c": { kind: "symlink", target: "/dev/stdout" } }),
    ),
  ).toEqual(["the link /app/a leads to /app/b, which is not there"]);
});
