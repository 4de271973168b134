/**
 * The commands of a RUN, one by one, as a shell would start them:
 *
 *     cd src && CGO_ENABLED=0 go build -o /app    `cd src`, then `go build -o /app` in /src with CGO_ENABLED
 *
 * `if`, loops, pipes, groups and functions are walked through as if each of their commands ran. What a command does is not decided here.
 */
import { inEnvironment } from "../../ecosystems/conda/commands.ts";
import { environmentAt } from "../../ecosystems/conda/environments.ts";
import type { Argument, Environment, ResolvedCommand, SymbolicText } from "../../ecosystems/ecosystem.ts";
import type { Provenance } from "../../model/provenance.ts";
import { prefixLength } from "../../shell/command-prefix.ts";
import { substitutionsIn } from "../../shell/commands.ts";
import { concat, type Field, knownText, type SymbolicValue, text, unknownVariable } from "../../shell/symbolic.ts";
import type { ShellNode, ShellScript, SimpleCommand } from "../../shell/syntax.ts";
import { evaluateValue, evaluateWords, type Scope } from "../../shell/values.ts";
import { baseName, type ImagePath, imagePath } from "../../text/paths.ts";
import { temporary } from "./temporary.ts";

/** What carries over from one command to the next. */
export interface ShellState {
  readonly workdir: ImagePath;
  readonly environment: Environment;
  readonly user?: string;
}

/** Called for each command; returns the state after it. */
export type Visit = (command: ResolvedCommand, state: ShellState) => ShellState;

/** Walks every command below a node; the state after it is returned. */
export function walkNode(node: ShellNode, state: ShellState, because: Provenance, visit: Visit): ShellState {
  const all = (nodes: readonly ShellNode[], from: ShellState): ShellState =>
    nodes.reduce((current, each) => walkNode(each, current, because, visit), from);
  switch (node.kind) {
    case "command":
      return walkCommand(node, state, because, visit);
    case "and-or":
      return all(node.items, state);
    case "pipeline":
      if (node.commands.length === 1) return all(node.commands, state);
      for (const [at, each] of node.commands.entries())
        walkNode(each, state, because, at === 0 ? visit : fedBy(node.commands[at - 1], visit));
      return state;
    case "group":
      return all(node.body, state);
    case "subshell":
      all(node.body, state);
      return state;
    case "if": {
      const inner = node.branches.reduce((current, branch) => all(branch.body, all(branch.condition, current)), state);
      return { ...all(node.otherwise ?? [], inner), workdir: state.workdir };
    }
    case "for": {
      const environment = withUnknown(state.environment, node.variable);
      return { ...all(node.body, { ...state, environment }), workdir: state.workdir };
    }
    case "while":
      return all(node.body, all(node.condition, state));
    case "case":
      return node.items.reduce((current, item) => all(item.body, current), state);
    case "function":
      all(node.body, state);
      return state;
    case "opaque":
      return state;
  }
}

/** Tells a command of a pipe whose output it reads; of anything but one command the text is empty. */
function fedBy(before: ShellNode | undefined, visit: Visit): Visit {
  const input = before?.kind === "command" ? before.words.map((word) => word.text).join(" ") : "";
  return (command, state) => visit({ ...command, input }, state);
}

/** The functions that a script defines at its top level; their bodies are walked where they stand. */
export function functionNames(script: ShellScript): ReadonlySet<string> {
  return new Set(script.statements.flatMap((node) => (node.kind === "function" ? [node.name] : [])));
}

function withUnknown(environment: Environment, name: string): Environment {
  return new Map([...environment, [name, { text: `$${name}`, known: false }]]);
}

function walkCommand(node: SimpleCommand, state: ShellState, because: Provenance, visit: Visit): ShellState {
  const scope = scopeOf(state);
  const values = node.assignments.flatMap(({ value }) => value ?? []);
  for (const script of substitutionsIn([...values, ...node.words]))
    for (const statement of script.statements)
      walkNode(statement, state, because, (inner, current) => visit({ ...inner, captured: true }, current));
  const assigned = node.assignments.map((assignment): [string, SymbolicText] => [
    assignment.name,
    assignment.value === undefined
      ? { text: "", known: true }
      : temporary(symbolic(evaluateValue(assignment.value, scope)), because),
  ]);
  const environment = assigned.length === 0 ? state.environment : new Map([...state.environment, ...assigned]);
  const fields = evaluateWords(node.words, scope);
  if (fields.length === 0) return { ...state, environment };
  const prefix = prefixLength(fields);
  const stripped = fields.slice(prefix);
  const argv = (stripped.length > 0 ? stripped : fields).map((field) => temporary(argument(field), because));
  const [first] = argv;
  if (first === undefined) return state;
  const output = outputOf(node, scope, state.workdir);
  const command: ResolvedCommand = {
    name: first.known ? baseName(first.text) || first.text : "",
    argv,
    workdir: state.workdir,
    environment: stripped.length === 0 ? environment : withPrefix(environment, fields.slice(0, prefix)),
    ...(state.user === undefined ? {} : { user: state.user }),
    ...(output === undefined ? {} : { output }),
    because,
  };
  return builtin(command, visit(command, state));
}

/** The assignments of `env A=b command`. */
function withPrefix(environment: Environment, prefix: readonly Field[]): Environment {
  const assigned = prefix.map(argument).flatMap((field): [string, SymbolicText][] => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(field.text) ?? [];
    return name === undefined ? [] : [[name, { text: value ?? "", known: field.known }]];
  });
  return assigned.length === 0 ? environment : new Map([...environment, ...assigned]);
}

/** `cd`, `export` and `unset` change what follows. */
function builtin(command: ResolvedCommand, state: ShellState): ShellState {
  if (command.name === "cd") {
    const home = command.environment.get("HOME");
    const target = command.argv[1] ?? { text: home?.known === true ? home.text : "/root", known: true, glob: false };
    return target.known ? { ...state, workdir: imagePath(target.text, state.workdir) } : state;
  }
  const activated = activatedBy(command) ?? activatedConda(command);
  if (activated !== undefined) return { ...state, environment: new Map([...state.environment, ...activated]) };
  if (command.name !== "export") return state;
  const assigned = command.argv.slice(1).flatMap((field): [string, SymbolicText][] => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(field.text) ?? [];
    return name === undefined ? [] : [[name, { text: value ?? "", known: field.known }]];
  });
  return assigned.length === 0 ? state : { ...state, environment: new Map([...state.environment, ...assigned]) };
}

/** `. /opt/venv/bin/activate` (https://docs.python.org/3/library/venv.html#how-venvs-work). */
function activatedBy({
  name,
  argv,
  workdir,
  environment,
}: ResolvedCommand): readonly [string, SymbolicText][] | undefined {
  const [, script] = argv;
  if ((name !== "." && name !== "source") || script?.known !== true || !script.text.endsWith("/bin/activate"))
    return undefined;
  const directory = imagePath("../..", imagePath(script.text, workdir));
  const path = environment.get("PATH");
  return [
    ["VIRTUAL_ENV", { text: directory, known: true }],
    ["PATH", { text: `${directory}/bin:${path?.text ?? ""}`, known: path?.known !== false }],
  ];
}

/** `conda activate app`, `source activate app` (https://docs.conda.io/projects/conda/en/latest/dev-guide/deep-dives/activation.html). */
function activatedConda(command: ResolvedCommand): readonly [string, SymbolicText][] | undefined {
  const { name, argv, environment } = command;
  if (!/^(?:\.|source|conda|mamba|micromamba)$/.test(name) || argv[1]?.text !== "activate") return undefined;
  const path = environment.get("PATH")?.text.split(":") ?? [];
  const root = path.find(
    (one) => /^\/.*(?:conda|forge|mamba)[\w.-]*\/(?:bin|condabin)$/.test(one) && !one.includes("/envs/"),
  );
  const chosen = argv[2];
  if (root === undefined || chosen?.known === false) return undefined;
  const directory = environmentAt(chosen?.text ?? "base", imagePath("..", imagePath(root)), command.workdir);
  return [...inEnvironment(environment, directory)].filter(([key]) => key === "PATH" || key === "CONDA_PREFIX");
}

function outputOf(node: SimpleCommand, scope: Scope, workdir: ImagePath): ImagePath | undefined {
  const redirection = node.redirections.find(
    (r) => /^(?:>|>>|>\||&>)$/.test(r.operator) && (r.fileDescriptor ?? 1) === 1,
  );
  const target = redirection?.target === undefined ? undefined : knownText(evaluateValue(redirection.target, scope));
  return target === undefined || target.startsWith("/dev/") ? undefined : imagePath(target, workdir);
}

function scopeOf(state: ShellState): Scope {
  const positional = positionalOf(state.environment);
  return {
    ...(positional === undefined ? {} : { positional }),
    lookup: (name) => {
      if (name === "PWD") return text(state.workdir);
      const value = state.environment.get(name) ?? (name === "HOME" ? { text: "/root", known: true } : undefined);
      if (value === undefined) return undefined;
      return value.known ? text(value.text) : [{ ...unknownVariable(name) }];
    },
    substitute: (script) => substituted(script.statements, state),
  };
}

/** `$1`, `$2` … of a script whose caller is seen. */
function positionalOf(environment: Environment): readonly SymbolicValue[] | undefined {
  const count = environment.get("#");
  if (count === undefined) return undefined;
  return Array.from({ length: Number(count.text) }, (_, at) => {
    const value = environment.get(String(at + 1));
    return value?.known === true ? text(value.text) : [unknownVariable(String(at + 1))];
  });
}

/** `$(pwd)` and `$(go env GOPATH)` are known. */
function substituted(statements: readonly ShellNode[], state: ShellState): SymbolicValue | undefined {
  const [only] = statements;
  if (only?.kind !== "command" || statements.length !== 1) return undefined;
  const words = only.words.map((word) => word.text).join(" ");
  if (words === "pwd") return text(state.workdir);
  const variable = /^go env (GOPATH|GOBIN)$/.exec(words)?.[1];
  const value = variable === undefined ? undefined : state.environment.get(variable);
  return value?.known === true ? text(value.text) : undefined;
}

/** A field as text; unknown parts as they are written. */
export function argument(field: Field): Argument {
  const written = field.parts.map((part) => (part.kind === "unknown" ? part.source : part.text)).join("");
  return {
    text: written,
    known: field.parts.every((part) => part.kind !== "unknown"),
    glob: field.parts.some((part) => part.kind === "glob"),
  };
}

function symbolic(value: SymbolicValue): SymbolicText {
  const known = knownText(value);
  if (known !== undefined) return { text: known, known: true };
  return {
    text: concat(value)
      .map((part) => (part.kind === "unknown" ? part.source : part.text))
      .join(""),
    known: false,
  };
}
