import { describe, expect, it } from "vitest";
import { migrated } from "./migrated.ts";

const MAIN = "#include <stdio.h>\nint main(void) { return 0; }\n";

function project(dockerfile: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { Dockerfile: dockerfile, "main.c": MAIN, "util.c": "int x;\n", ...more };
}

const FAT = (build: string, base = "gcc:12", start = '["./app"]'): string =>
  `FROM ${base}\nWORKDIR /src\nCOPY . .\nRUN ${build}\nCMD ${start}\n`;

/** The last stage's base, and what crosses. */
function shipped(dockerfile: string, more?: Readonly<Record<string, string>>) {
  const { production, flows, verdict } = migrated(project(dockerfile, more));
  return { base: /^FROM (\S+)/.exec(production)?.[1], flows, production, verdict };
}

describe("what a compiler makes", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["a program in one step", "gcc -O2 -Wall -o app main.c util.c", {}],
    ["a program of objects", "gcc -c main.c && gcc -c util.c && gcc main.o util.o -oapp", {}],
    ["a program with an archive", "cc -c util.c && ar rcs libutil.a util.o && cc -o app main.c -L. libutil.a", {}],
    ["by a makefile's rule, with make's own CC", "make", { Makefile: "app: main.c util.c\n\t$(CC) -o $@ $^\n" }],
    ["by a script", "sh build.sh", { "build.sh": "clang -o app main.c util.c\n" }],
  ])("%s", (_, build, more) => {
    expect(shipped(FAT(build), more)).toMatchObject({
      base: "gcr.io/distroless/cc-debian12",
      flows: ["builder:/src/app -> /src/app"],
    });
  });

  it("is called a.out where nobody says otherwise", () => {
    expect(shipped(FAT("gcc main.c", "gcc:12", '["./a.out"]')).flows).toEqual(["builder:/src/a.out -> /src/a.out"]);
  });
});

describe("where it runs", () => {
  it.each<[string, string, string, string]>([
    ["anywhere, when it is static", "gcc -static -o app main.c", "gcc:12", "gcr.io/distroless/static-debian12"],
    ["on the build's own release", "gcc -o app main.c", "gcc:11", "gcr.io/distroless/cc-debian12"],
    ["with C++ of Debian", "g++ -o app main.c", "buildpack-deps:bookworm", "gcr.io/distroless/cc-debian12"],
    ["on the old base with C++ of GCC's image, which is newer", "g++ -o app main.c", "gcc:12", "gcc:12"],
    ["with a library of Debian", "gcc -o app main.c -lssl -lcrypto -lm", "gcc:12", "debian:bookworm-slim"],
    ["on the old base with a library that is not known", "gcc -o app main.c -lgdal", "gcc:12", "gcc:12"],
    [
      "on the old base where a command gives the options",
      "gcc -o app main.c $(pkg-config --libs x)",
      "gcc:12",
      "gcc:12",
    ],
  ])("%s", (_, build, base, runtime) => {
    expect(shipped(FAT(build, base)).base).toBe(runtime);
  });

  it.each<[string, string, string, Readonly<Record<string, string>>]>([
    [
      "a library of its own, which would have to ship",
      "gcc -shared -o libutil.so util.c && gcc -o app main.c -L. -lutil",
      "gcc:12",
      {},
    ],
    [
      "a library of its own, by its path",
      "gcc -shared -o libutil.so util.c && gcc -o app main.c ./libutil.so",
      "gcc:12",
      {},
    ],
    [
      "libraries that it loads by name",
      "gcc -o app main.c -ldl",
      "gcc:12",
      { "main.c": 'int main(void) { dlopen("libz.so.1", 1); }\n' },
    ],
    ["a sanitizer", "gcc -fsanitize=address -o app main.c", "gcc:12", {}],
    [
      "an archive of its own, which ends up in the program",
      "gcc -c util.c && ar rcs libutil.a util.o && gcc -o app main.c -L. -lutil",
      "gcr.io/distroless/cc-debian12",
      {},
    ],
  ])("of a program with %s", (_, build, runtime, more) => {
    expect(shipped(FAT(build), more).base).toBe(runtime);
  });

  it("installs the library of OpenMP, which slim images lack", () => {
    const { production } = shipped(FAT("gcc -fopenmp -o app main.c", "buildpack-deps:bookworm"));
    expect(production).toContain("ca-certificates libgomp1 ");
  });

  it("installs the packages of the libraries", () => {
    expect(shipped(FAT("gcc -o app main.c -l sqlite3 -lssl")).production).toContain(
      "ca-certificates libsqlite3-0 libssl3 ",
    );
  });
});

describe("what it opens and starts", () => {
  const production = (body: string, files: readonly string[]): string => {
    const more = Object.fromEntries(files.map((path) => [path, "x"]));
    return shipped(FAT("gcc -o app main.c"), { ...more, "main.c": `int main(void) { ${body} }\n` }).production;
  };

  it("keeps a file that the sources open", () => {
    expect(production('fopen("data/list.txt", "r");', ["data/list.txt"])).toContain("COPY data/list.txt /src/data/");
  });

  it("leaves headers behind", () => {
    expect(production('\n#include "inc/app.h"\n', ["inc/app.h"])).not.toContain("inc");
  });

  it("keeps a program of a command line, and the shell that reads it", () => {
    expect(production('system("git status");', [])).toMatch(/^FROM debian:bookworm-slim[\s\S]*\bgit\b/);
  });

  it("keeps a shell and the system's tools where the name is computed", () => {
    expect(production("execvp(argv[1], argv + 1);", [])).toMatch(/^FROM debian:bookworm-slim/);
  });
});
