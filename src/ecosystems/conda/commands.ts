/**
 * What Conda's commands do to an image:
 *
 *     conda env create -f environment.yml      an environment, as libraries of Python with an interpreter of their own
 *     conda install -y -n app numpy            more in it
 *     conda run -n app pytest                  the command, with the environment's programs first in PATH
 *     bash Miniconda3.sh -b -p /opt/conda      Conda itself
 *     conda clean -afy                         a cache
 *
 * `mamba` and `micromamba` take the same words. Sources: https://docs.conda.io/projects/conda/en/latest/commands/index.html,
 * https://docs.anaconda.com/miniconda/install/#quick-command-line-install.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, Effect, Environment, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf } from "../homes.ts";
import { commandText, readOperands } from "../operands.ts";
import { dependencies } from "../python/libraries.ts";
import { venvAt } from "../python/prefixes.ts";
import { joinLists, type PackageList } from "../python/requirements.ts";
import { condaRoot, environmentAt, packagesNamed, readEnvironmentFile } from "./environments.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
/** What helps Conda to install, and no program to run. */
const HELPERS =
  /^(?:conda|mamba|conda-(?:libmamba-solver|lock|pack|build|tree)|anaconda-client|pip|setuptools|wheel|_all)$/;

export function isConda(name: string): boolean {
  return /^(?:conda|mamba|micromamba)$/.test(name);
}

const VALUED =
  "-n --name -p --prefix -f --file -c --channel --solver --platform --subdir -r --root-prefix --cwd --rc-file --repodata-fn".split(
    " ",
  );

export function readCondaCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (/^(?:ba|da)?sh$/.test(command.name)) return readInstaller(command, image);
  if (command.name === "conda-pack" || command.name === "conda-unpack") return [packs()];
  if (!isConda(command.name)) return undefined;
  const { operands } = readOperands(command.argv, VALUED);
  const [verb, second] = operands.map(({ text }) => text);
  switch (verb) {
    case "create":
    case "install":
    case "update":
    case "upgrade":
    case "remove":
    case "uninstall":
      return readInstall(command, operands.slice(1), image);
    case "env":
      return second === "create" || second === "update" || second === "remove"
        ? readInstall(command, operands.slice(2), image)
        : NOTHING;
    case "run":
      return readRun(command, image) ?? NOTHING;
    case "clean":
      return [{ kind: "cache" }];
    case "init":
    case "shell":
      return homeOf(command, image) === undefined
        ? NOTHING
        : [{ kind: "writes", path: imagePath(".bashrc", homeOf(command, image)), form: "file" }];
    case "pack":
      return [packs()];
    case "build":
    case "debug":
    case "render":
      return [{ kind: "foreign", toolchain: "Conda", what: "build" }];
    default:
      return NOTHING;
  }
}

function packs(): Effect {
  const why = "it packs an environment that is unpacked at another place";
  return { kind: "foreign", toolchain: "conda-pack", what: "dependencies", why };
}

function unread(why: string): readonly Effect[] {
  return [{ kind: "foreign", toolchain: "Conda", what: "dependencies", why }];
}

/** The environment that is worked on is the one that is named, in the file too, or else the one that is active. */
function readInstall(command: ResolvedCommand, packages: readonly Argument[], image: ImageView): readonly Effect[] {
  const { values } = readOperands(command.argv, VALUED);
  const root = condaRoot(command, image);
  if (root === undefined) return unread("it is not known where Conda lies");
  const files = valuesOf(
    command.argv,
    /^(?:-f|--file)$/,
    command.argv.some(({ text }) => text === "env"),
  );
  const read = files.map((field) => readEnvironmentFile(imagePath(field.text, command.workdir), image));
  const given = values.get("-n") ?? values.get("--name") ?? values.get("-p") ?? values.get("--prefix");
  if (given?.known === false) return unread("the name of its environment is not known");
  const makes = command.argv.some(({ text }) => text === "create" || text === "env");
  const named = given?.text ?? (makes ? read.map(({ name }) => name).find((one) => one !== undefined) : undefined);
  if (makes && named === undefined && files.length > 0)
    return unread("the file that names its environment is not read");
  const prefixed = values.has("-p") || values.has("--prefix");
  const directory =
    named === undefined
      ? activeEnvironment(command.environment, root)
      : prefixed
        ? imagePath(named, command.workdir)
        : environmentAt(named, root, command.workdir);
  const list = joinLists([packagesNamed(packages), ...read.map((one) => one.list)]);
  if (
    directory === root &&
    files.length === 0 &&
    list.names.length > 0 &&
    list.names.every((name) => HELPERS.test(name))
  )
    return [{ kind: "tools", names: list.names, paths: [] }];
  return [environment(directory, list, command, image)];
}

/** `-f environment.yml`; `conda env create` reads that file without being told. */
function valuesOf(argv: readonly Argument[], option: RegExp, byDefault: boolean): readonly Argument[] {
  const found = argv.flatMap((field, at) => {
    const inline = /^--file=(.+)$/.exec(field.text)?.[1];
    if (inline !== undefined) return [{ ...field, text: inline }];
    return option.test(field.text) ? (argv[at + 1] ?? []) : [];
  });
  const named = argv.some(({ text }) => /\.ya?ml$/.test(text));
  return found.length === 0 && byDefault && !named ? [{ text: "environment.yml", known: true, glob: false }] : found;
}

/** `conda activate app` sets CONDA_PREFIX, and so does a shell that runs in an environment. */
function activeEnvironment(environment: Environment, root: ImagePath): ImagePath {
  const active = environment.get("CONDA_PREFIX");
  return active?.known === true ? imagePath(active.text) : root;
}

function environment(directory: ImagePath, list: PackageList, command: ResolvedCommand, image: ImageView): Effect {
  const effect = dependencies(venvAt(directory), list, command, image);
  if (effect.kind !== "dependencies") return effect;
  return { ...effect, tree: { ...effect.tree, interpreter: true } };
}

/** `bash Miniconda3-latest-Linux-x86_64.sh -b -p /opt/conda`: no other script is told so. */
function readInstaller(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { options, values, operands } = readOperands(command.argv, ["-p"]);
  const [script] = operands;
  const target = values.get("-p");
  if (script === undefined || !/\.sh$/.test(script.text) || !options.has("-b") || target === undefined)
    return undefined;
  if (image.read(imagePath(script.text, command.workdir)) !== undefined) return undefined;
  if (!target.known) return unread("the directory that Conda is installed into is not known");
  const effect = dependencies(
    venvAt(imagePath(target.text, command.workdir)),
    { names: [], complete: true },
    command,
    image,
  );
  return effect.kind === "dependencies" ? [{ ...effect, tree: { ...effect.tree, interpreter: true } }] : [effect];
}

/** The command that `conda run` starts, with the environment's programs first in PATH. */
export function readRun(
  command: ResolvedCommand,
  image: ImageView,
): readonly Extract<Effect, { kind: "runs" }>[] | undefined {
  const inner = runIn(command, image);
  if (inner === undefined) return undefined;
  const { rest, directory } = inner;
  const { workdir, because } = command;
  const script = commandText(rest);
  return [{ kind: "runs", script, workdir, environment: inEnvironment(command.environment, directory), because }];
}

/** The words after `conda run` and its options, and the environment that it names. */
export function runIn(
  command: ResolvedCommand,
  image: ImageView,
): { readonly rest: readonly Argument[]; readonly directory: ImagePath } | undefined {
  const root = condaRoot(command, image);
  const start = command.argv.findIndex(({ text }) => text === "run") + 1;
  if (root === undefined || start === 0) return undefined;
  let name = "base";
  for (let at = start; at < command.argv.length; at++) {
    const text = command.argv[at]?.text ?? "";
    const inline = /^--(?:name|prefix)=(.+)$/.exec(text)?.[1];
    if (inline !== undefined) name = inline;
    else if (/^(?:-n|--name|-p|--prefix|--cwd|-a|--attach)$/.test(text)) {
      if (/^-(?:n|p|-name|-prefix)$/.test(text)) name = command.argv[at + 1]?.text ?? name;
      at++;
    } else if (!text.startsWith("-")) {
      return { rest: command.argv.slice(at), directory: environmentAt(name, root, command.workdir) };
    }
  }
  return undefined;
}

/** What an active environment sets (https://docs.conda.io/projects/conda/en/latest/dev-guide/deep-dives/activation.html). */
export function inEnvironment(environment: Environment, directory: ImagePath): Environment {
  const path = environment.get("PATH");
  return new Map([
    ...environment,
    ["CONDA_PREFIX", { text: directory, known: true }],
    ["PATH", { text: `${directory}/bin:${path?.text ?? ""}`, known: path?.known !== false }],
  ]);
}
