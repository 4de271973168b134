/**
 * Placeholders of another language in shell text, as shell variables: two that read the same have the same value.
 *
 *     docker tag a:${{ github.sha }} b      docker tag a:${__placeholder_1} b      whose value is the unknown `${{ github.sha }}`
 *     echo '${{ github.ref }}'              echo ''"${__placeholder_2}"''          quotes do not keep them from being filled in
 *
 * What is not decided here: which placeholders a file may hold, and what is known of their values.
 */
import type { SymbolicValue } from "../shell/symbolic.ts";
import { type MappedPiece, type MappedText, mappedText, rangeInFile } from "../text/mapped.ts";

/** The placeholders of one file, each with a name that no script uses. */
export class Placeholders {
  readonly #pattern: RegExp;
  readonly #names = new Map<string, string>();
  readonly #variableFor: (text: string) => string | undefined;
  readonly #leaves: (text: string) => boolean;

  /**
   * `pattern` is global and matches one placeholder at a time. `variableFor` names those that a shell variable holds too;
   * what `leaves` takes is none after all.
   */
  constructor(
    pattern: RegExp,
    variableFor: (text: string) => string | undefined = () => undefined,
    leaves: (text: string) => boolean = () => false,
  ) {
    this.#pattern = pattern;
    this.#variableFor = variableFor;
    this.#leaves = leaves;
  }

  /** Shell text with variables in place of the placeholders. */
  replaced(mapped: MappedText): MappedText {
    const pieces: MappedPiece[] = [];
    let at = 0;
    for (const match of mapped.text.matchAll(this.#pattern)) {
      const [text] = match;
      if (this.#leaves(text)) continue;
      pieces.push(...slice(mapped, at, match.index));
      const end = match.index + text.length;
      const variable = `\${${this.#nameOf(text)}}`;
      const quoted = isSingleQuoted(mapped.text, match.index) ? `'"${variable}"'` : variable;
      pieces.push({ text: quoted, from: rangeInFile(mapped, { start: match.index, end }) });
      at = end;
    }
    return at === 0 ? mapped : mappedText([...pieces, ...slice(mapped, at, mapped.text.length)]);
  }

  /** A text of the file that is no shell text, as a value. */
  value(text: string, valueOf: (placeholder: string) => SymbolicValue | undefined): SymbolicValue {
    const parts: SymbolicValue[number][] = [];
    let at = 0;
    for (const match of text.matchAll(this.#pattern)) {
      if (match.index > at) parts.push({ kind: "text", text: text.slice(at, match.index) });
      parts.push(...(valueOf(match[0]) ?? unknownPlaceholder(match[0])));
      at = match.index + match[0].length;
    }
    if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
    return parts;
  }

  /** The variables that stand for what was replaced so far. */
  variables(valueOf: (placeholder: string) => SymbolicValue | undefined): ReadonlyMap<string, SymbolicValue> {
    return new Map([...this.#names].map(([text, name]) => [name, valueOf(text) ?? unknownPlaceholder(text)]));
  }

  #nameOf(text: string): string {
    const variable = this.#variableFor(text);
    if (variable !== undefined) return variable;
    const key = plain(text);
    const name = this.#names.get(key) ?? `__placeholder_${this.#names.size + 1}`;
    this.#names.set(key, name);
    return name;
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** A part that is known by its own text, wherever it stands. */
function unknownPlaceholder(text: string): SymbolicValue {
  return [{ kind: "unknown", source: plain(text), tag: plain(text) }];
}

/** The pieces of a stretch of made text. */
function slice(mapped: MappedText, from: number, to: number): readonly MappedPiece[] {
  return mapped.parts.flatMap((part) => {
    const start = Math.max(part.start, from);
    const end = Math.min(part.end, to);
    if (start >= end) return [];
    return [{ text: mapped.text.slice(start, end), from: rangeInFile(mapped, { start, end }) }];
  });
}

/** Whether an offset of shell text lies between single quotes; comments are passed over. */
function isSingleQuoted(text: string, offset: number): boolean {
  let quote = "";
  for (let at = 0; at < offset; at += 1) {
    const character = text[at] ?? "";
    if (quote === "'") quote = character === "'" ? "" : quote;
    else if (character === "\\") at += 1;
    else if (character === '"') quote = quote === "" ? '"' : "";
    else if (character === "'" && quote === "") quote = "'";
    else if (character === "#" && quote === "" && /(?:^|\s)$/.test(text.slice(Math.max(0, at - 1), at))) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? offset : end;
    }
  }
  return quote === "'";
}
