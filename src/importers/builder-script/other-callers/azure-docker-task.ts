/**
 * Steps of Azure Pipelines that build by the task Docker@2.
 *
 *     - task: Docker@2
 *       inputs:
 *         command: build
 *         Dockerfile: images/Dockerfile.build
 *         buildContext: .
 *
 * Paths count from the checkout; without a context it is the Dockerfile's directory
 * (https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/docker-v2). The task has no input for a target.
 */
import { posix } from "node:path";
import { isMap } from "yaml";
import { driverReader } from "../../../drivers/registry.ts";
import { hostDirectory, hostPath, ROOT } from "../../../text/paths.ts";
import type { SourceFile } from "../../../text/source.ts";
import { type KeyNames, keyedReference } from "./keyed-build.ts";
import type { BuildReference, CallerReader } from "./reference.ts";
import { entriesOf, insertPairs, isOpaqueAt, itemsOf, nodeAt, rangeOfNode, wordAt, yamlRoots } from "./yaml-nodes.ts";

const NAMES: KeyNames = { context: "buildContext", dockerfile: "Dockerfile", target: "" };

export const azureDockerTask: CallerReader = {
  name: "azure-docker-task",
  accepts: (path) => driverReader(path)?.name === "azure-pipelines",
  read: (_, source) =>
    yamlRoots(source.text).flatMap((root) => stepsIn(root).flatMap((step) => readStep(source, step))),
};

function stepsIn(root: unknown): readonly unknown[] {
  const stages = itemsOf(nodeAt(root, "stages"));
  const jobs = [root, ...stages].flatMap((stage) => itemsOf(nodeAt(stage, "jobs")));
  return [root, ...jobs].flatMap((job) => {
    const ways = entriesOf(nodeAt(job, "strategy")).map(({ value }) => nodeAt(nodeAt(value, "deploy"), "steps"));
    return [nodeAt(job, "steps"), ...ways].flatMap(itemsOf);
  });
}

function readStep(source: SourceFile, step: unknown): readonly BuildReference[] {
  const inputs = nodeAt(step, "inputs");
  const known = isMap(inputs) && !Object.values(NAMES).some((key) => isOpaqueAt(inputs, key));
  if (wordAt(step, "task")?.value !== "Docker@2" || !known) return [];
  const dockerfile = wordAt(inputs, "Dockerfile");
  const written = wordAt(inputs, "buildContext");
  const context = written?.value.includes("*") === true ? undefined : written;
  const path = dockerfile === undefined || dockerfile.value.includes("*") ? undefined : hostPath(dockerfile.value);
  if (path === undefined) return [];
  const reference = keyedReference({
    range: rangeOfNode(inputs),
    names: NAMES,
    context,
    dockerfile,
    target: undefined,
    contextBase: context === undefined ? hostDirectory(path) : ROOT,
    dockerfileBase: ROOT,
    insert: (pairs) => insertPairs(source.text, inputs, pairs),
  });
  if (reference === undefined) return [];
  return [
    {
      ...reference,
      rewrite: (next) => {
        if (next.target !== undefined) return undefined;
        if (context !== undefined) return reference.rewrite(next);
        const follows = posix.dirname(next.dockerfile) === next.context;
        return follows && dockerfile !== undefined ? [{ ...dockerfile.range, text: next.dockerfile }] : undefined;
      },
    },
  ];
}
