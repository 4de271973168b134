/**
 * Reads a shell script into the tree of syntax.ts.
 *
 *     parseShell("cd src && make\n").statements[0]     // { kind: "and-or", items: [cd src, make], operators: ["&&"] }
 *
 * Never throws: what a shell would reject becomes a problem, and the tree holds what could be read. The grammar is bash's;
 * make's `$(VAR)` has to be expanded first, and of a Dockerfile the logical text is read (comments inside continuations removed).
 * What is not decided here: what a command does, or whether a script is for another shell.
 */
import type { Range } from "../text/source.ts";
import {
  forEachChild,
  type GrammarAssignment,
  type GrammarCase,
  type GrammarCommand,
  type GrammarHereDocument,
  type GrammarIf,
  type GrammarList,
  type GrammarNode,
  type GrammarPipeline,
  type GrammarRedirection,
  type GrammarScript,
  type GrammarStatement,
  type GrammarWord,
  readGrammar,
} from "./grammar.ts";
import { readTest } from "./parse-conditions.ts";
import { type Reading, rangeIn, readExpression, readParts, readWord } from "./parse-words.ts";
import type {
  ArrayElement,
  Assignment,
  CaseClause,
  IfClause,
  Redirection,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
} from "./syntax.ts";

type Problem = ShellScript["problems"][number];

/** Substitutions nested deeper than this are a problem; people stop at three, and the stack at some thousands. */
const MAX_DEPTH = 60;

export function parseShell(text: string): ShellScript {
  try {
    return readText(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const range = { start: 0, end: Math.min(text.length, 1) };
    return { text, statements: [], problems: [{ message: "the script is nested too deeply", range }] };
  }
}

function readText(text: string): ShellScript {
  const { script, source, toText } = readGrammar(text);
  const problems: Problem[] = [];
  const reading: Reading = {
    damaged: false,
    text,
    source,
    toText,
    depth: 0,
    readScript: (inner, place) => readScript(inner, place, problems),
  };
  const { statements } = readScript(script, reading, problems);
  problems.sort((a, b) => a.range.start - b.range.start);
  return { text, statements, problems };
}

/** Reads a script or the inside of a substitution; adds its problems to those of the whole script. */
function readScript(script: GrammarScript, reading: Reading, all: Problem[]): ShellScript {
  const tooDeep = reading.depth > MAX_DEPTH;
  const errors = tooDeep
    ? [{ message: `substitutions are nested more than ${MAX_DEPTH} deep`, pos: script.pos }]
    : errorsOf(script);
  const problems = errors.map(({ message, pos }) => ({ message, range: problemRange(pos, reading) }));
  all.push(...problems);
  const inside = { ...reading, damaged: reading.damaged || errors.length > 0 };
  const statements = tooDeep ? [] : script.commands.map((statement) => readStatement(statement, inside));
  return { text: reading.text, statements, problems };
}

function errorsOf(script: GrammarScript): readonly { readonly message: string; readonly pos: number }[] {
  return script.errors ?? [];
}

/** One character, or an empty range at the end of the text. */
function problemRange(pos: number, reading: Reading): Range {
  const start = Math.min(reading.toText(pos), reading.text.length);
  return { start, end: Math.min(reading.toText(pos + 1), reading.text.length) };
}

function readStatement(statement: GrammarStatement, reading: Reading): ShellNode {
  const node = readNode(statement.command, reading);
  return statement.background === true ? { ...node, background: true } : node;
}

function readList(list: GrammarList, reading: Reading): readonly ShellNode[] {
  return list.commands.map((statement) => readStatement(statement, reading));
}

/** The range of a node; in a script with errors that of what it holds, as the grammar gives no end to what is cut off. */
function nodeRange(node: GrammarNode, reading: Reading): Range {
  return rangeIn(reading, reading.damaged ? { pos: node.pos, end: lastEnd(node) } : node);
}

function lastEnd(node: GrammarNode): number {
  let end = node.end;
  if (node.type === "Word") return end;
  forEachChild(node, (child) => {
    end = Math.max(end, lastEnd(child));
  });
  return end;
}

function readNode(node: GrammarNode, reading: Reading): ShellNode {
  const range = nodeRange(node, reading);
  switch (node.type) {
    case "Command":
      return readCommand(node, range, reading);
    case "Pipeline":
      return readPipeline(node, range, reading);
    case "AndOr":
      return {
        kind: "and-or",
        range,
        items: node.commands.map((item) => readNode(item, reading)),
        operators: node.operators,
      };
    case "If":
      return readIf(node, range, reading);
    case "For":
      return {
        kind: "for",
        range,
        variable: node.name.value,
        ...(node.wordlist === undefined ? {} : { words: node.wordlist.map((word) => readWord(word, reading)) }),
        body: readList(node.body, reading),
      };
    case "ArithmeticFor":
      return {
        kind: "for",
        range,
        counter: {
          ...(node.initialize === undefined ? {} : { first: readExpression(node.initialize, reading) }),
          ...(node.test === undefined ? {} : { test: readExpression(node.test, reading) }),
          ...(node.update === undefined ? {} : { next: readExpression(node.update, reading) }),
        },
        variable: "",
        body: readList(node.body, reading),
      };
    case "TestCommand":
      return { kind: "opaque", range, text: textIn(range, reading), test: readTest(node.expression, reading) };
    case "ArithmeticCommand":
      return {
        kind: "opaque",
        range,
        text: textIn(range, reading),
        arithmetic: readExpression(node.expression, reading),
      };
    case "While":
      return {
        kind: "while",
        range,
        until: node.kind === "until",
        condition: readList(node.clause, reading),
        body: readList(node.body, reading),
      };
    case "Case":
      return readCase(node, range, reading);
    case "Function":
      return { kind: "function", range, name: node.name.value, body: readBody(node.body, reading) };
    case "Subshell":
    case "BraceGroup":
      return {
        kind: node.type === "Subshell" ? "subshell" : "group",
        range,
        body: readList(node.body, reading),
        redirections: [],
      };
    case "Redirected":
      return readRedirected(node.command, node.redirects, range, reading);
    default:
      return { kind: "opaque", range, text: textIn(range, reading) };
  }
}

function textIn(range: Range, reading: Reading): string {
  return reading.text.slice(range.start, range.end);
}

function readPipeline(node: GrammarPipeline, range: Range, reading: Reading): ShellNode {
  const negated = node.prefixes.filter((prefix) => prefix.type === "Negation").length % 2 === 1;
  return { kind: "pipeline", range, negated, commands: node.commands.map((command) => readNode(command, reading)) };
}

function readIf(node: GrammarIf, range: Range, reading: Reading): IfClause {
  const branches = [node, ...node.elif].map((branch) => ({
    condition: readList(branch.clause, reading),
    body: readList(branch.then, reading),
  }));
  const otherwise = node.else === undefined ? {} : { otherwise: readList(node.else, reading) };
  return { kind: "if", range, branches, ...otherwise };
}

function readCase(node: GrammarCase, range: Range, reading: Reading): CaseClause {
  const items = node.items.map((item) => ({
    patterns: item.pattern.map((pattern) => readWord(pattern, reading)),
    body: readList(item.body, reading),
    ...(item.terminator === ";&" || item.terminator === ";;&" ? { terminator: item.terminator } : {}),
  }));
  return { kind: "case", range, subject: readWord(node.word, reading), items };
}

/** A function's body without the braces around it. */
function readBody(body: GrammarNode, reading: Reading): readonly ShellNode[] {
  if (body.type === "BraceGroup") return readList(body.body, reading);
  if (body.type === "CompoundList") return readList(body, reading);
  return [readNode(body, reading)];
}

function readRedirected(
  command: GrammarNode,
  redirects: readonly GrammarRedirection[],
  range: Range,
  reading: Reading,
): ShellNode {
  const redirections = redirects.map((redirect) => readRedirection(redirect, reading));
  const inner = readNode(command, reading);
  if (inner.kind === "subshell" || inner.kind === "group") return { ...inner, range, redirections };
  return { kind: "group", range, body: [inner], redirections };
}

function readCommand(node: GrammarCommand, range: Range, reading: Reading): SimpleCommand {
  const name = node.name === undefined ? [] : [readWord(node.name, reading)];
  const assignments = node.prefix.filter((part) => part.type === "Assignment");
  return {
    kind: "command",
    range,
    assignments: assignments.map((assignment) => readAssignment(assignment, reading)),
    words: [...name, ...node.args.map((argument) => readArgument(argument, reading))],
    redirections: node.redirects.map((redirect) => readRedirection(redirect, reading)),
  };
}

function readAssignment(node: GrammarAssignment, reading: Reading): Assignment {
  const index = node.index === undefined ? {} : { index: readWord(node.index, reading) };
  const base = { name: node.name, append: node.append === true, ...index, range: rangeIn(reading, node) };
  if (node.value.type !== "ArrayValue") return { ...base, value: readWord(node.value, reading) };
  return { ...base, elements: node.value.elements.map((element) => readElement(element, reading)) };
}

/** An array's element; a key is written in brackets that the grammar leaves in the word. */
function readElement(node: GrammarWord, reading: Reading): ArrayElement {
  const word = readWord(node, reading);
  const [, key, rest] = /^\[([^\]]*)\]=([\s\S]*)$/.exec(word.text) ?? [];
  if (key === undefined || rest === undefined) return { value: word };
  const value = keepFrom(word.pieces, word.text.length - rest.length, word.range.start);
  return {
    key: {
      range: word.range,
      text: key,
      pieces: [{ kind: "text", text: unquoted(key), quoted: true, range: word.range }],
    },
    value: { range: word.range, text: rest, pieces: value },
  };
}

/** The pieces behind the first `skip` characters of a word, which are literal. */
function keepFrom(pieces: Word["pieces"], skip: number, start: number): Word["pieces"] {
  return pieces.flatMap((piece): Word["pieces"] => {
    const over = start + skip - piece.range.start;
    if (over <= 0) return [piece];
    if (piece.range.end <= start + skip || piece.kind !== "text") return [];
    return [{ ...piece, text: piece.text.slice(over), range: { start: start + skip, end: piece.range.end } }];
  });
}

function unquoted(key: string): string {
  return /^(["'])[\s\S]*\1$/.test(key) ? key.slice(1, -1) : key;
}

/** An argument; one that looks like an assignment (`export A=b`) is a word like the others. */
function readArgument(node: GrammarWord | GrammarAssignment, reading: Reading): Word {
  if (node.type === "Word") return readWord(node, reading);
  const range = rangeIn(reading, node);
  const text = reading.text.slice(range.start, range.end);
  if (node.value.type === "ArrayValue" || node.index !== undefined) {
    const pieces = [{ kind: "opaque", text, quoted: false, range }] as const;
    return { range, text, pieces, assignment: readAssignment(node, reading) };
  }
  const value = readWord(node.value, reading);
  const head = { start: range.start, end: reading.toText(node.value.pos) };
  const name = `${node.name}${node.append === true ? "+=" : "="}`;
  return { range, text, pieces: [{ kind: "text", text: name, quoted: false, range: head }, ...value.pieces] };
}

function readRedirection(node: GrammarRedirection, reading: Reading): Redirection {
  const number = node.descriptor?.type === "FileDescriptor" ? { fileDescriptor: node.descriptor.value } : {};
  const base = { operator: node.operator, ...number, range: rangeIn(reading, node) };
  if (node.type === "HereDoc") return { ...base, body: readHereDocument(node, reading) };
  return node.target === undefined ? base : { ...base, target: readWord(node.target, reading) };
}

function readHereDocument(node: GrammarHereDocument, reading: Reading): NonNullable<Redirection["body"]> {
  const { body, closing, delimiter } = node;
  const range = { start: reading.toText(body.pos), end: reading.toText(body.end) };
  const text = reading.text.slice(range.start, range.end);
  const written = reading.source.slice(body.pos, body.end);
  const pieces =
    body.parts === undefined
      ? [{ kind: "text", text: written, quoted: true, range } as const]
      : readParts(body.parts, reading, "double");
  const word = { range, text, pieces: node.operator === "<<-" ? stripTabs(pieces) : pieces };
  const end = closing === undefined ? {} : { closing: rangeIn(reading, closing) };
  return { text, range, expand: delimiter?.quoted !== true, word, ...end };
}

/** Takes the leading tabs off each line that starts in literal text, as `<<-` does. */
function stripTabs(pieces: Word["pieces"]): Word["pieces"] {
  return pieces.map((piece, index) => {
    if (piece.kind !== "text") return piece;
    const text = piece.text.replace(/\n\t+/g, "\n");
    return { ...piece, text: index === 0 ? text.replace(/^\t+/, "") : text };
  });
}
