/**
 * The Go toolchain: what `go build` makes, what the program needs where it runs, and which images it runs on.
 *
 *     RUN go build -o /bin/server ./cmd/server        artifact /bin/server
 *     ENTRYPOINT ["/bin/server"]                      needs /bin/server and the templates that its sources open
 *
 *     CMD ["go", "test", "./..."]                     needs the toolchain and everything in the working directory
 *
 * Left alone: plugins, and assets that libraries open.
 */
import type { Ecosystem, RuntimeNeed, RuntimeRoot } from "../ecosystem.ts";
import { programBases } from "../program-bases.ts";
import { needsOfProgram, programOf } from "../program-needs.ts";
import { readGoCommand } from "./commands.ts";
import { readRuntimeUse } from "./sources.ts";

export const go: Ecosystem = {
  name: "go",
  interpret: readGoCommand,
  needs(root, image) {
    const program = programOf(root, image, "go");
    if (program === undefined) return toolchainNeeds(root);
    const use = readRuntimeUse(program.source, root.command.workdir, image, root.command.environment);
    return needsOfProgram(program, use, root, image);
  },
  runtimeBases: (request) => programBases(request, { ecosystem: "go", distroless: "base" }),
};

/** Verbs of the go command that read the sources where they run. */
const WORKS_ON_SOURCES = /^(?:build|doc|fix|fmt|generate|install|list|run|test|tool|vet)$/;

function toolchainNeeds({ command }: RuntimeRoot): readonly RuntimeNeed[] | undefined {
  const verb = command.argv[1];
  if (command.name !== "go" || verb?.known !== true || !WORKS_ON_SOURCES.test(verb.text)) return undefined;
  const words = command.argv.map(({ text }) => text).join(" ");
  const base = { confidence: "certain", because: [command.because] } as const;
  return [
    { ...base, kind: "executable", name: "go", reason: `"${words}" is run by the Go toolchain.` },
    {
      ...base,
      kind: "everything",
      directory: command.workdir,
      reason: `"${words}" works on the sources when the image runs.`,
      worksOnSources: words,
    },
  ];
}
