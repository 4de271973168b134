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
      readonly operator?: string;
      readonly operand?: Word;
      /** What `${NAME/pattern/replacement}` puts in; the length of `${NAME:offset:length}`. */
      readonly second?: Word;
      readonly quoted: boolean;
      readonly range: Range;
    }
  /** `$(…)` or backticks. */
  | { readonly kind: "substitution"; readonly script: ShellScript; readonly quoted: boolean; readonly range: Range }
  /** Anything whose value cannot be known here: arithmetic, brace expansion, process substitution, `${!x}`, arrays. */
  | { readonly kind: "opaque"; readonly text: string; readonly quoted: boolean; readonly range: Range };

export interface Word {
  readonly range: Range;
  /** As written. */
  readonly text: string;
  readonly pieces: readonly WordPiece[];
}

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  /** Absent for array assignments, which are not followed. */
  readonly value?: Word;
  readonly range: Range;
}

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

/** Syntax that is read but not followed: `[[ … ]]`, `(( … ))`, `select`, `coproc`, C-style `for`. */
export interface OpaqueNode extends NodeBase {
  readonly kind: "opaque";
  readonly text: string;
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
