/**
 * Keys for values that are known in part: two that read the same are taken to be the same.
 *
 *     ${REPO}-dev      "‹$REPO›-dev"           equal wherever REPO is not known and not changed
 *     ${TAG:-latest}   "latest"                what a run sees that sets nothing
 *
 * Paths are made absolute on the working directory of the script.
 */
import { posix } from "node:path";
import { type Field, fieldValue, knownText, type SymbolicValue, withFallbacks } from "../../shell/symbolic.ts";

/** A value as one string, with `‹source›` where a part is not known. */
export function keyOf(value: SymbolicValue): string {
  return withFallbacks(value)
    .map((part) => (part.kind === "text" ? part.text : `‹${part.tag ?? part.source}›`))
    .join("");
}

export function fieldKey(field: Field): string {
  return keyOf(fieldValue(field));
}

/** The text of a value where defaults are taken, or `undefined` when some of it stays unknown. */
export function settledText(value: SymbolicValue): string | undefined {
  return knownText(withFallbacks(value));
}

/** Whether a key has a part that only the real run knows. */
export function isPartlyUnknown(key: string): boolean {
  return key.includes("‹");
}

/** An absolute path. What starts with an unknown part is taken to be absolute, as such variables nearly always are. */
export function absolutePath(cwd: string, key: string): string {
  const path = posix.normalize(key.startsWith("‹") ? `/${key}` : posix.resolve("/", cwd, key));
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** An image reference with the tag that the engine adds (https://docs.docker.com/reference/cli/docker/image/tag/). */
export function imageKey(reference: string): string {
  const plain = reference.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, "");
  const last = plain.slice(plain.replace(/‹[^›]*›/g, (hole) => "x".repeat(hole.length)).lastIndexOf("/") + 1);
  const tagged = /[:@]/.test(last.replace(/‹[^›]*›/g, ""));
  return tagged ? plain : `${plain}:latest`;
}

/** How the key of a container begins that is known by a filter on its name. */
export const LISTED = "containers named ";

/** The name behind a key that `docker ps` printed; other keys as they are. */
export function listedName(key: string): string {
  const [, name] = /^‹containers named (.*)›$/.exec(key) ?? [];
  return name ?? key;
}

/** The key of a field that may be absent. */
export function optionalKey(field: Field | undefined): string | undefined {
  return field === undefined ? undefined : fieldKey(field);
}
