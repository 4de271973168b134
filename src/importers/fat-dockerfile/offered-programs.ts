/**
 * Programs for whoever starts an image that says neither CMD nor ENTRYPOINT:
 *
 *     FROM debian:12                       a shell, in which people start /usr/bin/app
 *     RUN … go build -o /usr/bin/app .
 *
 *     FROM someone/compilers               the build tried `app --version`, and left nothing but it
 *     RUN … nim c -o:/usr/bin/app …
 */
import type { Artifact } from "../../ecosystems/ecosystem.ts";
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import type { AbstractImage } from "./abstract-image.ts";
import type { TreeNode } from "./image-tree.ts";
import { readPlaces } from "./place-paths.ts";
import type { ImageReading } from "./read-image.ts";

/** Where an engine looks for programs unless an image says otherwise: moby/buildkit `util/system/path.go`. */
const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Programs that the build put where a shell finds them: an image without a command of its own is for those. */
export function offeredPrograms(reading: ImageReading): readonly Artifact[] {
  const { image, state } = reading;
  const { known, entrypoint, cmd } = image.base;
  if (!known) return programsOverUnknown(reading);
  // A server may start a program of its own, on files that nobody follows.
  const shell = cmd === undefined || (cmd.length === 1 && /^(?:\/bin\/)?(?:ba)?sh$/.test(cmd[0] ?? ""));
  if (entrypoint !== undefined || !shell) return [];
  return programsIn(image, state.environment.get("PATH")?.text.split(":") ?? []);
}

function programsIn({ artifacts }: AbstractImage, path: readonly string[]): readonly Artifact[] {
  return artifacts.filter(({ path: at, form }) => form === "file" && path.includes(imagePath("..", at)));
}

/**
 * What an unknown base starts by itself cannot be told, but it has no use for the build where nothing of the project is left
 * beside programs that the build put among the system's own, and that it tried by their names.
 */
function programsOverUnknown(reading: ImageReading): readonly Artifact[] {
  const { image, instructions } = reading;
  const { isProject } = readPlaces(reading);
  const isLeft = (path: ImagePath, { kind, origin }: TreeNode): boolean =>
    isProject(path) || (kind === "file" && origin.kind === "context");
  if (image.tree.below("/" as ImagePath).some(([path, node]) => isLeft(path, node))) return [];
  const units = instructions.flatMap((one) => one.units);
  const tried = new Set(
    units.flatMap(({ commands }) => commands.flatMap(({ command }) => command.argv[0]?.text ?? [])),
  );
  const programs = programsIn(image, SYSTEM_PATH);
  return programs.every(({ path }) => tried.has(baseName(path))) ? programs : [];
}
