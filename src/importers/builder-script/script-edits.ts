/**
 * The edits of a script, from what becomes of each of its commands.
 *
 *     docker build … && docker create … && docker build -t app .      docker build -t app .
 *     id=$(docker create b)                                           gone with the command inside it
 *     clean() { docker rm x; }; trap clean EXIT                       gone, function and trap
 *     if [ $? -ne 0 ]; then exit 1; fi                                gone with the command that it asks about
 *
 * What is left of a compound command is decided in script-rests.ts. Lines, comments and blank lines are tidied where the edits are
 * written.
 */
import { innerNodes } from "../../shell/inner-nodes.ts";
import type { AndOr, IfClause, Redirection, ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import type { TextEdit } from "../../text/edits.ts";
import type { Range } from "../../text/source.ts";
import { commandsIn } from "./commands-in.ts";
import { type Reader, readersLeft } from "./gone-variables.ts";
import { keptStatuses } from "./kept-statuses.ts";
import { isMessage } from "./messages.ts";
import { type EditWorld, Rests } from "./script-rests.ts";

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

export function scriptEdits(statements: readonly ShellNode[], world: EditWorld): ScriptEdits {
  const editor = new Editor(statements, world);
  editor.list(statements);
  editor.strand(statements);
  editor.guard();
  editor.endDocuments(statements);
  return { edits: editor.edits, stuck: editor.stuck, stranded: editor.stuck.length > 0 ? [] : editor.stranded };
}

/** How a shell, PowerShell and cmd ask whether the command before failed. */
const ASKS_STATUS = /\$\?|\berrorlevel\b|\$LASTEXITCODE\b/i;

class Editor {
  readonly edits: ReasonedEdit[] = [];
  readonly stuck: ShellNode[] = [];
  stranded: readonly Reader[] = [];
  readonly #world: EditWorld;
  readonly #rests: Rests;
  /** What the script did when a build failed that is gone now, and builds of which it does not ask. */
  readonly #guards: string[] = [];
  readonly #unguarded: SimpleCommand[] = [];

  constructor(statements: readonly ShellNode[], world: EditWorld) {
    this.#world = world;
    this.#rests = new Rests(statements, world);
  }

  /** Finds what still reads a variable that nothing sets any more. */
  strand(statements: readonly ShellNode[]): void {
    const { gone } = this.#rests;
    if (gone !== undefined)
      this.stranded = readersLeft(statements.flatMap(commandsIn), this.#world.text, this.edits, gone);
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

  /** The lines of a here-document go with the operator that names them: without it a shell would run them. */
  endDocuments(statements: readonly ShellNode[]): void {
    for (const { range, body } of statements.flatMap(redirectionsIn)) {
      const by = this.edits.find(
        (edit) => edit.start <= range.start && range.end <= edit.end && edit.verbatim !== true,
      );
      if (body === undefined || by === undefined || by.end > body.range.start) continue;
      const end = (body.closing ?? body.range).end;
      this.edits.push({ start: body.range.start, end, text: "", reason: by.reason });
    }
  }

  list(nodes: readonly ShellNode[]): void {
    const kept = keptStatuses(nodes, this.#world.text, (node) => this.#rests.rest(node));
    const goes = (index: number): boolean => {
      const node = nodes[index];
      if (node === undefined) return false;
      return this.#rests.rest(node) === "goes" || kept.has(node) || this.#asksAboutGone(nodes, index);
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
    if (node?.kind !== "if" || before === undefined || this.#rests.rest(before) !== "goes") return false;
    const asks = node.branches.some((branch) =>
      branch.condition.some((condition) => ASKS_STATUS.test(this.#text(condition))),
    );
    return asks && this.#rests.rest(node) !== "stays";
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

  #text(node: ShellNode): string {
    return this.#world.text.slice(node.range.start, node.range.end);
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
          if (branch.condition.some((condition) => this.#rests.rest(condition) === "goes")) this.#decide(node);
          this.#body(branch.body);
        }
        this.#body(node.otherwise ?? []);
        return;
      case "while":
        if (node.condition.some((condition) => this.#rests.rest(condition) === "goes")) this.stuck.push(node);
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
    const first = commands.findIndex((command) => this.#rests.rest(command) !== "goes");
    const left = commands.slice(first);
    const [reader] = left;
    const freed = first > 0 && reader?.kind === "command" && this.#world.isLastBuild(reader);
    if (left.some((command) => this.#rests.rest(command) === "goes") || (first > 0 && !freed)) this.stuck.push(node);
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
      this.#rests.gone?.test(this.#text(condition)) === true ||
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
      nodes.length > 0 &&
      nodes.every((node, index) => this.#rests.rest(node) === "goes" || this.#asksAboutGone(nodes, index));
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
        this.#rests.rest(item) === "goes" || (node.operators[index - 1] === "||" && this.#alternativeGoes(node, index)),
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
    return before.every((item) => this.#rests.rest(item) === "goes");
  }
}

/** Every redirection in a node, those of the commands inside it included. */
function redirectionsIn(node: ShellNode): readonly Redirection[] {
  const own = "redirections" in node ? node.redirections : [];
  return [...own, ...innerNodes(node).flatMap(redirectionsIn)];
}

/** The one command of a list item in another kind of file. */
function unframed(node: ShellNode): ShellNode {
  const [only, ...others] = node.kind === "group" && node.frame !== undefined ? node.body : [];
  return only === undefined || others.length > 0 ? node : only;
}
