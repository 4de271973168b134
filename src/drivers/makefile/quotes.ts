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
  let quotes = before ?? START;
  for (const character of text) quotes = step(quotes, character);
  return quotes;
}

function step({ state, escaped, wordStart }: Quotes, character: string): Quotes {
  const next = { escaped: false, wordStart: /[\s;&|(]/.test(character) };
  if (escaped) return { ...next, state, wordStart: false };
  switch (state) {
    case "single":
      return { ...next, state: character === "'" ? "none" : "single" };
    case "comment":
      return { ...next, state: character === "\n" ? "none" : "comment" };
    case "double":
      return { ...next, state: character === '"' ? "none" : "double", escaped: character === "\\" };
    case "none":
      if (character === "#" && wordStart) return { ...next, state: "comment" };
      return { ...next, state: QUOTES[character] ?? "none", escaped: character === "\\" };
  }
}

const QUOTES: Readonly<Record<string, Quotes["state"]>> = { "'": "single", '"': "double" };
