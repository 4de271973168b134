/**
 * Services of compose files, as far as a Dockerfile is concerned:
 *
 *     services:
 *       worker:
 *         build: { context: ., dockerfile: api/Dockerfile }
 *         command: celery -A shop worker
 *
 * (https://docs.docker.com/reference/compose-file/services/).
 */
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { CommandForm } from "../../dockerfile/syntax.ts";
import type { Range } from "../../text/source.ts";
import { shellWords } from "./shell-words.ts";

const COMPOSE = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/;

/** A command as written, with its place in the file. */
export interface WrittenCommand {
  readonly form: CommandForm;
  readonly range: Range;
}

export interface ComposeService {
  readonly name: string;
  /** As written; absent where the service builds nothing. */
  readonly build?: { readonly context: string; readonly file?: string; readonly target?: string };
  readonly image?: string;
  readonly entrypoint?: WrittenCommand;
  readonly command?: WrittenCommand;
  readonly healthcheck?: WrittenCommand;
}

export function isComposeFile(path: string): boolean {
  return COMPOSE.test(path);
}

export function composeServices(text: string): readonly ComposeService[] {
  const services = fieldOf(parseDocument(text, { logLevel: "silent", merge: true }).contents, "services");
  if (!isMap(services)) return [];
  return services.items.map(({ key, value }): ComposeService => {
    const build = buildOf(fieldOf(value, "build"));
    const image = textOf(fieldOf(value, "image"));
    const entrypoint = commandOf(fieldOf(value, "entrypoint"));
    const command = commandOf(fieldOf(value, "command"));
    const healthcheck = healthcheckOf(fieldOf(fieldOf(value, "healthcheck"), "test"));
    return {
      name: textOf(key) ?? "",
      ...(build === undefined ? {} : { build }),
      ...(image === undefined ? {} : { image }),
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(command === undefined ? {} : { command }),
      ...(healthcheck === undefined ? {} : { healthcheck }),
    };
  });
}

function buildOf(build: unknown): ComposeService["build"] {
  const short = textOf(build);
  if (short !== undefined) return { context: short };
  const context = textOf(fieldOf(build, "context"));
  const file = textOf(fieldOf(build, "dockerfile"));
  const target = textOf(fieldOf(build, "target"));
  if (context === undefined) return undefined;
  return { context, ...(file === undefined ? {} : { file }), ...(target === undefined ? {} : { target }) };
}

/** A text is split into words as a shell splits it, and no shell runs it; `$$` is a `$` of the container's. */
function commandOf(node: unknown): WrittenCommand | undefined {
  const range = rangeOf(node);
  const text = textOf(node);
  const words = text === undefined ? wordsOf(node) : shellWords(text);
  if (range === undefined || words === undefined || words.length === 0) return undefined;
  return { form: { form: "exec", words: words.map((word) => word.replaceAll("$$", "$")) }, range };
}

/** `["CMD", …]`, `["CMD-SHELL", text]`, or a text for a shell. */
function healthcheckOf(node: unknown): WrittenCommand | undefined {
  const range = rangeOf(node);
  const text = textOf(node);
  const [kind, ...words] = wordsOf(node) ?? [];
  if (range === undefined) return undefined;
  const script = text ?? (kind === "CMD-SHELL" ? words.join(" ") : undefined);
  if (script !== undefined) return { form: { form: "shell", command: script.replaceAll("$$", "$") }, range };
  return kind === "CMD" ? { form: { form: "exec", words }, range } : undefined;
}

/** The member of a mapping, whose value is looked through an alias or a merge by nobody. */
export function fieldOf(node: unknown, name: string): unknown {
  return isMap(node) ? node.get(name, true) : undefined;
}

export function textOf(node: unknown): string | undefined {
  return isScalar(node) && (typeof node.value === "string" || typeof node.value === "number")
    ? String(node.value)
    : undefined;
}

/** The texts of a list; `undefined` where it is none, or holds anything else. */
export function wordsOf(node: unknown): readonly string[] | undefined {
  if (!isSeq(node)) return undefined;
  const words = node.items.map(textOf);
  return words.every((word) => word !== undefined) ? words : undefined;
}

export function rangeOf(node: unknown): Range | undefined {
  const range = isScalar(node) || isSeq(node) ? node.range : undefined;
  return range === undefined || range === null ? undefined : { start: range[0], end: range[1] };
}
