/**
 * File name patterns of make against the checkout.
 *
 *     $(wildcard cmd/* /main.go)     (without the blank) "cmd/app/main.go cmd/tool/main.go"
 *
 * Files that only a recipe makes are not there, as in a clean checkout.
 */
import { posix } from "node:path";
import type { ProjectFiles } from "../../model/project-files.ts";
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import { type HostPath, joinHost } from "../../text/paths.ts";
import { wordsOf } from "./functions.ts";
import { hasHole } from "./holes.ts";

/** The files that the patterns name, seen from `directory`; `undefined` where a pattern is not known. */
export function wildcard(patterns: string, files: ProjectFiles, directory: HostPath): string | undefined {
  if (hasHole(patterns)) return undefined;
  return wordsOf(patterns)
    .flatMap((pattern) => {
      const dot = pattern.startsWith("./") ? "./" : "";
      return matches(pattern, files, directory).map((name) => dot + name);
    })
    .join(" ");
}

function matches(pattern: string, files: ProjectFiles, directory: HostPath): readonly string[] {
  if (pattern.startsWith("/")) return [];
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  return parts.reduce<readonly string[]>(
    (found, part) =>
      found.flatMap((base) => namesLike(part, base, files, directory).map((name) => posix.join(base, name))),
    [""],
  );
}

function namesLike(part: string, base: string, files: ProjectFiles, directory: HostPath): readonly string[] {
  const folder = joinHost(directory, base);
  if (folder === undefined) return [];
  if (/[*?[]/.test(part)) {
    const pattern = patternOf(part);
    const hidden = part.startsWith(".");
    return files.children(folder).filter((name) => hidden === name.startsWith(".") && matchesPattern(pattern, name));
  }
  const path = joinHost(folder, part);
  return path !== undefined && files.entry(path) !== undefined ? [part] : [];
}

function patternOf(part: string): Pattern {
  return part
    .split(/(\*|\?|\[[^\]]*\])/)
    .filter((piece) => piece !== "")
    .map((piece) => ({ kind: /^[*?[]/.test(piece) ? "glob" : "text", text: piece }));
}
