/**
 * A line of a file as HTML with classes for its syntax, by highlight.js, which escapes what it is given. Loaded by reports alone, with four
 * languages of its two hundred.
 */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import makefile from "highlight.js/lib/languages/makefile";
import yaml from "highlight.js/lib/languages/yaml";
import { maskSecrets } from "../model/mask.ts";
import { escapeHtml } from "../text/html.ts";
import { baseName } from "../text/paths.ts";
import { visibleLine } from "../text/visible.ts";

for (const [name, language] of Object.entries({ bash, dockerfile, makefile, yaml }))
  hljs.registerLanguage(name, language);

const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/dockerfile|containerfile/i, "dockerfile"],
  [/makefile|\.mk$/i, "makefile"],
  [/\.ya?ml$/i, "yaml"],
  [/\.(?:sh|bash)$/i, "bash"],
];

/** Longer lines are shown to that length, with a mark, and without colours. */
const LONGEST = 2000;

export function highlightLine(line: string, path: string): string {
  const safe = maskSecrets(line.slice(0, LONGEST));
  const language = LANGUAGES.find(([pattern]) => pattern.test(baseName(path)))?.[1];
  if (line.length > LONGEST)
    return `${escapeHtml(safe)}<span class="cut">… ${line.length - LONGEST} more characters</span>`;
  if (language === undefined) return escapeHtml(safe);
  return hljs.highlight(visibleLine(safe), { language, ignoreIllegals: true }).value;
}
