/**
 * Shell commands in the fenced blocks of Markdown, each block as a shell of its own.
 *
 *     ```sh
 *     $ docker build -f Dockerfile.build .      the prompt is not part of the command
 *     ```
 *
 * Blocks of other languages are passed over; so are lines without a prompt in a block that shows prompts, as they are output.
 */
import type { Driver, ScriptText } from "../../../drivers/driver.ts";
import { parseMapped } from "../../../shell/parse-mapped.ts";
import { type MappedPiece, mappedText } from "../../../text/mapped.ts";
import { ROOT } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";

const FENCE =
  /^([ \t]*)(`{3,}|~{3,})[ \t]*(?:sh|bash|shell|zsh|console|shell-session|terminal)?[ \t]*\r?\n([\s\S]*?)^[ \t]*\2[ \t]*$/gm;

export function fencedCommands(source: SourceFile): Driver {
  const units = [...source.text.matchAll(FENCE)].flatMap((match) => {
    const [whole, , fence = "", body = ""] = match;
    const start = match.index + whole.lastIndexOf(body, whole.length - fence.length);
    return unitOf(source, start, body);
  });
  return { source, entries: [{ name: "", units, cwd: ROOT }], runs: false };
}

function unitOf(source: SourceFile, start: number, body: string): readonly ScriptText[] {
  const prompted = /^[ \t]*\$ /m.test(body);
  const pieces: MappedPiece[] = [];
  let at = start;
  let continued = false;
  for (const line of body.split(/(?<=\n)/)) {
    const prompt = /^[ \t]*\$ /.exec(line)?.[0].length ?? 0;
    if (!prompted || prompt > 0 || continued)
      pieces.push({ text: line.slice(prompt), from: { start: at + prompt, end: at + line.length } });
    continued = (prompt > 0 || continued) && /\\\r?\n$/.test(line);
    at += line.length;
  }
  const { statements, problems } = parseMapped(mappedText(pieces), source.text);
  return problems.length > 0 ? [] : [{ source, statements, problems }];
}
