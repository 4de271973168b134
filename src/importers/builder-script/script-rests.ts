/**
 * What is left of each node of a script once its commands are gone that are to go.
 *
 *     docker create … && docker cp …            goes: all of it does
 *     if [ $? -ne 0 ]; then exit 1; fi          inert: it does nothing by itself, and goes with what stands around it
 *     (cd api && make)                          stays
 *
 * What is not decided here: which commands go (dispositions.ts), and how the text is edited (script-edits.ts).
 */
import type { AndOr, FunctionDefinition, IfClause, ShellNode, SimpleCommand } from "../../shell/syntax.ts";
import { commandsIn, substitutedIn } from "./commands-in.ts";
import type { Disposition } from "./dispositions.ts";
import { goneVariables, isEnd, readsOf } from "./gone-variables.ts";
import { bracketCommand } from "./test-brackets.ts";

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

/** Whether nothing is left of a stretch of commands that stands in a file of another kind. */
export function isGone(statements: readonly ShellNode[], world: EditWorld): boolean {
  const rests = new Rests(statements, world);
  return (
    statements.length > 0 &&
    statements.every((node) => "frame" in node && node.frame !== undefined && rests.rest(node) === "goes")
  );
}

function functionsIn(statements: readonly ShellNode[]): ReadonlyMap<string, FunctionDefinition> {
  return new Map(statements.flatMap((node) => (node.kind === "function" ? [[node.name, node] as const] : [])));
}

/** What is left of a node: all of it, nothing, or nothing that does anything by itself. */
export type Rest = "stays" | "goes" | "inert";

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

/** What is left of the nodes of a script; each is looked at once. */
export class Rests {
  readonly #world: EditWorld;
  readonly #functions: ReadonlyMap<string, FunctionDefinition>;
  readonly #rests = new Map<ShellNode, Rest>();
  readonly #open = new Set<ShellNode>();
  /** What reads a variable that nothing sets any more. */
  gone: RegExp | undefined;

  constructor(statements: readonly ShellNode[], world: EditWorld) {
    this.#world = world;
    this.#functions = functionsIn(statements);
    this.#forget(statements);
  }

  /** Messages and questions about variables whose assignment goes, such as a container's id, go too. */
  #forget(statements: readonly ShellNode[]): void {
    const commands = statements.flatMap(commandsIn);
    const gone = goneVariables(commands, this.#world.text, (node) => this.rest(node) === "goes");
    if (gone.length === 0) return;
    this.gone = readsOf(gone);
    this.#rests.clear();
  }

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
    return this.gone?.test(this.#text(node)) === true && !isEnd(node) ? "goes" : "inert";
  }

  /** Commands inside a word's `$(…)`: what holds a removed one cannot stay. */
  #substitutions(node: SimpleCommand): Rest {
    const rests = substitutedIn(node).flatMap((script) => script.statements.map((statement) => this.rest(statement)));
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
}
