/**
 * Batch files for cmd.exe, as far as builds need them.
 *
 *     @echo off                                            nothing
 *     set NAME=app                                         NAME=app
 *     for /f %%i in ('docker create b') do set ID=%%i      ID=$(docker create b)
 *     if not exist out md out                              if [ ! -e out ]; then mkdir -p out; fi
 *     docker cp %ID%:/out/app.zip .\out\                   docker cp "${ID}:/out/app.zip" "./out/"
 *
 * Left alone: labels and `goto`, arithmetic, other loops: such a line is a command that nobody knows.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { callsEngine } from "../../shell/engine-text.ts";
import { scriptInFile } from "../../shell/parse-mapped.ts";
import type { ShellNode, ShellScript } from "../../shell/syntax.ts";
import type { MappedPiece, MappedText } from "../../text/mapped.ts";
import { ROOT } from "../../text/paths.ts";
import { type Range, type SourceFile, sourceFile } from "../../text/source.ts";
import type { Driver, DriverReader } from "../driver.ts";
import { shellCommand, unknown } from "./commands.ts";
import { conditionNode, statementNode } from "./statements.ts";
import { type WordSyntax, wordsIn } from "./words.ts";

export const batch: DriverReader = {
  name: "batch",
  accepts: (path) => /\.(?:bat|cmd)$/i.test(path),
  read: readBatch,
  settle: () => ({ kind: "edits", added: [] }),
};

function readBatch(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  if (!/\b(?:docker|podman|nerdctl)\b/i.test(source.text)) return undefined;
  const statements = logicalLines(source.text).flatMap((range) => lineNodes(range, source));
  return { source, entries: [{ name: "", units: [{ source, statements, write: written }] }], runs: true };
}

/** A shell other than a POSIX one, for commands in a file of another kind. */
export interface ForeignShell {
  readonly parse: (mapped: MappedText, file: string) => ShellScript;
  /** What the editor of scripts puts in, in its own words. */
  readonly written: (text: string) => string;
  /** A command that does nothing. */
  readonly nothing: string;
}

/** Commands for cmd in a file of another kind. */
export const mappedBatch: ForeignShell = {
  parse: (mapped, file) => {
    const source = sourceFile(ROOT, mapped.text);
    const statements = logicalLines(mapped.text).flatMap((range) => lineNodes(range, source));
    return scriptInFile({ text: mapped.text, statements, problems: [] }, mapped, file);
  },
  written,
  nothing: "rem",
};

/** What the editor of scripts puts in, in the words of cmd. */
function written(text: string): string {
  if (text === ":") return "rem";
  return text.replace(/^ \|\| exit\b/, " || exit /b");
}

/** Lines, those that end in `^` with the next, without comments, labels and blank ones. */
function logicalLines(text: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(/(?:[^\r\n^]|\^\r?\n|\^.)+/g)) {
    const [line] = match;
    const lead = /^[\s\uFEFF@(]*/.exec(line)?.[0].length ?? 0;
    const start = match.index + lead;
    const end = match.index + line.replace(/[\s)]+$/, "").length;
    if (end <= start || /^(?:rem\b|:|\))/i.test(text.slice(start, end))) continue;
    ranges.push({ start, end });
  }
  return ranges;
}

function lineNodes(range: Range, source: SourceFile): readonly ShellNode[] {
  const text = source.text.slice(range.start, range.end);
  const [, lead, negated, what, body] =
    /^(if\s+(?:\/i\s+)?)(not\s+)?((?:exist\s+(?:"[^"]*"|\S+)|errorlevel\s+\d+|\S+\s*(?:==|\b(?:neq|equ|gtr|lss|geq|leq)\b)\s*\S+)\s+)\(?\s*(\S[\s\S]*)$/i.exec(
      text,
    ) ?? [];
  if (lead !== undefined && body !== undefined) return ifNode(range, source, `${negated ?? ""}${what ?? ""}`, body);
  const loop =
    /^(for\s+\/f\b[^%]*%%(\w)\s+in\s*\(\s*['`])(.+?)(['`]\s*\)\s*do\s+\(?\s*(?:@?set\s+)"?(\w+)=%%\2"?)\)?$/i.exec(
      text,
    );
  if (loop !== null) return capturedNode(range, source, loop[1] ?? "", loop[3] ?? "", loop[5] ?? "");
  return chainNodes(range, source);
}

function ifNode(range: Range, source: SourceFile, condition: string, body: string): readonly ShellNode[] {
  const inner = { start: range.end - body.length, end: range.end };
  const asked = { start: range.start, end: inner.start };
  const branch = { condition: conditionNode(conditionText(condition), asked, source), body: lineNodes(inner, source) };
  return [{ kind: "if", range, branches: [branch] }];
}

function conditionText(condition: string): string {
  const [, not = "", path] = /^(not\s+)?exist\s+"?([^"]+?)"?\s*$/i.exec(condition) ?? [];
  if (path !== undefined && /^[\w.\\/-]+$/.test(path))
    return `[ ${not === "" ? "" : "! "}-e ${path.replaceAll("\\", "/")} ]`;
  return /errorlevel/i.test(condition) ? '[ "$?" -ne 0 ]' : "unknown-condition";
}

function capturedNode(
  range: Range,
  source: SourceFile,
  lead: string,
  command: string,
  name: string,
): readonly ShellNode[] {
  const start = range.start + lead.length;
  const inner = shellCommand(wordsIn(source.text, { start, end: start + command.length }, SYNTAX), range);
  return statementNode(
    [{ text: `${name.toUpperCase()}=$(`, from: range }, ...inner, { text: ")", from: range }],
    range,
    source,
  );
}

/** Commands joined by `&&`, `||` and `&`; what a command's output is sent to does not count. */
function chainNodes(range: Range, source: SourceFile): readonly ShellNode[] {
  const parts = split(source.text, range);
  const nodes = parts.map((part) => commandNode(part.range, source));
  const operators = parts.slice(1).map(({ before }) => before);
  if (nodes.length === 1 || operators.some((operator) => operator === "&")) return nodes.flat();
  const items = nodes.flat();
  if (items.length !== parts.length) return items;
  return [{ kind: "and-or", range, items, operators: operators.map((operator) => (operator === "||" ? "||" : "&&")) }];
}

interface Part {
  readonly before: string;
  readonly range: Range;
}

function split(text: string, { start, end }: Range): readonly Part[] {
  const parts: Part[] = [];
  let from = start;
  let before = "";
  let quoted = false;
  for (let at = start; at < end; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (quoted || (text[at] === "&" && text[at - 1] === ">")) continue;
    const [operator] = /^(?:&&|\|\||&)/.exec(text.slice(at, at + 2)) ?? [];
    if (operator === undefined) continue;
    parts.push({ before, range: trimmed(text, { start: from, end: at }) });
    before = operator;
    from = at + operator.length;
    at = from - 1;
  }
  return [...parts, { before, range: trimmed(text, { start: from, end }) }];
}

function trimmed(text: string, { start, end }: Range): Range {
  const lead = /^[\s@]*/.exec(text.slice(start, end))?.[0].length ?? 0;
  return { start: start + lead, end: start + Math.max(lead, text.slice(start, end).trimEnd().length) };
}

function commandNode(range: Range, source: SourceFile): readonly ShellNode[] {
  if (range.start >= range.end) return [];
  const text = source.text.slice(range.start, range.end);
  const [assigned, name = "", value = ""] = /^set\s+"?([A-Za-z_]\w*)=([^"]*)"?$/i.exec(text) ?? [];
  if (assigned !== undefined) return statementNode(assignment(range, source, name, value), range, source);
  const end = range.start + (/\s*(?:[12]?>>?|\|)(?=[^"]*(?:"[^"]*"[^"]*)*$)/.exec(text)?.index ?? text.length);
  const words = wordsIn(source.text, { start: range.start, end }, SYNTAX);
  const command = /^call$/i.test(words[0]?.text ?? "") ? words.slice(1) : words;
  const label = command !== words ? /^:(\w+)/.exec(command[0]?.text ?? "")?.[1] : undefined;
  if (label !== undefined && callsEngine(behindLabel(source.text, label)))
    return [{ kind: "opaque", range, text, unread: { reason: "what a label calls with arguments is not read" } }];
  const kept =
    /^\s*\|/.test(text.slice(end - range.start)) && !/\|\s*(?:find|findstr|more)\b/i.test(text)
      ? unknown(range)
      : shellCommand(command, range);
  return statementNode(kept, range, source);
}

/** What `call :label` runs: the lines behind the label, up to where they go back. */
function behindLabel(text: string, label: string): string {
  const start = new RegExp(`^[ \\t]*:${label}\\b.*$`, "im").exec(text);
  const rest = start === null ? "" : text.slice(start.index + start[0].length);
  const end = rest.search(/^[ \t]*(?:exit\b|goto\s*:?eof)/im);
  return end < 0 ? rest : rest.slice(0, end);
}

function assignment(range: Range, source: SourceFile, name: string, value: string): readonly MappedPiece[] {
  const text = source.text.slice(range.start, range.end);
  const start = range.start + text.indexOf("=") + 1;
  const words = wordsIn(source.text, { start, end: start + value.length }, SYNTAX);
  const joined = words.flatMap(({ pieces }, index) =>
    index === 0 ? pieces : [{ text: '" "', from: { start, end: start } }, ...pieces],
  );
  return [{ text: `${name.toUpperCase()}=`, from: { start: range.start, end: start } }, ...joined];
}

/** https://learn.microsoft.com/windows-server/administration/windows-commands/set: names know no case. */
const SYNTAX: WordSyntax = {
  escape: "^",
  singleQuotes: false,
  variable: (text, at) => {
    const [whole, name] =
      /^(?:%(~dp0|cd|errorlevel|\d|\*|[A-Za-z_]\w*)%?|!([A-Za-z_]\w*)!)/i.exec(text.slice(at, at + 80)) ?? [];
    if (whole === undefined) return undefined;
    const key = (name ?? whole.slice(1, -1)).toUpperCase();
    if (key === "~DP0") return { shell: '$(dirname "$0")/', length: whole.replace(/%$/, "").length };
    if (/^[\d*]$/.test(key)) return { shell: `$${key}`, length: 2 };
    if (whole.startsWith("%") && !whole.endsWith("%")) return undefined;
    return { shell: key === "CD" ? `\${PWD}` : key === "ERRORLEVEL" ? "$?" : `\${${key}}`, length: whole.length };
  },
};
