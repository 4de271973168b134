/**
 * Development containers that are built from a Dockerfile of the checkout.
 *
 *     { "build": { "dockerfile": "../Dockerfile.build", "context": ".." } }
 *
 * Both paths count from the file's own directory, and the context is that directory where none is named
 * (https://containers.dev/implementors/json_reference/#image-specific).
 */
import { isMap } from "yaml";
import { type HostPath, hostDirectory } from "../../../text/paths.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { CallerReader } from "./reference.ts";
import { insertPairs, isOpaqueAt, jsonRoots, nodeAt, rangeOfNode, wordAt } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };

export const devcontainer: CallerReader = {
  name: "devcontainer",
  accepts: (path: HostPath) => /(?:^|\/)\.?devcontainer\.json$/.test(path),
  read: (_, source) =>
    jsonRoots(source.text).flatMap((root) => {
      const build = nodeAt(root, "build");
      if (!isMap(build) || Object.values(NAMES).some((key) => isOpaqueAt(build, key))) return [];
      const base = hostDirectory(source.path);
      const reference = keyedReference({
        range: rangeOfNode(build),
        names: NAMES,
        context: wordAt(build, "context"),
        dockerfile: wordAt(build, "dockerfile"),
        target: wordAt(build, "target"),
        contextBase: base,
        dockerfileBase: base,
        insert: (pairs) => insertPairs(source.text, build, pairs),
      });
      return reference === undefined ? [] : [reference];
    }),
};
