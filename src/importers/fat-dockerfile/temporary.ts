/**
 * Directories whose names only the build knows:
 *
 *     cd "$(mktemp -d)" && curl … | tar xz && make install      works in /tmp/restage.120, as it is called here
 *     tmp=$(mktemp -d); cp -r src "$tmp"
 *
 * Such a name stands for the real one while commands are followed. It means nothing outside of its RUN, and nothing can be copied
 * from there (https://www.gnu.org/software/coreutils/manual/html_node/mktemp-invocation.html).
 */
import type { SymbolicText } from "../../ecosystems/ecosystem.ts";
import type { Provenance } from "../../model/provenance.ts";
import type { ImagePath } from "../../text/paths.ts";

const MKTEMP = /(?:\$\(\s*mktemp(?:\s[^()`]*)?\)|`\s*mktemp(?:\s[^()`]*)?`)/;

/** A value that is such a name, or starts with it: one for each instruction. */
export function temporary<Text extends SymbolicText>(value: Text, because: Provenance): Text {
  const found = value.known ? null : MKTEMP.exec(value.text);
  if (found === null || found.index > 0) return value;
  const rest = value.text.slice(found[0].length);
  return /[$`]/.test(rest) ? value : { ...value, text: `/tmp/restage.${because.span.start}${rest}`, known: true };
}

/** Whether a path lies in one. */
export function isTemporary(path: ImagePath): boolean {
  return /^\/tmp\/restage\.\d+(?:\/|$)/.test(path);
}
