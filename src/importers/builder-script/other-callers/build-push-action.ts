/**
 * Steps of GitHub workflows that build through an action.
 *
 *     - uses: docker/build-push-action@v6
 *       with:
 *         context: .
 *         file: Dockerfile.build
 *
 * Paths count from the checkout; without a context the action builds from the repository's root, and without a file the
 * context's own Dockerfile (https://github.com/docker/build-push-action#inputs).
 */
import { isMap } from "yaml";
import { type HostPath, ROOT } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import { entriesOf, insertPairs, isOpaqueAt, itemsOf, nodeAt, rangeOfNode, wordAt, yamlRoots } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "file", target: "target" };

export const buildPushAction: CallerReader = {
  name: "build-push-action",
  accepts: (path: HostPath) =>
    /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$|(?:^|\/)action\.ya?ml$/.test(path),
  read: (_, source) => {
    const roots = yamlRoots(source.text);
    const jobs = roots.flatMap((root) => entriesOf(nodeAt(root, "jobs")).map(({ value }) => value));
    const holders = [...jobs, ...roots.map((root) => nodeAt(root, "runs"))];
    return holders.flatMap((holder) => itemsOf(nodeAt(holder, "steps"))).flatMap((step) => readStep(source, step));
  },
};

function readStep(source: SourceFile, step: unknown): readonly BuildReference[] {
  if (!/^docker\/build-push-action(?:@|$)/.test(wordAt(step, "uses")?.value ?? "")) return [];
  const inputs = nodeAt(step, "with");
  if (!isMap(inputs) || Object.values(NAMES).some((key) => isOpaqueAt(inputs, key))) return [];
  const from = nodeAt(inputs, "cache-from");
  const sources = (wordAt(inputs, "cache-from")?.value ?? source.text.slice(...rangeTuple(from))).split(/[\n,]/);
  const reference = keyedReference({
    range: rangeOfNode(inputs),
    names: NAMES,
    context: wordAt(inputs, "context"),
    dockerfile: wordAt(inputs, "file"),
    target: wordAt(inputs, "target"),
    contextBase: ROOT,
    dockerfileBase: ROOT,
    insert: (pairs) => insertPairs(source.text, inputs, pairs),
    ...(from === undefined ? {} : { cache: { range: rangeOfNode(from), sources: sources.map((part) => part.trim()) } }),
  });
  return reference === undefined ? [] : [reference];
}

function rangeTuple(node: unknown): readonly [number, number] {
  const { start, end } = rangeOfNode(node);
  return [start, end];
}
