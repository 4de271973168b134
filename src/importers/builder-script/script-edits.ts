/**
 * The edits of a script, from what becomes of each of its commands.
 *
 *     docker build … && docker create … && docker build -t app .      docker build -t app .
 *     id=$(docker create b)                                           gone with the command inside it
 *     clean() { docker rm x; }; trap clean EXIT                       gone, function and trap
 *     if [ $? -ne 0 ]; then exit 1; fi                                gone with the command that it asks about
 *
 * A compound command goes when nothing is left in it that does anything. Lines, comments and blank lines are tidied where the
 * edits are written.
 */
import type { AndOr, FunctionDefinition, IfClause, ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import type { TextEdit } from "../../text/edits.ts";
import type { Range } from "../../text/source.ts";
import type { Disposition } from "./dispositions.ts";
import { goneVariables, isEnd, type Reader, readersLeft, readsOf } from "./gone-variables.ts";
import { keptStatuses } from "./kept-statuses.ts";
import { isMessage } from "./messages.ts";
import { bracketCommand } from "./test-brackets.ts";

/** An edit with its reason. */
export interface ReasonedEdit extends TextEdit {
  readonly reason: string;
  /** True where `text` is not shell text but the file's own. */
  readonly verbatim?: true;
}

export interface ScriptEdits {
  readonly edits: readonly ReasonedEdit[];
  /** Commands that can neither stay nor go. */
  readonly stuck: readonly ShellNode[];
  /** Commands that stay, and read a variable that nothing sets any more. */
  readonly stranded: readonly Reader[];
}

/** What is known of the commands: their dispositions, and the bodies of traps. */
export interface EditWorld {
  readonly text: string;
  readonly dispositionOf: (command: SimpleCommand) => Disposition | undefined;
  /** Commands whose visits do not agree. */
  readonly disagree: ReadonlySet<SimpleCommand>;
  /** The working directories around a command that was reached once. */
  readonly directories: (command: SimpleCommand) => { readonly before: string; readonly after: string } | undefined;
  readonly trapBody: (command: SimpleCommand) => readonly ShellNode[] | undefined;
  /** Whether a command is a build that remains for others that are gone. */
  readonly isLastBuild: (command: SimpleCommand) => boolean;
  /** Whether all that a command runs elsewhere is gone. */
  readonly runsNothing: (command: SimpleCommand) => boolean;
}

export function scriptEdits(statements: readonly ShellNode[], world: EditWorld): ScriptEdits {
  const editor = new Editor(world, functionsIn(statements));
  editor.forget(statements);
  editor.list(statements);
  editor.strand(statements);
  editor.guard();
  return { edits: editor.edits, stuck: editor.stuck, stranded: editor.stuck.length > 0 ? [] : editor.stranded };
}

/** Whether nothing is left of a stretch of commands that stands in a file of another kind. */
export function isGone(statements: readonly ShellNode[], world: EditWorld): boolean {
  const editor = new Editor(world, functionsIn(statements));
  editor.forget(statements);
  return (
    statements.length > 0 &&
    statements.every((node) => "frame" in node && node.frame !== undefined && editor.rest(node) === "goes")
  );
}

function functionsIn(statements: readonly ShellNode[]): ReadonlyMap<string, FunctionDefinition> {
  return new Map(statements.flatMap((node) => (node.kind === "function" ? [[node.name, node] as const] : [])));
}

/** What is left of a node: all of it, nothing, or nothing that does anything by itself. */
type Rest = "stays" | "goes" | "inert";

/** Commands that mean nothing where all around them is gone. */
const INERT = /^(?::|true|false|echo|printf|exit|return|local|sleep|\[|test|break|continue|date)$/;

/** Commands that also mean nothing where their effect ends with the parentheses around them. */
const INERT_APART = /^(?:cd|pushd|popd|set|shopt|export)$/;

/** Commands that only pass on, or keep, what a pipe brings. */
const FILTER = /^(?:awk|cat|cut|egrep|fgrep|grep|head|less|more|sed|sort|tail|tee|tr|uniq|wc)$/;

/** A filter that writes nothing besides its output. */
function isFilter(node: ShellNode): boolean {
  if (node.kind !== "command" || !FILTER.test(node.words[0]?.text ?? "") || node.words[0]?.text === "tee") return false;
  return node.redirections.every(({ operator }) => !operator.includes(">"));
}

/** How a shell, PowerShell and cmd ask whether the command before failed. */
const ASKS_STATUS = /\$\?|\berrorlevel\b|\$LASTEXITCODE\b/i;

class Editor {
  readonly edits: ReasonedEdit[] = [];
  readonly stuck: ShellNode[] = [];
  stranded: readonly Reader[] = [];
  readonly #world: EditWorld;
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;
  readonly #rests = new Map<ShellNode, Rest>();
  /** What the script did when a build failed that is gone now, and builds of which it does not ask. */
  readonly #guards: string[] = [];
  readonly #unguarded: SimpleCommand[] = [];
  readonly #open = new Set<ShellNode>();
  /** What reads a variable that nothing sets any more. */
  #gone: RegExp | undefined;

  constructor(world: EditWorld, functions: ReadonlyMap<string, FunctionDefinition>) {
    this.#world = world;
    this.#functions = functions;
  }

  /** Messages and questions about variables whose assignment goes, such as a container's id, go too. */
  forget(statements: readonly ShellNode[]): void {
    const commands = statements.flatMap(commandsIn);
    const gone = goneVariables(commands, this.#world.text, (node) => this.rest(node) === "goes");
    if (gone.length === 0) return;
    this.#gone = readsOf(gone);
    this.#rests.clear();
  }

  /** Finds what still reads such a variable. */
  strand(statements: readonly ShellNode[]): void {
    if (this.#gone === undefined) return;
    this.stranded = readersLeft(statements.flatMap(commandsIn), this.#world.text, this.edits, this.#gone);
  }

  /** A failing stage used to end the script; the build that it is part of now does so too, before anything is pushed. */
  guard(): void {
    if (/^#!.*\s-\w*e|^\s*set\s+(?:-\w*e|-o\s+errexit)/m.test(this.#world.text)) return;
    const [exit] = this.#guards.flatMap((text) => /\bexit(?:[ \t]+(?:\d+|"?\$\?"?))?/.exec(text)?.[0] ?? []);
    if (exit === undefined) return;
    for (const { range } of this.#unguarded)
      this.edits.push({
        start: range.end,
        end: range.end,
        text: ` || ${exit}`,
        reason: "The script ended when one of the builds failed that are stages of this one now.",
      });
  }

  // ---- what is left

  rest(node: ShellNode): Rest {
    const known = this.#rests.get(node);
    if (known !== undefined) return known;
    if (this.#open.has(node)) return "inert";
    this.#open.add(node);
    const rest = this.#compute(node);
    this.#open.delete(node);
    this.#rests.set(node, rest);
    return rest;
  }

  #compute(node: ShellNode): Rest {
    switch (node.kind) {
      case "command":
        return this.#command(node);
      case "pipeline":
        return this.#pipeline(node.commands);
      case "and-or":
        return this.#andOr(node);
      case "if":
        return this.#if(node);
      case "subshell":
        return this.#apart(node.body);
      case "for":
      case "group":
      case "function":
        return this.#all(node.body);
      case "while":
        return this.#all([...node.condition, ...node.body]);
      case "case":
        return this.#all(node.items.flatMap((item) => item.body));
      case "opaque": {
        const command = bracketCommand(node);
        return command === undefined ? "stays" : this.#command(command);
      }
    }
  }

  /** Gone when something in it is, and the rest means nothing without. */
  #all(nodes: readonly ShellNode[]): Rest {
    const rests = nodes.map((node) => this.rest(node));
    if (rests.includes("stays")) return "stays";
    return rests.includes("goes") ? "goes" : "inert";
  }

  /** Filters mean nothing where what they read is gone. */
  #pipeline(commands: readonly ShellNode[]): Rest {
    const [first, ...others] = commands;
    const last = commands.at(-1);
    // What only filters bring to a command that is gone means nothing either: cat Dockerfile.build | docker build -
    if (
      last !== undefined &&
      commands.length > 1 &&
      this.rest(last) === "goes" &&
      commands.slice(0, -1).every(isFilter)
    )
      return "goes";
    if (first === undefined || this.rest(first) !== "goes") return this.#all(commands);
    const left = others.filter((node) => node.kind !== "command" || !FILTER.test(node.words[0]?.text ?? ""));
    if (left.some((node) => this.rest(node) === "stays")) return "stays";
    return this.#all([first, ...left]);
  }

  /** What a subshell does to its own directory and variables ends with it. */
  #apart(nodes: readonly ShellNode[]): Rest {
    const rests = nodes
      .flatMap((node) => (node.kind === "and-or" ? node.items : [node]))
      .map((node) => {
        const own = node.kind === "command" && (node.words.length === 0 || INERT_APART.test(node.words[0]?.text ?? ""));
        const rest = this.rest(node);
        return own && rest === "stays" ? "inert" : rest;
      });
    if (rests.includes("stays")) return "stays";
    return rests.includes("goes") ? "goes" : "inert";
  }

  #command(node: SimpleCommand): Rest {
    const disposition = this.#world.dispositionOf(node);
    if (disposition?.kind === "remove") return "goes";
    if (disposition?.kind === "edit") return "stays";
    const inner = this.#substitutions(node);
    if (inner === "goes" || this.#world.runsNothing(node)) return "goes";
    const name = node.words[0]?.text ?? "";
    const called = this.#functions.get(name);
    if (called !== undefined) return this.rest(called) === "goes" ? "goes" : this.rest(called);
    const trap = this.#world.trapBody(node);
    if (trap !== undefined) return this.#all(trap) === "goes" ? "goes" : "stays";
    const declares = node.words.length === 0 || /^(?:local|declare|typeset)$/.test(name);
    if (declares) return node.words.length === 0 ? "stays" : "inert";
    const inert =
      INERT.test(name) && node.redirections.every((r) => r.operator !== ">" || r.target?.text === "/dev/null");
    if (!inert) return "stays";
    return this.#gone?.test(this.#text(node)) === true && !isEnd(node) ? "goes" : "inert";
  }

  /** Commands inside a word's `$(…)`: what holds a removed one cannot stay. */
  #substitutions(node: SimpleCommand): Rest {
    const words = [...node.words, ...node.assignments.flatMap((assignment) => assignment.value ?? [])];
    const scripts = words
      .flatMap((word) => word.pieces)
      .flatMap((piece) => (piece.kind === "substitution" ? [piece.script] : []));
    const rests = scripts.flatMap((script) => script.statements.map((statement) => this.rest(statement)));
    return rests.includes("goes") ? "goes" : "inert";
  }

  /** `a || b`: what follows `||` only answers for the failure of what stands before. */
  #andOr(node: AndOr): Rest {
    const mains = node.items.filter((_, index) => node.operators[index - 1] !== "||");
    const alternatives = node.items.filter((_, index) => node.operators[index - 1] === "||");
    const main = this.#all(mains);
    if (main === "goes") return "goes";
    if (main === "stays") return "stays";
    return this.#all([...mains, ...alternatives]);
  }

  #if(node: IfClause): Rest {
    const conditions = this.#all(node.branches.flatMap((branch) => branch.condition));
    const bodies = this.#all([...node.branches.flatMap((branch) => branch.body), ...(node.otherwise ?? [])]);
    if (bodies === "stays") return "stays";
    if (bodies === "goes") return conditions === "stays" && !this.#onlyAsks(node) ? "stays" : "goes";
    return conditions === "goes" ? "goes" : conditions;
  }

  /** A condition that only looks at the world may go with what depends on it. */
  #onlyAsks(node: IfClause): boolean {
    const asks = /^(?:\[|\[\[|test|command|which|type|grep|docker|ls|!|if\s|-not\b|\(?Test-Path\b)/i;
    return node.branches.every((branch) => branch.condition.every((condition) => asks.test(this.#text(condition))));
  }

  #text(node: ShellNode): string {
    return this.#world.text.slice(node.range.start, node.range.end);
  }

  // ---- edits

  list(nodes: readonly ShellNode[]): void {
    const kept = keptStatuses(nodes, this.#world.text, (node) => this.rest(node));
    const goes = (index: number): boolean => {
      const node = nodes[index];
      if (node === undefined) return false;
      return this.rest(node) === "goes" || kept.has(node) || this.#asksAboutGone(nodes, index);
    };
    const returns = this.#returns(nodes, goes);
    for (const [index, node] of nodes.entries()) {
      if (goes(index) || returns.has(node) || this.#announcesGone(nodes, index, goes)) this.#cut(node);
      else this.#inside(node);
      const asked = ASKS_STATUS.test(nodes[index + 1] === undefined ? "" : this.#text(nodes[index + 1] ?? node));
      const more = index < nodes.length - 1;
      if (more && !asked && node.kind === "command" && this.#world.isLastBuild(node)) this.#unguarded.push(node);
    }
  }

  /** `if [ $? -ne 0 ]` right behind a command that is gone would ask about another one. */
  #asksAboutGone(nodes: readonly ShellNode[], index: number): boolean {
    const node = nodes[index];
    const before = nodes[index - 1];
    if (node?.kind !== "if" || before === undefined || this.rest(before) !== "goes") return false;
    const asks = node.branches.some((branch) =>
      branch.condition.some((condition) => ASKS_STATUS.test(this.#text(condition))),
    );
    return asks && this.#if(node) !== "stays";
  }

  /** `cd x` and the `cd ..` that leads back, where all that stood between them is gone. */
  #returns(nodes: readonly ShellNode[], goes: (index: number) => boolean): ReadonlySet<ShellNode> {
    const found = new Set<ShellNode>();
    for (const [index, node] of nodes.entries()) {
      const from = this.#changesDirectory(node);
      let at = index + 1;
      while (at < nodes.length && goes(at)) at += 1;
      const back = this.#changesDirectory(nodes[at]);
      if (from === undefined || back === undefined || at === index + 1 || found.has(node)) continue;
      if (back.after === from.before) found.add(node).add(nodes[at] ?? node);
    }
    return found;
  }

  #changesDirectory(item: ShellNode | undefined): { readonly before: string; readonly after: string } | undefined {
    const node = item && unframed(item);
    if (node?.kind !== "command" || !/^(?:cd|pushd|popd)$/.test(node.words[0]?.text ?? "")) return undefined;
    return this.#world.directories(node);
  }

  /** A message that only commands follow which are gone, up to the next message, announces nothing any more. */
  #announcesGone(nodes: readonly ShellNode[], index: number, goes: (index: number) => boolean): boolean {
    const isSaid = (node: ShellNode | undefined): boolean => node !== undefined && isMessage(unframed(node));
    if (!isSaid(nodes[index])) return false;
    let at = index + 1;
    while (at < nodes.length && goes(at)) at += 1;
    return at > index + 1 && isSaid(nodes[at]);
  }

  #cut(node: ShellNode): void {
    const { start, end } = node.range;
    if (node.kind !== "function") this.#guards.push(this.#text(node));
    const frame = "frame" in node ? node.frame : undefined;
    if (frame !== undefined) {
      const text = frame.whole === undefined ? frame.empty : "";
      const range = frame.whole ?? frame.inside;
      this.edits.push({ ...range, text, reason: this.#reason(node), verbatim: true });
      return;
    }
    const after = /^[ \t]*;(?!;)[ \t]*|^[ \t]*&(?!&)[ \t]*/.exec(this.#world.text.slice(end))?.[0].length ?? 0;
    this.edits.push({ start, end: end + after, text: "", reason: this.#reason(node) });
  }

  /** Why a node goes: the reason of the first command in it that is removed. */
  #reason(node: ShellNode): string {
    for (const command of commandsIn(node)) {
      const disposition = this.#world.dispositionOf(command);
      if (disposition?.kind === "remove") return disposition.reason;
    }
    return isMessage(node) ? "It only announced commands that are gone." : "It only served commands that are gone.";
  }

  #inside(node: ShellNode): void {
    switch (node.kind) {
      case "command":
        this.#editCommand(node);
        return;
      case "pipeline":
        this.#editPipeline(node.commands, node);
        return;
      case "and-or":
        this.#editAndOr(node);
        return;
      case "if":
        for (const branch of node.branches) {
          if (branch.condition.some((condition) => this.rest(condition) === "goes")) this.#decide(node);
          this.#body(branch.body);
        }
        this.#body(node.otherwise ?? []);
        return;
      case "while":
        if (node.condition.some((condition) => this.rest(condition) === "goes")) this.stuck.push(node);
        this.#body(node.body);
        return;
      case "for":
      case "subshell":
      case "group":
      case "function":
        if ("frame" in node && node.frame !== undefined) this.list(node.body);
        else this.#body(node.body);
        return;
      case "case":
        for (const item of node.items) this.list(item.body);
        return;
      case "opaque":
        return;
    }
  }

  /** A build that read its context from a pipe does so no more; any other command cannot lose what it reads. */
  #editPipeline(commands: readonly ShellNode[], node: ShellNode): void {
    const first = commands.findIndex((command) => this.rest(command) !== "goes");
    const left = commands.slice(first);
    const [reader] = left;
    const freed = first > 0 && reader?.kind === "command" && this.#world.isLastBuild(reader);
    if (left.some((command) => this.rest(command) === "goes") || (first > 0 && !freed)) this.stuck.push(node);
    const [head] = commands;
    if (freed && head !== undefined && reader !== undefined)
      this.edits.push({ start: head.range.start, end: reader.range.start, text: "", reason: this.#reason(head) });
    for (const command of left) this.#inside(command);
  }

  /** `if docker build …; then`, where that build is gone: what stood for its failure stands for the build that remains. */
  #decide(node: IfClause): void {
    const [branch, ...others] = node.branches;
    const [condition, ...more] = branch?.condition ?? [];
    if (
      condition === undefined ||
      others.length + more.length > 0 ||
      condition.kind !== "command" ||
      this.#gone?.test(this.#text(condition)) === true ||
      this.#text(condition).startsWith("!")
    ) {
      this.stuck.push(node);
      return;
    }
    for (const alternative of node.otherwise ?? []) this.#guards.push(this.#text(alternative));
    this.edits.push({ ...condition.range, text: "true", reason: this.#reason(condition) });
  }

  /** A list that a shell wants something in: `:` stands where nothing is left. */
  #body(nodes: readonly ShellNode[]): void {
    const all =
      nodes.length > 0 && nodes.every((node, index) => this.rest(node) === "goes" || this.#asksAboutGone(nodes, index));
    const [first] = nodes;
    const last = nodes.at(-1);
    if (!all || first === undefined || last === undefined) this.list(nodes);
    else this.edits.push({ start: first.range.start, end: last.range.end, text: ":", reason: this.#reason(first) });
  }

  #editCommand(node: SimpleCommand): void {
    const disposition = this.#world.dispositionOf(node);
    if (this.#world.disagree.has(node)) this.stuck.push(node);
    if (disposition?.kind !== "edit") return;
    for (const edit of disposition.edits) this.edits.push({ ...this.#widened(edit), reason: disposition.reason });
  }

  /** A word that is taken away takes the blanks before it along, and line ends that a shell of Unix or Windows passes over. */
  #widened(edit: TextEdit): TextEdit {
    if (edit.text !== "" || edit.start === edit.end) return edit;
    const before = /(?:[ \t]|[\\`^]\r?\n)+$/.exec(this.#world.text.slice(0, edit.start))?.[0].length ?? 0;
    return { ...edit, start: edit.start - before };
  }

  /** Takes items out of a chain, each with the operator that joined it. */
  #editAndOr(node: AndOr): void {
    const goes = node.items.map(
      (item, index) =>
        this.rest(item) === "goes" || (node.operators[index - 1] === "||" && this.#alternativeGoes(node, index)),
    );
    const first = goes.indexOf(false);
    for (const [index, item] of node.items.entries()) {
      if (goes[index] !== true) {
        this.#inside(item);
        continue;
      }
      const next = node.items[index + 1];
      const before = node.items[index - 1];
      const range: Range =
        index < first && next !== undefined
          ? { start: item.range.start, end: next.range.start }
          : { start: before?.range.end ?? item.range.start, end: item.range.end };
      this.edits.push({ ...range, text: "", reason: this.#reason(item) });
    }
  }

  /** An alternative goes with the only thing that it answers for. */
  #alternativeGoes(node: AndOr, index: number): boolean {
    const before = node.items.slice(0, index);
    return before.every((item) => this.rest(item) === "goes");
  }
}

/** The one command of a list item in another kind of file. */
function unframed(node: ShellNode): ShellNode {
  const [only, ...others] = node.kind === "group" && node.frame !== undefined ? node.body : [];
  return only === undefined || others.length > 0 ? node : only;
}

/** All simple commands in a node, in order. */
export function commandsIn(node: ShellNode): readonly SimpleCommand[] {
  const inside = (nodes: readonly ShellNode[]): readonly SimpleCommand[] => nodes.flatMap(commandsIn);
  switch (node.kind) {
    case "command": {
      const words = [...node.words, ...node.assignments.flatMap((assignment) => assignment.value ?? [])];
      const scripts = words
        .flatMap((word) => word.pieces)
        .flatMap((piece) => (piece.kind === "substitution" ? [piece.script] : []));
      return [node, ...scripts.flatMap((script) => inside(script.statements))];
    }
    case "pipeline":
      return inside(node.commands);
    case "and-or":
      return inside(node.items);
    case "if":
      return inside([...node.branches.flatMap((b) => [...b.condition, ...b.body]), ...(node.otherwise ?? [])]);
    case "while":
      return inside([...node.condition, ...node.body]);
    case "case":
      return inside(node.items.flatMap((item) => item.body));
    case "for":
    case "subshell":
    case "group":
    case "function":
      return inside(node.body);
    case "opaque": {
      const command = bracketCommand(node);
      return command === undefined ? [] : [command];
    }
  }
}
