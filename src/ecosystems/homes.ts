/**
 * The home of the user that a command runs as:
 *
 *     RUN stack install                    /root
 *     ENV HOME=/srv, USER app              /srv
 *     USER app                             not known: the user's own entry says it
 */
import { type ImagePath, imagePath } from "../text/paths.ts";
import type { ResolvedCommand } from "./ecosystem.ts";

export function homeOf({ environment, user }: ResolvedCommand): ImagePath | undefined {
  const home = environment.get("HOME");
  if (home?.known === true) return imagePath(home.text);
  const name = user?.split(":")[0];
  return name === undefined || name === "root" || name === "0" ? imagePath("/root") : undefined;
}

/** Why a command cannot be followed whose files lie in a home that is not known: a clause after "since". */
export function homeUnknown({ user }: ResolvedCommand): string {
  return `the home of the user "${user ?? ""}" is not known`;
}
