/**
 * Dockerfiles that a build reads on standard input, where they are files of the project:
 *
 *     docker build -t b - < Dockerfile.build           no context at all
 *     cat Dockerfile.build | docker build -t b -       likewise
 *     docker build -t app -f - . < Dockerfile.run      the context is a directory
 *
 * Source: https://docs.docker.com/reference/cli/docker/buildx/build/#stdin
 * What is not decided here: what a build does with an archive on standard input (build-commands.ts).
 */
import { type ContainerCall, optionValue } from "../../shell/container-cli.ts";
import { evaluateValue } from "../../shell/values.ts";
import type { CommandContext } from "./command-context.ts";
import type { DockerfileInput } from "./trace.ts";
import { absolutePath, fieldKey, isPartlyUnknown, keyOf } from "./values.ts";

/** The context of a build that has none. */
export const NO_CONTEXT = "/\u2302no context";

/** The Dockerfile that a call reads on standard input; `undefined` where it reads none, or it is no file that is named. */
export function dockerfileInput(context: CommandContext, call: ContainerCall): DockerfileInput | undefined {
  if (!isWithoutContext(call) && !isDash(optionValue(call, "file"))) return undefined;
  const { node, scope, shell, stdin } = context;
  const redirection = node.redirections.findLast(({ fileDescriptor }) => (fileDescriptor ?? 0) === 0);
  if (redirection?.operator === "<" && redirection.target !== undefined)
    return {
      path: absolutePath(shell.cwd, keyOf(evaluateValue(redirection.target, scope))),
      redirection: redirection.range,
    };
  const [part, ...others] = stdin?.input.value ?? [];
  const [, name] = (part?.kind === "unknown" && others.length === 0 && /^\$\(cat ([^)]+)\)$/.exec(part.source)) || [];
  return name === undefined || isPartlyUnknown(name) ? undefined : { path: absolutePath(shell.cwd, name) };
}

/** `docker build -`: what stands on standard input is the Dockerfile alone. */
export function isWithoutContext(call: ContainerCall): boolean {
  return isDash(call.operands[0]) && optionValue(call, "file") === undefined;
}

function isDash(field: ContainerCall["operands"][number] | undefined): boolean {
  return field !== undefined && fieldKey(field) === "-";
}
