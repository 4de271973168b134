/**
 * Services of compose files that are built from the checkout.
 *
 *     services:
 *       web:
 *         build: ./web                     context "web", its own Dockerfile
 *       tests:
 *         build: { context: ., dockerfile: Dockerfile.build }
 *
 * Contexts count from the file's own directory, Dockerfiles from the context
 * (https://docs.docker.com/reference/compose-file/build/). Left alone: aliases, `extends`, `dockerfile_inline`.
 */
import { isMap, isScalar } from "yaml";
import { type HostPath, hostDirectory } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import {
  entriesOf,
  insertPairs,
  isOpaqueAt,
  itemsOf,
  mapInsteadOfWord,
  nodeAt,
  rangeOfNode,
  wordAt,
  wordOf,
  yamlRoots,
} from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };

export const compose: CallerReader = {
  name: "compose",
  accepts: (path: HostPath) => /(?:^|\/)[^/]*compose[^/]*\.ya?ml$/i.test(path),
  read: (_, source) =>
    yamlRoots(source.text).flatMap((root) =>
      entriesOf(nodeAt(root, "services")).flatMap(({ value }) => readService(source, value)),
    ),
};

function readService(source: SourceFile, service: unknown): readonly BuildReference[] {
  const pair = entriesOf(service).find(({ name }) => name === "build");
  const base = hostDirectory(source.path);
  const short = wordOf(pair?.value);
  if (pair !== undefined && short !== undefined && isScalar(pair.value)) {
    const { key, value } = pair;
    const reference = keyedReference({
      range: rangeOfNode(value),
      names: NAMES,
      context: short,
      dockerfile: undefined,
      target: undefined,
      contextBase: base,
      insert: (pairs) => mapInsteadOfWord(source.text, key, value, ["context", short.value], pairs),
    });
    return reference === undefined ? [] : [withoutDoubleEdits(reference)];
  }
  const map = pair?.value;
  if (!isMap(map) || nodeAt(map, "dockerfile_inline") !== undefined) return [];
  if ([...Object.values(NAMES)].some((key) => isOpaqueAt(map, key))) return [];
  const cache = nodeAt(map, "cache_from");
  const reference = keyedReference({
    range: rangeOfNode(map),
    names: NAMES,
    context: wordAt(map, "context"),
    dockerfile: wordAt(map, "dockerfile"),
    target: wordAt(map, "target"),
    contextBase: base,
    insert: (pairs) => insertPairs(source.text, map, pairs),
    ...(cache === undefined
      ? {}
      : { cache: { range: rangeOfNode(cache), sources: itemsOf(cache).flatMap((item) => wordOf(item)?.value ?? []) } }),
  });
  return reference === undefined ? [] : [reference];
}

/** A one-word build that becomes a map and gets another context at once has both written by the one edit. */
function withoutDoubleEdits(reference: BuildReference): BuildReference {
  return {
    ...reference,
    rewrite: (next) => {
      const edits = reference.rewrite(next);
      const whole = edits?.find((edit) => edit.text.includes("\n"));
      const word = edits?.find((edit) => edit !== whole);
      if (whole === undefined || word === undefined) return edits;
      return [{ ...whole, text: whole.text.replace(/(context: )[^\r\n]*/, (_, key: string) => `${key}${word.text}`) }];
    },
  };
}
