/**
 * What is known of an image while its instructions are read: files, artifacts, libraries, packages.
 *
 *     image.which("app", workdir, environment)     "/go/bin/app", along PATH
 *
 * This is the view that ecosystems get. How instructions change it is not decided here.
 */
import type { BaseImage } from "../../ecosystems/base-images.ts";
import type { Artifact, DependencyTree, Environment, ImageView } from "../../ecosystems/ecosystem.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type HostPath, type ImagePath, imagePath } from "../../text/paths.ts";
import { hostOf, ImageTree } from "./image-tree.ts";

/** A package that RUN installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly manager: string;
  readonly group?: string;
  /** The instruction that installed it. */
  readonly at: number;
  /** It was taken away again, while the libraries that it brought stay: apt removes no more than it is told to. */
  readonly removed?: true;
}

/** The image while it is read; the view that ecosystems get. */
export class AbstractImage implements ImageView {
  readonly project: ProjectFiles;
  readonly context: HostPath;
  readonly base: BaseImage;
  readonly tree = new ImageTree();
  artifacts: readonly Artifact[] = [];
  dependencies: readonly DependencyTree[] = [];
  installed: readonly InstalledPackage[] = [];
  /** Headers that apt removed, whose libraries may be left. */
  headers: readonly InstalledPackage[] = [];
  /** Symbolic links. */
  links: readonly ImagePath[] = [];
  /** Paths of tools that the build brought along. */
  tools: readonly ImagePath[] = [];
  /** Addresses of fetched files. */
  readonly fetched = new Map<ImagePath, string>();

  constructor(project: ProjectFiles, context: HostPath, base: BaseImage) {
    this.project = project;
    this.context = context;
    this.base = base;
  }

  get packages(): readonly string[] {
    return this.installed.map((one) => one.name);
  }

  hostOf(path: ImagePath): HostPath | undefined {
    return hostOf(this.tree.node(path));
  }

  placesOf(host: HostPath): readonly ImagePath[] {
    return this.tree.placesOf(host);
  }

  kindOf(path: ImagePath): "file" | "directory" | undefined {
    return this.tree.kindOf(path);
  }

  isLink(path: ImagePath): boolean {
    return this.links.includes(path);
  }

  fetchedFrom(path: ImagePath): string | undefined {
    return this.tree.kindOf(path) === undefined ? undefined : this.fetched.get(path);
  }

  children(path: ImagePath): readonly string[] {
    return this.tree.children(path);
  }

  read(path: ImagePath): string | undefined {
    const origin = this.tree.kindOf(path) === "file" ? this.tree.node(path)?.origin : undefined;
    const host = origin?.kind === "made" ? origin.copyOf : this.hostOf(path);
    const result = host === undefined ? undefined : this.project.read(host);
    return result?.ok === true ? result.text : undefined;
  }

  which(name: string, workdir: ImagePath, environment: Environment): ImagePath | undefined {
    if (name.includes("/")) return imagePath(name, workdir);
    const path = environment.get("PATH");
    const directories = path === undefined ? [] : path.text.split(":");
    return directories
      .filter((directory) => directory.startsWith("/") && !directory.includes("$"))
      .map((directory) => imagePath(name, imagePath(directory)))
      .find((candidate) => this.tree.kindOf(candidate) === "file");
  }
}
