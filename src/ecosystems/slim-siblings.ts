/**
 * The slim variant of an official image, by its reference as written:
 *
 *     python:3.11-bookworm     python:3.11-slim-bookworm     "before-release"
 *     ruby:${V}                ruby:${V}-slim
 *     python                   python:slim
 *
 * `undefined` where there is none: another variant, a digest, a tag that is one variable with the name, and versions from before
 * there were slim variants of the releases that tags name. Which tags exist is read from the history of the library files of
 * https://github.com/docker-library/official-images up to commit 37079fb336f5 (2026-08-21).
 */
import { DEBIAN_VERSIONS } from "./base-releases.ts";

const RELEASES = Object.keys(DEBIAN_VERSIONS).join("|");
const WITH_RELEASE = new RegExp(`^(?:(.*)-)?(${RELEASES})$`);
/** `without`: tags that have no slim variant although their name would. */
export function slimSibling(
  reference: string,
  order: "before-release" | "after-release",
  without: RegExp,
): string | undefined {
  const colon = reference.indexOf(":", reference.lastIndexOf("/") + 1);
  const tag = colon < 0 ? "latest" : reference.slice(colon + 1);
  if (reference.includes("@") || /slim|alpine|onbuild|windows|nanoserver/.test(tag) || without.test(tag))
    return undefined;
  // A name or tag that is one variable may hold a suffix, or a whole reference.
  if (/^\$\{?\w+\}?$/.test(reference) || (colon < 0 && reference.includes("$"))) return undefined;
  const [, version, release] = WITH_RELEASE.exec(tag) ?? [undefined, tag === "latest" ? undefined : tag, undefined];
  const parts = order === "before-release" ? [version, "slim", release] : [version, release, "slim"];
  const name = colon < 0 ? reference : reference.slice(0, colon);
  return `${name}:${parts.filter((part) => part !== undefined && part !== "").join("-")}`;
}
