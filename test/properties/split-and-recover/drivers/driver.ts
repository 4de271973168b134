/**
 * Puts the lines of a split project into the file that runs them.
 *
 *     docker cp "$id0:/out/app00" .      in a Makefile: docker cp "$$id0:/out/app00" .
 */
import type { Ability, Script, Variable } from "../script.ts";

export type Tree = Readonly<Record<string, string>>;

export interface SplitDriver {
  readonly name: string;
  readonly can: readonly Ability[];
  /** The files that run the script. All of them may be rewritten. */
  readonly wrap: (script: Script) => Tree;
  /** The words that run it for real; absent where only a service could. */
  readonly start?: readonly string[];
}

/** Puts references to the script's own variables, where no single quotes hold them, in another syntax, and hands the text between them to `other`. */
export function withVariables(
  line: string,
  variables: readonly Variable[],
  reference: (name: string) => string,
  other: (text: string) => string,
): string {
  const names = variables.map(({ name }) => name).join("|");
  if (names === "") return other(line);
  const own = new RegExp(`'[^']*'|("?)\\$(?:\\{(${names})\\}|(${names})\\b)\\1`, "g");
  let text = "";
  let end = 0;
  for (const match of line.matchAll(own)) {
    const name = match[2] ?? match[3];
    text += other(line.slice(end, match.index)) + (name === undefined ? other(match[0]) : reference(name));
    end = match.index + match[0].length;
  }
  return text + other(line.slice(end));
}

export const indented = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : `${by}${line}`))
    .join("\n");
