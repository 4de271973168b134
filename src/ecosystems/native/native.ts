/**
 * Toolchains that make a native program and that need little more knowledge than its name: Nim, D, Crystal, Zig, Haskell, Swift, OCaml,
 * Pascal, V, and releases of Elixir and Erlang, which bring a native runtime.
 *
 *     RUN nim c -o:/bin/tides tides.nim      artifact /bin/tides
 *     CMD ["/bin/tides"]                     needs it, and the files that its sources name
 *
 * Left alone: which libraries of the system they link to. Unless a program is linked statically it keeps the old base.
 */
import type { Ecosystem, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { programBases } from "../program-bases.ts";
import { needsOfProgram, programOf } from "../program-needs.ts";
import { readCompiler } from "./compilers.ts";
import { readNativeImage } from "./native-image.ts";
import { readPackageBuild } from "./package-builds.ts";
import { releaseBases, releaseNeeds } from "./releases.ts";
import { readRuntimeUse } from "./sources.ts";

export const native: Ecosystem = {
  name: "native",
  interpret: (command, image) => readCompiler(command) ?? readNativeImage(command) ?? readPackageBuild(command, image),
  needs(root, image) {
    const program = programOf(root, image, "native");
    if (program !== undefined)
      return needsOfProgram(program, readRuntimeUse(program.source, root.command.workdir, image), root, image);
    return releaseNeeds(root.command, image) ?? sourceNeeds(root);
  },
  runtimeBases(request) {
    if (/^(?:elixir|erlang)$/.test(request.image.base.toolchain ?? "")) return releaseBases(request);
    const own = request.artifacts.filter(({ ecosystem }) => ecosystem === "native");
    if (own.length === 0) return undefined;
    const isStatic = own.every(({ linkage }) => linkage.kind === "static");
    return isStatic ? programBases(request, { ecosystem: "native", distroless: "base" }) : [];
  },
};

/** `mix phx.server`, `crystal run`, `dub run`: they compile when the image runs. */
function sourceNeeds({ command }: RuntimeRoot): readonly RuntimeNeed[] | undefined {
  const [, verb] = command.argv;
  if (/^(?:erl|elixir|iex)$/.test(command.name)) return loadNeeds(command);
  const compiles =
    (/^(?:mix|rebar3)$/.test(command.name) && verb?.text.startsWith("-") !== true) ||
    (/^(?:crystal|dub|stack|cabal|swift|zig|nim|nimble|dune|shards)$/.test(command.name) &&
      /^(?:run|exec|r|build|test)$/.test(verb?.text ?? ""));
  if (!compiles) return undefined;
  const words = command.argv.map(({ text }) => text).join(" ");
  const reason = `"${words}" compiles the sources when the image runs.`;
  const frame = { confidence: "certain", because: [command.because] } as const;
  return [{ kind: "everything", directory: command.workdir, worksOnSources: words, reason, ...frame }];
}

/** `erl -pa _build/default/lib/shop/ebin`: Erlang finds modules by their names when it needs them. */
function loadNeeds(command: ResolvedCommand): readonly RuntimeNeed[] {
  const frame = { confidence: "certain", because: [command.because] } as const;
  const reason = `"${command.name}" loads compiled modules by their names when the image runs.`;
  return [
    { kind: "executable", name: command.argv[0]?.text ?? command.name, reason, ...frame },
    { kind: "everything", directory: command.workdir, reason, ...frame },
  ];
}
