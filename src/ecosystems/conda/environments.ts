/**
 * Conda's environments: where they lie, and what a file or a command line puts into one.
 *
 *     conda env create -f environment.yml     /opt/conda/envs/NAME, with the name in the file
 *     conda install -p /env numpy             /env
 *     micromamba install -n base -f env.yml   /opt/conda
 *
 * Sources: https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html,
 * https://mamba.readthedocs.io/en/latest/user_guide/micromamba.html.
 */
import { parse } from "yaml";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import { CONDA_ROOT } from "../base-conda.ts";
import type { Argument, ImageView, ResolvedCommand } from "../ecosystem.ts";
import {
  joinLists,
  normalizedName,
  type PackageList,
  readRequirements,
  requirementName,
} from "../python/requirements.ts";

const UNREAD: PackageList = { names: [], complete: false };

/** Where Conda itself lies: the directory above `bin/conda`. */
export function condaRoot({ argv, environment, workdir }: ResolvedCommand, image: ImageView): ImagePath | undefined {
  const first = argv[0]?.text ?? "";
  if (/\/(?:bin|condabin)\/(?:conda|mamba)$/.test(first)) return imagePath("../..", imagePath(first, workdir));
  const named = environment.get("MAMBA_ROOT_PREFIX");
  if (named?.known === true) return imagePath(named.text);
  const path = environment.get("PATH")?.text.split(":") ?? [];
  const found = path.find(
    (one) => /^\/.*(?:conda|forge|mamba)[\w.-]*\/(?:bin|condabin)$/.test(one) && !/\/envs\//.test(one),
  );
  if (found !== undefined) return imagePath("..", imagePath(found));
  return image.base.toolchain === "conda" ? imagePath(CONDA_ROOT) : undefined;
}

/** The directory of an environment by its name or path; "base" is Conda's own. */
export function environmentAt(name: string, root: ImagePath, workdir: ImagePath): ImagePath {
  if (name === "base" || name === "root") return root;
  return name.includes("/") ? imagePath(name, workdir) : imagePath(`envs/${name}`, root);
}

export interface EnvironmentFile {
  readonly name?: string;
  readonly list: PackageList;
}

/** `environment.yml`: a name, packages of Conda's, and packages of pip's; any other file is not read. */
export function readEnvironmentFile(path: ImagePath, image: ImageView): EnvironmentFile {
  const text = image.read(path);
  if (text === undefined || !/\.ya?ml$/.test(path)) return { list: UNREAD };
  const root = parsed(text);
  const listed = root?.dependencies;
  const name = typeof root?.name === "string" ? { name: root.name } : {};
  if (!Array.isArray(listed)) return { ...name, list: listed === undefined ? { names: [], complete: true } : UNREAD };
  const lists = listed.map((one: unknown): PackageList => {
    if (typeof one === "string") return packageOf(one);
    const pip = recordOf(one)?.pip;
    return Array.isArray(pip) ? joinLists(pip.map((each: unknown) => pipEntry(each, path, image))) : UNREAD;
  });
  return { ...name, list: joinLists(lists) };
}

/** `conda-forge::numpy>=1.2`, `python=3.11`. */
export function packageOf(text: string): PackageList {
  const name = /^(?:[\w./-]+::)?([\w.-]+)(?:$|[=<>!~\s[])/.exec(text.trim())?.[1];
  return name === undefined ? UNREAD : { names: [normalizedName(name)], complete: true };
}

function pipEntry(entry: unknown, file: ImagePath, image: ImageView): PackageList {
  if (typeof entry !== "string") return UNREAD;
  const requirements = /^(?:-r|--requirement)[\s=]*(\S+)/.exec(entry)?.[1];
  if (requirements !== undefined) return readRequirements(imagePath(requirements, imagePath("..", file)), image);
  if (/^--(?:extra-)?index-url|^-i\s|^--find-links|^-f\s/.test(entry)) return { names: [], complete: true };
  const name = requirementName(entry);
  return name === undefined ? UNREAD : { names: [name], complete: true };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(parse(text));
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The packages that a command line names. */
export function packagesNamed(fields: readonly Argument[]): PackageList {
  return joinLists(fields.map((field) => (field.known ? packageOf(field.text.replace(/^["']|["']$/g, "")) : UNREAD)));
}
