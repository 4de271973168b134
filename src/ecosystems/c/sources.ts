/**
 * What a program of C or C++ opens and starts when it runs, as far as its sources say:
 *
 *     fopen("data/words.txt", "r")     the path data/words.txt, on the working directory at run time
 *     system("git status")             the executable git, by a shell
 *     execvp(argv[1], argv)            a program whose name it computes
 *
 * The sources are those below the directory of the first one that was compiled.
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";
import { customaryData, namedPath, outermost } from "../program-files.ts";
import type { RuntimeUse } from "../program-needs.ts";

const SOURCE = /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inc|ipp)$/i;
const NO_DATA = /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|o|a|d|md)$|^\.|^(?:Makefile|CMakeLists\.txt|LICENSE|README).*$/i;

const FIRST_IS_PATH =
  /\b(?:fopen|open|openat|freopen|stat|lstat|access|opendir|mkdir|chdir|dlopen|ifstream|ofstream|fstream|path|readFile|load\w*)\s*[({]\s*$|\bifstream\s+\w+\s*[({]\s*$/;
const OPENS_FILES = /\b(?:fopen|open|opendir|ifstream|fstream)\s*[({]|\bifstream\s+\w+\s*[({]/;
/** `execl`, `execvp`, `posix_spawn` take the program first; `system` and `popen` a command line. */
const STARTS = /\b(exec[lv]p?e?|posix_spawnp?|system|popen)\s*\(\s*(?:&\w+\s*,\s*)?(?:"((?:\\.|[^"\\\n])*)")?/g;

export function readRuntimeUse(directory: ImagePath | undefined, workdir: ImagePath, image: ImageView): RuntimeUse {
  const files = directory === undefined ? [] : filesBelow([directory], image, SOURCE);
  const texts = files.flatMap((file) => {
    const text = image.read(file);
    return text === undefined ? [] : [withoutComments(text)];
  });
  const paths = texts.flatMap((text) => pathsIn(text, workdir, image));
  const starts = texts.flatMap((text) => [...text.matchAll(STARTS)]);
  const shell = starts.some(([, call]) => call === "system" || call === "popen");
  const names = starts.map(([, , words]) => words?.trim().split(/\s+/)[0]);
  return {
    paths: outermost(paths),
    customary: texts.some((text) => OPENS_FILES.test(text)) ? customaryData(workdir, paths, image, NO_DATA) : [],
    executables: [...new Set(names.flatMap((name) => (name === undefined || name === "" ? [] : [name])))].sort(),
    startsUnknown: shell || names.some((name) => name === undefined || name === ""),
    timeZones: texts.some((text) => /\b(?:localtime|tzset)(?:_r)?\s*\(/.test(text) && /"TZ"/.test(text)),
    read: texts.length > 0,
  };
}

/** Whether the program loads libraries by names of its own, which nobody here follows. */
export function loadsLibraries(directory: ImagePath | undefined, image: ImageView): boolean {
  if (directory === undefined) return false;
  return filesBelow([directory], image, SOURCE).some((file) =>
    /\bdlopen\s*\(/.test(withoutComments(image.read(file) ?? "")),
  );
}

/** Calls for which glibc loads libraries at run time, even into a static program: names of hosts, users and services, encodings, plug-ins. */
const LOADS =
  /\b(?:dl(?:m?open|sym)|getaddrinfo|getnameinfo|gethostby\w+|getservby\w+|getprotoby\w+|getpw\w+|getgr\w+|initgroups|getlogin\w*|iconv(?:_open)?|setlocale|std::locale|crypt)\s*\(/;

/** Whether a program uses what a statically linked glibc does not hold; true as well where its sources cannot be read. */
export function needsSharedLibc(directory: ImagePath, image: ImageView): boolean {
  const texts = filesBelow([directory], image, SOURCE).map((file) => image.read(file));
  return texts.length === 0 || texts.some((text) => text === undefined || LOADS.test(withoutComments(text)));
}

function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? " " : part,
  );
}

function pathsIn(text: string, workdir: ImagePath, image: ImageView): readonly ImagePath[] {
  return [...text.matchAll(/^\s*#\s*include[^\n]*|"((?:\\.|[^"\\\n])*)"/gm)].flatMap((match) => {
    const [, literal] = match;
    if (literal === undefined || SOURCE.test(literal)) return [];
    const near = FIRST_IS_PATH.test(text.slice(Math.max(0, match.index - 60), match.index));
    return namedPath(literal, near, workdir, image) ?? [];
  });
}
