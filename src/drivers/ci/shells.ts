/**
 * The shells that CI systems run commands with.
 *
 *     shell: pwsh                  PowerShell
 *     shell: bash -e {0}           a POSIX shell
 *     shell: cmd                   cmd.exe
 *     shell: python                none that is read
 */
import type { MappedText } from "../../text/mapped.ts";
import { mappedText } from "../../text/mapped.ts";
import { type ForeignShell, mappedBatch } from "../windows/batch.ts";
import { mappedPowershell } from "../windows/powershell.ts";

export type ShellKind = "posix" | "powershell" | "cmd" | "unread";

/** The kind of shell that a word names, such as `pwsh`, `bash -e {0}` or `/bin/sh`. */
export function shellKind(word: string): ShellKind {
  const [program = ""] = word.trim().split(/\s+/);
  const name = program
    .replace(/^.*[\\/]/, "")
    .replace(/\.exe$/i, "")
    .toLowerCase();
  if (/^(?:pwsh|powershell)$/.test(name)) return "powershell";
  if (name === "cmd") return "cmd";
  return /^(?:a|ba|da|k|z)?sh$|^\$|^$/.test(name) ? "posix" : "unread";
}

/** What reads commands for such a shell; `undefined` where that is a POSIX shell. */
export function foreignShell(kind: ShellKind): ForeignShell | undefined {
  if (kind === "powershell") return mappedPowershell;
  return kind === "cmd"
    ? { ...mappedBatch, parse: (mapped, file) => mappedBatch.parse(percented(mapped), file) }
    : undefined;
}

/** The variables that stand for placeholders, as cmd writes them. */
function percented(mapped: MappedText): MappedText {
  return mappedText(
    mapped.parts.map(({ start, end, from }) => ({
      text: mapped.text.slice(start, end).replace(/^\$\{(\w+)\}$/, "%$1%"),
      from,
    })),
  );
}
