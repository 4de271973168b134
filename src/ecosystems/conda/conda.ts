/**
 * Conda, Mamba and micromamba: the environments that they make, and where those run.
 *
 *     RUN conda env create -f environment.yml         /opt/conda/envs/app, with an interpreter of its own
 *     ENV PATH=/opt/conda/envs/app/bin:$PATH
 *     CMD ["python", "main.py"]                       needs the environment alone: Debian without Conda
 *     CMD ["conda", "run", "-n", "app", "python", …]  needs Conda besides: the image that it came with
 *
 * Programs of an environment are Python's, and python/ says what they need. Left alone: archives of conda-pack, packages that are built
 * with conda-build, and activation by the settings of a login shell.
 */
import { describeBase } from "../base-images.ts";
import type { BaseRequest, Ecosystem, ImageView, RuntimeBase, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { asInstalled } from "../library-facts.ts";
import { commandText } from "../operands.ts";
import { inEnvironment, isConda, readCondaCommand, runIn } from "./commands.ts";
import { condaRoot, environmentAt } from "./environments.ts";

export const conda: Ecosystem = {
  name: "conda",
  interpret: readCondaCommand,
  needs: condaNeeds,
  runtimeBases: condaBases,
};

function condaNeeds({ command }: RuntimeRoot, image: ImageView): readonly RuntimeNeed[] | undefined {
  if (!isConda(command.name)) return undefined;
  const frame = { confidence: "certain", because: [command.because] } as const;
  const name = command.argv[0]?.text ?? command.name;
  const own: RuntimeNeed = {
    kind: "executable",
    name,
    reason: `"${command.name}" starts in the environment.`,
    ...frame,
  };
  const root = condaRoot(command, image);
  const at = command.argv.findIndex(({ text }) => text === "activate");
  const run = runIn(command, image);
  const chosen = command.argv[at + 1]?.text;
  const directory =
    run?.directory ??
    (at < 0 || root === undefined ? undefined : environmentAt(chosen ?? "base", root, command.workdir));
  const trees = image.dependencies.filter(
    (tree) => tree.directory === directory || (tree.directory === root && tree.overBase === undefined),
  );
  // Where Conda was installed beside the base image's own files, its directory holds the environment.
  const outer = trees.filter(
    (tree) => !trees.some((other) => other !== tree && tree.directory.startsWith(`${other.directory}/`)),
  );
  const libraries = outer.map((tree) =>
    asInstalled(tree, "packages", "The program runs in this environment.", true, frame),
  );
  if (run === undefined) return [own, ...libraries];
  const inner: RuntimeNeed = {
    kind: "runs",
    script: commandText(run.rest),
    workdir: command.workdir,
    environment: inEnvironment(command.environment, run.directory),
    reason: `"${command.name} run" starts it.`,
    ...frame,
  };
  return [own, ...libraries, inner];
}

/** Packages that load libraries of X11 and OpenGL, which an environment does not bring (https://conda-forge.org/docs/maintainer/knowledge_base/#core-dependency-tree-packages-cdts). */
const GRAPHICAL = /opencv|pyqt|pyside|^vtk$|mayavi|pyvista|kivy|pygame|open3d|^qt|wxpython|pyopengl|ffmpeg|graphviz/;
const COMPILERS = /^(?:gcc|g\+\+|build-essential|clang|gfortran)/;

/**
 * An environment brings everything but the C library, of which any since 2.17 will do
 * (https://conda-forge.org/docs/maintainer/knowledge_base/#using-centos-7).
 */
function condaBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const trees = request.needs.flatMap((need) =>
    need.kind === "dependencies" && need.tree.interpreter === true ? [need.tree] : [],
  );
  const { base } = request.image;
  if (trees.length === 0) return undefined;
  if (base.toolchain !== "conda" || base.entrypoint !== undefined || base.digest !== undefined) return [];
  const reference = "debian:bookworm-slim";
  const unsure =
    trees.some(({ names }) => names === undefined || names.some((name) => GRAPHICAL.test(name))) ||
    request.image.packages.some((name) => COMPILERS.test(name));
  const consequence = unsure
    ? "Debian with the environment alone; a package that is not named here, or compiled in the image, may link to a library that it lacks."
    : "Debian with the environment alone, without Conda, its own packages and their caches.";
  return [
    { rung: "slim", reference, consequence, base: describeBase(reference), packages: ["ca-certificates"], unsure },
  ];
}
