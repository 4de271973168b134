/**
 * Directories of the host that another file of the repository fills, so that a clean checkout does not have what they hold.
 *
 *     fetch.sh:      git clone https://example.org/libfoo.git        fills libfoo
 *     README.md:     git clone https://example.org/foo third/foo     fills third/foo
 *     .gitmodules:   path = nav                                      fills nav
 *
 * What is not decided here: what else may write there (host-tree.ts follows the driver's own commands).
 */
import { posix } from "node:path";
import type { ProjectFiles } from "../../model/project-files.ts";
import { type HostPath, joinHost, ROOT } from "../../text/paths.ts";

const FILLERS =
  /(?:^|\/)(?:README[^/]*|[Mm]akefile|GNUmakefile|[^/]+\.(?:bash|cmd|md|mk|ps1|py|rst|sh|txt|ya?ml)|[^/.]+)$/;
const LARGEST = 256 * 1024;

/** The file that fills a directory, or one above it. */
export function filledElsewhere(files: ProjectFiles, path: HostPath): HostPath | undefined {
  const modules = joinHost(ROOT, ".gitmodules");
  const read = modules === undefined ? undefined : files.read(modules);
  if (read?.ok === true && submodules(read.text).some((one) => path === one || path.startsWith(`${one}/`)))
    return modules;
  return [...files.walk(ROOT)].find((file) => {
    if (!FILLERS.test(file) || (files.entry(file)?.size ?? LARGEST + 1) > LARGEST) return false;
    const text = files.read(file);
    // A script may have changed its directory first; what documentation clones by its name alone is mostly the project itself.
    const below = !/(?:^|\/)README|\.(?:md|rst|txt)$/.test(file);
    return text.ok && clones(text.text).some((place) => path === place || (below && path.endsWith(`/${place}`)));
  });
}

function submodules(text: string): readonly string[] {
  return [...text.matchAll(/^\s*path\s*=\s*(\S+)\s*$/gm)].flatMap(([, path]) => path ?? []);
}

/** Where `git clone` and its like put their files: the last word, or the name of the repository. */
function clones(text: string): readonly string[] {
  const calls = text.matchAll(
    /\b(?:git\s+(?:clone|submodule\s+add)|hg\s+clone|svn\s+(?:co|checkout))\b((?:\\\r?\n|[^\n;&|`)])*)/g,
  );
  return [...calls].flatMap(([, rest = ""]) => {
    const words = rest.split(/[\s"'\\]+/).filter((word) => word !== "" && !word.startsWith("#"));
    const url = words.findIndex((word) => /:\/\/|^[\w.-]+@[\w.-]+:|\.git$/.test(word));
    if (url < 0) return [];
    const place = words[url + 1] ?? posix.basename(words[url] ?? "").replace(/\.git$/, "");
    return place === "" || place.startsWith("-") || /^\.?\/?$/.test(place)
      ? []
      : [place.replace(/^\.\//, "").replace(/\/+$/, "")];
  });
}
