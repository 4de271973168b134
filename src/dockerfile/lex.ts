/**
 * BuildKit's shell-like lexer: quotes, escapes and variables of one text.
 *
 *     lexWords(`a "b c" $X`, { escape: "\\", lookup })     // value `a b c 1`, words ["a", "b c", "1"]
 *
 * It is neither a shell nor quite like one: no command substitution, and `${X:-a}`, `${X#p}`, `${X/p/r}` only. Unset
 * variables are empty; where `lookup` says UNKNOWN the reference stays in the value as it is written.
 * Source: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
import { replacePattern, trimPattern } from "./shell-pattern.ts";
import { isSpace } from "./white-space.ts";

/** What `lookup` answers for a variable that may have a value which nobody here knows. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** The value of a variable; `undefined` when it is certainly not set. */
export type Lookup = (name: string) => string | undefined | typeof UNKNOWN;

export interface LexOptions {
  readonly escape: "\\" | "`";
  readonly lookup: Lookup;
  /** Quotes stay in the result. */
  readonly rawQuotes?: boolean;
  /** Escape characters stay in the result. */
  readonly rawEscapes?: boolean;
}

export interface LexResult {
  readonly value: string;
  /** The value split at white space that is neither quoted nor escaped. */
  readonly words: readonly string[];
  /** Names of variables in whose place the value has the reference itself, each once. */
  readonly unknown: readonly string[];
  /** Names that the text refers to, each once, in order. */
  readonly names: readonly string[];
}

/** BuildKit's reason for rejecting a text. */
export class LexError extends Error {}

/** Runs the lexer over a whole text; throws a LexError where BuildKit would reject it. */
export function lexWords(text: string, options: LexOptions): LexResult {
  const lexer = new Lexer(text, options);
  const { value, words } = lexer.readUntil(undefined, options.rawEscapes === true);
  return { value, words, unknown: [...lexer.unknown], names: [...lexer.names] };
}

/** `${a:-${b:-…}}` nests no deeper in any real file; more would exhaust the stack. */
const DEEPEST = 500;

/** The next character that the main loop does not simply take: runs between are copied whole. */
const SPECIAL = /[$<'"\\`]/g;
const SPECIAL_IN_QUOTES = /[$"\\`]/g;
const NAME = /[\p{L}\p{Nd}_]*/uy;
const DIGITS = /\p{Nd}+/uy;
const SPECIAL_PARAMETERS = "@*#?-$!0";

class Words {
  readonly words: string[] = [];
  #word = "";

  /** Text of a quotation, or escaped: it never splits. */
  addRaw(text: string): void {
    this.#word += text;
  }

  /** Text whose white space splits words. */
  add(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (!isSpace(text.charCodeAt(at))) continue;
      this.#word += text.slice(from, at);
      this.finish();
      from = at + 1;
    }
    this.#word += text.slice(from);
  }

  finish(): readonly string[] {
    if (this.#word !== "") this.words.push(this.#word);
    this.#word = "";
    return this.words;
  }
}

class Lexer {
  readonly unknown = new Set<string>();
  readonly names = new Set<string>();
  readonly #text: string;
  readonly #options: LexOptions;
  #at = 0;
  #depth = 0;
  #rawEscapes = false;

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Reads up to and including `stop`, or to the end. */
  readUntil(stop: string | undefined, rawEscapes: boolean): { value: string; words: readonly string[] } {
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const words = new Words();
    const parts: string[] = [];
    while (this.#at < this.#text.length && this.#peek() !== stop) this.#readPart(stop, parts, words);
    if (stop !== undefined && this.#next() !== stop) throw unclosed(stop);
    this.#rawEscapes = outer;
    return { value: parts.join(""), words: words.finish() };
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #next(): string | undefined {
    const character = this.#text[this.#at];
    this.#at += 1;
    return character;
  }

  #readPart(stop: string | undefined, parts: string[], words: Words): void {
    const character = this.#peek() ?? "";
    if (character === "$") {
      const value = this.#readDollar();
      parts.push(value);
      words.add(value);
      return;
    }
    const raw = this.#readRaw(character);
    if (raw !== undefined) {
      parts.push(raw);
      words.addRaw(raw);
      return;
    }
    const plain = this.#readPlain(stop);
    parts.push(plain);
    words.add(plain);
  }

  /** A quotation, an escape or a heredoc operator: what stays in one word. */
  #readRaw(character: string): string | undefined {
    if (character === "'") return this.#readSingleQuoted();
    if (character === '"') return this.#readDoubleQuoted();
    if (character === "<") return this.#readLessThan();
    if (character === this.#options.escape) return this.#readEscape();
    return undefined;
  }

  #readPlain(stop: string | undefined): string {
    const start = this.#at;
    SPECIAL.lastIndex = start + 1;
    let end = SPECIAL.exec(this.#text)?.index ?? this.#text.length;
    const stopsAt = stop === undefined ? -1 : this.#text.slice(start, end).indexOf(stop);
    if (stopsAt > 0) end = start + stopsAt;
    this.#at = end;
    return this.#text.slice(start, end);
  }

  #readEscape(): string {
    const kept = this.#rawEscapes ? this.#options.escape : "";
    this.#at += 1;
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) return kept;
    const escaped = String.fromCodePoint(code);
    this.#at += escaped.length;
    return kept + escaped;
  }

  /** `<<` keeps the blanks behind it, so that `cat << EOF` is one heredoc word. */
  #readLessThan(): string {
    this.#at += 1;
    if (this.#peek() !== "<") return "<";
    const start = this.#at - 1;
    this.#at += 1;
    while (isOneOf("\t\r ", this.#peek())) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new LexError("a single quote is not closed");
    const quoted = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return this.#options.rawQuotes ? quoted : quoted.slice(1, -1);
  }

  #readDoubleQuoted(): string {
    const quote = this.#options.rawQuotes ? '"' : "";
    const parts = [quote];
    this.#at += 1;
    while (this.#peek() !== '"') {
      if (this.#at >= this.#text.length) throw new LexError("a double quote is not closed");
      parts.push(this.#readInDoubleQuotes());
    }
    this.#at += 1;
    parts.push(quote);
    return parts.join("");
  }

  #readInDoubleQuotes(): string {
    const character = this.#peek();
    if (character === "$") return this.#readDollar();
    if (character === this.#options.escape) return this.#readEscapeInQuotes(character);
    const start = this.#at;
    SPECIAL_IN_QUOTES.lastIndex = start + 1;
    this.#at = SPECIAL_IN_QUOTES.exec(this.#text)?.index ?? this.#text.length;
    return this.#text.slice(start, this.#at);
  }

  /** Only `"`, `$` and the escape character itself can be escaped here; before others the escape stays. */
  #readEscapeInQuotes(character: string): string {
    this.#at += 1;
    const kept = this.#rawEscapes ? character : "";
    if (this.#at >= this.#text.length) return kept;
    return kept + (isOneOf(`"$${character}`, this.#peek()) ? this.#next() : character);
  }

  #readDollar(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.#peek() === "{") return this.#readBraces(start);
    const name = this.#readName();
    return name === "" ? "$" : this.#valueOf(name, start);
  }

  #readName(): string {
    const character = this.#peek();
    if (character === undefined) return "";
    const digits = this.#match(DIGITS);
    if (digits !== "") return digits;
    if (SPECIAL_PARAMETERS.includes(character)) return this.#next() ?? "";
    return this.#match(NAME);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #lookup(name: string): ReturnType<Lookup> {
    this.names.add(name);
    return this.#options.lookup(name);
  }

  /** The value of a plain reference, or the reference itself where the value is unknown. */
  #valueOf(name: string, start: number): string {
    const value = this.#lookup(name);
    return value === UNKNOWN ? this.#leave(name, start) : (value ?? "");
  }

  #leave(name: string, start: number): string {
    this.unknown.add(name);
    return this.#text.slice(start, this.#at);
  }

  #readBraces(start: number): string {
    this.#at += 1;
    if (this.#at >= this.#text.length) throw unclosed("}");
    if (isOneOf("{}:", this.#peek())) throw new LexError(`a "\${…}" names no variable`);
    const name = this.#readName();
    const operator = this.#next();
    if (operator === "}") return this.#valueOf(name, start);
    if (operator === undefined) throw unclosed("}");
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new LexError(`"\${…}" nests deeper than ${DEEPEST} levels`);
    const value = this.#readOperator(name, operator, start);
    this.#depth -= 1;
    return value;
  }

  #readOperator(name: string, operator: string, start: number): string {
    if (isOneOf("+-?", operator)) return this.#readDefault(name, operator, false, start);
    if (isOneOf("#%", operator)) return this.#readTrim(name, operator, start);
    if (operator === "/") return this.#readReplace(name, start);
    const second = operator === ":" ? this.#next() : undefined;
    if (second !== undefined && isOneOf("+-?", second)) return this.#readDefault(name, second, true, start);
    throw new LexError(`"\${${name}${operator}${second ?? ""}…}" has a modifier that Dockerfiles do not know`);
  }

  #readDefault(name: string, operator: string, emptyIsUnset: boolean, start: number): string {
    const unknownBefore = new Set(this.unknown);
    const word = this.readUntil("}", false).value;
    const value = this.#lookup(name);
    if (value === UNKNOWN) return this.#leave(name, start);
    const given = value !== undefined && !(emptyIsUnset && value === "");
    const taken = operator === "+" ? given : !given;
    if (operator === "?" && !given) throw new LexError(`"${name}" is required: ${word || "it has no value"}`);
    if (!taken || operator === "?") this.#forget(unknownBefore);
    if (operator === "+") return given ? word : "";
    return given ? (value ?? "") : word;
  }

  /** The word of `${X:-word}` is not used, so what is unknown in it does not matter. */
  #forget(unknownBefore: ReadonlySet<string>): void {
    for (const name of this.unknown) if (!unknownBefore.has(name)) this.unknown.delete(name);
  }

  #readTrim(name: string, operator: string, start: number): string {
    const word = this.readUntil("}", true).value;
    const value = this.#lookup(name);
    if (value === UNKNOWN) return this.#leave(name, start);
    const greedy = word.startsWith(operator);
    const pattern = greedy ? word.slice(1) : word;
    return this.#matched(pattern, () => trimPattern(value ?? "", pattern, operator === "#" ? "start" : "end", greedy));
  }

  #readReplace(name: string, start: number): string {
    const all = this.#peek() === "/";
    if (all) this.#at += 1;
    const pattern = this.readUntil("/", true).value;
    const replacement = this.readUntil("}", true).value;
    const value = this.#lookup(name);
    if (value === UNKNOWN) return this.#leave(name, start);
    return this.#matched(pattern, () => replacePattern(value ?? "", pattern, replacement, all));
  }

  #matched(pattern: string, result: () => string | undefined): string {
    const value = result();
    if (value === undefined) throw new LexError(`the pattern "${pattern}" has an escape that Dockerfiles do not know`);
    return value;
  }
}

function unclosed(stop: string): LexError {
  return new LexError(`"${stop}" is missing in "\${…}"`);
}

function isOneOf(characters: string, character: string | undefined): boolean {
  return character !== undefined && character !== "" && characters.includes(character);
}
