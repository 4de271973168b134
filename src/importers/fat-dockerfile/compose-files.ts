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
import { parse } from "yaml";

const COMPOSE = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/;

export interface ComposeService {
  readonly name: string;
  /** As written; absent where the service builds nothing. */
  readonly build?: { readonly context: string; readonly file?: string };
  /** Its entrypoint and command as one text, "" where it says neither. */
  readonly command: string;
}

export function isComposeFile(path: string): boolean {
  return COMPOSE.test(path);
}

export function composeServices(text: string): readonly ComposeService[] {
  const services = fieldOf(parsed(text), "services");
  if (typeof services !== "object" || services === null) return [];
  return Object.entries(services).map(([name, facts]: [string, unknown]) => {
    const build = buildOf(fieldOf(facts, "build"));
    const command = wordsOf(fieldOf(facts, "entrypoint"), fieldOf(facts, "command"));
    return { name, command, ...(build === undefined ? {} : { build }) };
  });
}

function buildOf(build: unknown): ComposeService["build"] {
  if (typeof build === "string") return { context: build };
  const context = fieldOf(build, "context");
  const file = fieldOf(build, "dockerfile");
  if (typeof context !== "string") return undefined;
  return typeof file === "string" ? { context, file } : { context };
}

function wordsOf(...given: readonly unknown[]): string {
  return given
    .flat()
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
