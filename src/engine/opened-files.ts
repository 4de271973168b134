/**
 * Files that the processes of a running container have open or mapped, where they are processes of this machine:
 *
 *     /proc/<pid>/maps     …  /usr/lib/x86_64-linux-gnu/libpq.so.5     libraries that were loaded by name count too
 *     /proc/<pid>/fd/3     → /app/data/words.txt
 *
 * A look at one moment: what was opened and closed before is not seen, so that only presence proves anything.
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import { linkTarget, namesIn, processesBeside, readText } from "./proc-files.ts";

/** `undefined` where the processes cannot be seen. */
export function openedFiles(pid: number | undefined): ReadonlySet<ImagePath> | undefined {
  if (pid === undefined) return undefined;
  const paths = processesBeside(pid).flatMap((one) => [...mapped(one), ...held(one)]);
  return new Set(
    paths.filter((path) => path.startsWith("/") && !/^\/(?:proc|dev|sys)\//.test(path)).map((path) => imagePath(path)),
  );
}

function mapped(pid: number): readonly string[] {
  return readText(`/proc/${pid}/maps`)
    .split("\n")
    .flatMap((line) => /^\S+ \S+ \S+ \S+ \d+\s+(\/.*?)(?: \(deleted\))?$/.exec(line)?.[1] ?? []);
}

function held(pid: number): readonly string[] {
  return namesIn(`/proc/${pid}/fd`).map((fd) => linkTarget(`/proc/${pid}/fd/${fd}`));
}
