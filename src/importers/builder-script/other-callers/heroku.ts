/**
 * Images of heroku.yml.
 *
 *     build:
 *       docker:
 *         web: Dockerfile
 *         worker: { dockerfile: worker/Dockerfile, target: worker }
 *
 * The context is the Dockerfile's own directory (https://devcenter.heroku.com/articles/build-docker-images-heroku-yml). A
 * one-word value gets another path, never a target.
 */

import { posix } from "node:path";
import { isMap, isScalar } from "yaml";
import { type HostPath, hostDirectory, joinHost, ROOT } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import type { BuildReference, CallerReader, NewBuild } from "./reference.ts";
import { entriesOf, insertPairs, isOpaqueAt, nodeAt, rangeOfNode, wordAt, wordOf, yamlRoots } from "./yaml-nodes.ts";

export const heroku: CallerReader = {
  name: "heroku",
  accepts: (path: HostPath) => /(?:^|\/)heroku\.yml$/.test(path),
  read: (_, source) =>
    yamlRoots(source.text).flatMap((root) =>
      entriesOf(nodeAt(nodeAt(root, "build"), "docker")).flatMap(({ value }) => readImage(source, value)),
    ),
};

function readImage(source: SourceFile, value: unknown): readonly BuildReference[] {
  const file = wordOf(value) ?? wordAt(value, "dockerfile");
  const dockerfile = file === undefined ? undefined : joinHost(ROOT, file.value);
  if (file === undefined || dockerfile === undefined || isOpaqueAt(value, "target")) return [];
  const context = hostDirectory(dockerfile);
  const target = wordAt(value, "target");
  const rewrite = (next: NewBuild) => {
    if (next.context !== posix.dirname(next.dockerfile)) return undefined;
    const renamed = next.dockerfile === dockerfile ? [] : [{ ...file.range, text: next.dockerfile }];
    if (next.target === target?.value) return renamed;
    if (next.target === undefined || isScalar(value)) return undefined;
    if (target !== undefined) return [...renamed, { ...target.range, text: next.target }];
    const added = isMap(value) ? insertPairs(source.text, value, [["target", next.target]]) : undefined;
    return added === undefined ? undefined : [...renamed, added];
  };
  return [{ dockerfile, context, target: target?.value, range: rangeOfNode(value), rewrite }];
}
