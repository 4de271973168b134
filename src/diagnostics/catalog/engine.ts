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
  "verification-interrupted": entry({
    severity: "error",
    message: () => "the verification was interrupted; its containers, images and scratch copies are removed",
    help: () => `run the command again`,
    explain: `Ctrl-C, or a signal that asks to end. The checkout was not changed, and what the run had made in the engine was
removed before the command ended. A second Ctrl-C ends it at once; \`restage verify --prune\` then removes what is left.`,
  }),
} as const;
