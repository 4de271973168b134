/**
 * Toolchains whose builds are told apart but not yet read, so that they are refused by name instead of guessed at:
 *
 *     mvn -B package          a build of "Maven"
 *     bundle install          libraries of "Bundler"
 */
import type { Ecosystem } from "./ecosystem.ts";

interface Toolchain {
  readonly name: string;
  readonly builds: RegExp;
  readonly installs?: RegExp;
}

const ANY = /^/;
const NONE = /^(?!)/;
/** Anything but a question for the version or for help. */
const WORK = /^(?!-{0,2}(?:version|help)$|-[vVh]$)/;

const TOOLCHAINS: Readonly<Record<string, Toolchain>> = {
  ant: { name: "Ant", builds: WORK },
  autoreconf: { name: "Autoconf", builds: WORK },
  bazel: { name: "Bazel", builds: WORK },
  bazelisk: { name: "Bazel", builds: WORK },
  bundle: { name: "Bundler", builds: /^exec/, installs: WORK },
  bundler: { name: "Bundler", builds: /^exec/, installs: WORK },
  cabal: { name: "Cabal", builds: WORK },
  clojure: { name: "Clojure", builds: WORK },
  cmake: { name: "CMake", builds: WORK },
  conda: { name: "Conda", builds: NONE, installs: WORK },
  configure: { name: "Autoconf", builds: ANY },
  cpan: { name: "CPAN", builds: NONE, installs: WORK },
  cpanm: { name: "CPAN", builds: NONE, installs: WORK },
  crystal: { name: "Crystal", builds: WORK },
  dotnet: { name: ".NET", builds: /^(?!--)/ },
  dub: { name: "Dub", builds: WORK },
  easy_install: { name: "setuptools", builds: NONE, installs: WORK },
  elm: { name: "Elm", builds: WORK },
  flutter: { name: "Flutter", builds: WORK },
  gem: { name: "RubyGems", builds: NONE, installs: /^(?:install|update)/ },
  ghc: { name: "the Haskell compiler", builds: WORK },
  gradle: { name: "Gradle", builds: WORK },
  gradlew: { name: "Gradle", builds: WORK },
  hatch: { name: "Hatch", builds: WORK },
  javac: { name: "the Java compiler", builds: WORK },
  kotlinc: { name: "the Kotlin compiler", builds: WORK },
  ldc2: { name: "the D compiler", builds: WORK },
  lein: { name: "Leiningen", builds: WORK },
  luarocks: { name: "LuaRocks", builds: WORK },
  mamba: { name: "Conda", builds: NONE, installs: WORK },
  maturin: { name: "Maturin", builds: WORK },
  meson: { name: "Meson", builds: WORK },
  micromamba: { name: "Conda", builds: NONE, installs: WORK },
  mill: { name: "Mill", builds: WORK },
  mix: { name: "Mix", builds: WORK },
  msbuild: { name: ".NET", builds: WORK },
  mvn: { name: "Maven", builds: WORK },
  mvnw: { name: "Maven", builds: WORK },
  nim: { name: "Nim", builds: WORK },
  nimble: { name: "Nimble", builds: WORK },
  ninja: { name: "Ninja", builds: WORK },
  "nix-build": { name: "Nix", builds: WORK },
  opam: { name: "opam", builds: WORK },
  pdm: { name: "PDM", builds: NONE, installs: WORK },
  pipx: { name: "pipx", builds: NONE, installs: WORK },
  qmake: { name: "qmake", builds: WORK },
  R: { name: "R", builds: WORK },
  Rscript: { name: "R", builds: WORK },
  rails: { name: "Rails", builds: WORK },
  rake: { name: "Rake", builds: WORK },
  rebar3: { name: "Rebar", builds: WORK },
  rustc: { name: "the Rust compiler", builds: WORK },
  sbt: { name: "sbt", builds: WORK },
  scons: { name: "SCons", builds: WORK },
  shards: { name: "Shards", builds: WORK },
  stack: { name: "Stack", builds: WORK },
  swift: { name: "Swift", builds: /^build/ },
  valac: { name: "the Vala compiler", builds: WORK },
  zig: { name: "Zig", builds: WORK },
};

/** Names with a version at their end, such as `pip3.11` and `gcc-12`, go by the name without it. */
function toolchainOf(name: string): Toolchain | undefined {
  const plain = name.replace(/-?\d[\d.]*$/, "");
  return [name, plain].filter((one) => Object.hasOwn(TOOLCHAINS, one)).map((one) => TOOLCHAINS[one])[0];
}

/** Toolchains that are recognised only. */
export const foreign: Ecosystem = {
  name: "foreign",
  interpret(command) {
    const words = command.argv.map((field) => field.text);
    return readToolchain(command.name, words) ?? startedBy(command.name, words);
  },
  needs: () => undefined,
  runtimeBases: () => undefined,
};

function readToolchain(name: string, words: readonly string[]): ReturnType<Ecosystem["interpret"]> {
  const toolchain = toolchainOf(name);
  if (toolchain === undefined) return undefined;
  const verb = words[1] ?? "";
  if (toolchain.installs?.test(verb) === true && !toolchain.builds.test(verb))
    return [{ kind: "foreign", toolchain: toolchain.name, what: "dependencies" }];
  return toolchain.builds.test(verb)
    ? [{ kind: "foreign", toolchain: toolchain.name, what: "build" }]
    : [{ kind: "nothing" }];
}

/** Interpreters and the language whose programs they run. */
const INTERPRETERS: readonly (readonly [RegExp, string])[] = [
  [/^ruby[\d.]*$/, "Ruby"],
  [/^java$/, "Java"],
  [/^(?:elixir|erl|escript)$/, "Erlang and Elixir"],
];

/** A question for the version only looks. */
function startedBy(name: string, words: readonly string[]): ReturnType<Ecosystem["interpret"]> {
  const language = INTERPRETERS.find(([pattern]) => pattern.test(name))?.[1];
  if (language === undefined) return undefined;
  if (words.length === 2 && /^-{1,2}(?:version|v|V|m)$/.test(words[1] ?? "")) return [{ kind: "nothing" }];
  return undefined;
}
