/**
 * The simple commands of a script in the order in which they stand, each with how it is reached.
 *
 *     cd src && for f in a b; do make $f; done | tee log
 *     cd src      connector start
 *     make $f     connector start, within [pipeline, for]
 *     tee log     connector |, within [pipeline]
 *
 * What is not decided here: which of them run, what they do, or where `cd` leads. Commands in `$(…)` are not listed with the
 * others (see substitutionsIn), nor is what the parser leaves opaque, such as `[[ … ]]`.
 */
import type {
  OpaqueNode,
  Redirection,
  ShellNode,
  ShellScript,
  SimpleCommand,
  TestExpression,
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

/** All simple commands, those in bodies and conditions included. */
export function listCommands(script: ShellScript): readonly ListedCommand[] {
  return listIn(script.statements, { connector: "start", enclosing: [], background: false });
}

/** The scripts in `$(…)` and backticks of words, outermost only. */
export function substitutionsIn(words: readonly Word[]): readonly ShellScript[] {
  return words.flatMap((word) => word.pieces.flatMap(substitutionsInPiece));
}

/** The scripts in `$(…)` and backticks of all words below a node: arguments, values, lists of loops, and what is tested. */
export function substitutionsBelow(node: ShellNode): readonly ShellScript[] {
  const below = (nodes: readonly ShellNode[]): readonly ShellScript[] => nodes.flatMap(substitutionsBelow);
  switch (node.kind) {
    case "command": {
      const values = node.assignments.flatMap(({ value, elements = [] }) => [
        ...(value === undefined ? [] : [value]),
        ...elements.map((element) => element.value),
      ]);
      return substitutionsIn([...values, ...node.words, ...redirected(node.redirections)]);
    }
    case "opaque":
      return node.test === undefined ? [] : substitutionsIn(testedWords(node.test));
    case "and-or":
      return below(node.items);
    case "pipeline":
      return below(node.commands);
    case "if":
      return [
        ...node.branches.flatMap(({ condition, body }) => below([...condition, ...body])),
        ...below(node.otherwise ?? []),
      ];
    case "while":
      return below([...node.condition, ...node.body]);
    case "case":
      return [...substitutionsIn([node.subject]), ...node.items.flatMap(({ body }) => below(body))];
    case "for":
      return [...substitutionsIn(node.words ?? []), ...below(node.body)];
    case "function":
      return below(node.body);
    case "group":
    case "subshell":
      return [...below(node.body), ...substitutionsIn(redirected(node.redirections))];
  }
}

function redirected(redirections: readonly Redirection[]): readonly Word[] {
  return redirections.flatMap(({ target, body }) => [target, body?.word].filter((word) => word !== undefined));
}

function testedWords(test: TestExpression): readonly Word[] {
  switch (test.kind) {
    case "unary":
      return [test.operand];
    case "binary":
      return [test.left, test.right];
    case "and":
    case "or":
      return test.operands.flatMap(testedWords);
    case "not":
      return testedWords(test.operand);
  }
}

function substitutionsInPiece(piece: WordPiece): readonly ShellScript[] {
  if (piece.kind === "substitution") return [piece.script];
  if (piece.kind !== "variable") return [];
  return substitutionsIn([piece.operand, piece.second].filter((word) => word !== undefined));
}

type Place = Omit<ListedCommand, "command">;

/** Statements after one another; the first stands where the list does. */
function listIn(nodes: readonly ShellNode[], place: Place): readonly ListedCommand[] {
  return nodes.flatMap((node, index) => {
    const before = nodes[index - 1];
    const connector = before === undefined ? place.connector : before.background === true ? "&" : ";";
    return listNode(node, { ...place, connector, background: place.background || node.background === true });
  });
}

function listNode(node: ShellNode, place: Place): readonly ListedCommand[] {
  const within = (nodes: readonly ShellNode[], part: Enclosing["part"]): readonly ListedCommand[] => {
    if (node.kind === "command" || node.kind === "opaque") return [];
    return listIn(nodes, { ...place, connector: "start", enclosing: [...place.enclosing, { node, part }] });
  };
  switch (node.kind) {
    case "command":
      return [{ command: node, ...place }];
    case "opaque":
      return [];
    case "and-or":
      return node.items.flatMap((item, index) =>
        listNode(item, { ...place, connector: index === 0 ? place.connector : (node.operators[index - 1] ?? "&&") }),
      );
    case "pipeline": {
      const enclosing = [...place.enclosing, { node, part: "item" } as const];
      return node.commands.flatMap((item, index) =>
        listNode(item, { ...place, enclosing, connector: index === 0 ? place.connector : "|" }),
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
