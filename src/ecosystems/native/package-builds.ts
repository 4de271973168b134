/**
 * Builds of whole packages:
 *
 *     dub build -b release         the target that dub.json names
 *     shards build                 bin/, with the targets of shard.yml
 *     nimble build                 the programs of the .nimble file
 *     stack install                ~/.local/bin
 *     swift build -c release       .build/
 *     zig build                    zig-out/
 *     dune build                   _build/
 *
 * Sources: https://dub.pm/dub-reference/build_settings/, https://github.com/crystal-lang/shards/blob/master/docs/shard.yml.adoc,
 * https://github.com/nim-lang/nimble, https://docs.haskellstack.org/en/stable/commands/install_command/,
 * https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-install, https://www.swift.org/documentation/package-manager/,
 * https://ziglang.org/learn/build-system/, https://dune.readthedocs.io/en/stable/.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf, homeUnknown } from "../homes.ts";
import { commandText, readOperands } from "../operands.ts";
import { readCompiler } from "./compilers.ts";
import { readMix, readRebar } from "./releases.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];

/** Sub-commands that fetch, look or set up; any that is neither here nor read below may write anything. */
const IDLE: Readonly<Record<string, RegExp>> = {
  cabal: /^(?:update|configure|user-config|clean|check|fetch|freeze|list|info|get|sdist|path|help)$/,
  dub: /^(?:fetch|clean|upgrade|add|remove|describe|list|init|lint|convert|search)$/,
  dune: /^(?:clean|subst|fmt|init|describe|external-lib-deps|format-dune-file)$/,
  nimble:
    /^(?:refresh|search|list|path|dump|check|init|develop|lock|sync|setup|shellenv|uninstall|publish|deps|tasks|update)$/,
  opam: /^(?:init|install|switch|update|upgrade|pin|env|config|depext|repository|repo|option|var|list|show|clean|lock)$/,
  shards: /^(?:install|update|check|prune|list|version|init|lock|outdated)$/,
  stack: /^(?:setup|update|config|path|new|clean|purge|ls|upgrade|query|dot|unpack|hoogle)$/,
  swift: /^package$/,
};

function idleOr(command: ResolvedCommand, verb: string): readonly Effect[] {
  if (verb === "" || IDLE[command.name]?.test(verb) === true) return NOTHING;
  return [{ kind: "unknown", why: `it is not known what "${command.name} ${verb}" writes` }];
}

/** `opam exec -- dune build`, `stack exec -- ghc …`: the command after it. */
function wrapped(command: ResolvedCommand): readonly Effect[] | undefined {
  const at = command.argv.findIndex(({ text }) => text === "--");
  const rest = command.argv.slice(at + 1);
  if (at < 0 || rest.length === 0 || rest.some(({ known }) => !known)) return undefined;
  const script = commandText(rest);
  const { workdir, environment, because } = command;
  return [{ kind: "runs", script, workdir, environment, because }];
}

export function readPackageBuild(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const words = command.argv.slice(1).map(({ text }) => text);
  const verb = words.find((word) => !word.startsWith("-")) ?? "";
  switch (command.name) {
    case "dub":
      return dub(command, verb, words, image);
    case "shards":
      return shards(command, verb, words, image);
    case "nimble":
      return nimble(command, verb, words, image);
    case "stack":
      return stack(command, verb, image);
    case "cabal":
      return cabal(command, verb);
    case "swift":
      return verb === "test"
        ? TESTS
        : verb === "build"
          ? [below(".build", command, isStaticSwift(words))]
          : idleOr(command, verb);
    case "zig":
      return zig(command, words);
    case "mix":
      return readMix(command, image);
    case "rebar3":
      return readRebar(command);
    case "dune":
      return verb === "test" || verb === "runtest"
        ? TESTS
        : /^(?:build|install)$/.test(verb)
          ? [below("_build", command)]
          : idleOr(command, verb);
    case "opam":
      return verb === "exec" ? (wrapped(command) ?? idleOr(command, verb)) : idleOr(command, verb);
    case "protoc":
      return protoc(command);
    default:
      return undefined;
  }
}

/** Swift's own libraries are in the program; the system's are not (https://www.swift.org/documentation/articles/static-linux-getting-started.html). */
function isStaticSwift(words: readonly string[]): boolean {
  return words.some((word) => /musl/.test(word));
}

function artifact(path: ImagePath, form: "file" | "directory", command: ResolvedCommand, isStatic = false): Effect {
  const linkage = { kind: isStatic ? "static" : "unknown" } as const;
  const { because, workdir } = command;
  return {
    kind: "artifact",
    artifact: { path, form, linkage, ecosystem: "native", source: workdir, confidence: "likely", because },
  };
}

function homeless(toolchain: string, command: ResolvedCommand): Effect {
  return { kind: "foreign", toolchain, what: "build", why: homeUnknown(command) };
}

function below(name: string, command: ResolvedCommand, isStatic = false): Effect {
  return artifact(imagePath(name, command.workdir), "directory", command, isStatic);
}

function dub(command: ResolvedCommand, verb: string, words: readonly string[], image: ImageView): readonly Effect[] {
  if (verb === "test") return TESTS;
  if (verb !== "build" && verb !== "") return idleOr(command, verb);
  const other = words
    .filter((word) => !word.startsWith("-"))
    .some((word) => word.includes(":") || /^[\w-]+@/.test(word));
  const target = other ? undefined : dubTarget(command.workdir, image);
  if (target !== undefined) return [artifact(target, "file", command, false)];
  return [artifact(command.workdir, "directory", command)];
}

function dubTarget(directory: ImagePath, image: ImageView): ImagePath | undefined {
  const json = image.read(imagePath("dub.json", directory));
  const plain = image.read(imagePath("dub.sdl", directory));
  const text = json ?? plain;
  if (text === undefined) return undefined;
  const field = (name: string): string | undefined =>
    (json === undefined
      ? new RegExp(`^\\s*${name}\\s+"([^"]+)"`, "m")
      : new RegExp(`^(?:\\t|  |    )?"${name}"\\s*:\\s*"([^"]+)"`, "m")
    ).exec(text)?.[1];
  const name = field("targetName") ?? field("name");
  if (name === undefined || /library/i.test(field("targetType") ?? "")) return undefined;
  return imagePath(name, imagePath(field("targetPath") ?? ".", directory));
}

function shards(command: ResolvedCommand, verb: string, words: readonly string[], image: ImageView): readonly Effect[] {
  if (verb !== "build") return idleOr(command, verb);
  const listed =
    /^targets:\s*\n((?:[ \t]+.*\n?)+)/m.exec(image.read(imagePath("shard.yml", command.workdir)) ?? "")?.[1] ?? "";
  const targets = [...listed.matchAll(/^ {2}([\w-]+):/gm)].map(([, name]) => name ?? "");
  const asked = words.filter((word) => targets.includes(word));
  const chosen = asked.length > 0 ? asked : targets;
  if (chosen.length === 0) return [below("bin", command)];
  return chosen.map((name) =>
    artifact(imagePath(`bin/${name}`, command.workdir), "file", command, words.includes("--static")),
  );
}

function nimble(command: ResolvedCommand, verb: string, words: readonly string[], image: ImageView): readonly Effect[] {
  if (verb === "test") return TESTS;
  if (/^(?:c|cc|cpp|compile)$/.test(verb)) return readCompiler({ ...command, name: "nim" }) ?? NOTHING;
  if (!/^(?:build|install)$/.test(verb)) return idleOr(command, verb);
  const packages = words.filter((word) => !word.startsWith("-") && word !== verb);
  if (words.includes("-d") || words.includes("--depsOnly") || (verb === "install" && packages.length > 0))
    return [{ kind: "tools", names: packages, paths: [], libraries: true }];
  const file = image.children(command.workdir).find((name) => name.endsWith(".nimble"));
  const text = file === undefined ? undefined : image.read(imagePath(file, command.workdir));
  const names = [...(/^\s*bin\s*=\s*@\[([^\]]*)\]/m.exec(text ?? "")?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
    ([, name]) => name ?? "",
  );
  const directory = /^\s*binDir\s*=\s*"([^"]+)"/m.exec(text ?? "")?.[1] ?? ".";
  const home = homeOf(command, image);
  if (verb === "install" && home === undefined) return [homeless("Nimble", command)];
  const place = verb === "install" ? imagePath(".nimble/bin", home) : imagePath(directory, command.workdir);
  if (names.length === 0) return [artifact(place, "directory", command)];
  return names.map((name) => artifact(imagePath(name, place), "file", command));
}

function stack(command: ResolvedCommand, verb: string, image: ImageView): readonly Effect[] {
  const { values, options } = readOperands(command.argv, [
    "--local-bin-path",
    "--stack-yaml",
    "--ghc-options",
    "--resolver",
    "--flag",
  ]);
  if (verb === "test") return TESTS;
  if (verb === "exec") return wrapped(command) ?? idleOr(command, verb);
  if (!/^(?:build|install)$/.test(verb)) return idleOr(command, verb);
  const copies = verb === "install" || options.has("--copy-bins");
  const named = values.get("--local-bin-path");
  const home = homeOf(command, image);
  if (copies && named === undefined && home === undefined) return [homeless("Stack", command)];
  const place = named === undefined ? imagePath(".local/bin", home) : imagePath(named.text, command.workdir);
  return [below(".stack-work", command), ...(copies ? [artifact(place, "directory", command)] : [])];
}

function cabal(command: ResolvedCommand, verb: string): readonly Effect[] {
  const { values } = readOperands(command.argv, [
    "--installdir",
    "--install-method",
    "--bindir",
    "--prefix",
    "--ghc-options",
    "--overwrite-policy",
  ]);
  if (verb === "test") return TESTS;
  if (/^(?:build|new-build|v2-build)$/.test(verb)) return [below("dist-newstyle", command)];
  if (!/^(?:install|new-install|v2-install|v1-install)$/.test(verb)) return idleOr(command, verb);
  const place = (values.get("--installdir") ?? values.get("--bindir"))?.text;
  if (place !== undefined) return [artifact(imagePath(place, command.workdir), "directory", command)];
  return [
    { kind: "foreign", toolchain: "Cabal", what: "build", why: "the directory of programs depends on its version" },
  ];
}

function zig(command: ResolvedCommand, words: readonly string[]): readonly Effect[] | undefined {
  if (words[0] !== "build") return undefined;
  if (words[1] === "test") return TESTS;
  const { values } = readOperands(command.argv, ["-p", "--prefix", "-Dtarget"]);
  const prefix = values.get("-p") ?? values.get("--prefix");
  return [
    below(
      prefix?.text ?? "zig-out",
      command,
      words.some((word) => /^-Dtarget=.*musl/.test(word)),
    ),
  ];
}

/** `protoc --x_out=options:DIR`: sources for the build (https://protobuf.dev/reference/other/). */
function protoc(command: ResolvedCommand): readonly Effect[] {
  return command.argv.flatMap(({ text, known }): readonly Effect[] => {
    const directory = /^--\w+_out=(?:[^/.:]*:)?(.+)$/.exec(text)?.[1];
    return directory === undefined || !known
      ? []
      : [{ kind: "writes", path: imagePath(directory, command.workdir), form: "directory" }];
  });
}
