/**
 * What a Python program needs where it runs:
 *
 *     CMD ["python", "main.py"]         python, main.py with the directory that it works in, and the installed libraries
 *     CMD ["gunicorn", "app:app"]       the script of a library, the same directory, the libraries
 *     CMD poetry run serve              poetry besides
 *
 * Python imports by name at any time, so the sources are taken whole.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Argument, DependencyTree, ImageView, ResolvedCommand, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { isBroughtByNothing } from "../installed-scripts.ts";
import { asInstalled, systemNeeds } from "../library-facts.ts";
import { commandText } from "../operands.ts";
import { outermost } from "../program-files.ts";
import { isPython } from "./commands.ts";
import { packageNeeds } from "./packages.ts";
import { isVenv, venvOf } from "./prefixes.ts";
import { startedPrograms } from "./sources.ts";

export function pythonNeeds(root: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  const { command } = root;
  if (isPython(command.name)) return interpreterNeeds(command, image);
  if (!isInstalledScript(command, image)) return undefined;
  if (/^(?:poetry|pipenv|pdm|uv)$/.test(command.name)) return managerNeeds(command, image);
  return [...scriptNeeds(command, image), ...programNeeds(command, sourcesOf(command, undefined, image), image)];
}

function treesOf(image: ImageView): readonly DependencyTree[] {
  const all = image.dependencies.filter(({ ecosystem }) => ecosystem === "python");
  const filled = all.filter(
    ({ names }) => names === undefined || names.some((name) => !/^(?:pip|setuptools|wheel|virtualenv)$/.test(name)),
  );
  return filled.length > 0 ? filled : all;
}

/** A program that only an installed package can have brought. */
function isInstalledScript(command: ResolvedCommand, image: ImageView): boolean {
  const text = command.argv[0]?.text ?? "";
  if (treesOf(image).length === 0 || !isBroughtByNothing(command, image)) return false;
  return !text.includes("/") || binDirectories(image).includes(imagePath("..", imagePath(text, command.workdir)));
}

function binDirectories(image: ImageView): readonly ImagePath[] {
  return treesOf(image).map((tree) => (isVenv(tree) ? imagePath("bin", tree.directory) : imagePath("/usr/local/bin")));
}

function interpreterNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const words = command.argv.slice(1);
  const at = words.findIndex(({ text }) => !/^-[bBdEhiIOqRsSuvxX]+$|^-W/.test(text));
  const word = words[at];
  const script = word !== undefined && !word.text.startsWith("-") ? word : undefined;
  const why = { confidence: "certain", because: [command.because] } as const;
  const program: RuntimeNeed = {
    kind: "executable",
    name: command.argv[0]?.text ?? command.name,
    reason: "The image starts Python.",
    ...why,
  };
  const inline = word?.text === "-c" && treesOf(image).length === 0;
  const venv = command.argv[0]?.text.includes("/") === true && treesOf(image).some(isVenv);
  const own = venv || ownInterpreter(command, image) !== undefined ? [] : [program];
  if (inline) return own;
  return [...own, ...programNeeds(command, sourcesOf(command, script, image), image)];
}

/** The environment with an interpreter of its own in which a command starts, as Conda's are. */
function ownInterpreter(command: ResolvedCommand, image: ImageView): DependencyTree | undefined {
  const directory = venvOf(command, image);
  return image.dependencies.find((tree) => tree.directory === directory && tree.interpreter === true);
}

function scriptNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  if (ownInterpreter(command, image) !== undefined) return [];
  const python = image.base.toolchain === "python" ? "python" : "python3";
  return [
    {
      kind: "executable",
      name: python,
      reason: `"${command.name}" is a script of an installed package, written for Python.`,
      confidence: "likely",
      because: [command.because],
    },
  ];
}

/** `poetry run serve`: the command after it, and the manager, which reads the project's files. */
function managerNeeds(command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const at = command.argv.findIndex(({ text }) => text === "run");
  const rest = at < 0 ? [] : command.argv.slice(at + 1);
  const inner: readonly RuntimeNeed[] =
    rest.length === 0 || rest[0]?.text.startsWith("-") === true
      ? []
      : [
          {
            kind: "runs",
            script: commandText(rest),
            workdir: command.workdir,
            environment: command.environment,
            reason: `"${command.name} run" starts it.`,
            confidence: "certain",
            because: [command.because],
          },
        ];
  const manager: RuntimeNeed = {
    kind: "executable",
    name: command.argv[0]?.text ?? command.name,
    reason: `"${command.name}" starts the program.`,
    confidence: "certain",
    because: [command.because],
  };
  return [
    manager,
    ...scriptNeeds(command, image),
    ...programNeeds(command, sourcesOf(command, undefined, image), image),
    ...inner,
  ];
}

const CHDIR = /^--(?:chdir|app-dir|pythonpath)$/;

/** Directories that hold what Python imports: the working one, the script's, and those that options and PYTHONPATH name. */
function sourcesOf(command: ResolvedCommand, script: Argument | undefined, image: ImageView): readonly ImagePath[] {
  const { argv, workdir, environment } = command;
  const options = argv.flatMap((field, at) => {
    const [name = "", value] = field.text.split("=", 2);
    if (!CHDIR.test(name)) return [];
    const text = value ?? argv[at + 1]?.text;
    return text === undefined ? [] : [imagePath(text, workdir)];
  });
  const path = environment.get("PYTHONPATH");
  const listed =
    path?.known === true
      ? path.text
          .split(":")
          .filter((one) => one !== "")
          .map((one) => imagePath(one, workdir))
      : [];
  const own = script?.known === true ? [imagePath("..", imagePath(script.text, workdir))] : [];
  return [...new Set([workdir, ...own, ...options, ...listed])].filter(
    (one) => one === "/" || image.kindOf(one) === "directory",
  );
}

function programNeeds(
  command: ResolvedCommand,
  directories: readonly ImagePath[],
  image: ImageView,
): readonly RuntimeNeed[] {
  const only = ownInterpreter(command, image);
  const trees = only === undefined ? treesOf(image) : [only];
  const frame = { confidence: "likely", because: [command.because] } as const;
  const paths = directories.flatMap((path) => (path === "/" ? contextAtRoot(image) : [path]));
  const outer = outermost(paths);
  const sources = outer
    .filter((path) => image.kindOf(path) === "file" || image.children(path).length > 0)
    .map((path): RuntimeNeed => ({ kind: "path", path, reason: "Python imports the sources when it runs.", ...frame }));
  const reason = "The program imports the packages that the build installed.";
  const libraries = trees.map((tree) => asInstalled(tree, "packages", reason, true, frame));
  const started = startedPrograms(outer, image).map(
    (name): RuntimeNeed => ({ kind: "executable", name, reason: `The sources start "${name}".`, ...frame }),
  );
  const needs = packageNeeds(trees.flatMap(({ names }) => names ?? []));
  // What is not full has only what a RUN installed, which is planned by its own name.
  const full = image.base.variant === "full" && image.base.toolchain === "python";
  const system = systemNeeds(
    full ? needs : { ...needs, libraries: [] },
    "package",
    image.base.distribution?.codename,
    frame,
  );
  return [...sources, ...libraries, ...started, ...system];
}

/** Without a working directory the sources lie in the root of the image, beside the system's own. */
function contextAtRoot(image: ImageView): readonly ImagePath[] {
  return image
    .children(imagePath("/"))
    .map((name) => imagePath(name, imagePath("/")))
    .filter((path) => holdsContext(path, image));
}

function holdsContext(path: ImagePath, image: ImageView): boolean {
  if (image.kindOf(path) === "file") return image.hostOf(path) !== undefined && path.endsWith(".py");
  return /^\/(?:usr|etc|opt|var|bin|sbin|lib|home|root|tmp|srv|run)$/.test(path)
    ? false
    : image.children(path).some((name) => image.hostOf(imagePath(name, path)) !== undefined);
}
