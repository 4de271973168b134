/**
 * Dockerfiles that a build reads on standard input, where they are files of the project, or stand in the script:
 *
 *     docker build -t b - < Dockerfile.build           no context at all
 *     cat Dockerfile.build | docker build -t b -       likewise
 *     docker build -t app -f - . < Dockerfile.run      the context is a directory
 *     docker build -t b - <<END                        the lines up to END are the Dockerfile
 *
 * Source: https://docs.docker.com/reference/cli/docker/buildx/build/#stdin
 * What is not decided here: what a build does with an archive on standard input (build-commands.ts).
 */
import { type ContainerCall, optionValue } from "../../shell/container-cli.ts";
import { evaluateValue } from "../../shell/values.ts";
import type { CommandContext } from "./command-context.ts";
import type { InputText } from "./standard-input.ts";
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
  const written = stdin === undefined ? undefined : inlineText(stdin.input, context.script.source.text);
  const document = redirection?.body === undefined ? {} : { redirection: redirection.range };
  if (written !== undefined) return { path: context.script.source.path, written, ...document };
  const [part, ...others] = stdin?.input.value ?? [];
  const [, name] = (part?.kind === "unknown" && others.length === 0 && /^\$\(cat ([^)]+)\)$/.exec(part.source)) || [];
  return name === undefined || isPartlyUnknown(name) ? undefined : { path: absolutePath(shell.cwd, name) };
}

/** What begins like a Dockerfile, comments and directives aside. */
const BEGINS = /^(?:\s|#.*\n)*(?:ARG|FROM)\s/i;

/**
 * The Dockerfile that standard input brings as text. Blanks stand for what is before it in the script, so that its lines are those of
 * the script, and its offsets too where nothing in it was expanded.
 */
function inlineText({ value, range, script }: InputText, source: string): DockerfileInput["written"] {
  // A variable that the environment may set would be fixed at its default.
  const parts = value.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  const text = parts.join("");
  if (parts.length < value.length || !BEGINS.test(text)) return undefined;
  const before = range === undefined || script?.source.text !== source ? "" : source.slice(0, range.start);
  return { text: before.replace(/[^\n]/g, " ") + text, start: before.length };
}

/** `docker build -`: what stands on standard input is the Dockerfile alone. */
export function isWithoutContext(call: ContainerCall): boolean {
  return isDash(call.operands[0]) && optionValue(call, "file") === undefined;
}

function isDash(field: ContainerCall["operands"][number] | undefined): boolean {
  return field !== undefined && fieldKey(field) === "-";
}
