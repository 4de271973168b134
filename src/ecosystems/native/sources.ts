/**
 * Files and programs that the sources of a native program name in their strings:
 *
 *     readFile("data/words.txt")         the path data/words.txt, on the working directory at run time
 *     startProcess("git", …)             the program git
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";
import { customaryData, namedPath, outermost } from "../program-files.ts";
import type { RuntimeUse } from "../program-needs.ts";

const SOURCE = /\.(?:nim|d|di|cr|ecr|zig|hs|lhs|swift|ml|mli|pas|pp|v|ex|exs|erl)$/;
const NO_DATA =
  /\.(?:nim|nims|nimble|d|cr|zig|hs|swift|ml|mli|pas|v|o|a|md|lock|yml|yaml|cabal)$|^\.|^(?:LICENSE|README|dune).*$/i;
const NEAR =
  /\b(?:readFile|writeFile|open|openFile|readText|File\.\w+|Dir\.\w+|slurp|fopen|getContents|contentsOfFile|openFileAbsolute|openFile|walkDir|lines|read)\s*[({ ]\s*$/;
const STARTS =
  /\b(?:execCmd(?:Ex)?|execProcess|startProcess|execShellCmd|spawnProcess|spawnShell|executeShell|pipeProcess|Process\.(?:run|new|exec)|system|callProcess|readProcess\w*|proc|createProcess|os\.execute|Unix\.\w*exec\w*|Sys\.command)\s*\(?\s*"([\w.+-]+)/g;

/** The same calls with a name that is computed. */
const COMPUTES =
  /\b(?:execCmd(?:Ex)?|execProcess|startProcess|execShellCmd|spawnProcess|spawnShell|executeShell|pipeProcess|Process\.(?:run|new|exec)|callProcess|readProcess\w*|createProcess|Sys\.command)\s*\(\s*[^")\s]/;

export function readRuntimeUse(directory: ImagePath | undefined, workdir: ImagePath, image: ImageView): RuntimeUse {
  const texts =
    directory === undefined ? [] : filesBelow([directory], image, SOURCE).flatMap((file) => image.read(file) ?? []);
  const paths = texts.flatMap((text) => pathsIn(text, workdir, image));
  const programs = new Set(texts.flatMap((text) => [...text.matchAll(STARTS)].map(([, name]) => name ?? "")));
  return {
    paths: outermost(paths),
    customary: texts.length > 0 ? customaryData(workdir, paths, image, NO_DATA) : [],
    executables: [...programs].filter((name) => name !== "").sort(),
    startsUnknown: texts.some((text) => COMPUTES.test(text)),
    timeZones: false,
    read: texts.length > 0,
  };
}

function pathsIn(text: string, workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  return [...text.matchAll(/"((?:\\.|[^"\\\n])*)"/g)].flatMap((match) => {
    const literal = match[1] ?? "";
    if (SOURCE.test(literal)) return [];
    const near = NEAR.test(text.slice(Math.max(0, match.index - 40), match.index));
    return namedPath(literal, near, workdir, image) ?? [];
  });
}
