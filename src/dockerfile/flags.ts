/**
 * Flags between the keyword and the operands:
 *
 *     COPY --from="build" --link /a /b        from=build and link; then the operands
 *
 * Quotes and escapes are taken away; a bare `--` ends the flags. Which flags an instruction has, and which of them take a
 * value, is BuildKit's table as of August 2026.
 * Sources: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/split_command.go,
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/bflag.go
 */
import { sourceRange } from "./lines.ts";
import type { InstructionFlag, LogicalText } from "./syntax.ts";
import { isSpace, skipSpaces } from "./white-space.ts";

/** The flags of a line and the logical offset at which its operands begin. */
export interface FlagsRead {
  readonly flags: readonly InstructionFlag[];
  readonly end: number;
}

const NONE: readonly InstructionFlag[] = [];

/** Reads flags from logical offset `from` on. */
export function readFlags(logical: LogicalText, from: number, escapeWith: string): FlagsRead {
  const { text } = logical;
  let at = skipSpaces(text, from, text.length);
  if (!text.startsWith("--", at)) return { flags: NONE, end: at };

  const flags: InstructionFlag[] = [];
  while (text.startsWith("--", at)) {
    const word = readFlagWord(text, at, escapeWith);
    if (word.text === "--") return { flags, end: skipSpaces(text, word.end, text.length) };
    flags.push(asFlag(word.text, logical, at, word.end));
    at = skipSpaces(text, word.end, text.length);
  }
  return { flags, end: at };
}

function readFlagWord(text: string, start: number, escapeWith: string): { text: string; end: number } {
  const parts: string[] = [];
  let quote = "";
  let at = start;
  for (; at < text.length; at += 1) {
    let character = text[at] ?? "";
    if (quote === "" && isSpace(text.charCodeAt(at))) break;
    if (quote === "" ? character === '"' || character === "'" : character === quote) {
      quote = quote === "" ? character : "";
      continue;
    }
    if (character === escapeWith) {
      at += 1;
      character = text[at] ?? "";
    }
    parts.push(character);
  }
  return { text: parts.join(""), end: Math.min(at, text.length) };
}

function asFlag(word: string, logical: LogicalText, start: number, end: number): InstructionFlag {
  const range = sourceRange(logical, start, end);
  const equals = word.indexOf("=");
  if (equals < 0) return { name: word.slice(2), range };
  return { name: word.slice(2, equals), value: word.slice(equals + 1), range };
}

/** `switch` may stand alone or be true or false; `value` takes exactly one; `values` may be repeated. */
type FlagKind = "switch" | "value" | "values";

const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  add: {
    checksum: "value",
    chmod: "value",
    chown: "value",
    exclude: "values",
    "keep-git-dir": "switch",
    link: "switch",
    unpack: "switch",
  },
  copy: { chmod: "value", chown: "value", exclude: "values", from: "value", link: "switch", parents: "switch" },
  from: { platform: "value" },
  healthcheck: {
    interval: "value",
    retries: "value",
    "start-interval": "value",
    "start-period": "value",
    timeout: "value",
  },
  run: { device: "values", mount: "values", network: "value", security: "value" },
};

/** Instructions whose flags BuildKit reads and never looks at. */
const UNCHECKED: readonly string[] = ["stopsignal"];

/** The first flag that BuildKit rejects on an instruction, with the reason. */
export function flagProblem(
  keyword: string,
  flags: readonly InstructionFlag[],
): { flag: InstructionFlag; message: string } | undefined {
  if (flags.length === 0 || UNCHECKED.includes(keyword)) return undefined;
  const seen = new Set<string>();
  for (const flag of flags) {
    const message = problemOf(keyword, flag, seen.has(flag.name));
    if (message !== undefined) return { flag, message };
    seen.add(flag.name);
  }
  return undefined;
}

function problemOf(keyword: string, flag: InstructionFlag, repeated: boolean): string | undefined {
  const flags = FLAGS[keyword] ?? {};
  const kind = Object.hasOwn(flags, flag.name) ? flags[flag.name] : undefined;
  const shown = `"--${flag.name}"`;
  if (kind === undefined) return `${shown} is no flag of ${keyword.toUpperCase()}`;
  if (repeated && kind !== "values") return `${shown} is given twice`;
  if (kind !== "switch") return flag.value === undefined ? `${shown} has no value` : undefined;
  if (flag.value === undefined || /^(true|false)$/i.test(flag.value)) return undefined;
  return `${shown} takes "true" or "false", not "${flag.value}"`;
}
