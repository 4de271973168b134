/**
 * Needs as supervisors have them: a file that says what starts, a command of it, and what to do about one that nobody can read.
 *
 *     path /app/supervisord.conf     read when the image starts
 *     runs gunicorn app:app          in /app
 *     everything /app                the configuration is made by a command, so all of the project stays
 */
import { type ImagePath, imagePath } from "../../text/paths.ts";
import type { Environment, ImageView, ResolvedCommand, RuntimeNeed } from "../ecosystem.ts";
import { outermost } from "../program-files.ts";

/** A file or directory that says what starts. */
export function tells(path: ImagePath, { name, because }: ResolvedCommand): RuntimeNeed {
  const reason = `"${name}" reads there what it starts.`;
  return { kind: "path", path, reason, confidence: "certain", because: [because] };
}

/** A shell text that a supervisor starts. */
export function starts(
  script: string,
  { name, because }: ResolvedCommand,
  workdir: ImagePath,
  environment: Environment,
): RuntimeNeed {
  const reason = `"${name}" starts it.`;
  return { kind: "runs", script, workdir, environment, reason, confidence: "certain", because: [because] };
}

/** All of the project stays where it cannot be told what starts; `why` is a clause after "since". */
export function untold(why: string, command: ResolvedCommand, image: ImageView): readonly RuntimeNeed[] {
  const { name, because } = command;
  const reason = `It cannot be told what "${name}" starts, since ${why}.`;
  return projectDirectories(command, image).map((directory) => ({
    kind: "everything",
    directory,
    unread: { program: name, why },
    reason,
    confidence: "likely",
    because: [because],
  }));
}

const SYSTEM = /^\/(?:usr|etc|var|bin|sbin|lib|lib64|home|root|tmp|run|dev|proc|sys)$/;

/** Where the project is in the image: the working directory, where libraries are installed, and what COPY made in the root. */
function projectDirectories({ workdir }: ResolvedCommand, image: ImageView): readonly ImagePath[] {
  const root = imagePath("/");
  const copied = image
    .children(root)
    .map((name) => imagePath(name, root))
    .filter((path) => !SYSTEM.test(path) && image.kindOf(path) === "directory");
  const known = [workdir, ...image.dependencies.map(({ directory }) => directory), ...copied];
  const directories = outermost([...new Set(known)].filter((path) => path !== root && !SYSTEM.test(path)));
  return directories.length > 0 ? directories : [workdir];
}
