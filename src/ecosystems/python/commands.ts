/**
 * What commands of Python's tools do to an image:
 *
 *     pip install -r requirements.txt     libraries, where prefixes.ts says
 *     python -m venv /opt/venv            a virtual environment
 *     poetry install, uv sync             libraries in .venv, in the cache, or beside the interpreter
 *     ./manage.py collectstatic           files below the project
 *     pytest                              a check
 *
 * What a program of the project's own does is not known here.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf, homeUnknown } from "../homes.ts";
import { filesBelow } from "../image-files.ts";
import { readOperands } from "../operands.ts";
import { readInstall } from "./install.ts";
import { dependencies } from "./libraries.ts";
import { readPdm, readPipenv } from "./lock-managers.ts";
import { readPoetry, readUv } from "./managers.ts";
import { venvAt } from "./prefixes.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];
const LINT: readonly Effect[] = [{ kind: "check", what: "lint" }];

export function isPython(name: string): boolean {
  return /^(?:python|pypy)\d*(?:\.\d+)?$/.test(name);
}

export function readPythonCommand(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { name } = command;
  if ((name === "." || name === "source") && command.argv[1]?.text.endsWith("/bin/activate") === true) return NOTHING;
  if (isPython(name)) return readInterpreter(command, image);
  return readTool(name, command, image);
}

/** A tool by its name, also as `python -m name`. */
function readTool(name: string, command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  if (/^pip\d*(?:\.\d+)?$/.test(name)) return readInstall(command, image);
  switch (name) {
    case "venv":
    case "virtualenv":
    case "pyvenv":
      return makeVenv(command, image);
    case "poetry":
      return readPoetry(command, image);
    case "uv":
      return readUv(command, image);
    case "pipenv":
      return readPipenv(command, image);
    case "pdm":
      return readPdm(command, image);
    case "pytest":
    case "py.test":
    case "nosetests":
    case "tox":
    case "nox":
    case "unittest":
    case "coverage":
      return TESTS;
    case "flake8":
    case "pylint":
    case "mypy":
    case "ruff":
    case "bandit":
    case "pyright":
    case "pycodestyle":
    case "pydocstyle":
    case "isort":
    case "black":
      return LINT;
    case "compileall":
    case "py_compile":
    case "ensurepip":
    case "pydoc":
    case "timeit":
    case "site":
      return NOTHING;
    case "django-admin":
    case "django-admin.py":
    case "manage.py":
      return manage(command, command.argv[1]?.text ?? "", image);
    case "flask":
      return /^(?:db|assets|digest)$/.test(command.argv[1]?.text ?? "") ? [made(command.workdir, command)] : undefined;
    case "mkdocs":
    case "sphinx-build":
      return readSite(command);
    case "alembic":
    case "pybabel":
      return [made(command.workdir, command)];
    case "nltk":
    case "nltk.downloader":
      return readNltk(command, image);
    case "build":
      return [{ kind: "writes", path: imagePath("dist", command.workdir), form: "directory" }];
    default:
      return undefined;
  }
}

/** `python -m pip …`, `python setup.py …`, `python manage.py …`, `python -c …`. */
function readInterpreter(command: ResolvedCommand, image: ImageView): readonly Effect[] | undefined {
  const { argv } = command;
  const at = argv.findIndex((field, index) => index > 0 && !/^-[bBdEhiIOqRsSuvxX]+$/.test(field.text));
  const word = argv[at];
  if (word === undefined || word.text === "-") return command.input === undefined ? NOTHING : readFetched(command);
  if (/^(?:-V+|--version)$/.test(word.text)) return NOTHING;
  if (word.text === "-m") return readModule(command, at + 1, image);
  if (word.text === "-c") return readText(command, argv[at + 1]?.text ?? "", image);
  const file = word.text.slice(word.text.lastIndexOf("/") + 1);
  if (file === "setup.py") return readSetup(command, argv[at + 1]?.text ?? "", image);
  if (file === "manage.py") return manage(command, argv[at + 1]?.text ?? "", image);
  if (/^(?:get-pip|install-poetry|get-poetry)\.py$/.test(file)) return NOTHING;
  return undefined;
}

/** `curl … | python`, of another script than those that system/installers.ts knows. */
function readFetched({ name }: ResolvedCommand): readonly Effect[] {
  return [{ kind: "unknown", why: `"${name}" runs a program that is fetched or computed` }];
}

function readModule(command: ResolvedCommand, at: number, image: ImageView): readonly Effect[] | undefined {
  const module = command.argv[at];
  if (module === undefined) return NOTHING;
  const [interpreter] = command.argv;
  // The interpreter's own path tells the environment: `/opt/venv/bin/python -m pip`.
  const first = interpreter?.text.includes("/") === true ? { ...interpreter } : { ...module };
  const inner = { ...command, name: module.text, argv: [first, ...command.argv.slice(at + 1)] };
  if (module.text === "spacy" && command.argv[at + 1]?.text === "download")
    return readInstall({ ...inner, argv: [first, { text: "install", known: true, glob: false }] }, image);
  return readTool(module.text, inner, image);
}

/** `python -c "import nltk; nltk.download('punkt')"`; any other text that names no file and no network only looks. */
function readText(command: ResolvedCommand, text: string, image: ImageView): readonly Effect[] | undefined {
  if (/\bnltk\b/.test(text)) return readNltk(command, image);
  const looks = /^(?:\s*(?:import [\w.,\s]+|from [\w.]+ import [\w, ]+|print\s*\([^;]*\)|assert [^;]*)\s*(?:;|$))+$/;
  return looks.test(text) ? NOTHING : undefined;
}

function foreign(toolchain: string, why: string): Effect {
  return { kind: "foreign", toolchain, what: "dependencies", why };
}

/** Without a directory it is the home's (https://www.nltk.org/data.html). */
function readNltk(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const words = command.argv.map(({ text }) => text).join(" ");
  const named = /(?:-d\s+|download_dir\s*=\s*["'])([^\s"']+)/.exec(words)?.[1];
  const home = homeOf(command, image);
  if (named === undefined && home === undefined) return [foreign("NLTK", homeUnknown(command))];
  return [made(named === undefined ? imagePath("nltk_data", home) : imagePath(named, command.workdir), command)];
}

/** `mkdocs build -d DIR` (https://www.mkdocs.org/user-guide/cli/), `sphinx-build SOURCE OUTPUT` (https://www.sphinx-doc.org/en/master/man/sphinx-build.html). */
function readSite(command: ResolvedCommand): readonly Effect[] | undefined {
  const { values, operands } = readOperands(command.argv, [
    "-d",
    "--site-dir",
    "-f",
    "--config-file",
    "-b",
    "-c",
    "-j",
    "-D",
  ]);
  if (command.name === "mkdocs" && operands[0]?.text !== "build") return undefined;
  const named = command.name === "mkdocs" ? (values.get("-d") ?? values.get("--site-dir")) : operands[1];
  return [made(imagePath(named?.text ?? "site", command.workdir), command)];
}

function made(path: ImagePath, { because }: ResolvedCommand): Effect {
  const linkage = { kind: "none" } as const;
  return {
    kind: "artifact",
    artifact: { path, form: "directory", linkage, ecosystem: "python", confidence: "likely", because },
  };
}

/** Django's own commands write below the project, and into STATIC_ROOT where the settings name another place. */
function manage(command: ResolvedCommand, verb: string, image: ImageView): readonly Effect[] | undefined {
  if (/^(?:check|test)$/.test(verb)) return TESTS;
  if (/^(?:help|version|showmigrations|diffsettings)$/.test(verb)) return NOTHING;
  if (!/^(?:collectstatic|compilemessages|compress|makemigrations|migrate|makemessages|tailwind)$/.test(verb))
    return undefined;
  const { workdir } = command;
  const script = command.argv.find(({ text }) => /(?:^|\/)manage\.py$/.test(text))?.text;
  const project = script === undefined ? workdir : imagePath("..", imagePath(script, workdir));
  return [made(project, command), ...staticRoots(project, image).map((path) => made(path, command))];
}

function staticRoots(project: ImagePath, image: ImageView): readonly ImagePath[] {
  const settings = filesBelow([project], image, /settings.*\.py$|^(?:base|production|prod)\.py$/);
  const roots = settings.flatMap((path) => [
    ...(image.read(path) ?? "").matchAll(/^\s*(?:STATIC|MEDIA)_ROOT\s*=\s*["'](\/[^"']+)["']/gm),
  ]);
  return [...new Set(roots.map(([, root = ""]) => imagePath(root)))];
}

function makeVenv(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { operands } = readOperands(command.argv, ["--prompt", "-p", "--python"]);
  return operands.map((field): Effect => {
    if (!field.known) return foreign("Python", "the place of a virtual environment is not known");
    return dependencies(venvAt(imagePath(field.text, command.workdir)), { names: [], complete: true }, command, image);
  });
}

/** `python setup.py install` copies; `develop` links to the sources; others build beside them. */
function readSetup(command: ResolvedCommand, verb: string, image: ImageView): readonly Effect[] {
  const argv = [...command.argv.slice(0, 1), { text: "install", known: true, glob: false }];
  const project = { text: ".", known: true, glob: false };
  if (verb === "install") return readInstall({ ...command, argv: [...argv, project] }, image);
  if (verb === "develop")
    return readInstall({ ...command, argv: [...argv, { text: "-e", known: true, glob: false }, project] }, image);
  if (verb === "test") return TESTS;
  if (/^(?:--|clean|check|sdist|register)/.test(verb)) return NOTHING;
  return [made(command.workdir, command)];
}
