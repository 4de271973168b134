/**
 * The only door to unbash, whose grammar is bash's. In comes a script's text; out come unbash's tree and a function from its
 * offsets to offsets in the given text.
 *
 *     readGrammar("make \\\r\n all")     // one command; unbash alone sees two, as `\` + CR is no continuation to it
 *
 * What is not decided here: what the tree looks like to the rest of the tool (parse.ts).
 */
import { parse } from "unbash";
import { type OffsetMap, withoutCarriageReturns } from "./offsets.ts";

export type {
  ArithmeticExpression as GrammarArithmetic,
  Assignment as GrammarAssignment,
  Case as GrammarCase,
  Command as GrammarCommand,
  CompoundList as GrammarList,
  HereDoc as GrammarHereDocument,
  If as GrammarIf,
  ParameterExpansionPart as GrammarParameter,
  ParameterOperation as GrammarOperation,
  ParsedScript as GrammarScript,
  Pipeline as GrammarPipeline,
  Redirection as GrammarRedirection,
  Statement as GrammarStatement,
  SyntaxNode as GrammarNode,
  TestExpression as GrammarTest,
  Word as GrammarWord,
  WordPart as GrammarPart,
} from "unbash";
export { forEachChild } from "unbash";

/** unbash's tree, and the way from its offsets to the text that was given. */
export interface Grammar {
  readonly script: ReturnType<typeof parse>;
  readonly source: string;
  readonly toText: OffsetMap;
}

/** Parses a text of any shape; carriage returns before line ends do not count. */
export function readGrammar(text: string): Grammar {
  const { source, toText } = withoutCarriageReturns(text);
  return { script: parse(source), source, toText };
}
