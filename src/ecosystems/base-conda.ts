/**
 * Images with Conda, by repository: where it lies, and what they start.
 *
 *     continuumio/miniconda3        Debian, Conda in /opt/conda
 *     mambaorg/micromamba:1.5       Debian, an empty environment in /opt/conda that its entrypoint activates
 *
 * Which release of Debian or Ubuntu a tag has is not read.
 */
import type { Source } from "./fact-source.ts";

/** What such an image is, in the terms of base-images.ts. */
export interface CondaImage extends Source {
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly executables: readonly string[];
}

/** Where every one of them keeps Conda. */
export const CONDA_ROOT = "/opt/conda";
const checked = "2026-11-27";
const PATH = "/opt/conda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const OWN = ["conda", "python", "python3", "pip", "bash", "perl"];

const ANACONDA: CondaImage = {
  environment: { PATH, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
  executables: [...OWN, "bzip2", "git", "hg", "ssh", "ps", "svn", "wget"],
  source: "https://github.com/ContinuumIO/docker-images/blob/main/miniconda3/debian/Dockerfile",
  checked,
};

const FORGE: CondaImage = {
  environment: { PATH, CONDA_DIR: CONDA_ROOT, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
  entrypoint: ["tini", "--"],
  executables: [...OWN, "mamba", "tini", "bzip2", "git", "wget"],
  source: "https://github.com/conda-forge/miniforge-images/blob/master/ubuntu/Dockerfile",
  checked,
};

const MICROMAMBA: CondaImage = {
  environment: {
    PATH: `${CONDA_ROOT}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    ENV_NAME: "base",
    MAMBA_EXE: "/bin/micromamba",
    MAMBA_ROOT_PREFIX: CONDA_ROOT,
    MAMBA_USER: "mambauser",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
  },
  entrypoint: ["/usr/local/bin/_entrypoint.sh"],
  user: "mambauser",
  workdir: "/tmp",
  executables: ["micromamba", "bash", "perl"],
  source: "https://github.com/mamba-org/micromamba-docker/blob/main/debian.Dockerfile",
  checked,
};

const IMAGES: Readonly<Record<string, CondaImage>> = {
  "condaforge/mambaforge": FORGE,
  "condaforge/miniforge3": FORGE,
  "continuumio/anaconda3": ANACONDA,
  "continuumio/miniconda3": ANACONDA,
  "mambaorg/micromamba": MICROMAMBA,
};

/** The image by the last two parts of its name, with whatever registry before them. */
export function condaImage(prefix: string, repository: string, tag: string | undefined): CondaImage | undefined {
  const owner = prefix.split("/").findLast((part) => part !== "") ?? "";
  const name = `${owner}/${repository}`;
  // Images on Alpine and Red Hat's have other package managers and, of the former, glibc beside musl.
  if (/alpine|ubi|centos|amazon|fedora/.test(tag ?? "")) return undefined;
  return Object.hasOwn(IMAGES, name) ? IMAGES[name] : undefined;
}
