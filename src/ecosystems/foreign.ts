/**
 * Toolchains whose builds are told apart but not yet read, so that they are refused by name instead of guessed at:
 *
 *     bazel build //app       a build of "Bazel"
 *     cpanm Mojolicious       libraries of "CPAN"
 */
import type { Ecosystem } from "./ecosystem.ts";

interface Toolchain {
  readonly name: string;
  readonly builds: RegExp;
  readonly installs?: RegExp;
}

const NONE = /^(?!)/;
/** Anything but a question for the version or for help. */
const WORK = /^(?!-{0,2}(?:version|help)$|-[vVh]$)/;

const TOOLCHAINS: Readonly<Record<string, Toolchain>> = {
  bazel: { name: "Bazel", builds: WORK },
  bazelisk: { name: "Bazel", builds: WORK },
  clojure: { name: "Clojure", builds: WORK },
  cpan: { name: "CPAN", builds: NONE, installs: WORK },
  cpanm: { name: "CPAN", builds: NONE, installs: WORK },
  easy_install: { name: "setuptools", builds: NONE, installs: WORK },
  elm: { name: "Elm", builds: WORK },
  flutter: { name: "Flutter", builds: WORK },
  hatch: { name: "Hatch", builds: WORK },
  luarocks: { name: "LuaRocks", builds: WORK },
  maturin: { name: "Maturin", builds: WORK },
  mill: { name: "Mill", builds: WORK },
  msbuild: { name: ".NET", builds: WORK },
  "nix-build": { name: "Nix", builds: WORK },
  pipx: { name: "pipx", builds: NONE, installs: WORK },
  qmake: { name: "qmake", builds: WORK },
  R: { name: "R", builds: WORK },
  Rscript: { name: "R", builds: WORK },
  rustc: { name: "the Rust compiler", builds: WORK },
  scons: { name: "SCons", builds: WORK },
  valac: { name: "the Vala compiler", builds: WORK },
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
    return readToolchain(command.name, words);
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
