/**
 * Pipenv and PDM:
 *
 *     pipenv install --system --deploy     as pip, with the packages of the Pipfile
 *     pipenv sync                          ~/.local/share/virtualenvs, or .venv
 *     pdm sync --prod                      .venv, or __pypackages__ where that is there
 *
 * Sources: https://pipenv.pypa.io/en/latest/, https://pdm-project.org/latest/usage/venv/, https://pdm-project.org/latest/usage/pep582/.
 */
import { parse } from "smol-toml";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Effect, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf, homeUnknown } from "../homes.ts";
import { readOperands } from "../operands.ts";
import { dependencies } from "./libraries.ts";
import { isPrefix, prefixOf, venvAt } from "./prefixes.ts";
import { normalizedName, type PackageList, readProject } from "./requirements.ts";

const NOTHING: readonly Effect[] = [{ kind: "nothing" }];

function refused(toolchain: string, why: string): readonly Effect[] {
  return [{ kind: "foreign", toolchain, what: "dependencies", why }];
}

export function readPipenv(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const { operands, options } = readOperands(command.argv, ["--python", "-r"]);
  const [verb] = operands;
  if (verb === undefined || !/^(?:install|sync|update)$/.test(verb.text)) return NOTHING;
  const list = readPipfile(imagePath("Pipfile", command.workdir), options.has("--dev") || options.has("-d"), image);
  if (options.has("--system")) {
    const prefix = prefixOf(command, { user: false }, image);
    return isPrefix(prefix) ? [dependencies(prefix, list, command, image)] : refused("Pipenv", prefix.unread);
  }
  const inProject = command.environment.get("PIPENV_VENV_IN_PROJECT");
  const home = homeOf(command, image);
  if (inProject === undefined && home === undefined) return refused("Pipenv", homeUnknown(command));
  const shared = imagePath(".local/share/virtualenvs", home);
  const directory = inProject === undefined ? shared : imagePath(".venv", command.workdir);
  return [dependencies(venvAt(directory), list, command, image)];
}

function readPipfile(path: ImagePath, development: boolean, image: ImageView): PackageList {
  const text = image.read(path);
  if (text === undefined) return { names: [], complete: false };
  try {
    const root = parse(text);
    const tables = [root.packages, ...(development ? [root["dev-packages"]] : [])];
    const names = tables.flatMap((table) => (typeof table === "object" && table !== null ? Object.keys(table) : []));
    return { names: names.map(normalizedName), complete: true };
  } catch {
    return { names: [], complete: false };
  }
}

export function readPdm(command: ResolvedCommand, image: ImageView): readonly Effect[] {
  const words = command.argv.slice(1).map(({ text }) => text);
  const [verb = "", second = ""] = words.filter((word) => !word.startsWith("-"));
  if (verb === "build") return [{ kind: "writes", path: imagePath("dist", command.workdir), form: "directory" }];
  if (verb === "venv" && second === "create")
    return [dependencies(venvAt(imagePath(".venv", command.workdir)), { names: [], complete: true }, command, image)];
  if (verb === "config" && second === "python.use_venv" && words.includes("false"))
    return refused("PDM", "its settings say that it makes no virtual environment");
  if (verb === "run") return [{ kind: "unknown", why: `it is not known what "${words.slice(1).join(" ")}" writes` }];
  if (!/^(?:install|sync|add|update)$/.test(verb)) return NOTHING;
  if (words.includes("-g") || words.includes("--global"))
    return refused("PDM", "it installs into a project of the whole system");
  const local = imagePath("__pypackages__", command.workdir);
  const active = command.environment.get("VIRTUAL_ENV");
  const own = active?.known === true ? imagePath(active.text) : imagePath(".venv", command.workdir);
  const directory = image.kindOf(local) === "directory" ? local : own;
  const listed = readProject(command.workdir, image);
  // Development dependencies come along unless they are left out.
  const production = words.some((word) => /^--(?:prod|production|no-dev|no-default)$/.test(word));
  const list = production ? listed : { ...listed, complete: false };
  const apart = words.some((word) => /^--no-(?:self|editable)$/.test(word));
  const beside = apart || command.workdir === "/" ? [] : [command.workdir];
  return [dependencies(venvAt(directory), list, command, image, beside)];
}
