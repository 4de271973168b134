/**
 * The file of the project that a name in a rule stands for.
 *
 *     bin/app                 bin/app, from the directory that make runs in
 *     $(CURDIR)/bin/app       the same
 */
import { type HostPath, joinHost } from "../../text/paths.ts";
import type { MakeDatabase } from "./database.ts";
import { currentDirectory } from "./expand.ts";
import { hasHole } from "./holes.ts";

/** `undefined` where only a real run knows the name, or where it leads out of the project. */
export function fileNamed(name: string, { directory, world }: MakeDatabase): HostPath | undefined {
  const here = `${currentDirectory(world)}/`;
  const below = name.startsWith(here) ? name.slice(here.length) : name;
  return hasHole(below) ? undefined : joinHost(directory, below);
}
