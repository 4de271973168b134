/**
 * PowerShell scripts, as far as builds need them.
 *
 *     $id = docker create "app:$tag"                        id=$(docker create "app:${tag}")
 *     docker cp "${id}:/out" .\publish                      docker cp "${id}:/out" "./publish"
 *     if ($LASTEXITCODE -ne 0) { exit 1 }                   if [ "$?" -ne 0 ]; then exit 1; fi
 *     Remove-Item -Recurse -Force $PSScriptRoot\publish     rm -rf "$(dirname "$0")/publish"
 *
 * Left alone: loops, classes, pipelines of objects: such a statement is a command that nobody knows. What a `catch` does is not
 * followed, since commands are taken to succeed.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { scriptInFile } from "../../shell/parse-mapped.ts";
import type { ShellNode } from "../../shell/syntax.ts";
import type { MappedPiece } from "../../text/mapped.ts";
import { ROOT } from "../../text/paths.ts";
import { type Range, type SourceFile, sourceFile } from "../../text/source.ts";
import type { Driver, DriverReader } from "../driver.ts";
import type { ForeignShell } from "./batch.ts";
import { functionCall, plain, shellCommand, unknown } from "./commands.ts";
import { conditionNode, statementNode } from "./statements.ts";
import { unknownValue, type WordSyntax, wordsIn } from "./words.ts";

export const powershell: DriverReader = {
  name: "powershell",
  accepts: (path) => /\.ps1$/i.test(path),
  read: readPowershell,
  settle: () => ({ kind: "edits", added: [] }),
};

function readPowershell(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  if (!/\b(?:docker|podman|nerdctl)\b/i.test(source.text)) return undefined;
  const statements = new Reading(source).block({ start: 0, end: source.text.length }, 0);
  return { source, entries: [{ name: "", units: [{ source, statements, write: written }] }], runs: true };
}

/** Commands for PowerShell in a file of another kind. */
export const mappedPowershell: ForeignShell = {
  parse: (mapped, file) => {
    const source = sourceFile(ROOT, mapped.text);
    const statements = new Reading(source).block({ start: 0, end: mapped.text.length }, 0);
    return scriptInFile({ text: mapped.text, statements, problems: [] }, mapped, file);
  },
  written: (text) => (text === ":" ? "$null" : written(text)),
  nothing: "$null",
};

/** What the editor of scripts puts in, in the words of PowerShell. */
function written(text: string): string {
  if (text === ":") return "";
  const [, status] = /^ \|\| exit(?: (\d+))?/.exec(text) ?? [];
  return text.startsWith(" || exit") ? `; if ($LASTEXITCODE -ne 0) { exit ${status ?? "$LASTEXITCODE"} }` : text;
}

const DEEPEST = 50;

class Reading {
  readonly #source: SourceFile;
  readonly #text: string;

  /** The script's own functions, by their names in lower case. */
  readonly #functions: ReadonlyMap<string, string>;

  constructor(source: SourceFile) {
    this.#source = source;
    this.#text = source.text;
    const names = [...source.text.matchAll(/^[ \t]*function\s+([\w-]+)/gim)].map(([, name = ""]) => name);
    this.#functions = new Map(names.map((name) => [name.toLowerCase(), name]));
  }

  block({ start, end }: Range, depth: number): readonly ShellNode[] {
    const nodes: ShellNode[] = [];
    for (let at = this.#skip(start, end); at < end; at = this.#skip(at, end)) {
      const stop = this.#statementEnd(at, end);
      const range = { start: at, end: at + this.#text.slice(at, stop).trimEnd().length };
      if (range.end > range.start) nodes.push(...(depth > DEEPEST ? [] : this.#statement(range, depth)));
      at = Math.max(stop, at + 1);
    }
    return nodes;
  }

  /** Passes blanks, separators and comments. */
  #skip(from: number, end: number): number {
    const pattern = /(?:[\s;\uFEFF]+|#[^\n]*|`\r?\n)+/y;
    let at = from;
    for (;;) {
      if (this.#text.startsWith("<#", at)) {
        const close = this.#text.indexOf("#>", at);
        at = close < 0 ? end : close + 2;
        continue;
      }
      pattern.lastIndex = at;
      const [blank] = pattern.exec(this.#text) ?? [];
      if (blank === undefined) return Math.min(at, end);
      at += blank.length;
    }
  }

  /** Where a statement ends: at a line end or `;` outside of quotes and brackets, unless a block follows it. */
  #statementEnd(from: number, end: number): number {
    let at = from;
    while (at < end) {
      const character = this.#text[at] ?? "";
      if (/["'([{`@]/.test(character)) at = this.#past(at, end);
      else if (character === ";" || (character === "#" && /\s/.test(this.#text[at - 1] ?? " "))) return at;
      else if (character === "\n") {
        if (!this.#goesOn(from, at)) return at;
        at += 1;
      } else at += 1;
    }
    return end;
  }

  /** `else` and `catch` may stand on the line behind their block; so may the block itself, and what a pipe hands on to. */
  #goesOn(from: number, at: number): boolean {
    const before = this.#text.slice(from, at).trimEnd();
    if (/[|,]$/.test(before) || /^param$/i.test(before)) return true;
    if (
      /^(?:if|elseif|else|foreach|for|while|try|catch|finally|function|switch|do)\b/i.test(before) &&
      !before.endsWith("}")
    )
      return /\)$|^(?:else|try|finally|do)$|^function\b/i.test(before);
    return before.endsWith("}") && /^\s*(?:else|elseif|catch|finally)\b/i.test(this.#text.slice(at, at + 200));
  }

  /** Behind a quoted text, a bracket's partner or an escaped character. */
  #past(at: number, end: number): number {
    const character = this.#text[at] ?? "";
    if (character === "`") return this.#text.startsWith("\r\n", at + 1) ? at + 3 : at + 2;
    if (character === "@") {
      const [here, quote] = /^@(["'])\r?\n/.exec(this.#text.slice(at, at + 4)) ?? [];
      if (here === undefined) return at + 1;
      const close = this.#text.indexOf(`\n${quote}@`, at);
      return close < 0 ? end : close + 3;
    }
    if (character === '"' || character === "'") {
      for (let next = at + 1; next < end; next += 1) {
        if (this.#text[next] === "`" && character === '"') next += 1;
        else if (this.#text[next] === character) return next + 1;
      }
      return end;
    }
    return this.#partner(at, end) + 1;
  }

  #partner(open: number, end: number): number {
    let depth = 0;
    for (let at = open; at < end; ) {
      const character = this.#text[at] ?? "";
      if (/["'`]/.test(character)) {
        at = this.#past(at, end);
        continue;
      }
      if (/[([{]/.test(character)) depth += 1;
      if (/[)\]}]/.test(character)) depth -= 1;
      if (depth === 0) return at;
      at += 1;
    }
    return end;
  }

  #statement(range: Range, depth: number): readonly ShellNode[] {
    const text = this.#text.slice(range.start, range.end);
    if (/^if\s*\(/i.test(text)) return this.#if(range, depth);
    if (/^try\s*\{/i.test(text)) return this.block(this.#braces(range.start, range.end), depth + 1);
    if (/^(?:param|using)\b|^\[CmdletBinding/i.test(text)) return [];
    const [, name] = /^function\s+([\w-]+)[^{]*\{/i.exec(text) ?? [];
    if (name !== undefined)
      return [{ kind: "function", range, name, body: this.block(this.#braces(range.start, range.end), depth + 1) }];
    return statementNode(this.#simple(range, text), range, this.#source);
  }

  /** What stands between the first braces. */
  #braces(from: number, end: number): Range {
    const open = this.#text.indexOf("{", from);
    return open < 0 || open >= end ? { start: end, end } : { start: open + 1, end: this.#partner(open, end) };
  }

  #if(range: Range, depth: number): readonly ShellNode[] {
    const branches: { condition: readonly ShellNode[]; body: readonly ShellNode[] }[] = [];
    let otherwise: readonly ShellNode[] | undefined;
    let at = range.start;
    while (at < range.end) {
      const [lead, keyword = ""] = /^\s*(if|elseif|else)\s*/i.exec(this.#text.slice(at, range.end)) ?? [];
      if (lead === undefined) break;
      const open = at + lead.length;
      const asks = this.#text[open] === "(";
      const close = asks ? this.#partner(open, range.end) : open;
      const body = this.#braces(close, range.end);
      if (asks) {
        const asked = { start: open + 1, end: close };
        branches.push({
          condition: conditionNode(this.#condition(asked), asked, this.#source),
          body: this.block(body, depth + 1),
        });
      } else if (/^else$/i.test(keyword)) otherwise = this.block(body, depth + 1);
      at = body.end + 1;
    }
    return [{ kind: "if", range, branches, ...(otherwise === undefined ? {} : { otherwise }) }];
  }

  #condition({ start, end }: Range): string {
    const text = this.#text.slice(start, end).trim();
    if (/^\$LASTEXITCODE\s+-ne\s+0$|^\$LASTEXITCODE\s+-gt\s+0$|^(?:-not|!)\s*\$\?$|^\$LASTEXITCODE$/i.test(text))
      return '[ "$?" -ne 0 ]';
    if (/^\$LASTEXITCODE\s+-eq\s+0$|^\$\?$/i.test(text)) return '[ "$?" -eq 0 ]';
    const [, not = "", path] =
      /^(!|-not\s)?\s*\(?\s*Test-Path\s+(?:-Path\s+)?["']?([\w.\\/-]+)["']?\s*\)?$/i.exec(text) ?? [];
    return path === undefined ? "unknown-condition" : `[ ${not === "" ? "" : "! "}-e ${path.replaceAll("\\", "/")} ]`;
  }

  #simple(range: Range, text: string): readonly MappedPiece[] {
    const [assigned, scope, name = ""] = /^\$(?:(env|script|global|local):)?(\w+)\s*=\s*/i.exec(text) ?? [];
    if (assigned === undefined) return this.#command(this.#withoutTail(range));
    const value = { start: range.start + assigned.length, end: range.end };
    const head = {
      text: `${scope?.toLowerCase() === "env" ? `export ${name}` : name.toLowerCase()}=`,
      from: { start: range.start, end: value.start },
    };
    return [head, ...this.#value(value)];
  }

  /** A text, a number, what a command prints, or a value that is not followed. */
  #value(range: Range): readonly MappedPiece[] {
    const text = this.#text.slice(range.start, range.end);
    const [command] = /^[$(&\s]*(?:docker|podman|nerdctl)(?:\.exe)?\s.*?(?=\)[\s\S]*$|$)/is.exec(text) ?? [];
    if (command !== undefined) {
      const lead = /^[$(&\s]*/.exec(text)?.[0].length ?? 0;
      const inner = this.#command({ start: range.start + lead, end: range.start + command.length });
      return [
        { text: "$(", from: { start: range.start, end: range.start } },
        ...inner,
        { text: ")", from: { start: range.end, end: range.end } },
      ];
    }
    const words = wordsIn(this.#text, range, SYNTAX);
    const [word] = words;
    if (words.length === 1 && word !== undefined && /^["'$\w.]/.test(word.text) && !/^\w+-\w+$/.test(word.text))
      return word.pieces;
    return [{ text: unknownValue(text.slice(0, 60)), from: range }];
  }

  #command(range: Range): readonly MappedPiece[] {
    const words = wordsIn(this.#text, range, SYNTAX);
    const called = words[0]?.text === "&" ? words.slice(1) : words;
    const own = called[0] === undefined ? undefined : this.#functions.get(plain(called[0]).toLowerCase());
    if (own !== undefined) return functionCall(called, own);
    const text = this.#text.slice(range.start, range.end);
    return /^(?:foreach|for|while|switch|do|class|trap)\b/i.test(text) ||
      /(?:^|[^>`])\|/.test(text.replace(/"[^"]*"|'[^']*'/g, ""))
      ? unknown(range)
      : shellCommand(called, range);
  }

  /** `| Out-Null` and redirections away from the screen change nothing. */
  #withoutTail({ start, end }: Range): Range {
    const tail =
      /\s*(?:\|\s*(?:Out-Null|Out-Host|Write-Host|Out-String|(?:Tee-Object|tee|Out-File|Select-String)\b[^|;]*)|[12*]?>(?:&1|\s*\$null)|2>&1)\s*$/i;
    const lead = /^\[void\]\s*\(?/i.exec(this.#text.slice(start, end))?.[0].length ?? 0;
    let text = this.#text.slice(start, end);
    while (tail.test(text)) text = text.replace(tail, "");
    return { start: start + lead, end: start + text.length };
  }
}

/** https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_variables: names know no case. */
const SYNTAX: WordSyntax = {
  escape: "`",
  singleQuotes: true,
  variable: (text, at) => {
    if (text[at] !== "$") return undefined;
    const rest = text.slice(at, at + 200);
    const [whole, inner] = /^\$\(\s*([^()]*(?:\([^()]*\)[^()]*)*)\)/.exec(rest) ?? [];
    if (whole !== undefined) return { shell: valueOf(inner ?? ""), length: whole.length };
    const [braced, name] = /^\$\{([^}]+)\}/.exec(rest) ?? [];
    if (braced !== undefined) return { shell: valueOf(`$${name}`), length: braced.length };
    const [plain] = /^\$(?:env:)?\w+/i.exec(rest) ?? [];
    return plain === undefined ? undefined : { shell: valueOf(plain), length: plain.length };
  },
};

function valueOf(text: string): string {
  const [, scope, name] = /^\$?(?:(env|script|global|local):)?(\w+)(?:\.Path)?$/i.exec(text.trim()) ?? [];
  if (name === undefined || (!text.trim().startsWith("$") && !/^(?:pwd|get-location)$/i.test(text.trim())))
    return unknownValue(text);
  if (scope?.toLowerCase() === "env") return `\${${name}}`;
  const known: Readonly<Record<string, string>> = {
    lastexitcode: "$?",
    psscriptroot: '$(dirname "$0")',
    pwd: `\${PWD}`,
  };
  return known[name.toLowerCase()] ?? `\${${name.toLowerCase()}}`;
}
