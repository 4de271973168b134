/**
 * The names of the packages that an install of Python names or lists:
 *
 *     pip install flask "redis[hiredis]>=4" -r requirements.txt     flask, redis, and what the file lists
 *     pip install .                                                 the dependencies in pyproject.toml or setup.cfg
 *
 * Names are normalized (https://packaging.python.org/en/latest/specifications/name-normalization/). A list is complete when every
 * part of it was read; the packages that those need in turn are not in it.
 */
import { parse } from "smol-toml";
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";

export interface PackageList {
  readonly names: readonly string[];
  readonly complete: boolean;
}

const NOTHING: PackageList = { names: [], complete: true };
const UNREAD: PackageList = { names: [], complete: false };
const DEEPEST = 5;

export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

export function joinLists(lists: readonly PackageList[]): PackageList {
  return {
    names: [...new Set(lists.flatMap(({ names }) => names))].sort(),
    complete: lists.every(({ complete }) => complete),
  };
}

/** One requirement as on a command line or in a file; `undefined` for a path or an address. */
export function requirementName(text: string): string | undefined {
  const name = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[=<>!~;@\s(])/.exec(text.trim())?.[1];
  return name === undefined || isLocal(text) ? undefined : normalizedName(name);
}

/** A directory, an archive or an address instead of a name. */
export function isLocal(text: string): boolean {
  return /^(?:\.|\/|[\w+]+:\/\/|git\+)/.test(text) || /\.(?:whl|zip|tar\.gz|tgz)$/.test(text);
}

/** A requirements file, with the files that it names in turn. */
export function readRequirements(path: ImagePath, image: ImageView, depth = 0): PackageList {
  const text = image.read(path);
  if (text === undefined || depth > DEEPEST) return UNREAD;
  const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  return joinLists(lines.map((line) => readLine(line.replace(/(?:^|\s)#.*$/, "").trim(), path, image, depth)));
}

function readLine(line: string, path: ImagePath, image: ImageView, depth: number): PackageList {
  if (line === "") return NOTHING;
  const file = /^(?:-r|--requirement)[\s=]*(\S+)/.exec(line)?.[1];
  if (file !== undefined) return readRequirements(imagePath(file, imagePath("..", path)), image, depth + 1);
  const editable = /^(?:-e|--editable)[\s=]*(\S+)/.exec(line)?.[1];
  if (editable !== undefined) return readProject(imagePath(editable, imagePath("..", path)), image);
  if (line.startsWith("-")) return NOTHING;
  const name = requirementName(line);
  return name === undefined ? UNREAD : { names: [name], complete: true };
}

/** The dependencies of a project by its directory. */
export function readProject(directory: ImagePath, image: ImageView): PackageList {
  const plain = directory.replace(/\[[^\]]*\]$/, "") as ImagePath;
  const manifest = image.read(imagePath("pyproject.toml", plain));
  const listed = manifest === undefined ? undefined : dependenciesIn(manifest);
  if (listed !== undefined) return listed;
  const settings = image.read(imagePath("setup.cfg", plain));
  const block = /^install_requires\s*=([^\n]*(?:\n[ \t]+[^\n]*)*)/m.exec(settings ?? "")?.[1];
  if (block === undefined) return readSetup(image.read(imagePath("setup.py", plain)));
  return joinLists(block.split("\n").map((line) => readLine(line.trim(), plain, image, DEEPEST)));
}

/** `install_requires=["flask", "redis>=4"]`; without it there is nothing, and what is computed is not known. */
function readSetup(text: string | undefined): PackageList {
  if (text === undefined) return UNREAD;
  if (!/\binstall_requires\b|\*\*/.test(text)) return NOTHING;
  const list = /\binstall_requires\s*=\s*\[([^\]]*(?:\[[^\]]*\][^\]]*)*)\]/.exec(text)?.[1];
  const items = list?.replace(/#[^\n]*/g, "").match(/"[^"\n]*"|'[^'\n]*'/g);
  const rest = list?.replace(/#[^\n]*|"[^"\n]*"|'[^'\n]*'/g, "").replace(/[\s,]/g, "");
  if (list === undefined || rest !== "") return UNREAD;
  const names = (items ?? []).map((one) => requirementName(one.slice(1, -1)));
  return { names: names.flatMap((name) => name ?? []), complete: !names.includes(undefined) };
}

function dependenciesIn(text: string): PackageList | undefined {
  const root = tableOf(parsed(text));
  const project = tableOf(root?.project);
  if (Array.isArray(project?.dependencies)) {
    const names = project.dependencies.map((one) => (typeof one === "string" ? requirementName(one) : undefined));
    return { names: names.flatMap((name) => name ?? []), complete: !names.includes(undefined) };
  }
  const poetry = tableOf(tableOf(tableOf(root?.tool)?.poetry)?.dependencies);
  if (poetry === undefined) return undefined;
  return {
    names: Object.keys(poetry)
      .filter((name) => name !== "python")
      .map(normalizedName),
    complete: true,
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
