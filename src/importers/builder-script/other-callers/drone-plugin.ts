/**
 * Steps of Drone and Woodpecker that build by plugins/docker and those that take its settings.
 *
 *     - image: plugins/docker
 *       settings:
 *         repo: acme/app
 *         dockerfile: Dockerfile.build
 *
 * Paths count from the checkout, which is the context unless the settings say otherwise; without a file it is `Dockerfile` there
 * (https://plugins.drone.io/plugins/docker).
 */
import { isMap } from "yaml";
import { driverReader } from "../../../drivers/registry.ts";
import { ROOT } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import { entriesOf, insertPairs, isOpaqueAt, itemsOf, nodeAt, rangeOfNode, wordAt, yamlRoots } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "context", dockerfile: "dockerfile", target: "target" };

const PLUGIN =
  /(?:^|\/)(?:plugins\/(?:docker|ecr|gcr|gar|acr|heroku)|plugin-docker-buildx|drone-docker-buildx|drone-docker|drone-ecr|drone-gcr)(?:[:@]|$)/;

export const dronePlugin: CallerReader = {
  name: "drone-plugin",
  accepts: (path) => driverReader(path)?.name === "drone",
  read: (_, source) =>
    yamlRoots(source.text).flatMap((root) => {
      const named = ["steps", "pipeline"].map((key) => nodeAt(root, key));
      const steps = named.flatMap((node) => [...itemsOf(node), ...entriesOf(node).map(({ value }) => value)]);
      return steps.flatMap((step) => readStep(source, step));
    }),
};

function readStep(source: SourceFile, step: unknown): readonly BuildReference[] {
  if (!PLUGIN.test(wordAt(step, "image")?.value ?? "") || nodeAt(step, "commands") !== undefined) return [];
  const settings = nodeAt(step, "settings") ?? step;
  if (!isMap(settings) || Object.values(NAMES).some((key) => isOpaqueAt(settings, key))) return [];
  const reference = keyedReference({
    range: rangeOfNode(settings),
    names: NAMES,
    context: wordAt(settings, "context"),
    dockerfile: wordAt(settings, "dockerfile"),
    target: wordAt(settings, "target"),
    contextBase: ROOT,
    dockerfileBase: ROOT,
    insert: (pairs) => insertPairs(source.text, settings, pairs),
  });
  return reference === undefined ? [] : [reference];
}
