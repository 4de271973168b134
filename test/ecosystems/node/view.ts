/** An image for tests: context files at /app, libraries and artifacts as given. */
import { describeBase } from "../../../src/ecosystems/base-images.ts";
import type {
  Artifact,
  DependencyTree,
  Environment,
  ImageView,
  ResolvedCommand,
} from "../../../src/ecosystems/ecosystem.ts";
import type { Provenance } from "../../../src/model/provenance.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { type HostPath, type ImagePath, imagePath } from "../../../src/text/paths.ts";

export const BECAUSE: Provenance = {
  span: { path: "Dockerfile" as HostPath, start: 0, end: 3 },
  text: "RUN",
  line: 1,
  column: 1,
};

export interface ViewOptions {
  readonly base?: string;
  readonly artifacts?: readonly (Omit<Partial<Artifact>, "path"> & { readonly path: string })[];
  readonly dependencies?: readonly (Omit<Partial<DependencyTree>, "directory"> & { readonly directory: string })[];
  readonly packages?: readonly string[];
}

/** The files stand below /app. */
export function viewOf(files: Readonly<Record<string, string>>, options: ViewOptions = {}): ImageView {
  const project = memoryProject(files);
  const hostOf = (path: ImagePath): HostPath | undefined =>
    path === "/app" ? ("." as HostPath) : path.startsWith("/app/") ? (path.slice(5) as HostPath) : undefined;
  const kindOf = (path: ImagePath): "file" | "directory" | undefined => {
    const host = hostOf(path);
    const kind = host === undefined ? undefined : project.entry(host)?.kind;
    return kind === "symlink" ? undefined : kind;
  };
  return {
    project,
    context: "." as HostPath,
    base: describeBase(options.base ?? "node:20"),
    hostOf: (path) => (kindOf(path) === undefined ? undefined : hostOf(path)),
    placesOf: (host) => [imagePath(host, "/app" as ImagePath)],
    kindOf,
    isLink: () => false,
    fetchedFrom: () => undefined,
    children: (path) => {
      const host = hostOf(path);
      return host === undefined ? [] : project.children(host);
    },
    read: (path) => {
      const host = hostOf(path);
      const result = host === undefined ? undefined : project.read(host);
      return result?.ok === true ? result.text : undefined;
    },
    which: (name, workdir) => (name.includes("/") ? imagePath(name, workdir) : undefined),
    artifacts: (options.artifacts ?? []).map((artifact) => ({
      form: "directory",
      linkage: { kind: "none" },
      ecosystem: "node",
      confidence: "certain",
      because: BECAUSE,
      ...artifact,
      path: imagePath(artifact.path),
    })),
    dependencies: (options.dependencies ?? []).map((tree) => ({
      places: [imagePath(`${tree.directory}/node_modules`)],
      production: false,
      ecosystem: "node",
      because: BECAUSE,
      ...tree,
      directory: imagePath(tree.directory),
    })),
    packages: options.packages ?? [],
  };
}

/** A command in /app, split at blanks. */
export function commandOf(line: string, environment: Readonly<Record<string, string>> = {}): ResolvedCommand {
  const argv = line.split(" ").map((text) => ({ text, known: !text.includes("$"), glob: false }));
  const variables: Environment = new Map(
    Object.entries(environment).map(([name, text]) => [name, { text, known: true }]),
  );
  const name = argv[0]?.text.split("/").at(-1) ?? "";
  return { name, argv, workdir: imagePath("/app"), environment: variables, because: BECAUSE };
}
