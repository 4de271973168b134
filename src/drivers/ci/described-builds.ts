/**
 * Steps that describe a build by their inputs, as the call that makes the same:
 *
 *     - uses: docker/build-push-action@v6        docker build -f "Dockerfile.prod" -t "acme/app:1" "."
 *       with:                                    docker push "acme/app:1"
 *         context: .
 *         file: Dockerfile.prod
 *         tags: acme/app:1
 *         push: true
 *
 * The words of the call stand where the inputs do. None of them is written as a word of a shell, so that the inputs are changed by
 * their own rules, or the step goes as a whole. What is not decided here: which steps do so, and what their inputs mean.
 */
import type { Scalar } from "yaml";
import { parseMapped } from "../../shell/parse-mapped.ts";
import type { SymbolicValue } from "../../shell/symbolic.ts";
import type { Frame } from "../../shell/syntax.ts";
import { type MappedPiece, type MappedText, mappedText, rangeInFile } from "../../text/mapped.ts";
import type { Range } from "../../text/source.ts";
import type { ScriptText } from "../driver.ts";
import { scalarText } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";
import type { Dialect } from "./command-list.ts";

/** A word of the call: text of an input, or of ours. */
export type DescribedWord = { readonly mapped: MappedText } | { readonly text: string };

export interface DescribedBuild {
  /** The inputs, which are what is changed. */
  readonly inputs: Range;
  /** The step, where it may go as a whole. */
  readonly whole: Range | undefined;
  /** The words behind `docker build`. */
  readonly words: readonly DescribedWord[];
  /** Names under which the image goes to a registry, or is asked for in another way. */
  readonly wanted: readonly DescribedWord[];
}

/** The call as a unit of its own. `pattern` matches what the CI system fills in. */
export function describedUnit(
  build: DescribedBuild,
  dialect: Dialect,
  pattern: RegExp,
  around: { readonly variables: () => ReadonlyMap<string, SymbolicValue>; readonly cwd: SymbolicValue },
): ScriptText {
  const { file, fill } = dialect;
  const call = (verb: string, words: readonly DescribedWord[]): readonly MappedPiece[] => [
    { text: `docker ${verb}`, from: build.inputs },
    ...words.flatMap((word) => wordPieces(word, build.inputs, pattern)),
    { text: "\n", from: build.inputs },
  ];
  // What is done with the image stands in front of the inputs: it is in nobody's way there.
  const { start } = build.inputs;
  const pushes = build.wanted
    .flatMap((name) => call("push", [name]))
    .map(({ text }) => ({ text, from: { start, end: start } }));
  const pieces = [...call("build", build.words), ...pushes];
  const mapped = mappedText(pieces);
  const { statements, problems } = parseMapped(fill?.(mapped) ?? mapped, file.source.text);
  const frame: Frame = {
    inside: build.inputs,
    empty: "{}",
    ...(build.whole === undefined ? {} : { whole: build.whole }),
  };
  const range = build.whole ?? build.inputs;
  return {
    source: file.source,
    statements: [{ kind: "subshell", range, body: statements, redirections: [], frame }],
    problems,
    roots: dialect.roots,
    described: build.inputs,
    variables: around.variables(),
    cwd: around.cwd,
  };
}

/** A word between double quotes, in which nothing is special but what the CI system fills in. */
function wordPieces(word: DescribedWord, inputs: Range, pattern: RegExp): readonly MappedPiece[] {
  if ("text" in word) return [{ text: ` ${quoted(word.text)}`, from: inputs }];
  const { mapped } = word;
  const pieces: MappedPiece[] = [{ text: ' "', from: inputs }];
  let at = 0;
  const literal = (end: number): void => {
    if (end > at)
      pieces.push({ text: escaped(mapped.text.slice(at, end)), from: rangeInFile(mapped, { start: at, end }) });
  };
  for (const match of mapped.text.matchAll(pattern)) {
    literal(match.index);
    const end = match.index + match[0].length;
    pieces.push({ text: match[0], from: rangeInFile(mapped, { start: match.index, end }) });
    at = end;
  }
  literal(mapped.text.length);
  return [...pieces, { text: '"', from: inputs }];
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replace(/["\\$`]/g, "\\$&");
}

/** The text of an input as one word; none where it is no text. */
export function inputWord(file: YamlFile, node: YamlNode | undefined): readonly DescribedWord[] {
  const mapped = file.isScalar(node) ? mappedOf(file, node) : undefined;
  return mapped === undefined || mapped.text.trim() === "" ? [] : [{ mapped: part(mapped, 0, mapped.text.length) }];
}

/** An input that lists: its items, its lines, or what stands between its commas. */
export function inputWords(file: YamlFile, node: YamlNode | undefined, separator: RegExp): readonly DescribedWord[] {
  return file.items(node).flatMap((item) => {
    const mapped = file.isScalar(item) ? mappedOf(file, item) : undefined;
    if (mapped === undefined) return [];
    const words: DescribedWord[] = [];
    let at = 0;
    for (const { index, 0: found } of [...mapped.text.matchAll(separator), { index: mapped.text.length, 0: "" }]) {
      if (mapped.text.slice(at, index).trim() !== "") words.push({ mapped: part(mapped, at, index) });
      at = index + found.length;
    }
    return words;
  });
}

function mappedOf(file: YamlFile, node: Scalar): MappedText | undefined {
  return scalarText(file.source.text, node) ?? wholeText(file, node);
}

/** Numbers and booleans. */
function wholeText(file: YamlFile, node: Scalar): MappedText | undefined {
  const text = file.text(node);
  return text === undefined || !node.range
    ? undefined
    : mappedText([{ text, from: { start: node.range[0], end: node.range[1] } }]);
}

/** A stretch of a text, without the blanks around it. */
function part(mapped: MappedText, from: number, to: number): MappedText {
  const text = mapped.text.slice(from, to);
  const start = from + (text.length - text.trimStart().length);
  const end = start + text.trim().length;
  return mappedText(
    mapped.parts.flatMap((one) => {
      const [first, last] = [Math.max(one.start, start), Math.min(one.end, end)];
      if (first >= last) return [];
      return [{ text: mapped.text.slice(first, last), from: rangeInFile(mapped, { start: first, end: last }) }];
    }),
  );
}

/** `--name value` for each value. */
export function option(name: string, words: readonly DescribedWord[]): readonly DescribedWord[] {
  return words.flatMap((word) => [{ text: `--${name}` }, word]);
}
