/**
 * Where Python programs run:
 *
 *     python:3.11             python:3.11-slim: the same Python and Debian release without compilers and headers
 *     python:3.11-bookworm    python:3.11-slim-bookworm
 *     python:3.11-alpine      the same image
 *     ghcr.io/astral-sh/uv:python3.12-bookworm     python:3.12-slim-bookworm
 *
 * The full image stays where packages may link to libraries of the system that are not known, and where a digest pins it.
 *
 * Every plain tag has had a slim one since 2.7.8, 3.3.6 and 3.4.2, and every tag with a release since 2.7.14, 3.4.8, 3.5.5 and 3.6.3
 * (the history of https://github.com/docker-library/official-images/blob/master/library/python up to commit 37079fb336f5).
 */
import { describeBase, pythonOfUv } from "../base-images.ts";
import type { BaseRequest, DependencyTree, RuntimeBase } from "../ecosystem.ts";
import { hasPackages } from "../library-facts.ts";
import { slimSibling } from "../slim-siblings.ts";
import { packageNeeds } from "./packages.ts";

const FIRST = /^(?:2\.7\.(?:[0-7]|13)|3\.(?:[0-2]|3\.[0-5]|4\.[01]|6\.2))(?:\D|$)|wheezy|jessie|rc|\d[ab]\d/;

export function pythonBases(request: BaseRequest): readonly RuntimeBase[] | undefined {
  const trees = request.needs.flatMap((need) =>
    need.kind === "dependencies" && need.tree.ecosystem === "python" ? [need.tree] : [],
  );
  const starts = request.needs.some((need) => need.kind === "executable" && /^python[\d.]*$/.test(need.name));
  const { base } = request.image;
  if (base.toolchain !== "python" || (trees.length === 0 && !starts)) return undefined;
  if (base.variant !== "full" || base.digest !== undefined || !base.known || linksUnknown(trees, request)) return [];
  const unsure = trees.some(({ names }) => names === undefined);
  // An image of uv's own stands on Python's.
  const plain = pythonOfUv(base);
  const reference = slimSibling(plain ?? request.reference, "before-release", FIRST);
  const described = slimSibling(plain ?? base.reference, "before-release", FIRST);
  if (reference === undefined || described === undefined) return [];
  const consequence = unsure
    ? "The same Python without compilers and headers; a package that is not named here may link to a library that it lacks."
    : "The same Python on the same Debian release, without compilers, headers and version control programs.";
  return [{ rung: "slim", reference, consequence, base: describeBase(described), packages: [], unsure }];
}

function linksUnknown(trees: readonly DependencyTree[], { image }: BaseRequest): boolean {
  const release = image.base.distribution?.codename;
  // What is not listed is asked about, and not taken.
  return trees.some(({ names }) => names !== undefined && !hasPackages(packageNeeds(names), release));
}
