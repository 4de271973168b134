/**
 * Whether a tag of an official image that a rule derived was ever published:
 *
 *     node:20-slim             "published"
 *     node:8.4-stretch-slim    "unpublished": that version had no slim image of the release
 *     node:31-slim             "newer" than the list: nothing tells
 *     debian:trixie            "unlisted": of a form, or of an image, that no rule derives
 *
 * A tag stays on Docker Hub when its image is no longer built, so that all that ever stood in the library files counts. Mirrors are
 * taken to have the tags of what they mirror. A tag with a variable of unknown value is unlisted.
 */
import { type BaseImage, mayMirrorOfficial } from "./base-images.ts";
import { PUBLISHED } from "./published-tags.ts";

export type Publication = "published" | "unpublished" | "newer" | "unlisted";

const VERSIONED = /^((?:\d+[._])*\d+)(-.+|)$/;

export function publicationOf({ prefix, repository, tag = "latest" }: BaseImage): Publication {
  const rows = mayMirrorOfficial(prefix) && Object.hasOwn(PUBLISHED, repository) ? PUBLISHED[repository] : undefined;
  if (rows === undefined || tag.includes("$")) return "unlisted";
  const [, version, suffix = ""] = VERSIONED.exec(tag) ?? [];
  if (version === undefined) {
    if (rows["*"]?.split(" ").includes(tag) === true) return "published";
    return isDerived(repository, tag) ? "unpublished" : "unlisted";
  }
  const row = Object.hasOwn(rows, suffix) ? rows[suffix] : undefined;
  if (row === undefined) return isDerived(repository, tag) ? "unpublished" : "unlisted";
  const known = row.split(" ");
  if (known.some((range) => covers(range, version))) return "published";
  return isNewer(version, known) ? "newer" : "unpublished";
}

/** Whether a tag is of a form that the table is made of. */
function isDerived(repository: string, tag: string): boolean {
  return repository === "alpine" ? /^\d+\.\d+$/.test(tag) : /(?:^|-)(?:slim|jre)(?:-|$)/.test(tag);
}

/** `3.11.` and `13` of `3.11.13`. */
function split(version: string): { readonly head: string; readonly last: number } {
  const [, head = "", last = ""] = /^(.*[._])?(\d+)$/.exec(version) ?? [];
  return { head, last: Number(last) };
}

function covers(range: string, version: string): boolean {
  const [from = "", to] = range.split("..");
  const first = split(from);
  const { head, last } = split(version);
  return first.head === head && first.last <= last && last <= (to === undefined ? first.last : Number(to));
}

/** Whether a version comes after all that are known of its line; one of no known line is as new as the line. */
function isNewer(version: string, known: readonly string[]): boolean {
  const { head, last } = split(version);
  const line = known.filter((range) => split(range.split("..")[0] ?? "").head === head);
  if (line.length > 0) return line.every((range) => Number(range.split("..")[1] ?? split(range).last) < last);
  return head !== "" && isNewer(head.slice(0, -1), known);
}
