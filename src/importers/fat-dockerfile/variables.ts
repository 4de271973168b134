/**
 * Environment variables and build arguments while a Dockerfile is read.
 *
 *     ARG VERSION=1       VERSION is "1", if nobody says otherwise
 *     ENV HOME=/srv/$VERSION
 *
 * ENV wins over ARG (https://docs.docker.com/reference/dockerfile/#using-arg-variables).
 */
import { expandWord, UNKNOWN, variableNames } from "../../dockerfile/expand.ts";
import type { Environment, SymbolicText } from "../../ecosystems/ecosystem.ts";

/** Expands a Dockerfile's text; a variable without a known value stands as written. */
export function expandText(written: string, environment: Environment): SymbolicText {
  const lookup = (name: string): string | typeof UNKNOWN | undefined => {
    const value = environment.get(name);
    if (value === undefined) return undefined;
    return value.known ? value.text : UNKNOWN;
  };
  const { value, unknown } = expandWord(written, lookup, "\\");
  return { text: value, known: unknown.length === 0 };
}

/** The variables that a text names. */
export function namesIn(text: string): readonly string[] {
  return variableNames(text, "\\");
}
