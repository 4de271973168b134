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
import type { ScriptText } from "../../drivers/driver.ts";
import type { ProjectFiles } from "../../model/project-files.ts";
import type { Scope } from "../../shell/scope.ts";
import { concat, type Field, fieldValue, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import type {
  Assignment,
  Group,
  OpaqueNode,
  Pipeline,
  Redirection,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
} from "../../shell/syntax.ts";
import { evaluateWords } from "../../shell/values.ts";
import { ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { opaqueTruth } from "./arguments.ts";
import { type BranchEnd, chooseEnd } from "./branch-choice.ts";
import { builds } from "./branch-weight.ts";
import { runAndOr, runCase, runIf } from "./branches.ts";
import { type Caller, type CallPlace, callFunction, hideLocals, runCalled } from "./calls.ts";
import type { CommandContext, Inside, InsideStart } from "./command-context.ts";
import { readCommand } from "./commands.ts";
import { unreadSyntax } from "./engine-calls.ts";
import { expandPatterns } from "./file-patterns.ts";
import { freshShell } from "./fresh-shell.ts";
import { type HostNode, isCheckoutName, look, type Step, toCheckout } from "./host-tree.ts";
import { runFor, runWhile } from "./loops.ts";
import { isMessage } from "./messages.ts";
import { type Outcome, SUCCESS } from "./outcome.ts";
import { carriedOutput, outputPath, takesOutput, withOutput } from "./output-redirections.ts";
import { expandsBraces, scriptPath, withScriptPath } from "./script-path.ts";
import { redirectedInput, redirectedNode, TextInput } from "./standard-input.ts";
import { bracketCommand, standIn } from "./test-brackets.ts";
import { asRead, type Effect, isBuilding, type Visit } from "./trace.ts";
import { readTrap, type Trap } from "./traps.ts";
import { assign, declares, heldValue } from "./variables.ts";
import type { Assumed, Branches } from "./walker.ts";
import { assigned, type Shell, type World } from "./world.ts";

/** More commands than any script that people wrote reaches; loops and recursion end here. */
const MOST_VISITS = 4000;
/** The same for statements of all kinds. */
const MOST_STEPS = 40_000;

const START: CallPlace = { script: { source: sourceFile(ROOT, ""), statements: [] }, calls: [], frames: [] };

export class Interpreter implements Caller {
  readonly visits: Visit[] = [];
  /** Conditions that only the real run decides, where a branch that builds was followed. */
  readonly assumed: Assumed[] = [];
  /** What `trap` says to run at the end. */
  readonly traps: Trap[] = [];
  world: World;
  shell: Shell;
  place: CallPlace = START;
  /** What variables hold where nothing that is read says what they hold. */
  pinned: ReadonlyMap<string, SymbolicValue> = new Map();
  /** Which image of several a build makes, by its step, where it is not the first. */
  ordinals: ReadonlyMap<Step, number> = new Map();
  readonly #files: ProjectFiles;
  #checkoutAt: InsideStart["checkoutAt"] = toCheckout;
  #maybe = 0;
  /** What the command before printed as data, and what a pipe brings in from it. */
  #stream: HostNode | undefined;
  #input: HostNode | undefined;
  #streams = false;
  /** True for all commands of a pipe but the last. */
  #isPiped = false;
  /** Set where all commands are part of one command of another run. */
  #step: number | undefined;
  #settled: InsideStart["settled"] | undefined;
  #stdin: TextInput | undefined;
  readonly #trapped = new Set<Trap>();
  #steps = 0;
  /** More than zero inside a `$(…)` whose output is more than a message. */
  #valued = 0;
  #saying = false;

  constructor(files: ProjectFiles, world: World) {
    this.#files = files;
    this.world = world;
    this.shell = freshShell(START.script, "/");
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
    this.place = { ...this.place, script, calls: [] };
    if (script.continues !== true) this.shell = freshShell(script, cwd);
    this.list(script.statements);
    this.runTraps(before);
    this.place = { ...this.place, calls: [] };
  }

  runTraps(before: number): void {
    for (const trap of this.traps.slice(before)) {
      if (this.#trapped.has(trap)) continue;
      this.#trapped.add(trap);
      const { calls } = this.place;
      this.place = { ...this.place, script: trap.script, calls: [...calls, trap.node] };
      this.list(trap.body);
      this.place = { ...this.place, calls };
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
        return runAndOr(this, node);
      case "if":
        return runIf(this, node);
      case "for":
        return runFor(this, node);
      case "while":
        return runWhile(this, node);
      case "case":
        return runCase(this, node);
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
    if (command === undefined) return this.#unread(node) ?? { truth, output: [] };
    const { effects } = readCommand(this.#context(command, this.fields(command.words)));
    return this.record(command, effects, { truth, output: [] });
  }

  /** What is not followed and calls an engine may read all that is there; `undefined` where it calls none. */
  #unread(node: OpaqueNode): Outcome | undefined {
    const unread = unreadSyntax(node);
    if (unread === undefined) return undefined;
    const reads = [look(this.world.host, this.shell.cwd)];
    const effects: readonly Effect[] = [unread, { kind: "foreign", name: "", reads, writes: [] }];
    return this.record(standIn(node), effects, { truth: true, output: undefined });
  }

  /** A compound command with what its redirections bring in and take out. */
  #redirected(node: Group, inside: () => Outcome): Outcome {
    const outcome = this.#withInput(node.redirections, inside);
    const redirection = node.redirections.find(takesOutput);
    if (redirection === undefined) return outcome;
    this.#redirect(redirection, this.#stream, Math.max(0, this.visits.length - 1));
    return { ...outcome, output: [] };
  }

  #withInput<T>(redirections: readonly Redirection[], inside: () => T): T {
    if (redirections.length === 0) return inside();
    const before = this.#stdin;
    const place = { scope: this.scope(), host: this.world.host, cwd: this.shell.cwd, script: this.place.script };
    const input = redirectedInput(redirections, place);
    if (input !== undefined) this.#stdin = input === "unknown" ? undefined : new TextInput(input);
    const outcome = inside();
    this.#stdin = before;
    return outcome;
  }

  #define(node: Extract<ShellNode, { kind: "function" }>): Outcome {
    const { script } = this.place;
    this.shell.functions = new Map(this.shell.functions).set(node.name, { definition: node, script });
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
      expandsBraces: expandsBraces(this.place.script),
      ...(positional === undefined ? {} : { positional }),
      substitute: (script) => {
        const output = this.#substitute(script);
        return output === undefined || isCheckoutName(knownText(output) ?? "") ? undefined : output;
      },
      isSeen: (made) => !isCheckoutName(knownText(made) ?? ""),
      assign: (name, value) => {
        this.shell.variables = assigned(this.shell, name, value);
      },
    };
  }

  #lookup(name: string): SymbolicValue | "unset" | undefined {
    if (name === "PWD") return text(this.shell.cwd);
    if (name === "BASH_SOURCE") return text(scriptPath(this.place.script, this.shell.variables));
    if (name === "?") return text("0");
    return heldValue(this.shell, this.pinned, name);
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
    const fields = evaluateWords(words, this.scope()).map(withScriptPath(this.place.script, this.shell.variables));
    return fields.flatMap((field) => expandPatterns(this.world.host, this.shell.cwd, field));
  }

  // ---- commands

  #command(node: SimpleCommand): Outcome {
    return this.#withInput(node.redirections, () => this.#commandWithInput(node));
  }

  #commandWithInput(node: SimpleCommand): Outcome {
    this.#saying = this.#valued === 0 && isMessage(node);
    // An assignment in front of a command holds for that command alone.
    if (node.words.length === 0) for (const assignment of node.assignments) this.assign(assignment);
    const fields = this.fields(node.words);
    if (fields.length === 0) return this.record(node, [{ kind: "plain" }], { truth: true, output: [] });
    return this.#dispatch(node, fields);
  }

  assign(assignment: Assignment): void {
    const words = { scope: this.scope(), fields: (list: readonly Word[]) => this.fields(list) };
    Object.assign(this.shell, assign(this.shell, assignment, words));
  }

  #context(node: SimpleCommand, fields: readonly Field[]): CommandContext {
    const place = { scope: this.scope(), host: this.world.host, cwd: this.shell.cwd };
    return {
      files: this.#files,
      world: this.world,
      shell: this.shell,
      script: this.place.script,
      step: this.#step ?? this.visits.length,
      node,
      fields,
      input: redirectedNode(node.redirections, place) ?? this.#input,
      piped: this.#isPiped,
      inside: (script, start) => this.#inside(script, start),
      ordinal: this.#step === undefined ? this.ordinals.get(this.visits.length) : undefined,
      checkoutAt: this.#checkoutAt,
      stdin: this.#stdin,
      scope: this.scope(),
    };
  }

  #dispatch(node: SimpleCommand, fields: readonly Field[]): Outcome {
    const [head] = fields;
    const name = head === undefined ? undefined : knownText(fieldValue(head));
    const called = name === undefined ? undefined : this.shell.functions.get(name);
    if (called !== undefined) return callFunction(this, node, called, fields);
    const trap = name === "trap" ? readTrap(node, fields, this.place.script) : undefined;
    if (trap !== undefined) this.traps.push(trap);
    const declaring = name !== undefined && declares(name);
    if (declaring) hideLocals(this, name, node, fields);
    const done = readCommand(this.#context(node, fields));
    if (done.called !== undefined) return runCalled(this, node, done.called);
    const before = this.shell.cwd;
    this.world = done.world ?? this.world;
    if (done.shell !== undefined) Object.assign(this.shell, done.shell);
    if (declaring) for (const { assignment } of node.words) if (assignment !== undefined) this.assign(assignment);
    const redirection = node.redirections.find(takesOutput);
    const redirected = redirection && this.#redirect(redirection, done.stream, this.visits.length);
    this.#streams = done.stream !== undefined;
    const effects =
      redirected === undefined
        ? done.effects
        : [...done.effects, redirected, ...carriedOutput(redirected, done, this.visits.length)];
    this.#settle(effects);
    this.#stream = redirected === undefined ? done.stream : undefined;
    const output = redirection === undefined ? done.output : [];
    const { truth, doubtful, leaving } = done;
    return this.record(node, effects, { truth, doubtful, output, leaving }, before);
  }

  /** In a container, what a command puts somewhere stands there from then on, whatever becomes of where it was. */
  #settle(effects: readonly Effect[]): void {
    const settled = this.#settled;
    if (settled === undefined) return;
    const moves = effects.flatMap((effect) =>
      effect.kind === "move" && (effect.reads.length > 0 || effect.makesFile === true) ? [effect] : [],
    );
    const host = moves.reduce(
      (tree, { to, moves: moved = false }) => to.reduce((all, path) => settled(all, path, moved), tree),
      this.world.host,
    );
    this.world = { ...this.world, host };
  }

  /** `> file` makes a file of what is printed. */
  #redirect(redirection: Redirection, stream: HostNode | undefined, step: Step): Effect | undefined {
    const path = outputPath(redirection, this.scope(), this.shell.cwd);
    if (path === undefined) return undefined;
    const from = { stream, input: this.#input };
    const { effect, host } = withOutput(
      this.world.host,
      { path, operator: redirection.operator },
      from,
      this.#step ?? step,
    );
    this.world = { ...this.world, host };
    return effect;
  }

  record(node: SimpleCommand, effects: readonly Effect[], outcome: Outcome, before = this.shell.cwd): Outcome {
    const streams = this.#streams;
    this.#streams = false;
    this.visits.push({
      step: this.visits.length,
      ...(streams ? { streams } : {}),
      script: this.place.script,
      node,
      range: node.range,
      effects: this.#valued > 0 ? effects.map(asRead) : effects,
      variables: this.shell.variables,
      cwd: { before, after: this.shell.cwd },
      maybe: this.#maybe > 0,
      calls: this.place.calls,
    });
    return outcome;
  }

  /** Commands in another world are one step of this run, and count among its commands. */
  #inside(script: ScriptText, { world, cwd, variables, settled, checkoutAt }: InsideStart): Inside {
    const inner = new Interpreter(this.#files, world);
    inner.#checkoutAt = checkoutAt;
    inner.#steps = this.#steps;
    inner.#step = this.#step ?? this.visits.length;
    inner.place = { ...START, script };
    inner.#settled = settled;
    inner.shell = { ...freshShell(script, cwd), variables, positional: [] };
    inner.list(script.statements);
    this.#steps = inner.#steps;
    return { visits: inner.visits, world: inner.world, stream: inner.#stream };
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
    return new TextInput({ value: output, range: from.range, script: this.place.script });
  }

  assume(node: ShellNode, what: Assumed["what"]): void {
    this.assumed.push({ node, script: this.place.script, what });
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
