/**
 * The simple commands of a script in the order in which they stand, each with how it is reached.
 *
 *     cd src && for f in a b; do make $f; done | tee log
 *     cd src      connector start
 *     make $f     connector start, within [pipeline, for]
 *     tee log     connector |, within [pipeline]
 *
 * What is not decided here: which of them run, what they do, or where `cd` leads. Commands in `$(…)` are not listed with the
 * others (see substitutionsIn), nor is what the parser leaves opaque (see opaqueNodes).
 */
import type {
  FunctionDefinition,
  OpaqueNode,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPiece,
} from "./syntax.ts";

/** What stands before a command: nothing, or an operator; a line end counts as `;`. */
export type Connector = "start" | "&&" | "||" | ";" | "&" | "|";

/** A construct around a command; `part` tells where in it the command stands. */
export interface Enclosing {
  readonly node: Exclude<ShellNode, SimpleCommand | OpaqueNode>;
  readonly part: "condition" | "body" | "otherwise" | "item";
}

export interface ListedCommand {
  readonly command: SimpleCommand;
  readonly connector: Connector;
  /** Outermost first; `&&` and `||` lists do not count, as the connector tells of them. */
  readonly enclosing: readonly Enclosing[];
  /** Set where the command, or a statement around it, ends in `&`. */
  readonly background: boolean;
}

type Leaf = { readonly node: SimpleCommand | OpaqueNode } & Omit<ListedCommand, "command">;

/** All simple commands, those in bodies and conditions included. */
export function listCommands(script: ShellScript): readonly ListedCommand[] {
  return leavesOf(script).flatMap(({ node, ...rest }) => (node.kind === "command" ? [{ command: node, ...rest }] : []));
}

/** What the parser read but did not take apart, such as `[[ … ]]`. */
export function opaqueNodes(script: ShellScript): readonly OpaqueNode[] {
  return leavesOf(script).flatMap(({ node }) => (node.kind === "opaque" ? [node] : []));
}

/** The functions that a script defines anywhere, in order. */
export function listFunctions(script: ShellScript): readonly FunctionDefinition[] {
  const found = new Set<FunctionDefinition>();
  for (const { enclosing } of leavesOf(script)) {
    for (const { node } of enclosing) if (node.kind === "function") found.add(node);
  }
  return [...found];
}

/** The scripts in `$(…)` and backticks of words, outermost only. */
export function substitutionsIn(words: readonly Word[]): readonly ShellScript[] {
  return words.flatMap((word) => word.pieces.flatMap(substitutionsInPiece));
}

function substitutionsInPiece(piece: WordPiece): readonly ShellScript[] {
  if (piece.kind === "substitution") return [piece.script];
  if (piece.kind !== "variable") return [];
  return substitutionsIn([piece.operand, piece.second].filter((word) => word !== undefined));
}

/** All words of a command: assigned values, arguments, and the targets and bodies of redirections. */
export function wordsOf(command: SimpleCommand): readonly Word[] {
  const values = command.assignments.map((assignment) => assignment.value);
  const targets = command.redirections.flatMap((redirection) => [redirection.target, redirection.body?.word]);
  return [...values, ...command.words, ...targets].filter((word) => word !== undefined);
}

/** Reads `A=b`, `A+=b` out of an argument of `export`, `local`, `env` and the like. */
export function readAssignmentWord(word: Word): { name: string; append: boolean; value: Word } | undefined {
  const [first, ...rest] = word.pieces;
  if (first?.kind !== "text" || first.quoted) return undefined;
  const [head, name, plus] = /^([A-Za-z_]\w*)(\+?)=/.exec(first.text) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const start = first.range.start + head.length;
  const left = first.text.slice(head.length);
  const piece = { ...first, text: left, range: { start, end: first.range.end } };
  const range = { start, end: word.range.end };
  const pieces = left === "" ? rest : [piece, ...rest];
  return { name, append: plus === "+", value: { range, text: word.text.slice(head.length), pieces } };
}

interface Place {
  readonly connector: Connector;
  readonly enclosing: readonly Enclosing[];
  readonly background: boolean;
}

function leavesOf(script: ShellScript): readonly Leaf[] {
  return listLeaves(script.statements, { connector: "start", enclosing: [], background: false });
}

/** The leaves of statements after one another; the first stands where the list does. */
function listLeaves(nodes: readonly ShellNode[], place: Place): readonly Leaf[] {
  return nodes.flatMap((node, index) => {
    const before = nodes[index - 1];
    const connector = before === undefined ? place.connector : before.background === true ? "&" : ";";
    return nodeLeaves(node, { ...place, connector, background: place.background || node.background === true });
  });
}

function nodeLeaves(node: ShellNode, place: Place): readonly Leaf[] {
  const within = (nodes: readonly ShellNode[], part: Enclosing["part"]): readonly Leaf[] => {
    if (node.kind === "command" || node.kind === "opaque") return [];
    return listLeaves(nodes, { ...place, connector: "start", enclosing: [...place.enclosing, { node, part }] });
  };
  switch (node.kind) {
    case "command":
    case "opaque":
      return [{ node, ...place }];
    case "and-or":
      return node.items.flatMap((item, index) =>
        nodeLeaves(item, { ...place, connector: index === 0 ? place.connector : (node.operators[index - 1] ?? "&&") }),
      );
    case "pipeline": {
      const enclosing = [...place.enclosing, { node, part: "item" } as const];
      return node.commands.flatMap((item, index) =>
        nodeLeaves(item, { ...place, enclosing, connector: index === 0 ? place.connector : "|" }),
      );
    }
    case "if":
      return [
        ...node.branches.flatMap((branch) => [
          ...within(branch.condition, "condition"),
          ...within(branch.body, "body"),
        ]),
        ...within(node.otherwise ?? [], "otherwise"),
      ];
    case "while":
      return [...within(node.condition, "condition"), ...within(node.body, "body")];
    case "case":
      return node.items.flatMap((item) => within(item.body, "body"));
    case "for":
    case "function":
    case "group":
    case "subshell":
      return within(node.body, "body");
  }
}
