/**
 * Commands of PowerShell and cmd as shell commands that do the same, as far as builds need them.
 *
 *     Remove-Item -Recurse -Force .\out      rm -rf "./out"
 *     xcopy /E /I out web                    cp -r "out/." "web"
 *     Get-Foo                                a command that nobody knows
 *
 * What is not decided here: how words are written, and which statements hold commands.
 */
import type { MappedPiece } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";
import type { WindowsWord } from "./words.ts";

/** Shell text for a command; its words keep their places. */
export function shellCommand(words: readonly WindowsWord[], range: Range): readonly MappedPiece[] {
  const [head, ...rest] = words;
  if (head === undefined) return [];
  const name = plain(head)
    .toLowerCase()
    .replace(/\.exe$/, "");
  if (/^(?:docker|docker-compose|podman|nerdctl)$/.test(name))
    return line([given(name, head), ...rest.map(({ pieces }) => pieces)]);
  const move = MOVES[name];
  if (move !== undefined) return move(head, rest) ?? unknown(range);
  if (MESSAGE.test(name)) return line([given("echo", head)]);
  if (NOTHING.test(name)) return line([given(":", head)]);
  if (/^(?:exit|return)$/.test(name))
    return line([given(name, head), ...rest.filter((word) => /^-?\d+$/.test(plain(word))).map(({ pieces }) => pieces)]);
  return unknown(range);
}

const MESSAGE = /^@?(?:echo|echo\.|write-(?:host|output|information|verbose|debug|warning|error)|title|out-host)$/;
const NOTHING =
  /^@?(?:setlocal|endlocal|cls|clear-host|pause|start-sleep|set-strictmode|import-module|set-executionpolicy|chcp|timeout)$/;

/** Stands for a command that is not followed. */
export const UNKNOWN = "unknown-command";

/** A command that is not followed; where it calls an engine, it is said (statements.ts). */
export function unknown(range: Range): readonly MappedPiece[] {
  return [{ text: UNKNOWN, from: range }];
}

/** A call of one of the script's own functions, which know no case. */
export function functionCall(words: readonly WindowsWord[], name: string): readonly MappedPiece[] {
  const [head, ...rest] = words;
  return head === undefined ? [] : line([given(name, head), ...rest.map(({ pieces }) => pieces)]);
}

type Translate = (head: WindowsWord, rest: readonly WindowsWord[]) => readonly MappedPiece[] | undefined;

/** Puts words behind a command of the shell. */
function put(
  command: string,
  from: (words: readonly WindowsWord[]) => readonly (readonly MappedPiece[])[] | undefined,
): Translate {
  return (head, rest) => {
    const words = from(rest);
    return words === undefined ? undefined : line([given(command, head), ...words]);
  };
}

/** What is given to a command by position, or with these options. */
function operands(words: readonly WindowsWord[]): readonly WindowsWord[] {
  return words.filter((word, index) => {
    const before = plain(words[index - 1] ?? word);
    if (/^[-/]\w/.test(plain(word)) && !/^\/\w+[/\\.]/.test(plain(word))) return false;
    return index === 0 || !/^-(?:itemtype|type|erroraction|ea|filter|include|exclude|value|encoding)$/i.test(before);
  });
}

const every = (words: readonly WindowsWord[]) => operands(words).map(({ pieces }) => pieces);

function two(words: readonly WindowsWord[]) {
  const found = operands(words);
  return found.length === 2 ? found.map(({ pieces }) => pieces) : undefined;
}

/** `xcopy` and `robocopy` copy what is in a directory. */
function contents(words: readonly WindowsWord[]) {
  const [from, to, ...others] = operands(words);
  if (from === undefined || to === undefined || others.length > 0) return undefined;
  const file = /\.\w+$/.test(plain(from)) && !/[*\\/]$/.test(plain(from));
  return [file ? from.pieces : [...from.pieces, given("/.", { start: from.end, end: from.end })].flat(), to.pieces];
}

const newItem: Translate = (head, rest) =>
  rest.some((word) => /^directory$/i.test(plain(word)))
    ? put("mkdir -p", (words) => every(words.filter((word) => !/^directory$/i.test(plain(word)))))(head, rest)
    : undefined;

const MAKE = put("mkdir -p", every);
const REMOVE = put("rm -rf", every);
const COPY = put("cp -r", two);
const MOVE = put("mv", two);
const ENTER = put("cd", every);

/** By name, in lower case. */
const MOVES: Readonly<Record<string, Translate>> = {
  cd: ENTER,
  chdir: ENTER,
  copy: COPY,
  "copy-item": COPY,
  cp: COPY,
  cpi: COPY,
  del: REMOVE,
  erase: REMOVE,
  md: MAKE,
  mkdir: MAKE,
  move: MOVE,
  "move-item": MOVE,
  mv: MOVE,
  "new-item": newItem,
  ni: newItem,
  "pop-location": put("popd", every),
  popd: put("popd", every),
  "push-location": put("pushd", every),
  pushd: put("pushd", every),
  rd: REMOVE,
  "remove-item": REMOVE,
  ri: REMOVE,
  rm: REMOVE,
  rmdir: REMOVE,
  robocopy: put("cp -r", contents),
  "set-location": ENTER,
  sl: ENTER,
  xcopy: put("cp -r", contents),
};

/** A word without its quotes. */
export function plain({ text }: WindowsWord): string {
  return text.replace(/["'`^]/g, "");
}

function given(text: string, { start, end }: Range): readonly MappedPiece[] {
  return [{ text, from: { start, end } }];
}

/** Words with blanks between them. */
function line(words: readonly (readonly MappedPiece[])[]): readonly MappedPiece[] {
  return words.flatMap((pieces, index) => {
    const at = pieces[0]?.from.start ?? 0;
    return index === 0 ? pieces : [{ text: " ", from: { start: at, end: at } }, ...pieces];
  });
}
