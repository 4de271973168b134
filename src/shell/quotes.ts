/**
 * Whether a place of a shell text stands between quotes.
 *
 *     quotesAfter(undefined, "echo 'it is ").state        // "single"
 *
 * Enough to know how something may be put in at that place; the parser reads the text itself.
 */

export interface Quotes {
  readonly state: "none" | "single" | "double" | "comment";
  /** True where the last character takes the meaning of the next one away, or where a word may begin. */
  readonly escaped: boolean;
  readonly wordStart: boolean;
}

const START: Quotes = { state: "none", escaped: false, wordStart: true };

/** The quotes behind a text that stands in `before`. */
export function quotesAfter(before: Quotes | undefined, text: string): Quotes {
  let { state, escaped, wordStart } = before ?? START;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const next = escaped ? state : stateAfter(state, character, wordStart);
    wordStart = !escaped && BREAKS.has(character);
    escaped = !escaped && character === "\\" && (state === "none" || state === "double");
    state = next;
  }
  return { state, escaped, wordStart };
}

function stateAfter(state: Quotes["state"], character: string, wordStart: boolean): Quotes["state"] {
  if (state !== "none") return character === ENDS[state] ? "none" : state;
  if (character === "#" && wordStart) return "comment";
  return STARTS.get(character) ?? "none";
}

const BREAKS: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\v", "\f", ";", "&", "|", "("]);
const STARTS: ReadonlyMap<string, Quotes["state"]> = new Map([
  ["'", "single"],
  ['"', "double"],
]);
const ENDS = { single: "'", double: '"', comment: "\n" } as const;
