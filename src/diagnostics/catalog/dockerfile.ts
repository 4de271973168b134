import { entry } from "../entry.ts";

/** Why a file is taken for something else than a Dockerfile. */
type NoDockerfile = "empty" | "no-instruction" | "no-from";

const REASONS: Readonly<Record<NoDockerfile, string>> = {
  empty: "it is empty",
  "no-instruction": "it has no instruction",
  "no-from": "it has no FROM",
};

/** What is said about: the syntax of Dockerfiles. */
export const DOCKERFILE = {
  "dockerfile-syntax": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `the Dockerfile does not build: ${problem}`,
    help: () => `correct this line until "docker build --check ." has nothing to say`,
    explain: `The builder's own parser rejects this line, so the old image cannot be built, and what the line was meant to do is
anybody's guess. The file is read by the same rules as BuildKit's: continuations, comments inside them, heredocs, flags,
exec and shell form. Correct the line, build once, and run restage again.`,
  }),
  "line-rejected": entry({
    severity: "warning",
    message: ({ problem }: { problem: string }) => problem,
    help: () => `correct this line until "docker build --check ." has nothing to say`,
    explain: `The file already has named stages, so restage leaves it as it is, but the builder's own parser rejects this line. A
common cause is a comment behind an instruction: "#" begins a comment only at the start of a line, so in
"FROM alpine AS run # small" the builder reads three words too many.`,
  }),
  "not-a-dockerfile": entry({
    severity: "error",
    message: ({ path, reason }: { path: string; reason: NoDockerfile }) =>
      `"${path}" is not a Dockerfile: ${REASONS[reason]}`,
    help: () => `name the Dockerfile: "restage migrate . --dockerfile docker/Dockerfile"`,
    explain: `Every Dockerfile has at least one FROM. This file has none, so it is either another kind of file, a part of a
Dockerfile that something else completes, or it was emptied by mistake.`,
  }),
} as const;
