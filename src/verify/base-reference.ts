/**
 * The image that a stage of a Dockerfile starts from in the end, through other stages:
 *
 *     FROM node:$V AS base … FROM base AS production      baseReference(text, "production")   // "node:20", where ARG V=20
 */
import { parseDockerfile } from "../dockerfile/parse.ts";
import { readScopes } from "../dockerfile/scope.ts";
import { ROOT } from "../text/paths.ts";
import { sourceFile } from "../text/source.ts";

/** `undefined` where it depends on what is not known. Without a target the last stage counts. */
export function baseReference(
  text: string,
  target: string | undefined,
  buildArgs: Readonly<Record<string, string>>,
): string | undefined {
  const scopes = readScopes(parseDockerfile(sourceFile(ROOT, text)), { buildArgs });
  let at = scopes.findIndex(({ stage }) => stage.from.name?.text.toLowerCase() === target?.toLowerCase());
  if (target === undefined || at < 0) at = scopes.length - 1;
  for (let scope = scopes[at]; scope !== undefined; scope = scopes[at]) {
    if (scope.base.kind === "image")
      return scope.base.reference.unknown.length === 0 ? scope.base.reference.value : undefined;
    if (scope.base.index >= at) return undefined;
    at = scope.base.index;
  }
  return undefined;
}
