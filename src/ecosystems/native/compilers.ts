/**
 * Compilers that make one program out of the file that they are given:
 *
 *     nim c -o:/bin/tides src/tides.nim      /bin/tides
 *     crystal build --static src/tides.cr    tides in the working directory, linked statically
 *     ldc2 -of=tides source/*.d              tides
 *     ghc -o tides Main.hs                   tides
 *     zig build-exe tides.zig                tides
 *
 * Sources: https://nim-lang.org/docs/nimc.html, https://dlang.org/dmd-linux.html, https://crystal-lang.org/reference/man/crystal/,
 * https://downloads.haskell.org/ghc/latest/docs/users_guide/, https://ziglang.org/documentation/master/, https://ocaml.org/manual/native.html,
 * https://www.freepascal.org/docs-html/user/.
 */
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, Linkage, ResolvedCommand } from "../ecosystem.ts";

interface Compiler {
  /** Sub-commands that compile; absent where there are none. */
  readonly verbs?: RegExp;
  /** Names the program; the group is its path, "" where the next word is. */
  readonly output: RegExp;
  readonly source: RegExp;
  /** Whether a program without a name lies beside its source, or in the working directory. */
  readonly beside: boolean;
  /** Options that leave no program. */
  readonly partial?: RegExp;
  /** Options that leave nothing to be loaded at run time; absent where libraries may be loaded all the same. */
  readonly linksAll?: RegExp;
  /** Sub-commands that write nothing for run time; any other may write anything. */
  readonly idle?: RegExp;
}

const D: Compiler = {
  output: /^-of=?(.*)$/,
  source: /\.di?$/,
  beside: false,
  partial: /^-(?:c|lib|o-|unittest|shared)$/,
  linksAll: /^(?:-static|-L-static)$/,
};

const COMPILERS: Readonly<Record<string, Compiler>> = {
  nim: {
    verbs: /^(?:c|cc|cpp|compile|compileToC|compileToCpp|objc)$/,
    output: /^(?:-o|--out)[:=](.+)$/,
    source: /^[^-]/,
    beside: true,
    partial: /^--(?:compileOnly|noLinking|app:(?:lib|staticlib))$/,
    idle: /^(?:check|doc|doc2|dump|genDepend|rst2html)$/,
  },
  dmd: D,
  ldc2: D,
  ldmd2: D,
  gdc: { ...D, output: /^-o(.*)$/ },
  crystal: {
    verbs: /^(?:build|compile)$/,
    output: /^(?:-o|--output=?)(.*)$/,
    source: /\.cr$/,
    beside: false,
    partial: /^--(?:no-codegen|cross-compile)$/,
    linksAll: /^--static$/,
    idle: /^(?:tool|docs|env|init|version|clear_cache)$/,
  },
  ghc: {
    output: /^-o()$/,
    source: /\.l?hs$/,
    beside: true,
    partial: /^-(?:c|no-link|shared)$/,
    // Its own `-static` is about Haskell's libraries alone.
    linksAll: /^-optl-?=?-static$/,
  },
  zig: {
    verbs: /^build-exe$/,
    output: /^-femit-bin=(.+)$/,
    source: /\.(?:zig|c)$/,
    beside: false,
    idle: /^(?:version|env|fetch|fmt|init|init-exe|init-lib|targets|zen|libc|std)$/,
  },
  ocamlopt: { output: /^-o()$/, source: /\.ml$/, beside: false, partial: /^-(?:c|a|shared)$/ },
  ocamlfind: {
    verbs: /^ocamlopt$/,
    output: /^-o()$/,
    source: /\.ml$/,
    beside: false,
    partial: /^-(?:c|a|shared)$/,
    idle: /^(?:list|query|printconf)$/,
  },
  fpc: { output: /^-o(.+)$/, source: /\.(?:pas|pp|lpr|dpr)$/, beside: true },
  v: { output: /^-o()$/, source: /\.v$|^\.$/, beside: false, partial: /^-(?:shared|check)$/ },
};

export function readCompiler(command: ResolvedCommand): readonly Effect[] | undefined {
  const compiler = Object.hasOwn(COMPILERS, command.name) ? COMPILERS[command.name] : undefined;
  if (compiler === undefined) return undefined;
  const [first, ...rest] = command.argv.slice(1);
  if (compiler.verbs !== undefined && compiler.verbs.test(first?.text ?? "") === false)
    return readOther(command, first, compiler.idle);
  const words = compiler.verbs === undefined ? command.argv.slice(1) : rest;
  const source = words.findLast(({ text }) => compiler.source.test(text) && !text.startsWith("-"));
  if (source === undefined || words.some(({ text }) => compiler.partial?.test(text) === true))
    return [{ kind: "nothing" }];
  const named = outputOf(words, compiler);
  if (named?.known === false || (named === undefined && !source.known))
    return [{ kind: "unknown", why: "the name of the program that it makes is not known" }];
  const directory = words.map(({ text }) => /^--outdir[:=](.+)$/.exec(text)?.[1]).find((one) => one !== undefined);
  const path =
    named === undefined
      ? defaultPath(source, directory, compiler, command.workdir)
      : imagePath(named.text, imagePath(directory ?? ".", command.workdir));
  const linkage: Linkage = words.some(({ text }) => compiler.linksAll?.test(text) === true)
    ? { kind: "static" }
    : { kind: "unknown" };
  const { because } = command;
  const frame = { form: "file", ecosystem: "native", confidence: "certain", because } as const;
  return [
    {
      kind: "artifact",
      artifact: { ...frame, path, linkage, source: imagePath("..", imagePath(source.text, command.workdir)) },
    },
  ];
}

/** `zig build` and the like are read elsewhere; `nim --version` does nothing, and `nim e script.nims` may do anything. */
function readOther(
  command: ResolvedCommand,
  verb: Argument | undefined,
  idle: RegExp | undefined,
): readonly Effect[] | undefined {
  if (command.name === "zig" && verb?.text === "build") return undefined;
  if (verb === undefined || verb.text.startsWith("-") || idle?.test(verb.text) === true) return [{ kind: "nothing" }];
  if (/^(?:spec|test)$/.test(verb.text)) return [{ kind: "check", what: "test" }];
  return [{ kind: "unknown", why: `it is not known what "${command.name} ${verb.text}" writes` }];
}

function outputOf(words: readonly Argument[], { output }: Compiler): Argument | undefined {
  for (const [at, field] of words.entries()) {
    const value = output.exec(field.text)?.[1];
    if (value === undefined) continue;
    return value === "" ? words[at + 1] : { ...field, text: value };
  }
  return undefined;
}

function defaultPath(
  source: Argument,
  directory: string | undefined,
  { beside }: Compiler,
  workdir: ImagePath,
): ImagePath {
  const name = baseName(source.text === "." ? workdir : source.text).replace(/\.\w+$/, "");
  const place =
    directory !== undefined
      ? imagePath(directory, workdir)
      : beside
        ? imagePath("..", imagePath(source.text, workdir))
        : workdir;
  return imagePath(name, place);
}
