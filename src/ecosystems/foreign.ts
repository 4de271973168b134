/**
 * Toolchains whose builds are told apart but not yet read, so that they are refused by name instead of guessed at:
 *
 *     mvn -B package          a build of "Maven"
 *     pip install -r req.txt  libraries of "pip"
 */
import type { Ecosystem } from "./ecosystem.ts";

interface Toolchain {
  readonly name: string;
  readonly builds: RegExp;
  readonly installs?: RegExp;
}

const ANY = /^/;
const NONE = /^(?!)/;

const TOOLCHAINS: Readonly<Record<string, Toolchain>> = {
  ant: { name: "Ant", builds: ANY },
  bazel: { name: "Bazel", builds: ANY },
  bundle: { name: "Bundler", builds: /^exec/, installs: ANY },
  bundler: { name: "Bundler", builds: /^exec/, installs: ANY },
  cabal: { name: "Cabal", builds: ANY },
  cargo: { name: "Cargo", builds: /^(?!--version|version)/ },
  cmake: { name: "CMake", builds: /^(?!--version)/ },
  composer: { name: "Composer", builds: NONE, installs: ANY },
  configure: { name: "Autoconf", builds: ANY },
  conda: { name: "Conda", builds: NONE, installs: ANY },
  crystal: { name: "Crystal", builds: ANY },
  dotnet: { name: ".NET", builds: /^(?!--)/ },
  dub: { name: "Dub", builds: ANY },
  "g++": { name: "the C++ compiler", builds: /^(?!--version|-v$)/ },
  gcc: { name: "the C compiler", builds: /^(?!--version|-v$)/ },
  gem: { name: "RubyGems", builds: NONE, installs: /^(?:install|update)/ },
  gradle: { name: "Gradle", builds: ANY },
  gradlew: { name: "Gradle", builds: ANY },
  javac: { name: "the Java compiler", builds: ANY },
  ldc2: { name: "the D compiler", builds: ANY },
  lein: { name: "Leiningen", builds: ANY },
  meson: { name: "Meson", builds: ANY },
  mix: { name: "Mix", builds: ANY },
  mvn: { name: "Maven", builds: ANY },
  mvnw: { name: "Maven", builds: ANY },
  ninja: { name: "Ninja", builds: ANY },
  pip: { name: "pip", builds: NONE, installs: /^(?:install|wheel|download)/ },
  pip3: { name: "pip", builds: NONE, installs: /^(?:install|wheel|download)/ },
  pipenv: { name: "Pipenv", builds: NONE, installs: ANY },
  poetry: { name: "Poetry", builds: /^build/, installs: ANY },
  rails: { name: "Rails", builds: ANY },
  rake: { name: "Rake", builds: ANY },
  rebar3: { name: "Rebar", builds: ANY },
  rustc: { name: "the Rust compiler", builds: /^(?!--version)/ },
  sbt: { name: "sbt", builds: ANY },
  shards: { name: "Shards", builds: ANY },
  stack: { name: "Stack", builds: ANY },
  swift: { name: "Swift", builds: /^build/ },
  uv: { name: "uv", builds: NONE, installs: ANY },
  zig: { name: "Zig", builds: ANY },
};

/** Toolchains that are recognised only. */
export const foreign: Ecosystem = {
  name: "foreign",
  interpret(command) {
    const toolchain = TOOLCHAINS[command.name];
    const verb = command.argv[1]?.text ?? "";
    if (toolchain === undefined)
      return pythonModule(
        command.name,
        command.argv.map((field) => field.text),
      );
    if (toolchain.installs?.test(verb) === true && !(toolchain.builds !== NONE && toolchain.builds.test(verb)))
      return [{ kind: "foreign", toolchain: toolchain.name, what: "dependencies" }];
    return toolchain.builds.test(verb)
      ? [{ kind: "foreign", toolchain: toolchain.name, what: "build" }]
      : [{ kind: "nothing" }];
  },
  needs: () => undefined,
  runtimeBases: () => undefined,
};

/** `python3 -m pip install`, `python setup.py install`. */
function pythonModule(name: string, words: readonly string[]): ReturnType<Ecosystem["interpret"]> {
  if (!/^python[\d.]*$/.test(name)) return undefined;
  if (words[1] === "-m" && /^(?:pip|venv|virtualenv|build)$/.test(words[2] ?? ""))
    return [{ kind: "foreign", toolchain: "pip", what: "dependencies" }];
  return words.some((word) => word.endsWith("setup.py"))
    ? [{ kind: "foreign", toolchain: "setuptools", what: "build" }]
    : undefined;
}
