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
import { parse } from "yaml";
import { oncePerProject } from "../../model/once-per-project.ts";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../text/paths.ts";

export interface ComposeCommand {
  readonly file: HostPath;
  readonly dockerfile: HostPath;
  readonly service: string;
  readonly command: string;
}

const COMPOSE = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/;
const MOST_FILES = 100;

/** Of every compose file of a project. */
export const composeCommands = oncePerProject((files): readonly ComposeCommand[] =>
  [...files.walk(ROOT)]
    .filter((path) => COMPOSE.test(path) && !/(?:^|\/)node_modules\//.test(path))
    .slice(0, MOST_FILES)
    .flatMap((file) => {
      const read = files.read(file);
      return read.ok && /^\s+(?:command|entrypoint):/m.test(read.text) ? commandsOf(read.text, file) : [];
    }),
);

function commandsOf(text: string, file: HostPath): readonly ComposeCommand[] {
  const services = fieldOf(parsed(text), "services");
  if (typeof services !== "object" || services === null) return [];
  return Object.entries(services).flatMap(([service, facts]): readonly ComposeCommand[] => {
    const dockerfile = dockerfileOf(fieldOf(facts, "build"), hostDirectory(file));
    const command = wordsOf(fieldOf(facts, "entrypoint"), fieldOf(facts, "command"));
    return dockerfile === undefined || command === "" ? [] : [{ file, dockerfile, service, command }];
  });
}

function dockerfileOf(build: unknown, directory: HostPath): HostPath | undefined {
  const context = typeof build === "string" ? build : fieldOf(build, "context");
  const name = fieldOf(build, "dockerfile") ?? "Dockerfile";
  if (typeof context !== "string" || typeof name !== "string" || /[$:]/.test(context + name)) return undefined;
  const root = joinHost(directory, context);
  return root === undefined ? undefined : joinHost(root, name);
}

function wordsOf(...given: readonly unknown[]): string {
  return given
    .flatMap((one) => (Array.isArray(one) ? one : [one]))
    .filter((one): one is string => typeof one === "string")
    .join(" ")
    .trim();
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
