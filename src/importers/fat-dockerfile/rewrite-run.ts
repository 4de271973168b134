/**
 * A RUN with parts of its chain left out, in the user's own layout:
 *
 *     RUN apt-get update && \            keep units 0 and 1, drop the word "git"
 *         apt-get install -y git curl && \
 *         go build                       → RUN apt-get update && \⏎    apt-get install -y curl
 *
 * What to keep is not decided here.
 */
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { DockerfileDocument, RunInstruction } from "../../dockerfile/syntax.ts";
import { chainUnits, keepUnits } from "../../shell/chain.ts";
import { parseShell } from "../../shell/parse.ts";
import type { SimpleCommand } from "../../shell/syntax.ts";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import { type Range, sourceFile } from "../../text/source.ts";

export interface RunCut {
  /** Which units stay; absent: all. */
  readonly keep?: (unit: number) => boolean;
  /** Words of commands in a unit that go. */
  readonly drop?: (unit: number, word: string) => boolean;
  /** Another word for a word of a command in a unit. */
  readonly swap?: (unit: number, word: string) => string | undefined;
  /** New text of a unit. */
  readonly replace?: ReadonlyMap<number, string>;
  /** Words that go before and behind a unit. */
  readonly wrap?: ReadonlyMap<number, Wrapping>;
}

export interface Wrapping {
  readonly before?: string;
  readonly after?: string;
}

/** The instruction's text after the cut; `undefined` where its chain cannot be cut. */
export function rewriteRun(document: DockerfileDocument, instruction: RunInstruction, cut: RunCut): string | undefined {
  const own = instructionText(document, instruction);
  const edited = withoutBlankLines(own, applyEdits(own, editsOf(document, instruction, own, cut)));
  const fresh = reparse(document, edited);
  if (fresh === undefined || fresh.command.form !== "shell") return undefined;
  const { offset } = fresh.rest;
  const units = chainUnits(parseShell(fresh.command.command));
  const toText = (at: number): number => fresh.logical.toSource(offset + at) - fresh.range.start;
  const kept = keepUnits(
    { text: edited, toText, escape: document.escape },
    units,
    (_, index) => cut.keep?.(index) ?? true,
  );
  return kept === "" ? undefined : withoutContinuation(kept.trimEnd(), document.escape);
}

/** What stood after the last continuation is gone, comment lines included; a doubled escape is a character of the command. */
function withoutContinuation(text: string, escape: string): string {
  const bare = text.replace(/(?:\r?\n[ \t]*#[^\n]*)+$/, "").trimEnd();
  const run = /([\\`]*)$/.exec(bare)?.[1] ?? "";
  const odd = run.endsWith(escape) && run.length % 2 === 1;
  return odd ? withoutContinuation(bare.slice(0, -1).trimEnd(), escape) : text;
}

/** A line of which every word went holds nothing but the continuation. */
function withoutBlankLines(own: string, edited: string): string {
  const blank = /^[ \t]*\\[ \t]*\r?\n/gm;
  return blank.test(own) ? edited : edited.replace(blank, "");
}

export function instructionText(document: DockerfileDocument, instruction: RunInstruction): string {
  return document.source.text.slice(instruction.range.start, instruction.range.end);
}

function reparse(document: DockerfileDocument, text: string): RunInstruction | undefined {
  const head = document.escape === "`" ? "# escape=`\nFROM scratch\n" : "FROM scratch\n";
  const parsed = parseDockerfile(sourceFile(document.source.path, `${head}${text}\n`));
  const [only] = parsed.stages[0]?.instructions ?? [];
  if (only?.kind !== "run") return undefined;
  return shifted(only, head.length);
}

/** The same instruction with its places counted from its own keyword. */
function shifted(instruction: RunInstruction, by: number): RunInstruction {
  const { toSource } = instruction.logical;
  return {
    ...instruction,
    range: { start: instruction.range.start - by, end: instruction.range.end - by },
    logical: { ...instruction.logical, toSource: (offset) => toSource(offset) - by },
  };
}

function editsOf(
  document: DockerfileDocument,
  instruction: RunInstruction,
  own: string,
  cut: RunCut,
): readonly TextEdit[] {
  if (instruction.command.form !== "shell") return [];
  const base = instruction.range.start;
  const place = (range: Range): Range => ({
    start: instruction.logical.toSource(instruction.rest.offset + range.start) - base,
    end: instruction.logical.toSource(instruction.rest.offset + range.end - 1) + 1 - base,
  });
  const written = new Set<string>();
  return chainUnits(parseShell(instruction.command.command)).flatMap((unit, index): readonly TextEdit[] => {
    const replacement = cut.replace?.get(index);
    if (replacement !== undefined) return [{ ...place(unit.range), text: replacement }];
    const wrapping = cut.wrap?.get(index);
    if (wrapping !== undefined) return wrapped(place(unit.range), wrapping);
    const commands = unit.nodes.filter((node): node is SimpleCommand => node.kind === "command");
    const words = commands.flatMap((node) => node.words);
    const swaps = words.map((word) => ({ word, text: cut.swap?.(index, word.text) }));
    for (const { word, text } of swaps) if (text === undefined) written.add(word.text);
    // What several packages stand for is written once.
    const fresh = swaps.map(({ word, text }) => ({
      word,
      text: text?.split(" ").filter((one) => isFirst(one, written)),
    }));
    const swapped = fresh.flatMap(({ word, text }): readonly TextEdit[] =>
      text === undefined || text.length === 0 ? [] : [{ ...place(word.range), text: text.join(" ") }],
    );
    const dropped = fresh.filter(({ word, text }) => text?.length === 0 || cut.drop?.(index, word.text) === true);
    return [...swapped, ...merged(dropped.map(({ word }) => withoutWord(own, place(word.range), document.escape)))];
  });
}

function wrapped({ start, end }: Range, { before, after }: Wrapping): readonly TextEdit[] {
  return [
    ...(before === undefined ? [] : [{ start, end: start, text: `${before} ` }]),
    ...(after === undefined ? [] : [{ start: end, end, text: ` ${after}` }]),
  ];
}

function isFirst(word: string, written: Set<string>): boolean {
  const first = !written.has(word);
  written.add(word);
  return first;
}

/** The stretch to cut for a word: its line where it stands alone on one, else the word and the blanks before it. */
function withoutWord(text: string, word: Range, escape: string): TextEdit {
  const before = /[ \t]*$/.exec(text.slice(0, word.start))?.[0].length ?? 0;
  const start = word.start - before;
  const after = new RegExp(`^[ \\t]*${escape === "`" ? "`" : "\\\\"}[ \\t]*\\r?\\n`).exec(text.slice(word.end))?.[0]
    .length;
  const startsLine = start === 0 || text[start - 1] === "\n";
  if (startsLine && after !== undefined) return { start, end: word.end + after, text: "" };
  if (!startsLine || start === 0) return { start, end: word.end, text: "" };
  const rest = text.slice(word.end);
  // The last word of all: the continuation above it goes as well.
  if (rest.trim() === "") {
    const continuation = /[ \t]*[\\`][ \t]*\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return { start: start - continuation, end: word.end, text: "" };
  }
  const blanks = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
  return { start: word.start, end: word.end + blanks, text: "" };
}

function merged(edits: readonly TextEdit[]): readonly TextEdit[] {
  const out: TextEdit[] = [];
  for (const edit of edits) {
    const last = out.at(-1);
    if (last !== undefined && edit.start < last.end)
      out[out.length - 1] = { ...last, end: Math.max(last.end, edit.end) };
    else out.push(edit);
  }
  return out;
}
