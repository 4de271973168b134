/**
 * Commands that compose files run in an image instead of its own:
 *
 *     services:
 *       worker:
 *         build: .
 *         command: celery -A shop worker     the image is started with it, too
 *
 * (https://docs.docker.com/reference/compose-file/services/#command). What they need is not planned for: they are named to the reader.
 */
import { oncePerProject } from "../../model/once-per-project.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import { type ComposeService, composeServices, isComposeFile } from "./compose-files.ts";

export interface ComposeCommand {
  readonly file: HostPath;
  readonly dockerfile: HostPath;
  readonly service: string;
  readonly command: string;
}

const MOST_FILES = 100;

/** Of every compose file of a project. */
export const composeCommands = oncePerProject((files): readonly ComposeCommand[] =>
  [...files.walk(ROOT)]
    .filter((path) => isComposeFile(path) && !/(?:^|\/)node_modules\//.test(path))
    .slice(0, MOST_FILES)
    .flatMap((file) => {
      const read = files.read(file);
      return read.ok && /^\s+(?:command|entrypoint):/m.test(read.text) ? commandsOf(read.text, file) : [];
    }),
);

function commandsOf(text: string, file: HostPath): readonly ComposeCommand[] {
  return composeServices(text).flatMap(({ name: service, build, command }): readonly ComposeCommand[] => {
    const dockerfile = build === undefined ? undefined : dockerfileOf(build, hostDirectory(file));
    return dockerfile === undefined || command === "" ? [] : [{ file, dockerfile, service, command }];
  });
}

function dockerfileOf({ context, file = "Dockerfile" }: NonNullable<ComposeService["build"]>, directory: HostPath) {
  const root = /[$:]/.test(context + file) ? undefined : joinHost(directory, context);
  return root === undefined ? undefined : joinHost(root, file);
}
