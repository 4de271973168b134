/**
 * Walks a script without running it, over an abstract world of variables, containers, images and host files.
 *
 *     if [ -z "$TAG" ]; then exit 1; fi         not known; the branch that leaves is not the one that builds
 *     for d in images/*; do … done              once for each directory of the checkout
 *     (cd api && docker build -t x .)           the directory holds inside the parentheses only
 *
 * Commands succeed unless the script says otherwise. Where only the real run knows which branch is taken, the branch that
 * builds is followed, and its visits are marked. What each command does is decided in host-commands.ts and
 * container-commands.ts.
 */

import { posix } from "node:path";
import type { ScriptText } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import { parseMapped } from "../../shell/parse-mapped.ts";
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import type { Scope } from "../../shell/scope.ts";
import { concat, type Field, fieldValue, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import type {
  AndOr,
  Assignment,
  CaseClause,
  Group,
  IfClause,
  OpaqueNode,
  Pipeline,
  Redirection,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
} from "../../shell/syntax.ts";
import { evaluateValue, evaluateWords } from "../../shell/values.ts";
import { mappedText } from "../../text/mapped.ts";
import { ROOT } from "../../text/paths.ts";
import { type Range, sourceFile } from "../../text/source.ts";
import { opaqueTruth, plainTruth, withoutArguments } from "./arguments.ts";
import { type BranchEnd, chooseEnd } from "./branch-choice.ts";
import { builds } from "./branch-weight.ts";
import type { CommandContext, Done, Inside, InsideStart, ScriptCall } from "./command-context.ts";
import { readCommand } from "./commands.ts";
import type { Truth } from "./conditions.ts";
import { expandPatterns } from "./file-patterns.ts";
import { type HostNode, look, place, type Step, toCheckout } from "./host-tree.ts";
import { runFor, runWhile } from "./loops.ts";
import { isMessage } from "./messages.ts";
import type { Outcome } from "./outcome.ts";
import { scriptPath, startDirectory, startVariables, withScriptPath } from "./script-path.ts";
import { redirectedInput, TextInput } from "./standard-input.ts";
import { bracketCommand } from "./test-brackets.ts";
import type { Effect, Visit } from "./trace.ts";
import { absolutePath, keyOf, settledText } from "./values.ts";
import { assign, declaredNames, declares, isGiven } from "./variables.ts";
import type { Assumed, Branches, Walker } from "./walker.ts";
import { assigned, type Shell, type ShellList, type World } from "./world.ts";

const SUCCESS: Outcome = { truth: true, output: [] };

/** More commands than any script that people wrote reaches; loops and recursion end here. */
const MOST_VISITS = 4000;
/** The same for statements of all kinds. */
const MOST_STEPS = 40_000;
const DEEPEST_CALL = 20;

const NOTHING: ScriptText = { source: sourceFile(ROOT, ""), statements: [] };

function freshShell(script: ScriptText, from: string): Shell {
  const cwd = startDirectory(script, from);
  return {
    cwd,
    variables: startVariables(script, cwd),
    lists: new Map(),
    exported: new Set([...(script.roots ?? []), ...(script.variables?.keys() ?? [])]),
    exportsAll: false,
    directories: [],
    functions: new Map(),
    positional: undefined,
  };
}

export interface Trap {
  readonly node: SimpleCommand;
  readonly body: readonly ShellNode[];
  readonly script: ScriptText;
}

/** What a function's `local` hides until the function ends. */
type Frame = Map<string, { readonly value: SymbolicValue | "unset" | undefined; readonly list: ShellList | undefined }>;

export class Interpreter implements Walker {
  readonly visits: Visit[] = [];
  /** Conditions that only the real run decides, where a branch that builds was followed. */
  readonly assumed: Assumed[] = [];
  /** What `trap` says to run at the end. */
  readonly traps: Trap[] = [];
  world: World;
  shell: Shell;
  /** What variables hold where nothing that is read says what they hold. */
  pinned: ReadonlyMap<string, SymbolicValue> = new Map();
  readonly #files: ProjectFiles;
  #checkoutAt: InsideStart["checkoutAt"] = toCheckout;
  #script: ScriptText;
  #maybe = 0;
  /** What the command before printed as data, and what a pipe brings in from it. */
  #stream: HostNode | undefined;
  #input: HostNode | undefined;
  #streams = false;
  /** True for all commands of a pipe but the last. */
  #isPiped = false;
  /** Set where all commands are part of one command of another run. */
  #step: number | undefined;
  #calls: readonly SimpleCommand[] = [];
  #stdin: TextInput | undefined;
  #frames: readonly Frame[] = [];
  readonly #trapped = new Set<Trap>();
  #steps = 0;
  /** More than zero inside a `$(…)` whose output is more than a message. */
  #valued = 0;
  #saying = false;

  constructor(files: ProjectFiles, world: World) {
    this.#files = files;
    this.#script = NOTHING;
    this.world = world;
    this.shell = freshShell(NOTHING, "/");
  }

  /** True when the script was too long to be followed to its end. */
  get exhausted(): boolean {
    return this.visits.length >= MOST_VISITS || this.#steps >= MOST_STEPS;
  }

  /** How many statements were walked. */
  get steps(): number {
    return this.#steps;
  }

  get position(): number {
    return this.#stdin?.position ?? 0;
  }

  /** Runs one script, in a shell of its own unless it continues one, and at its end what it left in `trap`. */
  run(script: ScriptText, cwd: string): void {
    const before = this.traps.length;
    this.#script = script;
    this.#calls = [];
    if (script.continues !== true) this.shell = freshShell(script, cwd);
    this.list(script.statements);
    this.#runTraps(before);
    this.#calls = [];
  }

  /** Runs what was left in `trap` since there were `before` of them. */
  #runTraps(before: number): void {
    for (const trap of this.traps.slice(before)) {
      if (this.#trapped.has(trap)) continue;
      this.#trapped.add(trap);
      this.#script = trap.script;
      const calls = this.#calls;
      this.#calls = [...calls, trap.node];
      this.list(trap.body);
      this.#calls = calls;
    }
  }

  list(nodes: readonly ShellNode[]): Outcome {
    let output: SymbolicValue | undefined = [];
    let last: Outcome = SUCCESS;
    for (const node of nodes) {
      last = this.node(node);
      if (last.output?.length !== 0) output = output && last.output && concat(output, last.output);
      if (last.leaving !== undefined) break;
    }
    return { ...last, output };
  }

  node(node: ShellNode): Outcome {
    this.#steps += 1;
    if (this.exhausted) return { truth: undefined, leaving: "exit" };
    switch (node.kind) {
      case "command":
        return this.#command(node);
      case "pipeline":
        return this.#pipeline(node);
      case "and-or":
        return this.#andOr(node);
      case "if":
        return this.#if(node);
      case "for":
        return runFor(this, node);
      case "while":
        return runWhile(this, node);
      case "case":
        return this.#case(node);
      case "function":
        return this.#define(node);
      case "subshell":
        return this.#redirected(node, () => this.#apart(() => this.list(node.body)));
      case "group":
        return this.#redirected(node, () => this.list(node.body));
      case "opaque":
        return this.#opaque(node);
    }
  }

  /** Runs `inside` with a copy of the shell's own state: files, containers and images change, variables do not. */
  #apart(inside: () => Outcome): Outcome {
    const shell = this.shell;
    this.shell = { ...shell };
    const outcome = inside();
    this.shell = shell;
    const { leaving: _, ...rest } = outcome;
    return rest;
  }

  /** `[[ … ]]` is recorded like the command that it is; `(( … ))` changes variables at most. */
  #opaque(node: OpaqueNode): Outcome {
    const truth = opaqueTruth(this, node);
    const command = bracketCommand(node);
    if (command === undefined) return { truth, output: [] };
    const { effects } = readCommand(this.#context(command, this.fields(command.words)));
    return this.#record(command, effects, { truth, output: [] });
  }

  /** A compound command with what its redirections bring in and take out. */
  #redirected(node: Group, inside: () => Outcome): Outcome {
    const outcome = this.#withInput(node.redirections, inside);
    const redirection = node.redirections.find(takesOutput);
    if (redirection === undefined) return outcome;
    this.#writeFile(redirection, this.#stream, outcome.output, Math.max(0, this.visits.length - 1));
    return { ...outcome, output: [] };
  }

  #withInput<T>(redirections: readonly Redirection[], inside: () => T): T {
    if (redirections.length === 0) return inside();
    const before = this.#stdin;
    const place = { scope: this.scope(), host: this.world.host, cwd: this.shell.cwd, script: this.#script };
    const input = redirectedInput(redirections, place);
    if (input !== undefined) this.#stdin = input === "unknown" ? undefined : new TextInput(input);
    const outcome = inside();
    this.#stdin = before;
    return outcome;
  }

  #define(node: Extract<ShellNode, { kind: "function" }>): Outcome {
    const functions = new Map(this.shell.functions).set(node.name, { definition: node, script: this.#script });
    this.shell.functions = functions;
    return SUCCESS;
  }

  // ---- words

  scope(): Scope {
    const { positional } = this.shell;
    return {
      lookup: (name) => this.#lookup(name),
      list: (name) => {
        const list = this.shell.lists.get(name);
        return list?.open === true ? undefined : list;
      },
      expandsBraces: expandsBraces(this.#script),
      ...(positional === undefined ? {} : { positional }),
      substitute: (script) => this.#substitute(script),
      assign: (name, value) => {
        this.shell.variables = assigned(this.shell, name, value);
      },
    };
  }

  #lookup(name: string): SymbolicValue | "unset" | undefined {
    if (name === "PWD") return text(this.shell.cwd);
    if (name === "BASH_SOURCE") return text(scriptPath(this.#script, this.shell.variables));
    if (name === "?") return text("0");
    const value = this.shell.variables.get(name);
    const [only, ...others] = value === undefined || value === "unset" ? [] : value;
    if (value !== undefined && (only?.kind !== "unknown" || others.length > 0)) return value;
    return this.pinned.get(name) ?? (only?.kind === "unknown" ? this.pinned.get(only.source) : undefined) ?? value;
  }

  #substitute(script: ShellScript): SymbolicValue | undefined {
    const saying = this.#saying;
    if (!saying) this.#valued += 1;
    const { output } = this.#apart(() => this.list(script.statements));
    if (!saying) this.#valued -= 1;
    this.#saying = saying;
    return output;
  }

  fields(words: SimpleCommand["words"]): readonly Field[] {
    const fields = evaluateWords(words, this.scope()).map(withScriptPath(this.#script, this.shell.variables));
    return fields.flatMap((field) => expandPatterns(this.world.host, this.shell.cwd, field));
  }

  // ---- commands

  #command(node: SimpleCommand): Outcome {
    return this.#withInput(node.redirections, () => this.#commandWithInput(node));
  }

  #commandWithInput(node: SimpleCommand): Outcome {
    this.#saying = this.#valued === 0 && isMessage(node);
    // An assignment in front of a command holds for that command alone.
    if (node.words.length === 0) for (const assignment of node.assignments) this.#assign(assignment);
    const fields = this.fields(node.words);
    if (fields.length === 0) return this.#record(node, [{ kind: "plain" }], { truth: true, output: [] });
    return this.#dispatch(node, fields);
  }

  #assign(assignment: Assignment): void {
    const words = { scope: this.scope(), fields: (list: readonly Word[]) => this.fields(list) };
    Object.assign(this.shell, assign(this.shell, assignment, words));
  }

  /** Remembers what `local` hides, and assigns the arrays among the words. */
  #declare(name: string, node: SimpleCommand, fields: readonly Field[]): void {
    const frame = name === "export" || name === "readonly" ? undefined : this.#frames.at(-1);
    for (const local of frame === undefined ? [] : declaredNames(fields.slice(1), node)) {
      const { variables, lists } = this.shell;
      if (frame?.has(local) === false) frame.set(local, { value: variables.get(local), list: lists.get(local) });
    }
  }

  #context(node: SimpleCommand, fields: readonly Field[]): CommandContext {
    return {
      files: this.#files,
      world: this.world,
      shell: this.shell,
      script: this.#script,
      step: this.#step ?? this.visits.length,
      node,
      fields,
      input: this.#input,
      piped: this.#isPiped,
      inside: (script, start) => this.#inside(script, start),
      checkoutAt: this.#checkoutAt,
      stdin: this.#stdin,
      scope: this.scope(),
    };
  }

  #dispatch(node: SimpleCommand, fields: readonly Field[]): Outcome {
    const [head] = fields;
    const name = head === undefined ? undefined : knownText(fieldValue(head));
    const called = name === undefined ? undefined : this.shell.functions.get(name);
    if (called !== undefined) return this.#call(node, called, fields);
    if (name === "trap") this.#remember(node, fields);
    const declaring = name !== undefined && declares(name);
    if (declaring) this.#declare(name, node, fields);
    const done = readCommand(this.#context(node, fields));
    if (done.called !== undefined) return this.#runCalled(node, done.called);
    const before = this.shell.cwd;
    this.world = done.world ?? this.world;
    if (done.shell !== undefined) Object.assign(this.shell, done.shell);
    if (declaring) for (const { assignment } of node.words) if (assignment !== undefined) this.#assign(assignment);
    const redirected = this.#redirect(node, done);
    this.#streams = done.stream !== undefined;
    const effects = redirected === undefined ? done.effects : [...done.effects, redirected];
    this.#stream = redirected === undefined ? done.stream : undefined;
    const output = node.redirections.some(takesOutput) ? [] : done.output;
    const { truth, doubtful, leaving } = done;
    return this.#record(node, effects, { truth, doubtful, output, leaving }, before);
  }

  /** `> file` makes a file of what the command prints. */
  #redirect(node: SimpleCommand, done: Done): Effect | undefined {
    const redirection = node.redirections.find(takesOutput);
    return redirection && this.#writeFile(redirection, done.stream, done.output, this.visits.length);
  }

  #writeFile(
    { target, operator }: Redirection,
    stream: HostNode | undefined,
    output: SymbolicValue | undefined,
    step: Step,
  ): Effect | undefined {
    if (target === undefined) return undefined;
    const path = absolutePath(this.shell.cwd, keyOf(evaluateValue(target, this.scope())));
    if (path.startsWith("/dev/")) return undefined;
    const before = look(this.world.host, path);
    const into = [look(this.world.host, posix.dirname(path)), ...(operator.endsWith(">>") ? [before] : [])];
    const made: HostNode = stream ?? { kind: "made", shape: "file", presumed: false, by: [this.#step ?? step] };
    void output;
    this.world = { ...this.world, host: place(this.world.host, path, made) };
    return { kind: "move", reads: [], from: [], to: [path], makesFile: true, into };
  }

  #remember(node: SimpleCommand, [, body]: readonly Field[]): void {
    const commands = body === undefined ? undefined : (knownText(fieldValue(body)) ?? this.#quotedText(body.range));
    if (body === undefined || commands === undefined || commands === "-" || commands === "") return;
    const mapped = mappedText([{ text: commands, from: insideQuotes(body.range, commands, this.#script) }]);
    const { statements } = parseMapped(mapped, this.#script.source.text);
    this.traps.push({ node, body: statements, script: this.#script });
  }

  /** `"docker rm -f $id"`: the shell puts the value in now, which is the same one that the commands find at the end. */
  #quotedText(range: Range): string | undefined {
    const written = this.#script.source.text.slice(range.start, range.end);
    return /^"[^"\\`]*"$/.test(written) ? written.slice(1, -1) : undefined;
  }

  #record(node: SimpleCommand, effects: readonly Effect[], outcome: Outcome, before = this.shell.cwd): Outcome {
    const streams = this.#streams;
    this.#streams = false;
    this.visits.push({
      step: this.visits.length,
      ...(streams ? { streams } : {}),
      script: this.#script,
      node,
      range: node.range,
      effects: this.#valued > 0 ? effects.map(asRead) : effects,
      variables: this.shell.variables,
      cwd: { before, after: this.shell.cwd },
      maybe: this.#maybe > 0,
      calls: this.#calls,
    });
    return outcome;
  }

  #call(
    node: SimpleCommand,
    called: { definition: { name: string; body: readonly ShellNode[] }; script: ScriptText },
    fields: readonly Field[],
  ): Outcome {
    if (this.#calls.length >= DEEPEST_CALL) return { truth: undefined, leaving: "exit" };
    this.#record(node, [{ kind: "call", name: called.definition.name }], SUCCESS);
    const { positional, variables } = this.shell;
    const script = this.#script;
    const calls = this.#calls;
    const frames = this.#frames;
    const frame: Frame = new Map();
    const prefix = node.assignments.filter((assignment) => assignment.value !== undefined);
    for (const { name } of prefix) frame.set(name, { value: variables.get(name), list: this.shell.lists.get(name) });
    for (const assignment of prefix) this.#assign(assignment);
    this.shell.positional = argumentsOf(fields.slice(1));
    this.#script = called.script;
    this.#calls = [...calls, node];
    this.#frames = [...frames, frame];
    const outcome = this.list(called.definition.body);
    this.#endFrame(frame);
    this.shell.positional = positional;
    this.#script = script;
    this.#calls = calls;
    this.#frames = frames;
    return outcome.leaving === "exit" ? outcome : { truth: outcome.truth, output: outcome.output };
  }

  /** Gives variables back what `local` hid. */
  #endFrame(frame: Frame): void {
    const variables = new Map(this.shell.variables);
    const lists = new Map(this.shell.lists);
    for (const [name, { value, list }] of frame) {
      if (value === undefined) variables.delete(name);
      else variables.set(name, value);
      if (list === undefined) lists.delete(name);
      else lists.set(name, list);
    }
    this.shell.variables = variables;
    this.shell.lists = lists;
  }

  #runCalled(node: SimpleCommand, called: ScriptCall): Outcome {
    if (this.#calls.length >= DEEPEST_CALL) return { truth: undefined };
    this.#record(node, [{ kind: "call", name: "", units: called.units }], SUCCESS);
    const before = { script: this.#script, calls: this.#calls, shell: this.shell, frames: this.#frames };
    const { positional } = before.shell;
    this.#calls = [...before.calls, node];
    let outcome: Outcome = SUCCESS;
    for (const unit of called.units) {
      this.#script = unit;
      if (called.apart) this.#enterProcess(this.#shellFor(unit, called, before.shell));
      else if (called.positional !== undefined) this.shell.positional = called.positional;
      const { length } = this.traps;
      outcome = this.list(unit.statements);
      if (called.apart) this.#runTraps(length);
    }
    this.#script = before.script;
    this.#calls = before.calls;
    this.#frames = before.frames;
    if (called.apart) this.shell = before.shell;
    else if (called.positional !== undefined) this.shell.positional = positional;
    const ends = outcome.leaving === "exit" && !called.apart;
    return ends ? outcome : { truth: outcome.truth, output: outcome.output };
  }

  /** Commands in another world are one step of this run, and count among its commands. */
  #inside(script: ScriptText, { world, cwd, variables, checkoutAt }: InsideStart): Inside {
    const inner = new Interpreter(this.#files, world);
    inner.#checkoutAt = checkoutAt;
    inner.#steps = this.#steps;
    inner.#step = this.#step ?? this.visits.length;
    inner.#script = script;
    inner.shell = { ...freshShell(script, cwd), variables, positional: [] };
    inner.list(script.statements);
    this.#steps = inner.#steps;
    return { visits: inner.visits, world: inner.world, stream: inner.#stream };
  }

  #enterProcess(shell: Shell): void {
    this.shell = shell;
    this.#frames = [];
  }

  /** The shell of a process: it has the caller's exported variables, and no functions. */
  #shellFor(unit: ScriptText, called: ScriptCall, caller: Shell): Shell {
    const cwd = startDirectory(unit, called.cwd ?? caller.cwd);
    const exported = new Set([
      ...caller.exported,
      ...(unit.variables?.keys() ?? []),
      ...(called.variables?.keys() ?? []),
    ]);
    const inherited = [...caller.variables].filter(([name]) => caller.exported.has(name));
    const variables = new Map([...inherited, ...startVariables(unit, cwd), ...(called.variables ?? [])]);
    return { ...freshShell(unit, cwd), variables, exported, positional: called.positional ?? [] };
  }

  // ---- several commands

  #pipeline(node: Pipeline): Outcome {
    let last: Outcome = SUCCESS;
    const before = this.#stdin;
    const isPiped = this.#isPiped;
    for (const [index, command] of node.commands.entries()) {
      this.#stream = undefined;
      this.#isPiped = isPiped || index < node.commands.length - 1;
      if (index > 0) this.#stdin = this.#piped(last.output, node.commands[index - 1]);
      last = this.#apart(() => this.node(command));
      this.#input = this.#stream;
    }
    this.#isPiped = isPiped;
    this.#input = undefined;
    this.#stdin = before;
    return node.negated ? { ...last, truth: last.truth === undefined ? undefined : !last.truth } : last;
  }

  #piped(output: SymbolicValue | undefined, from: ShellNode | undefined): TextInput | undefined {
    if (output === undefined || from === undefined) return undefined;
    return new TextInput({ value: output, range: from.range, script: this.#script });
  }

  #andOr(node: AndOr): Outcome {
    let outcome: Outcome = { truth: true, output: [] };
    for (const [index, item] of node.items.entries()) {
      if (index > 0) {
        const runsOn = node.operators[index - 1] === "&&" ? outcome.truth : negated(outcome.truth);
        if (runsOn === false) continue;
        if (runsOn === undefined) {
          outcome = this.uncertain(item, { bodies: [[item]] });
          continue;
        }
      }
      outcome = this.node(item);
      if (outcome.leaving !== undefined) return outcome;
    }
    return outcome;
  }

  #if(node: IfClause): Outcome {
    for (const [index, branch] of node.branches.entries()) {
      const { truth: told, doubtful, leaving } = this.list(branch.condition);
      if (leaving === "exit") return { truth: told, leaving };
      const truth = doubtful === true ? undefined : told;
      if (truth === true) return this.list(branch.body);
      if (truth === undefined) {
        const left = node.branches.slice(index);
        const bodies = [...left.map((other) => other.body), ...(node.otherwise ? [node.otherwise] : [])];
        const plain = this.#plainBranch(
          left.map((other) => other.condition),
          node.otherwise !== undefined,
        );
        return this.uncertain(node, { bodies, complete: node.otherwise !== undefined, plain });
      }
    }
    return node.otherwise ? this.list(node.otherwise) : SUCCESS;
  }

  /** Which branch a call without arguments takes. */
  #plainBranch(conditions: readonly (readonly ShellNode[])[], otherwise: boolean): number | "none" | undefined {
    for (const [index, condition] of conditions.entries()) {
      const truth = plainTruth(this, condition);
      if (truth === undefined) return undefined;
      if (truth) return index;
    }
    return otherwise ? conditions.length : "none";
  }

  #case(node: CaseClause): Outcome {
    const value = evaluateValue(node.subject, this.scope());
    const known = knownText(value);
    const bodies = node.items.map((item) => item.body);
    const chosen = known === undefined ? "unknown" : this.#matching(node, known, 0);
    if (chosen === undefined) return SUCCESS;
    if (chosen !== "unknown") return this.#caseBody(node, chosen, known ?? "");
    const settled =
      settledText(value) ?? withoutArguments(this, () => settledText(evaluateValue(node.subject, this.scope())));
    const plain = settled === undefined ? "unknown" : (this.#matching(node, settled, 0) ?? "none");
    const complete = node.items.some(({ patterns }) => patterns.some((pattern) => pattern.text === "*"));
    return this.uncertain(node, { bodies, complete, plain: plain === "unknown" ? undefined : plain });
  }

  /** The first item from `start` on that matches; "unknown" where a pattern before it is not known. */
  #matching(node: CaseClause, subject: string, start: number): number | "unknown" | undefined {
    const scope = this.scope();
    for (const [index, item] of node.items.entries()) {
      if (index < start) continue;
      const patterns = item.patterns.map((word) => evaluateWords([word], scope).flatMap((field) => field.parts));
      if (patterns.some((pattern) => pattern.some((part) => part.kind === "unknown"))) return "unknown";
      if (patterns.some((pattern) => matchesPattern(pattern as Pattern, subject))) return index;
    }
    return undefined;
  }

  /** `;&` goes on into the next body, `;;&` to the next item that matches. */
  #caseBody(node: CaseClause, index: number, subject: string): Outcome {
    const item = node.items[index];
    if (item === undefined) return SUCCESS;
    const outcome = this.list(item.body);
    if (outcome.leaving !== undefined || item.terminator === undefined) return outcome;
    const next = item.terminator === ";&" ? index + 1 : this.#matching(node, subject, index + 1);
    return typeof next === "number" ? this.#caseBody(node, next, subject) : outcome;
  }

  assume(node: ShellNode, what: Assumed["what"]): void {
    this.assumed.push({ node, script: this.#script, what });
  }

  /**
   * Runs each branch from the same state and goes on from the one that builds; where none does, from the one that a call without
   * arguments takes.
   */
  uncertain(node: ShellNode, { bodies, complete = false, plain }: Branches): Outcome {
    const before = { world: { ...this.world }, shell: { ...this.shell } };
    this.#maybe += 1;
    const ends = bodies.map((body): BranchEnd => {
      this.world = { ...before.world };
      this.shell = { ...before.shell };
      const first = this.visits.length;
      const outcome = this.list(body);
      const weight = Math.max(builds(body, this.shell.functions), this.visits.slice(first).filter(isBuilding).length);
      return { outcome, weight, world: this.world, shell: this.shell };
    });
    this.#maybe -= 1;
    const chosen = chooseEnd(ends, before, complete, plain);
    if (chosen.assumed !== undefined) this.assume(node, chosen.assumed);
    this.world = chosen.world;
    this.shell = chosen.shell;
    return { truth: true };
  }
}

function isBuilding({ effects }: Visit): boolean {
  return effects.some(({ kind }) => kind === "build" || kind === "create" || kind === "extract");
}

/** Where the arguments of a function are those that only the driver's caller knows, they stay so; elsewhere there are none of them. */
function argumentsOf(fields: readonly Field[]): readonly SymbolicValue[] | undefined {
  const known = fields.filter((field) => !isGiven(field));
  return known.length < fields.length && known.length === 0 ? undefined : known.map(fieldValue);
}

/** The range inside a word's quotes, where the text stands there as it is. */
function insideQuotes(range: Range, commands: string, { source }: ScriptText): Range {
  const inner = { start: range.start + 1, end: range.end - 1 };
  return source.text.slice(inner.start, inner.end) === commands ? inner : range;
}

/** By the script's first line; without one, scripts by their names are bash's, and other files' commands are sh's. */
function expandsBraces({ source }: ScriptText): boolean {
  const [, program] = /^#!\s*(?:\S*\/)?(?:env\s+)?(\S+)/.exec(source.text) ?? [];
  return program === undefined ? /\.(?:sh|bash)$/.test(source.path) : /(?:bash|zsh|ksh)$/.test(program);
}

function takesOutput({ operator, fileDescriptor }: SimpleCommand["redirections"][number]): boolean {
  return /^&?>/.test(operator) && operator !== ">&" && (fileDescriptor ?? 1) === 1;
}

/** What is looked at for its value is read as by any other program. */
function asRead(effect: Effect): Effect {
  return effect.kind === "look" ? { kind: "foreign", name: "", reads: effect.reads, writes: [] } : effect;
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
