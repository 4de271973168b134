/**
 * A YAML file as its readers walk through it: aliases followed, merge keys seen through, places kept.
 *
 *     const file = readYaml(source);
 *     file.members(file.at(file.root, "jobs"))      // [["build", node], …]
 *
 * What is not decided here: what any key means.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { applyEdits, type TextEdit } from "../../text/edits.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { Settled } from "../driver.ts";

/** A node of the document, aliases already followed. */
export type YamlNode = YAMLMap | YAMLSeq | Scalar;

/** Files above this size are generated. */
const LARGEST = 512 * 1024;
/** More aliases than people write; what has more is made to hurt. */
const MOST_ALIASES = 200;

export class YamlFile {
  readonly source: SourceFile;
  readonly root: YamlNode | undefined;
  readonly #document: Document;
  #aliases = 0;

  constructor(source: SourceFile, document: Document) {
    this.source = source;
    this.#document = document;
    this.root = this.#node(document.contents);
  }

  /** The value of a key; of several keys the first that is there. */
  at(node: YamlNode | undefined, ...names: readonly string[]): YamlNode | undefined {
    const members = this.members(node);
    for (const name of names) {
      const found = members.find(([key]) => key === name);
      if (found !== undefined) return found[1];
    }
    return undefined;
  }

  /** The members of a map in order, those of merge keys behind its own. */
  members(node: YamlNode | undefined): readonly (readonly [string, YamlNode])[] {
    if (!isMap(node)) return [];
    const own = node.items.filter((pair) => keyName(pair) !== "<<");
    const merged = node.items
      .filter((pair) => keyName(pair) === "<<")
      .flatMap((pair) => this.#mergedMembers(pair.value));
    const named = own.flatMap((pair) => {
      const value = this.#node(pair.value);
      return value === undefined ? [] : [[keyName(pair), value] as const];
    });
    return [...named, ...merged.filter(([key]) => !named.some(([own]) => own === key))];
  }

  /** The pair of a key that stands in a map itself. */
  pair(node: YamlNode | undefined, name: string): { readonly key: Range; readonly value: YamlNode } | undefined {
    if (!isMap(node)) return undefined;
    const pair = node.items.find((one) => keyName(one) === name);
    const value = this.#node(pair?.value);
    const key = pair?.key;
    if (value === undefined || !isScalar(key) || !key.range) return undefined;
    return { key: { start: key.range[0], end: key.range[1] }, value };
  }

  /** The items of a list, lists in it poured out; a value that is no list is its one item. */
  items(node: YamlNode | undefined): readonly YamlNode[] {
    if (node === undefined) return [];
    if (!isSeq(node)) return [node];
    return node.items.flatMap((item) => {
      const inner = this.#node(item);
      if (inner === undefined) return [];
      if (inner.tag === "!reference") return this.items(this.#referred(inner));
      return isSeq(inner) ? this.items(inner) : [inner];
    });
  }

  /** GitLab's `!reference [.job, script]` (https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags). */
  #referred(node: YamlNode): YamlNode | undefined {
    this.#aliases += 1;
    if (!isSeq(node) || this.#aliases > MOST_ALIASES) return undefined;
    const names = node.items.map((item) => this.text(this.#node(item)) ?? "");
    return names.reduce<YamlNode | undefined>((at, name) => this.at(at, name), this.root);
  }

  /** Whether a node is a list. */
  isList(node: YamlNode | undefined): node is YAMLSeq {
    return isSeq(node);
  }

  /** A list with a dash before each item. */
  isBlockList(node: YAMLSeq): boolean {
    return (
      node.flow !== true && node.range !== undefined && node.range !== null && this.source.text[node.range[0]] === "-"
    );
  }

  isMap(node: YamlNode | undefined): node is YAMLMap {
    return isMap(node);
  }

  isScalar(node: YamlNode | undefined): node is Scalar {
    return isScalar(node);
  }

  /** The text of a scalar, numbers and booleans as written. */
  text(node: YamlNode | undefined): string | undefined {
    if (!isScalar(node)) return undefined;
    return typeof node.value === "string"
      ? node.value
      : node.value === null
        ? undefined
        : (node.source ?? String(node.value));
  }

  /** A node with the dash in front of it, or `undefined` where it is no item of a list with dashes. */
  item(node: YamlNode): Range | undefined {
    if (!node.range) return undefined;
    const [start, end] = node.range;
    const before = this.source.text.slice(Math.max(0, start - 200), start);
    const dash = /-[ \t]+(?:[&!][^\s,[\]{}]+[ \t]+)*$/.exec(before);
    if (dash === null || !/(?:^|\n)[ \t]*$/.test(before.slice(0, dash.index))) return undefined;
    const from = start - dash[0].length;
    return { start: from, end: from + this.source.text.slice(from, end).trimEnd().length };
  }

  #mergedMembers(value: unknown): readonly (readonly [string, YamlNode])[] {
    const node = this.#node(value);
    return this.isList(node) ? node.items.flatMap((item) => this.members(this.#node(item))) : this.members(node);
  }

  #node(value: unknown): YamlNode | undefined {
    if (!isAlias(value)) return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
    this.#aliases += 1;
    return this.#aliases > MOST_ALIASES ? undefined : this.#node(value.resolve(this.#document));
  }
}

function keyName(pair: Pair): string {
  const { key } = pair;
  const value = typeof key === "object" && key !== null && "value" in key ? key.value : key;
  return String(value);
}

/** Why nothing is read of a file that a reader asked for. */
export const NO_YAML = "the file is no YAML that can be read";

/** The document of a file; the first of several. `undefined` where it is no YAML, or far too long. */
export function readYaml(source: SourceFile): YamlFile | undefined {
  if (source.text.length > LARGEST) return undefined;
  const [document] = documentsOf(source.text);
  return document === undefined || document.errors.length > 0 ? undefined : new YamlFile(source, document);
}

/** The documents of a file that holds several. */
export function readYamlDocuments(source: SourceFile): readonly YamlFile[] {
  if (source.text.length > LARGEST) return [];
  return documentsOf(source.text).flatMap((document) =>
    document.errors.length > 0 ? [] : [new YamlFile(source, document)],
  );
}

function documentsOf(text: string): readonly Document[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, version: "1.2", uniqueKeys: false });
  return Array.isArray(documents) ? documents : [];
}

/** The edited file has to be YAML still, and the same but for texts and what went with them. */
export function settleYaml(source: SourceFile, edits: readonly TextEdit[]): Settled {
  const after = documentsOf(applyEdits(source.text, edits));
  const problem = after.flatMap(({ errors }) => errors)[0];
  if (problem !== undefined) return { kind: "broken", problem: `it would be no YAML any more (${problem.message})` };
  const before = documentsOf(source.text);
  const kept =
    before.length === after.length &&
    before.every((document, index) => agrees(document.toJS(LIMITS), after[index]?.toJS(LIMITS)));
  return kept
    ? { kind: "edits", added: [] }
    : { kind: "broken", problem: "other parts of the file would be read differently" };
}

const LIMITS = { maxAliasCount: MOST_ALIASES };

/** Inputs of steps that describe a build, which may have to be said from now on. */
const ADDED_INPUT = /^(?:buildContext|context|[Dd]ockerfile|file|target)$/;

/** Whether a value is another one with texts changed, items or members taken out, and inputs of a build put in. */
function agrees(before: unknown, after: unknown): boolean {
  if (Array.isArray(before)) return Array.isArray(after) && listAgrees(before, after);
  if (typeof before === "object" && before !== null) {
    if (typeof after !== "object" || after === null || Array.isArray(after)) return false;
    const entries = new Map(Object.entries(before));
    return Object.entries(after).every(([key, value]) =>
      entries.has(key) ? agrees(entries.get(key), value) : ADDED_INPUT.test(key) && typeof value === "string",
    );
  }
  return typeof before === typeof after && (typeof before === "string" || before === after);
}

/** The items of `after` in the order of those of `before` that they come from. */
function listAgrees(before: readonly unknown[], after: readonly unknown[]): boolean {
  let at = 0;
  for (const item of after) {
    while (at < before.length && !agrees(before[at], item)) at += 1;
    if (at === before.length) return false;
    at += 1;
  }
  return true;
}
