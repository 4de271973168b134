/**
 * Where an install of Python puts packages and scripts:
 *
 *     pip in python:3.11                       /usr/local/lib/python3.11/site-packages and /usr/local/bin
 *     pip3 of Debian's own Python              /usr/local/lib/python3.11/dist-packages and /usr/local/bin
 *     /opt/venv/bin/pip, or /opt/venv/bin first in PATH     /opt/venv
 *     pip install --user                       ~/.local
 *
 * `python:3` does not say which directory it is; there a link of a known name is made (`alias`).
 *
 * Sources: https://docs.python.org/3/library/sysconfig.html#installation-paths, https://pip.pypa.io/en/stable/user_guide/#user-installs,
 * Debian: https://wiki.debian.org/Python#Deviations_from_upstream.
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import { CONDA_ROOT } from "../base-conda.ts";
import type { DependencyTree, ImageView, ResolvedCommand } from "../ecosystem.ts";
import { homeOf, homeUnknown } from "../homes.ts";

export interface Prefix {
  /** Identifies the tree: the directory of packages, or the virtual environment. */
  readonly directory: ImagePath;
  readonly places: readonly ImagePath[];
  readonly alias?: DependencyTree["alias"];
}

/** Why it is not known where packages go: a clause after "since". */
export interface NoPrefix {
  readonly unread: string;
}

const LOCAL = imagePath("/usr/local");
const SCRIPTS = imagePath("/usr/local/bin");

/** The version of the Python that a release's own package `python3` brings (https://packages.debian.org/python3, https://packages.ubuntu.com/python3). */
const RELEASE_PYTHON: Readonly<Record<string, string>> = {
  stretch: "3.5",
  buster: "3.7",
  bullseye: "3.9",
  bookworm: "3.11",
  trixie: "3.13",
  bionic: "3.6",
  focal: "3.8",
  jammy: "3.10",
  noble: "3.12",
};

export function isPrefix(prefix: Prefix | NoPrefix): prefix is Prefix {
  return "directory" in prefix;
}

/** A virtual environment. */
export function venvAt(directory: ImagePath): Prefix {
  return { directory, places: [directory] };
}

/** Where `pip install` with these options puts packages. `program`: as started, "pip" or "/opt/venv/bin/pip". */
export function prefixOf(
  command: ResolvedCommand,
  options: { readonly user: boolean; readonly target?: string; readonly prefix?: string },
  image: ImageView,
): Prefix | NoPrefix {
  const { workdir } = command;
  if (options.target !== undefined) return venvAt(imagePath(options.target, workdir));
  if (options.prefix !== undefined) {
    const directory = imagePath(options.prefix, workdir);
    return directory === LOCAL ? systemPrefix(command, image) : venvAt(directory);
  }
  const venv = venvOf(command, image);
  if (venv !== undefined) return venvAt(venv);
  const user = command.user?.split(":")[0];
  const root = user === undefined || user === "root" || user === "0";
  if (options.user || !root) return userPrefix(command, image);
  return systemPrefix(command, image);
}

/** The virtual environment whose program a command starts: by its path, or by the first directory of PATH that has one. */
export function venvOf({ argv, environment, workdir }: ResolvedCommand, image: ImageView): ImagePath | undefined {
  const venvs = new Set(image.dependencies.filter(isVenv).map(({ directory }) => imagePath("bin", directory)));
  const [first] = argv;
  if (first?.text.includes("/") === true) {
    const bin = imagePath("..", imagePath(first.text, workdir));
    return venvs.has(bin) ? imagePath("..", bin) : undefined;
  }
  const path = environment.get("PATH")?.text.split(":") ?? [];
  const bin = path.filter((one) => one.startsWith("/")).find((one) => venvs.has(imagePath(one)));
  return bin === undefined ? undefined : imagePath("..", imagePath(bin));
}

/** The interpreter's own packages lie in a directory of that name; everything else is a tree with its own `bin`. */
export function isVenv({ ecosystem, directory }: DependencyTree): boolean {
  return ecosystem === "python" && !/\/(?:site|dist)-packages$/.test(directory);
}

function userPrefix(command: ResolvedCommand, image: ImageView): Prefix | NoPrefix {
  const { environment } = command;
  const base = environment.get("PYTHONUSERBASE");
  if (base?.known === true) return venvAt(imagePath(base.text));
  const home = homeOf(command, image);
  if (home !== undefined) return venvAt(imagePath(".local", home));
  const own = environment
    .get("PATH")
    ?.text.split(":")
    .find((one) => one.startsWith("/") && one.endsWith("/.local/bin"));
  return own === undefined ? { unread: homeUnknown(command) } : venvAt(imagePath("..", imagePath(own)));
}

function systemPrefix({ argv }: ResolvedCommand, image: ImageView): Prefix | NoPrefix {
  const { base } = image;
  if (base.known && base.toolchain === "python") return officialPrefix(base.version);
  if (base.toolchain === "conda") return venvAt(imagePath(CONDA_ROOT));
  const named = /(?:python|pip)(\d\.\d+)$/.exec(argv[0]?.text ?? "")?.[1];
  const version = named ?? RELEASE_PYTHON[base.distribution?.codename ?? ""];
  if (base.packageManager !== "apt" || version === undefined)
    return { unread: `it is not known where the Python of "${base.reference}" keeps packages` };
  const directory = imagePath(`/usr/local/lib/python${version}/dist-packages`);
  return { directory, places: [directory, SCRIPTS] };
}

/** Official images build Python into /usr/local (https://github.com/docker-library/python/blob/master/Dockerfile-linux.template). */
function officialPrefix(version: string | undefined): Prefix {
  const minor = /^\d+\.\d+/.exec(version ?? "")?.[0];
  const major = version?.split(".")[0] ?? "3";
  const directory = imagePath(`/usr/local/lib/python${minor ?? major}/site-packages`);
  const places = [directory, SCRIPTS];
  if (minor !== undefined) return { directory, places };
  const link = `/usr/local/lib/python${major}`;
  return {
    directory,
    places,
    alias: {
      command: `ln -sT python${major}.* ${link}`,
      reason: `"${link}" stands for the directory of whichever version the base has.`,
    },
  };
}
