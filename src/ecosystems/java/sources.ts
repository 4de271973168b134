/**
 * Files and programs that sources of the Java virtual machine name:
 *
 *     new File("data/words.txt")          the path data/words.txt, on the working directory at run time
 *     new ProcessBuilder("git", "log")    the program git
 *
 * What lies in src/main/resources is inside the jar.
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";
import { namedPath, outermost } from "../program-files.ts";

const SOURCE = /\.(?:java|kt|kts|scala|clj|groovy)$/;
const NEAR =
  /\b(?:File|Paths?\.(?:get|of)|FileReader|FileInputStream|FileWriter|RandomAccessFile|newBufferedReader|open|slurp|fromFile|source)\s*\(?\s*$/;
const STARTS =
  /\b(?:ProcessBuilder\s*\(|\.exec\s*\(|Process\s*\()\s*(?:(?:Arrays\.asList|List\.of|listOf|new\s+String\s*\[\s*\]\s*)\s*[({]\s*)?"([\w.+-]+)[\s"]/g;

export interface SourceUse {
  readonly paths: readonly ImagePath[];
  readonly programs: readonly string[];
}

export function sourceUse(directory: ImagePath, workdir: ImagePath, image: ImageView): SourceUse {
  const paths: ImagePath[] = [];
  const programs = new Set<string>();
  for (const file of filesBelow([directory], image, SOURCE, /^(?:test|node_modules)$/)) {
    const text = image.read(file);
    if (text === undefined) continue;
    for (const [, name = ""] of text.matchAll(STARTS))
      if (!/^(?:java|sh|bash|cmd(?:\.exe)?)$/.test(name)) programs.add(name);
    if (!/\b(?:File|Path|slurp|fromFile|io)\b/.test(text)) continue;
    for (const match of text.matchAll(/"((?:\\.|[^"\\\n])*)"/g)) {
      const near = NEAR.test(text.slice(Math.max(0, match.index - 40), match.index));
      const path = near ? namedPath(match[1] ?? "", true, workdir, image) : undefined;
      if (path !== undefined) paths.push(path);
    }
  }
  return { paths: outermost(paths), programs: [...programs].sort() };
}
