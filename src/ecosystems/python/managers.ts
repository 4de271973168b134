/**
 * Poetry and uv:
 *
 *     poetry config virtualenvs.create false, poetry install     beside the interpreter's own packages
 *     poetry install                                             ~/.cache/pypoetry/virtualenvs, or .venv
 *     uv sync                                                    .venv, or UV_PROJECT_ENVIRONMENT
 *     uv pip install --system                                    as pip
 *
 * Sources: https://python-poetry.org/docs/configuration/, https://docs.astral.sh/uv/concepts/projects/config/,
 * https://docs.astral.sh/uv/pip/environments/.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, Environment, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf, homeUnknown } from "../homes.ts";
import { readInstall } from "./install.ts";
import { dependencies } from "./libraries.ts";
import { isPrefix, prefixOf, venvAt } from "./prefixes.ts";
import { readProject } from "./requirements.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];

/** The file that `poetry config` writes, and the settings in it that matter here, by the image that is read. */
const SETTINGS = new WeakMap<ImageView, Map<string, string>>();

export function readPoetry(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const words = command.argv.slice(1).map(({ text }) => text);
  const [verb = "", ...rest] = words.filter((word) => !word.startsWith("-"));
  if (verb === "config") {
    const [key = "", value = ""] = rest;
    SETTINGS.set(image, new Map([...(SETTINGS.get(image) ?? []), [key, value]]));
    return NOTHING;
  }
  if (verb === "build") return [{ kind: "writes", path: imagePath("dist", command.workdir), form: "directory" }];
  if (verb === "export") {
    const file = /(?:^| )(?:-o|--output)[ =](\S+)/.exec(words.join(" "))?.[1];
    return file === undefined ? NOTHING : [{ kind: "writes", path: imagePath(file, command.workdir), form: "file" }];
  }
  if (!/^(?:install|sync|update|add)$/.test(verb)) return verb === "run" ? [unknownRun(rest)] : NOTHING;
  const list = readProject(command.workdir, image);
  if (isSetTo("virtualenvs.create", "false", command.environment, image)) {
    const prefix = prefixOf(command, { user: false }, image);
    if (!isPrefix(prefix)) return [{ kind: "foreign", toolchain: "Poetry", what: "dependencies", why: prefix.unread }];
    return [dependencies(prefix, list, command, image, rootPackage(words, command, image))];
  }
  const inProject = isSetTo("virtualenvs.in-project", "true", command.environment, image);
  const path = command.environment.get("POETRY_VIRTUALENVS_PATH");
  const home = homeOf(command, image);
  if (!inProject && path?.known !== true && home === undefined)
    return [{ kind: "foreign", toolchain: "Poetry", what: "dependencies", why: homeUnknown(command) }];
  const cache = path?.known === true ? imagePath(path.text) : imagePath(".cache/pypoetry/virtualenvs", home);
  const directory = inProject ? imagePath(".venv", command.workdir) : cache;
  return [dependencies(venvAt(directory), list, command, image, rootPackage(words, command, image))];
}

function unknownRun(words: readonly string[]): Effect {
  return { kind: "unknown", why: `it is not known what "${words.join(" ")}" writes` };
}

function isSetTo(key: string, value: string, environment: Environment, image: ImageView): boolean {
  const variable = environment.get(`POETRY_${key.replace(/[.-]/g, "_").toUpperCase()}`);
  const set = variable?.known === true ? variable.text : SETTINGS.get(image)?.get(key);
  return set === value || (value === "false" && set === "0") || (value === "true" && set === "1");
}

/** Poetry installs the project itself as a link to its sources (https://python-poetry.org/docs/cli/#install). */
function rootPackage(words: readonly string[], { workdir }: ResolvedCommand, image: ImageView): readonly ImagePath[] {
  return words.includes("--no-root") || workdir === "/" || image.kindOf(workdir) !== "directory" ? [] : [workdir];
}

export function readUv(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { argv, environment, workdir } = command;
  const words = argv.slice(1).map(({ text }) => text);
  const [verb = "", second = ""] = words.filter((word) => !word.startsWith("-"));
  if (verb === "pip") return uvPip(command, words.includes("--system"), image);
  if (verb === "venv") {
    const directory = imagePath(second === "" ? ".venv" : second, workdir);
    return [dependencies(venvAt(directory), { names: [], complete: true }, command, image)];
  }
  if (verb === "python" || verb === "tool")
    return [
      {
        kind: "foreign",
        toolchain: "uv",
        what: "dependencies",
        why: `"uv ${verb}" keeps what it installs in places of its own`,
      },
    ];
  if (verb === "run") return [unknownRun(words.slice(1))];
  if (verb !== "sync") return NOTHING;
  const named = environment.get("UV_PROJECT_ENVIRONMENT");
  const directory = imagePath(named?.known === true ? named.text : ".venv", workdir);
  if (image.base.toolchain !== "python")
    return [{ kind: "foreign", toolchain: "uv", what: "dependencies", why: "it brings a Python of its own" }];
  const list = readProject(workdir, image);
  const apart = words.includes("--no-install-project") || words.includes("--no-editable");
  const beside = apart || workdir === "/" || image.kindOf(workdir) !== "directory" ? [] : [workdir];
  const prefix = directory === "/usr/local" ? prefixOf(command, { user: false }, image) : venvAt(directory);
  if (!isPrefix(prefix)) return [{ kind: "foreign", toolchain: "uv", what: "dependencies", why: prefix.unread }];
  return [dependencies(prefix, list, command, image, beside)];
}

/** `uv pip install` takes VIRTUAL_ENV or ./.venv, and the interpreter's own packages with `--system`. */
function uvPip(command: ResolvedCommand, system: boolean, image: ImageView): readonly Effect[] {
  const { environment, workdir, argv } = command;
  const at = argv.findIndex(({ text }) => text === "pip");
  const rest = argv.slice(at + 1);
  const set = environment.get("UV_SYSTEM_PYTHON");
  const everywhere = system || (set?.known === true && /^(?:1|true)$/.test(set.text));
  const active = environment.get("VIRTUAL_ENV");
  const directory = imagePath(active?.known === true ? active.text : ".venv", workdir);
  const named = everywhere ? "pip" : `${directory}/bin/pip`;
  return readInstall({ ...command, argv: [{ text: named, known: true, glob: false }, ...rest] }, image);
}
