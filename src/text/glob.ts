/**
 * Sequences against patterns with "any number of items", in at most length times length steps:
 *
 *     matchesSequence([isA, ANY, isB], [..."a--b"])     // true
 *
 * A regular expression for `*a*a*a*b` tries every way to spread the stars, which a hostile ignore file or script can make take
 * for ever. Going back to the last star alone is enough: an earlier one need never take more than its shortest match.
 * The items are characters of a name, or names of a path; what a pattern looks like is for its own syntax to say.
 */

/** Any number of items, none included. */
export const ANY: unique symbol = Symbol("any number of items");

/** One item that has to fit, or ANY. */
export type SequenceToken<Item> = typeof ANY | ((item: Item) => boolean);

/** Whether the whole sequence fits the whole pattern. */
export function matchesSequence<Item>(tokens: readonly SequenceToken<Item>[], items: readonly Item[]): boolean {
  let token = 0;
  let back: { readonly token: number; readonly at: number } | undefined;
  let at = 0;
  for (const size = items.length; at < size; ) {
    const current = tokens[token];
    if (current === ANY) {
      back = { token, at };
      token += 1;
    } else if (current?.(items[at] as Item)) {
      token += 1;
      at += 1;
    } else if (back !== undefined) {
      back = { token: back.token, at: back.at + 1 };
      token = back.token + 1;
      at = back.at;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY);
}
