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
import { parseShell } from "../../shell/parse.ts";
import { matchesPattern, type Pattern } from "../../shell/patterns.ts";
import type { Scope } from "../../shell/scope.ts";
import { concat, type Field, fieldValue, knownText, type SymbolicValue, text } from "../../shell/symbolic.ts";
import type {
  AndOr,
  CaseClause,
  ForLoop,
  IfClause,
  Pipeline,
  ShellNode,
  ShellScript,
  SimpleCommand,
  WhileLoop,
} from "../../shell/syntax.ts";
import { evaluateValue, evaluateWords } from "../../shell/values.ts";
import { ROOT } from "../../text/paths.ts";
import { sourceFile } from "../../text/source.ts";
import { type BranchEnd, chooseEnd } from "./branch-choice.ts";
import { builds } from "./branch-weight.ts";
import type { CommandContext, Done, Inside, InsideStart, ScriptCall } from "./command-context.ts";
import { readCommand } from "./commands.ts";
import type { Truth } from "./conditions.ts";
import { expandPatterns } from "./file-patterns.ts";
import { type HostNode, look, place } from "./host-tree.ts";
import { isMessage } from "./messages.ts";
import type { Outcome } from "./outcome.ts";
import { startDirectory, startVariables, withScriptPath } from "./script-path.ts";
import { bracketCommand } from "./test-brackets.ts";
import type { Effect, Visit } from "./trace.ts";
import { absolutePath, isPartlyUnknown, keyOf } from "./values.ts";
import { assigned, type Shell, type World } from "./world.ts";

const SUCCESS: Outcome = { truth: true, output: [] };

/** More commands than any script that people wrote reaches; loops and recursion end here. */
const MOST_VISITS = 4000;
const DEEPEST_CALL = 20;

const NOTHING: ScriptText = { source: sourceFile(ROOT, ""), statements: [] };

function freshShell(script: ScriptText, from: string): Shell {
  const cwd = startDirectory(script, from);
  return { cwd, variables: startVariables(script, cwd), functions: new Map(), positional: undefined };
}

export interface Trap {
  readonly node: SimpleCommand;
  readonly body: readonly ShellNode[];
  readonly script: ScriptText;
}

/** A condition whose outcome was assumed. */
export interface Assumed {
  readonly node: ShellNode;
  readonly script: ScriptText;
}

export class Interpreter {
  readonly visits: Visit[] = [];
  /** Conditions that only the real run decides, where a branch that builds was followed. */
  readonly assumed: Assumed[] = [];
  /** What `trap` says to run at the end. */
  readonly traps: Trap[] = [];
  world: World;
  shell: Shell;
  readonly #files: ProjectFiles;
  #script: ScriptText;
  #maybe = 0;
  /** What the command before printed as data, and what a pipe brings in from it. */
  #stream: HostNode | undefined;
  #input: HostNode | undefined;
  #streams = false;
  /** True for all commands of a pipe but the last. */
  #piped = false;
  /** Set where all commands are part of one command of another run. */
  #step: number | undefined;
  #calls: readonly SimpleCommand[] = [];
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
    return this.#steps >= MOST_VISITS;
  }

  /** Runs one script, in a shell of its own unless it continues one, and at its end what it left in `trap`. */
  run(script: ScriptText, cwd: string): void {
    const before = this.traps.length;
    this.#script = script;
    this.#calls = [];
    if (script.continues !== true) this.shell = freshShell(script, cwd);
    this.list(script.statements);
    for (const trap of this.traps.slice(before)) {
      this.#script = trap.script;
      this.#calls = [trap.node];
      this.list(trap.body);
    }
    this.#calls = [];
  }

  list(nodes: readonly ShellNode[]): Outcome {
    let output: SymbolicValue | undefined = [];
    let last: Outcome = SUCCESS;
    for (const node of nodes) {
      last = this.node(node);
      output = output && last.output && concat(output, last.output);
      if (last.leaving !== undefined) break;
    }
    return { ...last, output };
  }

  node(node: ShellNode): Outcome {
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
        return this.#for(node);
      case "while":
        return this.#while(node);
      case "case":
        return this.#case(node);
      case "function":
        return this.#define(node);
      case "subshell":
        return this.#apart(() => this.list(node.body));
      case "group":
        return this.list(node.body);
      case "opaque": {
        const command = bracketCommand(node);
        return command === undefined ? { truth: undefined } : this.#command(command);
      }
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
      ...(positional === undefined ? {} : { positional }),
      substitute: (script) => this.#substitute(script),
      assign: (name, value) => {
        this.shell.variables = assigned(this.shell, name, value);
      },
    };
  }

  #lookup(name: string): SymbolicValue | "unset" | undefined {
    if (name === "PWD") return text(this.shell.cwd);
    if (name === "?") return text("0");
    return this.shell.variables.get(name);
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
    const fields = evaluateWords(words, this.scope()).map(withScriptPath(this.#script));
    return fields.flatMap((field) => expandPatterns(this.world.host, this.shell.cwd, field));
  }

  // ---- commands

  #command(node: SimpleCommand): Outcome {
    const scope = this.scope();
    this.#saying = this.#valued === 0 && isMessage(node);
    for (const assignment of node.assignments) {
      const value = assignment.value === undefined ? [] : evaluateValue(assignment.value, scope);
      const before = assignment.append ? this.shell.variables.get(assignment.name) : undefined;
      const whole = before === undefined || before === "unset" ? value : concat(before, value);
      // An assignment in front of a command holds for that command alone, where it never names what matters here.
      if (node.words.length === 0)
        this.shell.variables = assigned(
          this.shell,
          assignment.name,
          named(whole, assignment.name, assignment.value === undefined),
        );
    }
    const fields = this.fields(node.words);
    if (fields.length === 0) return this.#record(node, [{ kind: "plain" }], { truth: true, output: [] });
    return this.#dispatch(node, fields);
  }

  #dispatch(node: SimpleCommand, fields: readonly Field[]): Outcome {
    const [head] = fields;
    const name = head === undefined ? undefined : knownText(fieldValue(head));
    const called = name === undefined ? undefined : this.shell.functions.get(name);
    if (called !== undefined) return this.#call(node, called, fields);
    if (name === "trap") this.#remember(node, fields);
    const context: CommandContext = {
      files: this.#files,
      world: this.world,
      shell: this.shell,
      script: this.#script,
      step: this.#step ?? this.visits.length,
      node,
      fields,
      input: this.#input,
      piped: this.#piped,
      inside: (script, start) => this.#inside(script, start),
    };
    const done = readCommand(context);
    if (done.called !== undefined) return this.#runCalled(node, done.called);
    const before = this.shell.cwd;
    this.world = done.world ?? this.world;
    if (done.shell !== undefined) Object.assign(this.shell, done.shell);
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
    const target = redirection?.target;
    if (redirection === undefined || target === undefined) return undefined;
    const path = absolutePath(this.shell.cwd, keyOf(evaluateValue(target, this.scope())));
    if (path.startsWith("/dev/")) return undefined;
    const step = this.visits.length;
    const before = look(this.world.host, path);
    const into = [look(this.world.host, posix.dirname(path)), ...(redirection.operator.endsWith(">>") ? [before] : [])];
    const made: HostNode = done.stream ?? { kind: "made", shape: "file", presumed: false, by: [this.#step ?? step] };
    this.world = { ...this.world, host: place(this.world.host, path, made) };
    return { kind: "move", reads: [], from: [], to: [path], makesFile: true, into };
  }

  #remember(node: SimpleCommand, [, body]: readonly Field[]): void {
    const text = body === undefined ? undefined : knownText(fieldValue(body));
    if (text === undefined || text === "-" || text === "") return;
    this.traps.push({ node, body: parseShell(text).statements, script: this.#script });
  }

  #record(node: SimpleCommand, effects: readonly Effect[], outcome: Outcome, before = this.shell.cwd): Outcome {
    this.#steps += 1;
    const streams = this.#streams;
    this.#streams = false;
    this.visits.push({
      step: this.visits.length,
      ...(streams ? { streams } : {}),
      script: this.#script,
      node,
      range: node.range,
      effects: this.#valued > 0 ? effects.map(asRead) : effects,
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
    const { positional } = this.shell;
    const script = this.#script;
    const calls = this.#calls;
    this.shell.positional = fields.slice(1).map(fieldValue);
    this.#script = called.script;
    this.#calls = [...calls, node];
    const outcome = this.list(called.definition.body);
    this.shell.positional = positional;
    this.#script = script;
    this.#calls = calls;
    return outcome.leaving === "exit" ? outcome : { truth: outcome.truth, output: outcome.output };
  }

  #runCalled(node: SimpleCommand, called: ScriptCall): Outcome {
    if (this.#calls.length >= DEEPEST_CALL) return { truth: undefined };
    this.#record(node, [{ kind: "call", name: "", units: called.units }], SUCCESS);
    const before = { script: this.#script, calls: this.#calls, shell: this.shell };
    this.#calls = [...before.calls, node];
    let outcome: Outcome = SUCCESS;
    for (const unit of called.units) {
      this.#script = unit;
      if (called.apart) this.shell = this.#shellFor(unit, called, before.shell);
      outcome = this.list(unit.statements);
    }
    this.#script = before.script;
    this.#calls = before.calls;
    if (called.apart) this.shell = before.shell;
    const ends = outcome.leaving === "exit" && !called.apart;
    return ends ? outcome : { truth: outcome.truth, output: outcome.output };
  }

  /** Commands in another world are one step of this run, and count among its commands. */
  #inside(script: ScriptText, { world, cwd, variables }: InsideStart): Inside {
    const inner = new Interpreter(this.#files, world);
    inner.#steps = this.#steps;
    inner.#step = this.#step ?? this.visits.length;
    inner.#script = script;
    inner.shell = { ...freshShell(script, cwd), variables, positional: [] };
    inner.list(script.statements);
    this.#steps = inner.#steps;
    return { visits: inner.visits, world: inner.world, stream: inner.#stream };
  }

  /** The shell of a process: variables of the caller are taken to be exported, functions are not. */
  #shellFor(unit: ScriptText, called: ScriptCall, caller: Shell): Shell {
    const cwd = startDirectory(unit, called.cwd ?? caller.cwd);
    const variables = new Map([...caller.variables, ...startVariables(unit, cwd), ...(called.variables ?? [])]);
    return { cwd, variables, functions: new Map(), positional: called.positional ?? [] };
  }

  // ---- several commands

  #pipeline(node: Pipeline): Outcome {
    let last: Outcome = SUCCESS;
    const piped = this.#piped;
    for (const [index, command] of node.commands.entries()) {
      this.#stream = undefined;
      this.#piped = piped || index < node.commands.length - 1;
      last = this.#apart(() => this.node(command));
      this.#input = this.#stream;
    }
    this.#piped = piped;
    this.#input = undefined;
    return node.negated ? { ...last, truth: last.truth === undefined ? undefined : !last.truth } : last;
  }

  #andOr(node: AndOr): Outcome {
    let outcome: Outcome = { truth: true, output: [] };
    for (const [index, item] of node.items.entries()) {
      if (index > 0) {
        const runsOn = node.operators[index - 1] === "&&" ? outcome.truth : negated(outcome.truth);
        if (runsOn === false) continue;
        if (runsOn === undefined) {
          outcome = this.#uncertain(item, [() => this.node(item)], [[item]]);
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
        return this.#uncertain(
          node,
          bodies.map((body) => () => this.list(body)),
          bodies,
          node.otherwise !== undefined,
        );
      }
    }
    return node.otherwise ? this.list(node.otherwise) : SUCCESS;
  }

  #case(node: CaseClause): Outcome {
    const subject = knownText(evaluateValue(node.subject, this.scope()));
    const bodies = node.items.map((item) => item.body);
    if (subject === undefined)
      return this.#uncertain(
        node,
        bodies.map((body) => () => this.list(body)),
        bodies,
      );
    const scope = this.scope();
    for (const item of node.items) {
      const patterns = item.patterns.map((word) => evaluateWords([word], scope).flatMap((field) => field.parts));
      if (patterns.some((pattern) => pattern.some((part) => part.kind === "unknown"))) {
        return this.#uncertain(
          node,
          bodies.map((body) => () => this.list(body)),
          bodies,
        );
      }
      if (patterns.some((pattern) => matchesPattern(pattern as Pattern, subject))) return this.list(item.body);
    }
    return SUCCESS;
  }

  #for(node: ForLoop): Outcome {
    const values = node.words === undefined ? this.shell.positional : this.fields(node.words).map(fieldValue);
    const known = values?.every((value) => !isPartlyUnknown(keyOf(value))) ?? false;
    if (!known || values === undefined) {
      this.shell.variables = assigned(this.shell, node.variable, [
        { kind: "unknown", source: `$${node.variable}`, name: node.variable },
      ]);
      return this.#uncertain(node, [() => this.list(node.body)], [node.body]);
    }
    for (const value of values) {
      this.shell.variables = assigned(this.shell, node.variable, value);
      const { leaving } = this.list(node.body);
      if (leaving === "break") break;
      if (leaving === "exit" || leaving === "return") return { truth: undefined, leaving };
    }
    return SUCCESS;
  }

  #while(node: WhileLoop): Outcome {
    this.list(node.condition);
    return this.#uncertain(node, [() => this.list(node.body)], [node.body]);
  }

  /**
   * Runs each branch from the same state and goes on from the one that builds. `complete`: one of them runs for sure; else
   * none may.
   */
  #uncertain(
    node: ShellNode,
    branches: readonly (() => Outcome)[],
    bodies: readonly (readonly ShellNode[])[],
    complete = false,
  ): Outcome {
    const before = { world: { ...this.world }, shell: { ...this.shell } };
    this.#maybe += 1;
    const ends = branches.map((branch, index): BranchEnd => {
      this.world = { ...before.world };
      this.shell = { ...before.shell };
      const outcome = branch();
      const weight = builds(bodies[index] ?? [], this.shell.functions);
      return { outcome, weight, world: this.world, shell: this.shell };
    });
    this.#maybe -= 1;
    const chosen = chooseEnd(ends, before, complete);
    if (chosen.weight > 0) this.assumed.push({ node, script: this.#script });
    this.world = chosen.world;
    this.shell = chosen.shell;
    return { truth: true };
  }
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

/** A value that is not followed (an array) goes by the variable's name. */
function named(value: SymbolicValue, name: string, opaque: boolean): SymbolicValue {
  return opaque ? [{ kind: "unknown", source: `$${name}`, name }] : value;
}
