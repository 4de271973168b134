/**
 * Programs that a project's Python sources start, as far as they name them:
 *
 *     subprocess.run(["git", "log"])     git
 *     os.system("ffmpeg -i a b")         ffmpeg
 *     shutil.which("convert")            convert
 *
 * Names that are computed are not followed.
 */
import type { ImagePath } from "../../text/paths.ts";
import type { ImageView } from "../ecosystem.ts";
import { filesBelow } from "../image-files.ts";

const SKIPPED = /^(?:tests?|testing|docs?|examples?|node_modules|\..*)$/;
const STARTS =
  /\b(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|check_output|Popen|os\.(?:system|popen|execv?l?p?e?|spawn\w*)|shutil\.which|create_subprocess_(?:exec|shell)|pexpect\.spawn)\s*\(\s*(?:args\s*=\s*)?[[(]?\s*[rbuf]?["']([\w./+-]+)/g;

/** Names without a path; those of the interpreter itself are left out. */
export function startedPrograms(directories: readonly ImagePath[], image: ImageView): readonly string[] {
  const found = new Set<string>();
  for (const path of filesBelow(directories, image, /\.py$/, SKIPPED)) {
    const text = image.read(path);
    if (text === undefined || !/subprocess|os\.|Popen|which|pexpect/.test(text)) continue;
    for (const [, name = ""] of text.matchAll(STARTS))
      if (!/^(?:python[\d.]*|sh|bash|cmd|cmd\.exe|explorer|open|xdg-open|-.*)$/.test(name) && !name.includes("/"))
        found.add(name);
  }
  return [...found].sort();
}
