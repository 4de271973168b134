/**
 * Bun as package manager, bundler and runtime:
 *
 *     bun install --frozen-lockfile             libraries
 *     bun run build, bun build.ts               a script of package.json, else a program
 *     bun build src/a.ts --outdir dist          dist
 *     bun build --compile a.ts --outfile app    the program app, which holds Bun itself
 *
 * Sources: https://bun.sh/docs/cli/install, https://bun.sh/docs/cli/run, https://bun.sh/docs/bundler,
 * https://bun.sh/docs/bundler/executables. A program runs on the image that it was built on: what `oven/bun` stands on changes between
 * versions. Left alone: `Bun.build` in programs.
 */
import { baseName, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { nearestManifest } from "./manifest.ts";
import { directoryFrom, hasOption, optionOf } from "./outputs/output.ts";
import type { ManagerCall } from "./package-managers.ts";
import { effectsOf } from "./tools.ts";

/** The program that a call of Bun starts; `undefined` when it starts a script of package.json, an executable, or nothing. */
export function bunProgram(call: ManagerCall, image: ImageView): Argument | undefined {
  const fields = call.verb === "run" ? call.rest.filter(({ text }) => !text.startsWith("-")) : verbField(call);
  const [first] = fields;
  if (first === undefined || nearestManifest(call.directory, image)?.scripts[first.text] !== undefined)
    return undefined;
  const isFile = image.kindOf(imagePath(first.text, call.command.workdir)) !== undefined;
  return isFile || /[./]/.test(first.text) ? first : undefined;
}

function verbField(call: ManagerCall): readonly Argument[] {
  return call.command.argv
    .slice(1)
    .filter((field) => field.text === call.verb && call.verb !== "")
    .slice(0, 1);
}

/** `bun build`: a program that holds Bun, a file, or a directory; without any of these it prints the bundle. */
export function bunBuild(call: ManagerCall): readonly Effect[] {
  const { command } = call;
  const { workdir } = command;
  const file = optionOf(command, "--outfile");
  if (hasOption(command, "--compile")) return compiled(call);
  if (file.kind === "text") {
    const path = imagePath(file.text, workdir);
    return effectsOf({ kind: "built", outputs: [{ path, form: "file" }] }, command);
  }
  const directory = optionOf(command, "--outdir");
  if (directory.kind === "unset" && file.kind === "unset") return [{ kind: "nothing" }];
  return effectsOf(directoryFrom(directory, ".", workdir, workdir), command);
}

/** Without `--outfile` it is called as its first source, without the suffix. */
function compiled({ command, rest }: ManagerCall): readonly Effect[] {
  const file = optionOf(command, "--outfile");
  const source = rest.find((field) => /\.[cm]?[jt]sx?$/.test(field.text));
  const name =
    file.kind === "text" ? file.text : source === undefined ? undefined : baseName(source.text).replace(/\.\w+$/, "");
  const target = optionOf(command, "--target");
  if (file.kind === "unknown" || name === undefined || target.kind === "unknown")
    return [{ kind: "unknown", why: "it is not known what it calls the program" }];
  const libc = target.kind === "text" && target.text.endsWith("-musl") ? "musl" : "glibc";
  return [
    {
      kind: "artifact",
      artifact: {
        path: imagePath(name, command.workdir),
        form: "file",
        linkage: { kind: "dynamic", libc },
        ecosystem: "node",
        confidence: "certain",
        because: command.because,
      },
    },
  ];
}

/** What any other verb of Bun does, as far as it installs and runs nothing. */
export function otherBunVerb(verb: string): readonly Effect[] | undefined {
  if (verb === "test") return [{ kind: "check", what: "test" }];
  if (verb === "pm" || verb === "cache") return [{ kind: "cache" }];
  return /^(?:|upgrade|outdated|info|audit|repl|help|--version|-v|--revision)$/.test(verb)
    ? [{ kind: "nothing" }]
    : undefined;
}

/** Settings that Bun reads when it starts a program (https://bun.sh/docs/runtime/bunfig). */
export function bunSettings(command: ResolvedCommand, image: ImageView): readonly ReturnType<typeof imagePath>[] {
  const path = imagePath("bunfig.toml", command.workdir);
  return image.kindOf(path) === "file" ? [path] : [];
}
