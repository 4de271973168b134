/**
 * Commands that people are told to type: blocks of a README, and comments of a Dockerfile.
 *
 *     ```sh                                        # Build it with
 *     $ docker build -t b -f Dockerfile.build .    #   docker build -t b -f Dockerfile.build .
 *     Successfully built 1234                      FROM golang
 *     ```
 *
 * Such a driver does not run: nothing in it is rewritten. Lines that start with no program that builds images or moves files are
 * output or prose, and a `cd` into what is not in the checkout is the way there.
 */
import type { ProjectFiles } from "../model/project-files.ts";
import { parseMapped } from "../shell/parse-mapped.ts";
import type { ShellNode } from "../shell/syntax.ts";
import { type MappedPiece, mappedText } from "../text/mapped.ts";
import { hostDirectory, joinHost } from "../text/paths.ts";
import type { Range, SourceFile } from "../text/source.ts";
import type { Driver, DriverReader } from "./driver.ts";

export const documentation: DriverReader = {
  name: "documentation",
  accepts: (path) => /\.(?:md|markdown)$|(?:^|\/)README(?:\.\w+)?$/i.test(path) || isDockerfile(path),
  read: readDocumentation,
};

/** Names of Dockerfiles; what has the ending of another language is that, whatever it begins with. */
function isDockerfile(path: string): boolean {
  const named = /(?:^|\/)(?:(?:Docker|Container)file(?:[._-][^/]+)?|[^/]+\.(?:Docker|Container)file)$/i.test(path);
  return named && !/ignore$|\.(?:ba?sh|sh|zsh|ps1|bat|cmd|py|rb|js|ts|go|ya?ml|json|mk)$/i.test(path);
}

const ENGINE =
  /^(?:sudo\s+)?(?:docker|podman|nerdctl)\s+(?:build|buildx|cp|create|exec|export|image|import|load|rm|rmi|run|save|start|stop|tag)\b/;
/** What moves files between the builds, where it stands in a block of commands. */
const MOVES = /^(?:(?:sudo\s+)?(?:cd|chmod|cp|export|ln|mkdir|mv|rm|tar|unzip|zip|gzip|gunzip)\s|[A-Za-z_]\w*=)/;
const SHELLS = /^(?:|sh|bash|shell|zsh|console|terminal|shell-session|sh-session|bash-session|command-line)$/i;

function readDocumentation(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const comments = isDockerfile(source.path);
  if (comments && !/^\s*#.*\b(?:docker|podman|nerdctl)\s+build\b/m.test(source.text)) return undefined;
  const commands = commandsOf(comments ? commentLines(source.text) : linesIn(source.text), source.text);
  const statements = commands.flatMap((pieces) => statementsOf(pieces, source, files));
  return statements.length === 0
    ? undefined
    : { source, entries: [{ name: "", units: [{ source, statements }] }], runs: false };
}

function statementsOf(pieces: readonly MappedPiece[], source: SourceFile, files: ProjectFiles): readonly ShellNode[] {
  const mapped = mappedText(pieces);
  const [, folder] = /^cd\s+(\S+)\s*$/.exec(mapped.text) ?? [];
  const path = folder === undefined ? undefined : joinHost(hostDirectory(source.path), folder);
  if (folder !== undefined && (path === undefined || files.entry(path)?.kind !== "directory")) return [];
  const { statements, problems } = parseMapped(mapped, source.text);
  return problems.length === 0 ? statements : [];
}

function linesIn(text: string): readonly Range[] {
  return [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => ({ start: index, end: index + line.length }));
}

/** What stands behind the `#` of comment lines. */
function commentLines(text: string): readonly Range[] {
  return [...text.matchAll(/^([ \t]*#[ \t]?)([^\r\n]*)/gm)].map(({ 1: mark = "", 2: line = "", index }) => {
    const start = index + mark.length;
    return { start, end: start + line.length };
  });
}

/** The commands in a text, each as pieces: those in blocks for a shell, and calls of an engine on lines of their own. */
function commandsOf(lines: readonly Range[], text: string): readonly (readonly MappedPiece[])[] {
  const commands: (readonly MappedPiece[])[] = [];
  let fence: { readonly mark: string; readonly shell: boolean } | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = text.slice(lines[at]?.start, lines[at]?.end);
    const [, mark, language = ""] = /^\s*(```+|~~~+)\s*\{?\.?([\w-]*)/.exec(line) ?? [];
    if (mark !== undefined) fence = fence === undefined ? { mark, shell: SHELLS.test(language) } : undefined;
    else if (fence?.shell !== false) {
      const last = commandEnd(lines, at, text);
      const pieces = commandPieces(lines.slice(at, last + 1), text, fence !== undefined);
      if (pieces.length > 0) commands.push(pieces);
      if (pieces.length > 0) at = last;
    }
  }
  return commands;
}

/** The last line of a command that goes on over line ends. */
function commandEnd(lines: readonly Range[], from: number, text: string): number {
  let at = from;
  while (at + 1 < lines.length && text.slice(lines[at]?.start, lines[at]?.end).trimEnd().endsWith("\\")) at += 1;
  return at;
}

function commandPieces(lines: readonly Range[], text: string, fenced: boolean): readonly MappedPiece[] {
  const first = text.slice(lines[0]?.start, lines[0]?.end);
  const prompt = /^[\s>]*(?:[$%#]\s+)?/.exec(first)?.[0].length ?? 0;
  const program = first.slice(prompt);
  if (!ENGINE.test(program) && !(fenced && MOVES.test(program))) return [];
  return lines.flatMap((line, index) => {
    const start = line.start + (index === 0 ? prompt : 0);
    const command = text.slice(start, line.end).trimEnd();
    const next = lines[index + 1];
    const piece = { text: command, from: { start, end: start + command.length } };
    return next === undefined ? [piece] : [piece, { text: "\n", from: { start: piece.from.end, end: next.start } }];
  });
}
