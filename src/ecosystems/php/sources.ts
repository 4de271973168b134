/**
 * Programs that a project's PHP sources start, as far as they name them:
 *
 *     exec('git log')                       git
 *     new Process(['ffmpeg', '-i', $a])     ffmpeg
 *     shell_exec($command)                  a name that is computed
 *
 * Libraries below vendor are not in the checkout; packages.ts knows some of them.
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";

const SKIPPED = /^(?:vendor|node_modules|tests?|docs?|\..*)$/;
const STARTS =
  /(?<![\w$>:])(?:\\?(?:exec|shell_exec|system|passthru|proc_open|popen|pcntl_exec)|new\s+\\?(?:[\w\\]+\\)?Process|Process::(?:run|start|fromShellCommandline))\s*\(\s*\[?\s*(?:(["'])([\w./+-]*)|([$\w\\]))/g;

export interface StartedPrograms {
  readonly names: readonly string[];
  /** Some name is computed. */
  readonly computed: boolean;
}

export function startedPrograms(directories: readonly ImagePath[], image: ImageView): StartedPrograms {
  const names = new Set<string>();
  let computed = false;
  for (const path of filesBelow(directories, image, /\.(?:php|phtml|inc|module)$/, SKIPPED)) {
    const text = image.read(path);
    if (text === undefined || !/exec|system|passthru|proc_open|popen|Process/.test(text)) continue;
    for (const [, quote, name = ""] of text.matchAll(STARTS)) {
      const last = name.slice(name.lastIndexOf("/") + 1);
      if (quote === undefined || last === "") computed = true;
      else if (!/^(?:php[\d.]*|sh|bash|cmd|open|start|which|where|command|echo)$/.test(last)) names.add(last);
    }
  }
  return { names: [...names].sort(), computed };
}
