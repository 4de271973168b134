/**
 * Whether every program and library that crossed finds what it needs in the new image:
 *
 *     /app/server    needs libpq.so.5        found by ld.so's rules, or missing
 *                    asks for GLIBC_2.34     the libc of the new image has at most 2.31
 *     /app/run.sh    #!/bin/bash             the interpreter is there
 *     /app/current   -> /app/v2              the link leads somewhere
 *
 * What was already so in the old image is no problem of the migration, and is only noted. Sources: ld.so(8), ldconfig(8), and for
 * musl https://wiki.musl-libc.org/environment-variables.html and its dynamic linker's source (ldso/dynlink.c).
 */
import { posix } from "node:path";
import { compareVersions } from "../engine/elf.ts";
import type { ElfFacts, ImageFile, ReadImage, RegularFile } from "../model/image.ts";
import type { Check, FailureCause, Finding } from "../model/verification.ts";
import type { ImagePath } from "../text/paths.ts";
import { ownerIn } from "./absence.ts";
import { findProgram, resolveFile, resolvePlace } from "./file-paths.ts";

/** Checks the files of the new image that are above its base. */
export function compareLibraries(before: ReadImage, after: ReadImage): Check {
  const [old, now] = [new Resolver(before), new Resolver(after)];
  const findings: Finding[] = [];
  let programs = 0;
  for (const file of after.contents.files.values()) {
    if (file.layer < (after.baseLayers ?? 0)) continue;
    const problems = now.problemsOf(file);
    if (file.kind === "file" && file.elf !== undefined) programs += 1;
    if (problems.length === 0) continue;
    const other = before.contents.files.get(file.path);
    const known = new Set(other === undefined ? [] : old.problemsOf(other).map(({ what }) => what));
    for (const problem of problems) {
      // What a package does without is its maintainers' word: a script beside its programs may want an interpreter that it only suggests.
      if (ownerIn(after, file.path) !== undefined)
        findings.push({
          ...problem,
          level: "note",
          why: "An OS package brings it; what it needs is the package manager's word.",
        });
      else if (known.has(problem.what)) findings.push({ ...problem, level: "note", why: "It was so before." });
      else findings.push({ ...problem, ...located(problem, old) });
    }
  }
  const wrong = findings.filter(({ level }) => level === "problem").length;
  const counted = `${programs} ${programs === 1 ? "program or library" : "programs and libraries"} crossed`;
  return {
    ok: wrong === 0,
    summary: wrong === 0 ? `${counted}, all that they need is there` : `${counted}, ${wrong} needs are not met`,
    findings,
  };
}

/** Where the old image has what is missing, for whoever repairs it. */
function located({ cause }: Finding, old: Resolver): { readonly cause?: FailureCause } {
  if (cause?.kind !== "library-missing") return cause === undefined ? {} : { cause };
  const found = old.libraryNamed(cause.library);
  return { cause: found === undefined ? cause : { ...cause, foundAt: found } };
}

/** The libraries that programs and libraries of an image load, theirs included, each with who asks for it first. */
export function neededLibraries(image: ReadImage, files: readonly RegularFile[]): ReadonlyMap<ImagePath, ImagePath> {
  const resolver = new Resolver(image);
  const found = new Map<ImagePath, ImagePath>();
  const open = [...files];
  for (let file = open.shift(); file !== undefined; file = open.shift()) {
    for (const library of resolver.librariesOf(file)) {
      if (found.has(library.path)) continue;
      found.set(library.path, file.path);
      open.push(library);
    }
  }
  return found;
}

const GLIBC_DIRECTORIES = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
const MUSL_DIRECTORIES = ["/lib", "/usr/local/lib", "/usr/lib"];

/**
 * Java's launcher loads it by its path before the libraries beside it that name it
 * (https://github.com/openjdk/jdk/blob/master/src/java.base/unix/native/libjli/java_md.c, GetJVMPath and LoadJavaVM).
 */
const MACHINE = "libjvm.so";

class Resolver {
  readonly #image: ReadImage;
  readonly #environment: readonly string[];
  readonly #directories: readonly string[];
  /** Directories that no layer has an entry of, but files in them. */
  readonly #implied: ReadonlySet<string>;
  readonly #checked = new Map<string, readonly Finding[]>();

  constructor(image: ReadImage) {
    this.#image = image;
    const { env } = image.image.configuration;
    this.#environment = (env.LD_LIBRARY_PATH ?? "").split(":").filter((path) => path !== "");
    this.#directories = this.#configured();
    this.#implied = new Set([...image.contents.files.keys()].map((path) => posix.dirname(path)));
  }

  problemsOf(file: ImageFile): readonly Finding[] {
    if (file.kind === "symlink") return this.#linkProblems(file.path, file.target);
    if (file.kind !== "file") return [];
    if (file.elf !== undefined) return this.#elfProblems(file, file.elf);
    if (file.shebang !== undefined && (file.mode & 0o111) !== 0) return this.#scriptProblems(file, file.shebang);
    return [];
  }

  /** Any library of a name, wherever it lies. */
  libraryNamed(name: string): ImagePath | undefined {
    for (const path of this.#image.contents.files.keys()) if (posix.basename(path) === name) return path;
    return undefined;
  }

  librariesOf(file: RegularFile): readonly RegularFile[] {
    const { elf } = file;
    return elf === undefined ? [] : elf.needed.flatMap((name) => this.#library(name, file, elf) ?? []);
  }

  #linkProblems(path: ImagePath, target: string): readonly Finding[] {
    const place = resolvePlace(this.#image.contents, path);
    if (place !== undefined && (this.#image.contents.files.has(place) || this.#implied.has(place))) return [];
    // What the kernel provides when a container runs is in no image.
    const absolute = posix.resolve(posix.dirname(path), target);
    if (/^\/(?:proc|dev|sys|run)\//.test(absolute)) return [];
    const cause = { kind: "file-missing", path: absolute } as const;
    return [
      problem(`the link ${path} leads to ${absolute}, which is not there`, "A program that follows it fails.", cause),
    ];
  }

  #scriptProblems({ path }: RegularFile, [program = "", argument]: readonly string[]): readonly Finding[] {
    const { configuration } = this.#image.image;
    if (resolveFile(this.#image.contents, program) === undefined) {
      const cause = { kind: "shebang-missing", script: path, interpreter: program } as const;
      return [problem(`${path} is started by ${program}, which is not there`, "The script cannot be run.", cause)];
    }
    const name = /\/env$/.test(program) ? argument?.replace(/^-S\s+/, "").split(/\s+/)[0] : undefined;
    if (name === undefined || name.startsWith("-") || name.includes("=")) return [];
    if (findProgram(this.#image.contents, name, configuration.env.PATH ?? "", configuration.workdir)) return [];
    const cause = { kind: "shebang-missing", script: path, interpreter: name } as const;
    return [problem(`${path} is started by ${name}, which is not on the PATH`, "The script cannot be run.", cause)];
  }

  #elfProblems(file: RegularFile, elf: ElfFacts): readonly Finding[] {
    const known = this.#checked.get(file.path);
    if (known !== undefined) return known;
    // Libraries that need each other would be followed for ever.
    this.#checked.set(file.path, []);
    const found = [...this.#interpreterProblems(file, elf), ...this.#neededProblems(file, elf)];
    this.#checked.set(file.path, found);
    return found;
  }

  #interpreterProblems({ path }: RegularFile, { interpreter }: ElfFacts): readonly Finding[] {
    if (interpreter === undefined || resolveFile(this.#image.contents, interpreter) !== undefined) return [];
    const wants = /ld-musl/.test(interpreter) ? "musl" : "glibc";
    const cause = { kind: "libc-mismatch", file: path, wants, has: wants === "musl" ? "none" : this.#libc() } as const;
    const what = `${path} is started by ${interpreter}, which is not there`;
    return [problem(what, "The program cannot be run: it was linked for another C library.", cause)];
  }

  #libc(): string {
    const names = [...this.#image.contents.files.keys()];
    if (names.some((path) => /\/ld-musl-[^/]+\.so\.1$/.test(path))) return "musl";
    return names.some((path) => /\/ld-linux[^/]*\.so\.\d$/.test(path)) ? "glibc" : "none";
  }

  #neededProblems(file: RegularFile, elf: ElfFacts): readonly Finding[] {
    const found: Finding[] = [];
    const libraries: RegularFile[] = [];
    for (const name of elf.needed) {
      const library = this.#library(name, file, elf);
      if (library === undefined) {
        const cause = { kind: "library-missing", library: name, neededBy: file.path } as const;
        found.push(problem(`${file.path} needs ${name}, which is not there`, "It cannot be loaded.", cause));
      } else {
        libraries.push(library);
        if (library.elf !== undefined) found.push(...this.#elfProblems(library, library.elf));
      }
    }
    return [...found, ...versionProblems(file, elf, libraries)];
  }

  /** As the dynamic linker looks: RPATH (without RUNPATH), LD_LIBRARY_PATH, RUNPATH, the configuration, the default places. */
  #library(name: string, { path }: RegularFile, elf: ElfFacts): RegularFile | undefined {
    const own = (list: readonly string[]): readonly string[] =>
      list.map((entry) => entry.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, posix.dirname(path)));
    const places = name.includes("/")
      ? [""]
      : [
          ...(elf.runpath.length === 0 ? own(elf.rpath) : []),
          ...this.#environment,
          ...own(elf.runpath),
          ...this.#directories,
          ...(name === MACHINE ? [posix.join(posix.dirname(path), "server")] : []),
        ];
    for (const place of places) {
      const found = resolveFile(this.#image.contents, place === "" ? name : posix.join(place, name));
      if (found?.kind !== "file" || found.elf === undefined) continue;
      if (found.elf.machine === elf.machine && found.elf.bits === elf.bits) return found;
    }
    return undefined;
  }

  #configured(): readonly string[] {
    const { texts, files } = this.#image.contents;
    const musl = [...texts].find(([path]) => /^\/etc\/ld-musl-[^/]+\.path$/.test(path));
    const isMusl = [...files.keys()].some((path) => /^\/lib\/ld-musl-[^/]+\.so\.1$/.test(path));
    if (musl !== undefined) return musl[1].split(/[:\n]/).filter((path) => path !== "");
    const listed = [...texts]
      .filter(([path]) => /^\/etc\/ld\.so\.conf(?:\.d\/.*)?$/.test(path))
      .flatMap(([, text]) => text.split("\n"))
      .map((line) => line.replace(/#.*/, "").trim())
      .filter((line) => line.startsWith("/"));
    const multiarch = [...files.keys()].flatMap(
      (path) => /^(?:\/usr)?\/lib\/[\w-]+-linux-(?:gnu|musl)\w*$/.exec(path)?.[0] ?? [],
    );
    return [...(isMusl ? MUSL_DIRECTORIES : []), ...listed, ...multiarch, ...GLIBC_DIRECTORIES];
  }
}

/** What a file asks of `GLIBC`, `GLIBCXX` and others has to be defined by one of the libraries that it loads. */
function versionProblems(
  { path }: RegularFile,
  { requires }: ElfFacts,
  libraries: readonly RegularFile[],
): readonly Finding[] {
  return Object.entries(requires).flatMap(([name, wanted]) => {
    const defined = libraries.flatMap(({ elf }) =>
      elf && Object.hasOwn(elf.defines, name) ? [elf.defines[name]] : [],
    );
    const has = defined
      .filter((version) => version !== undefined)
      .sort(compareVersions)
      .at(-1);
    if (has === undefined || compareVersions(wanted, has) <= 0) return [];
    const cause = { kind: "libc-mismatch", file: path, wants: `${name}_${wanted}`, has: `${name}_${has}` } as const;
    const what = `${path} asks for ${name}_${wanted}, and the image has ${name}_${has}`;
    return [problem(what, "It was linked against newer libraries.", cause)];
  });
}

function problem(what: string, why: string, cause: FailureCause): Finding {
  return { level: "problem", what, why, cause };
}
