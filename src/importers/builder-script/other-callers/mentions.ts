/**
 * Places of other files where a Dockerfile is named in any way.
 *
 *     README.md:12       "run `docker build -f Dockerfile.build .`"      tells people
 *     .hadolint.yaml:3   "- Dockerfile.build"                            looks at it, builds nothing
 *     ci/build.mk:7      "$(BUILD) -f Dockerfile.build"                  may build it
 *
 * What is not decided here: what follows from a mention.
 */
import { posix } from "node:path";
import { type HostPath, hostDirectory, ROOT } from "../../../text/paths.ts";
import type { Range } from "../../../text/source.ts";

/** Files that may build what they name: scripts, Makefiles, CI and compose files, package manifests. */
const BUILDS =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile(?:[._-][\w.-]+)?|Jenkinsfile|justfile|Taskfile\.ya?ml|Rakefile|package\.json|\.?devcontainer\.json|Tiltfile|[^/]+\.(?:sh|bash|mk|ya?ml|ps1|bat|cmd|hcl|gradle|Tiltfile))$/;
/** Files of those endings that look at Dockerfiles and build none. */
const ONLY_LOOKS =
  /(?:^|\/)(?:\.?(?:hadolint|yamllint|pre-commit-config|codecov|markdownlint|renovate|dependabot)[^/]*\.ya?ml|mkdocs\.ya?ml|_config\.ya?ml)$/;
/** Files that tell people or other tools. */
const TELLS =
  /(?:^|\/)(?:README|CONTRIBUTING|HACKING|INSTALL|BUILDING|CODEOWNERS|\.dockerignore|[^/]+\.dockerignore|\.gitattributes|\.gitignore|[^/]+\.(?:md|markdown|mdx|rst|adoc|asciidoc|txt|org))$/i;

/** What a file that names a Dockerfile may do with it. */
export type Naming = "builds" | "tells" | "nothing";

export function namingOf(path: HostPath): Naming {
  if (ONLY_LOOKS.test(path) || TELLS.test(path)) return "tells";
  return BUILDS.test(path) ? "builds" : "nothing";
}

export interface Mention {
  readonly range: Range;
  /** True on a line that is a comment. */
  readonly comment: boolean;
}

/** Where a text names a path of the checkout. A bare `Dockerfile` counts only where a folder tells which one. */
export function mentionsOf(text: string, path: HostPath): readonly Mention[] {
  const name = posix.basename(path);
  const needle = name === "Dockerfile" && hostDirectory(path) !== ROOT ? path : name;
  const pattern = new RegExp(`(^|[^\\w.-])${needle.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}(?!\\.?[\\w-])`, "gm");
  return [...text.matchAll(pattern)].map((match) => {
    const start = match.index + (match[1]?.length ?? 0);
    const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    return { range: { start, end: start + needle.length }, comment: /^\s*(?:#|\/\/)/.test(line) };
  });
}
