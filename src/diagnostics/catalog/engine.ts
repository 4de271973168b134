import { entry } from "../entry.ts";

/** What is said about: container engines, and building and running with them. */
export const ENGINE = {
  "confirmation-missing": entry({
    severity: "error",
    message: () => "building and running has to be confirmed, and there is no terminal to ask on",
    help: () => `type "restage verify --yes" to build and run without a question`,
    explain: `Verifying runs what the Dockerfiles and their programs say, with the rights that the container engine gives them, so
it asks before it does. Where it cannot ask, as in CI, \`--yes\` is the answer.`,
  }),
  "engine-lost": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `the container engine stopped answering: ${problem}`,
    help: () => `start the engine, remove what is left with "restage verify --prune", and run the command again`,
    explain: `The engine was there when the command began, and then failed to answer. Nothing in the checkout was changed: builds
run in scratch copies. Containers and images of the run may be left in the engine, under the label \`org.restage\`; \`restage verify
--prune\` removes them.`,
  }),
  "engine-missing": entry({
    severity: "error",
    message: ({ problem }: { problem: string }) => `a container engine is needed, and there is none: ${problem}`,
    help: () => `start Docker or podman, or say where one is: "export DOCKER_HOST=unix:///path/to/docker.sock"`,
    explain: `\`restage verify\`, \`restage migrate --observe\` and \`--repair\` build and run images, which takes Docker 20.10 or newer, or
podman, with its command line (\`docker\` or \`podman\`) on the PATH. Everything else works without one. The exit code is 3.`,
  }),
  "observation-declined": entry({
    severity: "error",
    message: () => "nothing was built, so that there is nothing to plan with",
    help: () => `leave "--observe" out to plan from the files alone`,
    explain: `\`restage migrate --observe\` builds and runs the old images before it plans, and asks first. The answer was no.`,
  }),
  "observation-failed": entry({
    severity: "warning",
    message: ({ setup, problem }: { setup: string; problem: string }) =>
      `nothing could be seen of "${setup}", so that its plan is made from the files alone: ${problem}`,
    help: () => `build it once by hand, or give "--build-network host" where builds need the network of this machine`,
    explain: `\`restage migrate --observe\` could not build or read the old image. The plan is the one that \`restage migrate\` makes
without an engine; \`restage verify\` says more about a build that fails by itself.`,
  }),
  "repair-exhausted": entry({
    severity: "error",
    message: ({ end }: { end: string }) =>
      `the migration is withdrawn, since its image does not do what the old one does: ${end}`,
    help: () =>
      `keep the old build, or give the runtime stage what it lacks by an answer in .restage.yml and verify again`,
    explain: `\`restage verify --repair\` reads why the new image fails (a missing library, module, file, program, user), adds that to
the plan, and builds and runs again, at most five times. It ends here where the cause is not known, where the old image itself has
nothing that would help, where no plan brings it, or where nothing would be gained any more. The verification shows what differs;
the setup counts as refused, and \`--write\` changes nothing.`,
  }),
  "verification-interrupted": entry({
    severity: "error",
    message: () => "the verification was interrupted; its containers, images and scratch copies are removed",
    help: () => `run the command again`,
    explain: `Ctrl-C, or a signal that asks to end. The checkout was not changed, and what the run had made in the engine was
removed before the command ended. A second Ctrl-C ends it at once; \`restage verify --prune\` then removes what is left.`,
  }),
} as const;
