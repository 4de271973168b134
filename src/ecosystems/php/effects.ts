/** Effects that several of PHP's commands have. */
import type { ImagePath } from "../../text/paths.ts";
import type { Effect, ResolvedCommand } from "../ecosystem.ts";

export const NOTHING: readonly Effect[] = [{ kind: "nothing" }];
export const TESTS: readonly Effect[] = [{ kind: "check", what: "test" }];
export const LINT: readonly Effect[] = [{ kind: "check", what: "lint" }];

/** A directory in which the command writes files that are not known. */
export function made(path: ImagePath, { because }: ResolvedCommand): Effect {
  const linkage = { kind: "none" } as const;
  return {
    kind: "artifact",
    artifact: { path, form: "directory", linkage, ecosystem: "php", confidence: "likely", because },
  };
}
