/**
 * Reads YAML with the place of everything that is wrong:
 *
 *     const tree = new YamlTree(source);
 *     for (const [key, value] of tree.top("the file")) …   // keys with their ranges
 *
 * Walked by hand: places stay known, and aliases, which can make a small file huge, are not followed. What keys mean is for
 * the caller to say.
 */
import { isAlias, isMap, isScalar, isSeq, type Pair, parseDocument } from "yaml";
import { type Diagnostic, Reporter } from "../diagnostics/diagnostic.ts";
import type { Range, SourceFile } from "../text/source.ts";

/** A key of a mapping and where it stands. */
export interface Key {
  readonly name: string;
  readonly range: Range;
}

/** One file; every problem becomes a `config-invalid` diagnostic. */
export class YamlTree {
  readonly #source: SourceFile;
  readonly #reporter = new Reporter();

  constructor(source: SourceFile) {
    this.#source = source;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#reporter.diagnostics;
  }

  /** The entries at the top; none for an empty file and for one that is no YAML, which is reported. */
  top(name: string): readonly (readonly [Key, unknown])[] {
    const document = parseDocument(this.#source.text, { prettyErrors: false, version: "1.2" });
    for (const { message, pos } of document.errors.slice(0, 1))
      this.fail(`the YAML cannot be read: ${message}`, { start: pos[0], end: pos[1] });
    return document.errors.length > 0 || document.contents === null ? [] : this.entries(document.contents, name);
  }

  fail(problem: string, range: Range): void {
    this.#reporter.report(
      "config-invalid",
      { problem },
      { path: this.#source.path, start: range.start, end: range.end },
    );
  }

  entries(node: unknown, name: string): readonly (readonly [Key, unknown])[] {
    if (isScalar(node) && node.value === null) return [];
    if (isMap(node)) return node.items.flatMap((pair) => this.#entry(pair));
    this.fail(`${name} is not a mapping`, rangeOf(node));
    return [];
  }

  #entry({ key, value }: Pair): readonly (readonly [Key, unknown])[] {
    const name = this.scalar(key);
    if (name === undefined) this.fail("a key is not a single value", rangeOf(key));
    return name === undefined ? [] : [[{ name, range: rangeOf(key) }, value]];
  }

  /** The scalar under a key; anything else is reported, and is "". */
  text(key: Key, node: unknown): string {
    const text = this.scalar(node);
    if (text === undefined) this.fail(`"${key.name}" is not a single value`, key.range);
    return text ?? "";
  }

  /** The scalars of a list under a key. */
  texts(key: Key, node: unknown): readonly string[] {
    if (isSeq(node)) return node.items.map((item) => this.text(key, item));
    this.fail(`"${key.name}" is not a list`, key.range);
    return [];
  }

  /** A scalar as it is written: `3.20` is not 3.2. */
  scalar(node: unknown): string | undefined {
    if (!isScalar(node) || isAlias(node) || node.value === null) return undefined;
    return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  }
}

function rangeOf(node: unknown): Range {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  const [start = 0, end = start] = Array.isArray(range) ? range.map(Number) : [];
  return { start, end };
}
