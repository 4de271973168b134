/**
 * Variables that nothing sets any more, since the command went whose output they held, and what still reads them.
 *
 *     id=$(docker create b)                          (removed)
 *     if [ -z "$id" ]; then exit 1; fi               gone: it would end every run
 *     curl -d "container=$id" https://example.org    can neither stay nor go
 *
 * What is not decided here: which commands go (script-edits.ts).
 */
import type { ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";

/** Commands that set variables in words of theirs. */
const DECLARES = /^(?:declare|export|local|readonly|typeset)$/;

/** The names that only commands set which go. */
export function goneVariables(
  commands: readonly SimpleCommand[],
  text: string,
  goes: (node: SimpleCommand) => boolean,
): readonly string[] {
  const stays = new Set(commands.filter((node) => !goes(node)).flatMap(namesSetBy));
  const gone = new Set(commands.filter(goes).flatMap(namesSetBy));
  return [...gone].filter((name) => !stays.has(name) && !isSetOtherwise(name, text));
}

function namesSetBy({ words, assignments }: SimpleCommand): readonly string[] {
  if (words.length === 0) return assignments.map(({ name }) => name);
  if (!DECLARES.test(words[0]?.text ?? "")) return [];
  return words.slice(1).flatMap(({ text }) => /^(\w+)=/.exec(text)?.[1] ?? []);
}

/** A loop goes over it, or a line of input is read into it. */
function isSetOtherwise(name: string, text: string): boolean {
  return new RegExp(
    `\\b(?:for|select)\\s+${name}\\b|\\b(?:read|mapfile|readarray|getopts)\\b[^\\n;|&]*\\b${name}\\b`,
  ).test(text);
}

/** What reads one of the variables. */
export function readsOf(names: readonly string[]): RegExp {
  return new RegExp(`\\$\\{?(${names.join("|")})(?!\\w)`);
}

/** A command, and the variable that it reads. */
export interface Reader {
  readonly node: SimpleCommand;
  readonly name: string;
}

/** Commands that are left, and still read one of the variables once all edits are made. */
export function readersLeft(
  commands: readonly SimpleCommand[],
  text: string,
  edits: readonly TextEdit[],
  reads: RegExp,
): readonly Reader[] {
  const unsetFails = /^\s*set\s+(?:-\w*u|.*\bnounset\b)|^#!.*\s-\w*u/m.test(text);
  return commands.flatMap((node) => {
    const { start, end } = node.range;
    if (edits.some((edit) => edit.start <= start && end <= edit.end)) return [];
    // Without a value they hand on the status of the command before, which is the build that remains.
    if (!unsetFails && isEnd(node)) return [];
    const inside = edits
      .filter((edit) => start <= edit.start && edit.end <= end)
      .map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text }));
    const name = reads.exec(applyEdits(text.slice(start, end), inside))?.[1];
    return name === undefined ? [] : [{ node, name }];
  });
}

/** `exit $rc`, `return $rc`. */
export function isEnd(node: ShellNode): boolean {
  return node.kind === "command" && /^(?:exit|return|break|continue)$/.test(node.words[0]?.text ?? "");
}
