/**
 * The image that each FROM line of a build names, as a key with holes where only the real run knows a part.
 *
 *     docker build --build-arg IMG=$REPO/tools --build-arg TAG=$TAG …
 *     ARG IMG=tools
 *     ARG TAG
 *     FROM ${IMG}:${TAG} AS builder          "‹$REPO›/tools:‹$TAG›", the key of what `docker build -t $REPO/tools:$TAG` made
 *
 * Only arguments before the first FROM count there (https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact).
 * What is not decided here: whether the script makes an image of that name (links.ts).
 */
import { expandWord, variableNames } from "../../dockerfile/expand.ts";
import type { DockerfileDocument } from "../../dockerfile/syntax.ts";
import type { Build, BuildArgument } from "./trace.ts";
import { keyOf } from "./values.ts";

/** The reference of each stage's FROM, by stage; `undefined` where the Dockerfile rejects it. */
export function fromReferences(document: DockerfileDocument, build: Build): readonly (string | undefined)[] {
  const globals = globalKeys(document, build);
  return document.stages.map(({ from }) => {
    const { value, problem } = expandWord(from.image.text, (name) => globals.get(name), document.escape);
    return problem === undefined ? value : undefined;
  });
}

/** The arguments before the first FROM that an instruction's text names. */
export function globalsNamed(document: DockerfileDocument, text: string): readonly string[] {
  const names = variableNames(text, document.escape);
  return names.filter((name) => globalNames(document).has(name));
}

/** The names that the ARGs before the first FROM declare. */
export function globalNames({ preamble }: DockerfileDocument): ReadonlySet<string> {
  return new Set(preamble.flatMap((one) => (one.kind === "arg" ? one.pairs.map(({ key }) => key) : [])));
}

function globalKeys(document: DockerfileDocument, build: Build): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const instruction of document.preamble) {
    if (instruction.kind !== "arg") continue;
    for (const { key, value } of instruction.pairs) {
      const passed = build.args.findLast(({ name }) => name === key);
      const given = passed === undefined ? undefined : passedKey(passed, build);
      const own = value === undefined ? undefined : expandWord(value, (name) => keys.get(name), document.escape).value;
      const whole = given ?? own;
      if (whole !== undefined) keys.set(key, whole);
    }
  }
  return keys;
}

/** Without a value the environment gives it; a variable that is not set leaves the default (same page, "ARG"). */
function passedKey({ name, value }: BuildArgument, build: Build): string | undefined {
  if (value !== undefined) return keyOf(value);
  const variable = build.variables.get(name);
  if (variable === "unset") return undefined;
  return variable === undefined ? `‹$${name}›` : keyOf(variable);
}
