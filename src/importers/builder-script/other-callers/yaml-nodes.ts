/**
 * YAML and JSON with the places of their values, for files of which single words are replaced:
 *
 *     build:                      mapAt(root, "build")            the map below the key
 *       dockerfile: "Dockerfile"  wordAt(map, "dockerfile")       { value: "Dockerfile", range: the text between the quotes }
 *
 * A file that is no such document has no nodes. Comments of JSON files are blanked out before they are read, at equal length.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";
import { lineEnd, type TextEdit } from "../../../text/edits.ts";
import type { Range } from "../../../text/source.ts";
import type { KeyedWord } from "./keyed-build.ts";

/** The top nodes of a file's documents; none where it does not parse. */
export function yamlRoots(text: string): readonly Node[] {
  try {
    const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
    if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return [];
    return documents.flatMap((document) => (document.contents === null ? [] : [document.contents]));
  } catch (error) {
    // The parser is recursive; a file that is nested deeper than its stack describes no build.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** JSON with `//` and `/* *\/` comments, as editors' settings have them, and commas at the end of lists. */
export function jsonRoots(text: string): readonly Node[] {
  const blanked = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\n\r]/g, " "),
  );
  return yamlRoots(blanked);
}

/** The node below a key; aliases are not followed, since what they name is written once and used at several places. */
export function nodeAt(map: unknown, key: string): Node | undefined {
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const value = pair?.value;
  return isMap(value) || isScalar(value) || isSeq(value) || isAlias(value) ? value : undefined;
}

/** The entries of a map: key text and value. */
export function entriesOf(
  map: unknown,
): readonly { readonly key: Scalar; readonly name: string; readonly value: unknown }[] {
  if (!isMap(map)) return [];
  return map.items.flatMap(({ key, value }) => (isScalar(key) ? [{ key, name: String(key.value), value }] : []));
}

/** The items of a list. */
export function itemsOf(list: unknown): readonly unknown[] {
  return isSeq(list) ? list.items : [];
}

/** A one-line text value below a key. */
export function wordAt(map: unknown, key: string): KeyedWord | undefined {
  return wordOf(nodeAt(map, key));
}

/** A text value on one line; `undefined` for anything else. */
export function wordOf(node: unknown): KeyedWord | undefined {
  if (!isScalar(node) || typeof node.value !== "string" || node.range === undefined || node.range === null)
    return undefined;
  if (node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL") return undefined;
  const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? 1 : 0;
  return { value: node.value, range: { start: node.range[0] + quoted, end: node.range[1] - quoted } };
}

/** Whether a key is there whose value is no plain word, so that nothing is known of it. */
export function isOpaqueAt(map: unknown, key: string): boolean {
  const node = nodeAt(map, key);
  return node !== undefined && wordOf(node) === undefined;
}

/** The range of a node without what follows it. */
export function rangeOfNode(node: unknown): Range {
  const range = isMap(node) || isScalar(node) || isSeq(node) ? node.range : undefined;
  return range === undefined || range === null ? { start: 0, end: 0 } : { start: range[0], end: range[1] };
}

/** Adds pairs to a map, behind its first one that has a plain value on its own line. */
export function insertPairs(
  text: string,
  map: YAMLMap,
  pairs: readonly (readonly [string, string])[],
): TextEdit | undefined {
  const anchor = map.items.find(({ key, value }) => isScalar(key) && wordOf(value) !== undefined);
  if (anchor === undefined || !isScalar(anchor.key)) return undefined;
  const key = rangeOfNode(anchor.key);
  const value = rangeOfNode(anchor.value);
  const lineStart = text.lastIndexOf("\n", key.start - 1) + 1;
  const before = text.slice(lineStart, key.start);
  if (map.flow === true) {
    const quoted = text[key.start] === '"';
    const word = (name: string): string => (quoted ? JSON.stringify(name) : name);
    const glue = /^\s*$/.test(before) ? `,${lineEnd(text)}${before}` : ", ";
    const added = pairs.map(([name, content]) => `${glue}${word(name)}: ${quoted ? JSON.stringify(content) : content}`);
    return { start: value.end, end: value.end, text: added.join("") };
  }
  const newline = text.indexOf("\n", value.end);
  const end = newline < 0 ? text.length : newline - (text[newline - 1] === "\r" ? 1 : 0);
  const indent = " ".repeat(key.start - lineStart);
  const lines = pairs.map(([name, content]) => `${lineEnd(text)}${indent}${name}: ${content}`);
  return { start: end, end, text: lines.join("") };
}

/** Makes a map out of a one-word value: `build: ./api` with more to say. */
export function mapInsteadOfWord(
  text: string,
  key: Scalar,
  value: Node,
  first: readonly [string, string],
  pairs: readonly (readonly [string, string])[],
): TextEdit {
  const { start } = rangeOfNode(key);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indent = " ".repeat(start - lineStart + 2);
  const colon = text.indexOf(":", rangeOfNode(key).end) + 1;
  const lines = [first, ...pairs].map(([name, content]) => `${lineEnd(text)}${indent}${name}: ${content}`);
  return { start: colon, end: rangeOfNode(value).end, text: lines.join("") };
}
