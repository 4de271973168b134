/**
 * Targets of bake files.
 *
 *     target "tools" {
 *       context    = "."
 *       dockerfile = "Dockerfile.build"
 *     }
 *
 * Contexts count from where bake is called, which is taken to be the file's own directory; Dockerfiles from the context
 * (https://docs.docker.com/build/bake/reference/). HCL is read as blocks and lines `name = "text"`; values with `${` or
 * functions are none of ours, nor is a target that inherits.
 */
import { isMap } from "yaml";
import { lineEnd } from "../../../text/edits.ts";
import { type HostPath, hostDirectory } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyedWord, type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import { entriesOf, insertPairs, isOpaqueAt, jsonRoots, nodeAt, rangeOfNode, wordAt } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };

export const bake: CallerReader = {
  name: "bake",
  accepts: (path: HostPath) => /(?:^|\/)(?:[^/]*bake[^/]*\.(?:hcl|json)|[^/]+\.hcl)$/.test(path),
  read: (_, source) => (source.path.endsWith(".json") ? readJson(source) : readHcl(source)),
};

function readJson(source: SourceFile): readonly BuildReference[] {
  const targets = jsonRoots(source.text).flatMap((root) => entriesOf(nodeAt(root, "target")));
  return targets.flatMap(({ value }) => {
    if (!isMap(value) || nodeAt(value, "inherits") !== undefined) return [];
    if (Object.values(NAMES).some((key) => isOpaqueAt(value, key))) return [];
    const reference = keyedReference({
      range: rangeOfNode(value),
      names: NAMES,
      context: wordAt(value, "context"),
      dockerfile: wordAt(value, "dockerfile"),
      target: wordAt(value, "target"),
      contextBase: hostDirectory(source.path),
      insert: (pairs) => insertPairs(source.text, value, pairs),
    });
    return reference === undefined ? [] : [reference];
  });
}

/** A top-level block: its header's end, and the offset of the brace that closes it. */
interface HclBlock {
  readonly start: number;
  readonly open: number;
  readonly close: number;
}

function readHcl(source: SourceFile): readonly BuildReference[] {
  return hclBlocks(source.text).flatMap((block) => readBlock(source, block));
}

function readBlock(source: SourceFile, block: HclBlock): readonly BuildReference[] {
  const attributes = hclAttributes(source.text, block);
  if (attributes.has("inherits") || attributes.has("dockerfile-inline")) return [];
  const word = (name: string): KeyedWord | undefined => attributes.get(name)?.word;
  if (Object.values(NAMES).some((name) => attributes.has(name) && word(name) === undefined)) return [];
  const anchor = attributes.get(NAMES.dockerfile) ?? attributes.get(NAMES.context);
  const reference = keyedReference({
    range: { start: block.start, end: block.close + 1 },
    names: NAMES,
    context: word(NAMES.context),
    dockerfile: word(NAMES.dockerfile),
    target: word(NAMES.target),
    contextBase: hostDirectory(source.path),
    insert: (pairs) => {
      const at = anchor?.lineEnd ?? block.open + 1;
      const lines = pairs.map(
        ([name, value]) => `${lineEnd(source.text)}${anchor?.indent ?? "  "}${name} = "${value}"`,
      );
      return { start: at, end: at, text: lines.join("") };
    },
  });
  return reference === undefined ? [] : [reference];
}

/** Blocks `target "…" { … }`, with strings and comments passed over. */
function hclBlocks(text: string): readonly HclBlock[] {
  const blocks: HclBlock[] = [];
  const token = /"(?:[^"\\\n]|\\.)*"|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}]/g;
  let depth = 0;
  let open: { start: number; open: number } | undefined;
  for (const match of text.matchAll(token)) {
    if (match[0] === "{") {
      depth += 1;
      const header = /(?:^|\n)([ \t]*target[ \t]+"[^"\n]*"[ \t]*)$/.exec(
        text.slice(Math.max(0, match.index - 200), match.index),
      );
      if (depth === 1 && header?.[1] !== undefined) open = { start: match.index - header[1].length, open: match.index };
    } else if (match[0] === "}") {
      depth -= 1;
      if (depth === 0 && open !== undefined) {
        blocks.push({ ...open, close: match.index });
        open = undefined;
      }
    }
  }
  return blocks;
}

interface HclAttribute {
  /** Absent for a value that is no plain text. */
  readonly word: KeyedWord | undefined;
  readonly indent: string;
  readonly lineEnd: number;
}

/** The attributes that stand on lines of their own directly in a block. */
function hclAttributes(text: string, { open, close }: HclBlock): ReadonlyMap<string, HclAttribute> {
  const found = new Map<string, HclAttribute>();
  let depth = 0;
  const line = /([ \t]*)(?:"?([\w-]+)"?([ \t]*=[ \t]*))?([^\n]*)\n?/y;
  line.lastIndex = open + 1;
  while (line.lastIndex < close) {
    const at = line.lastIndex;
    const [whole, indent = "", name, equals = "", rest = ""] = line.exec(text) ?? [""];
    if (whole === "") break;
    if (name !== undefined && depth === 0) {
      const valueAt = at + whole.indexOf(equals, indent.length + name.length) + equals.length;
      const [quoted, inner] = /^"([^"\\$%]*)"(?=\s*(?:#|\/\/|\r?$))/.exec(rest) ?? [];
      const end = at + whole.replace(/\r?\n$/, "").length;
      const range = { start: valueAt + 1, end: valueAt + (quoted?.length ?? 0) - 1 };
      found.set(name, { word: inner === undefined ? undefined : { value: inner, range }, indent, lineEnd: end });
    }
    depth += [...rest.matchAll(/"(?:[^"\\]|\\.)*"|[{[(]|[)\]}]/g)].reduce(
      (sum, [part]) => sum + (/^[{[(]$/.test(part) ? 1 : /^[)\]}]$/.test(part) ? -1 : 0),
      0,
    );
  }
  return found;
}
