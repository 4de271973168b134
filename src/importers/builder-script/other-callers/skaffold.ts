/**
 * Artifacts of skaffold.yaml, in its own `build` section and those of its profiles.
 *
 *     build:
 *       artifacts:
 *         - image: app
 *           context: .
 *           docker: { dockerfile: Dockerfile.build, target: builder }
 *
 * Contexts count from the file, Dockerfiles from the context (https://skaffold.dev/docs/references/yaml/). An artifact that
 * names another builder than docker is none of ours.
 */
import { isMap, type YAMLMap } from "yaml";
import { type HostPath, hostDirectory } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import { insertPairs, isOpaqueAt, itemsOf, nodeAt, rangeOfNode, wordAt, wordOf, yamlRoots } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };
const OTHER_BUILDERS = ["bazel", "jib", "jibMaven", "jibGradle", "buildpacks", "custom", "ko", "kaniko"];

export const skaffold: CallerReader = {
  name: "skaffold",
  accepts: (path: HostPath) => /(?:^|\/)skaffold[^/]*\.ya?ml$/.test(path),
  read: (_, source) => {
    const roots = yamlRoots(source.text);
    const holders = [...roots, ...roots.flatMap((root) => itemsOf(nodeAt(root, "profiles")))];
    const artifacts = holders.flatMap((holder) => itemsOf(nodeAt(nodeAt(holder, "build"), "artifacts")));
    return artifacts.flatMap((artifact) => readArtifact(source, artifact));
  },
};

function readArtifact(source: SourceFile, artifact: unknown): readonly BuildReference[] {
  if (!isMap(artifact) || OTHER_BUILDERS.some((name) => nodeAt(artifact, name) !== undefined)) return [];
  const docker = nodeAt(artifact, "docker");
  const cache = nodeAt(docker, "cacheFrom");
  if (isOpaqueAt(artifact, "context") || ["dockerfile", "target"].some((key) => isOpaqueAt(docker, key))) return [];
  const reference = keyedReference({
    range: rangeOfNode(artifact),
    names: NAMES,
    context: wordAt(artifact, "context"),
    dockerfile: wordAt(docker, "dockerfile"),
    target: wordAt(docker, "target"),
    contextBase: hostDirectory(source.path),
    insert: (pairs) => insertInto(source.text, artifact, docker, pairs),
    ...(cache === undefined
      ? {}
      : { cache: { range: rangeOfNode(cache), sources: itemsOf(cache).flatMap((item) => wordOf(item)?.value ?? []) } }),
  });
  return reference === undefined ? [] : [reference];
}

/** The context belongs to the artifact, all other keys below `docker`; a missing section is written in one line. */
function insertInto(text: string, artifact: YAMLMap, docker: unknown, pairs: readonly (readonly [string, string])[]) {
  if (pairs.some(([key]) => key === NAMES.context)) return undefined;
  if (isMap(docker)) return insertPairs(text, docker, pairs);
  const inner = pairs.map(([key, value]) => `${key}: ${value}`).join(", ");
  return insertPairs(text, artifact, [["docker", `{ ${inner} }`]]);
}
