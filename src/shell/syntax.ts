/**
 * A shell script as a small tree over unbash, with places on every node.
 *
 *     cd src && docker build -t "$APP:build" .
 *     └ list ─┬ command cd, words [src]
 *             └ && command docker, words [build, -t, "$APP:build", .]
 *
 * Offsets are UTF-16 code units in the text that was handed to the parser. What a command does is not decided here.
 */
import type { Range } from "../text/source.ts";

/** A piece of a word. `quoted` pieces are neither split nor globbed. */
export type WordPiece =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean; readonly range: Range }
  /** `*`, `?` or `[…]`, unquoted. */
  | { readonly kind: "glob"; readonly text: string; readonly range: Range }
  /**
   * `$NAME`, `${NAME}`, `${NAME:-word}` …; special parameters have names such as "1", "@", "?", "$".
   * `operator` is as written (`:-`, `##`, `//`, `^^`, `:` for a slice), and "length" for `${#NAME}`.
   */
  | {
      readonly kind: "variable";
      readonly name: string;
      /** What stands in `${NAME[…]}`: `@`, `*`, or the key of one element. */
      readonly index?: Word;
      /** True for `${!NAME[@]}`, which stands for the keys. */
      readonly keys?: boolean;
      readonly operator?: string;
      readonly operand?: Word;
      /** What `${NAME/pattern/replacement}` puts in; the length of `${NAME:offset:length}`. */
      readonly second?: Word;
      readonly quoted: boolean;
      readonly range: Range;
    }
  /** `$(…)` or backticks. */
  | { readonly kind: "substitution"; readonly script: ShellScript; readonly quoted: boolean; readonly range: Range }
  /** `$(( … ))`. */
  | {
      readonly kind: "arithmetic";
      readonly expression: Arithmetic;
      readonly text: string;
      readonly quoted: boolean;
      readonly range: Range;
    }
  /** `{a,b}` and `{1..3}`: one word for each. */
  | {
      readonly kind: "braces";
      readonly text: string;
      readonly alternatives: readonly (readonly WordPiece[])[];
      readonly quoted: false;
      readonly range: Range;
    }
  /** Anything whose value cannot be known here: process substitution, `${!x}`, `${x@Q}`, extended patterns. */
  | { readonly kind: "opaque"; readonly text: string; readonly quoted: boolean; readonly range: Range };

export interface Word {
  readonly range: Range;
  /** As written. */
  readonly text: string;
  readonly pieces: readonly WordPiece[];
  /** Set where an argument assigns an array or an element of one: `local names=(a b)`. */
  readonly assignment?: Assignment;
}

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  /** The key in `name[key]=value`. */
  readonly index?: Word;
  /** Absent where an array is assigned. */
  readonly value?: Word;
  /** The elements of `name=(…)`; `key` where one is written as `[key]=value`. */
  readonly elements?: readonly ArrayElement[];
  readonly range: Range;
}

export interface ArrayElement {
  readonly key?: Word;
  readonly value: Word;
}

/** An arithmetic expression; a word is a number, a name, or an expansion. */
export type Arithmetic =
  | { readonly kind: "word"; readonly word: Word }
  | {
      readonly kind: "unary";
      readonly operator: string;
      readonly operand: Arithmetic;
      /** False for `i++`. */
      readonly prefix: boolean;
    }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic }
  | {
      readonly kind: "choice";
      readonly test: Arithmetic;
      readonly consequent: Arithmetic;
      readonly alternate: Arithmetic;
    }
  | { readonly kind: "unknown" };

/** What stands in `[[ … ]]`; parentheses show in the tree's shape only. */
export type TestExpression =
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Word }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly kind: "and" | "or"; readonly operands: readonly TestExpression[] }
  | { readonly kind: "not"; readonly operand: TestExpression };

export interface Redirection {
  readonly operator: string;
  readonly fileDescriptor?: number;
  readonly target?: Word;
  /**
   * The body of a here-document. `text` is as written; `word` is what the command reads once evaluated: with the tabs of `<<-`
   * stripped and, where `expand` is set, its variables as pieces. `closing` is the line that ends it.
   */
  readonly body?: {
    readonly text: string;
    readonly range: Range;
    readonly expand: boolean;
    readonly word: Word;
    readonly closing?: Range;
  };
  readonly range: Range;
}

interface NodeBase {
  /** Without a final `;` or `&`, and without the bodies of here-documents. */
  readonly range: Range;
  /** Set on a statement that ends in `&`. */
  readonly background?: boolean;
}

export interface SimpleCommand extends NodeBase {
  readonly kind: "command";
  readonly assignments: readonly Assignment[];
  /** The command's name and arguments; empty for a bare assignment. */
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

/** `a | b`; one command alone where `!` or `time` stands before it. */
export interface Pipeline extends NodeBase {
  readonly kind: "pipeline";
  readonly negated: boolean;
  readonly commands: readonly ShellNode[];
}

/** `a && b || c`: `operators[i]` stands before `items[i + 1]`. */
export interface AndOr extends NodeBase {
  readonly kind: "and-or";
  readonly items: readonly ShellNode[];
  readonly operators: readonly ("&&" | "||")[];
}

export interface IfClause extends NodeBase {
  readonly kind: "if";
  readonly branches: readonly { readonly condition: readonly ShellNode[]; readonly body: readonly ShellNode[] }[];
  readonly otherwise?: readonly ShellNode[];
}

export interface ForLoop extends NodeBase {
  readonly kind: "for";
  /** `for ((first; test; next))`, where no variable goes over words. */
  readonly counter?: { readonly first?: Arithmetic; readonly test?: Arithmetic; readonly next?: Arithmetic };
  /** Empty with `counter`. */
  readonly variable: string;
  /** Absent for `for x` (over the positional arguments). */
  readonly words?: readonly Word[];
  readonly body: readonly ShellNode[];
}

export interface WhileLoop extends NodeBase {
  readonly kind: "while";
  readonly until: boolean;
  readonly condition: readonly ShellNode[];
  readonly body: readonly ShellNode[];
}

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: readonly ShellNode[];
  /** `;&` goes on into the next body, `;;&` tries the next patterns; absent for `;;`. */
  readonly terminator?: ";&" | ";;&";
}

export interface CaseClause extends NodeBase {
  readonly kind: "case";
  readonly subject: Word;
  readonly items: readonly CaseItem[];
}

export interface FunctionDefinition extends NodeBase {
  readonly kind: "function";
  readonly name: string;
  readonly body: readonly ShellNode[];
}

/** `( … )` or `{ …; }`; also stands around any other compound command that has redirections. */
export interface Group extends NodeBase {
  readonly kind: "subshell" | "group";
  readonly body: readonly ShellNode[];
  readonly redirections: readonly Redirection[];
  /** Set where the commands are a value in a file of another kind; no shell text stands around them then. */
  readonly frame?: Frame;
}

/** What stands around commands in a file of another kind: a list item, a step, a member of an object. */
export interface Frame {
  /** The value that holds the commands, with its quotes. */
  readonly inside: Range;
  /** What goes when no command is left; absent where something has to stay. */
  readonly whole?: Range;
  /** What stands in `inside` when no command is left and `whole` is absent; text of that file. */
  readonly empty: string;
}

/** Why something is not followed. */
export interface Unread {
  readonly reason: string;
  /** True where nothing of it matters but files that it may write. */
  readonly onlyWrites?: true;
}

/** Syntax that holds no statements of its own, or whose statements are not followed: `select`, `coproc`. */
export interface OpaqueNode extends NodeBase {
  readonly kind: "opaque";
  readonly text: string;
  /** Set where it builds images or takes files out of them in a way that no reader follows. */
  readonly unread?: Unread;
  /** Set for `[[ … ]]`. */
  readonly test?: TestExpression;
  /** Set for `(( … ))`. */
  readonly arithmetic?: Arithmetic;
}

export type ShellNode =
  | SimpleCommand
  | Pipeline
  | AndOr
  | IfClause
  | ForLoop
  | WhileLoop
  | CaseClause
  | FunctionDefinition
  | Group
  | OpaqueNode;

/** Statements in order. */
export interface ShellScript {
  /** The text that ranges count in; inside a substitution still that of the whole script. */
  readonly text: string;
  readonly statements: readonly ShellNode[];
  /** What the shell would reject; those of substitutions are listed with the whole script too. */
  readonly problems: readonly { readonly message: string; readonly range: Range }[];
}
