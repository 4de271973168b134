/**
 * Reads shell commands that stand inside another kind of file.
 *
 *     parseMapped(mappedText([{ text: "docker build .", from: { start: 7, end: 21 } }]), file)
 *         // the tree of `docker build .`, whose ranges count in the file
 *
 * Words and nodes keep the text that was parsed; `script.text` of a substitution is the file's, as its ranges are.
 */
import { type MappedText, rangeInFile } from "../text/mapped.ts";
import type { Range } from "../text/source.ts";
import { parseShell } from "./parse.ts";
import type { ShellScript } from "./syntax.ts";

/** The commands of a mapped text, with every range in the file that it was made from. */
export function parseMapped(mapped: MappedText, fileText: string): ShellScript {
  return scriptInFile(parseShell(mapped.text), mapped, fileText);
}

/** A script whose ranges count in a mapped text, with those of the file. */
export function scriptInFile(script: ShellScript, mapped: MappedText, fileText: string): ShellScript {
  return relocated(script, (range) => rangeInFile(mapped, range), fileText) as ShellScript;
}

/** A copy of plain syntax data in which each range is another, and each script has the file's text. */
function relocated(value: unknown, move: (range: Range) => Range, fileText: string): unknown {
  if (Array.isArray(value)) return value.map((item) => relocated(item, move, fileText));
  if (typeof value !== "object" || value === null) return value;
  if (isRange(value)) return move(value);
  const isScript = "statements" in value && "problems" in value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    copy[key] = isScript && key === "text" ? fileText : relocated(inner, move, fileText);
  return copy;
}

function isRange(value: object): value is Range {
  return "start" in value && "end" in value && Object.keys(value).length === 2;
}
