/**
 * Containers of Kubernetes manifests, with the commands that they run in an image:
 *
 *     kind: CronJob
 *     … containers: [{ name: clean, image: shop, args: [clean, --all] }]
 *
 * `command` stands for the image's ENTRYPOINT and `args` for its CMD
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/); probes and lifecycle hooks run theirs
 * in the same container (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/). Templates of Helm are
 * no YAML and are left alone.
 */
import { isMap, isSeq, parseAllDocuments, visit } from "yaml";
import { fieldOf, rangeOf, textOf, type WrittenCommand, wordsOf } from "./compose-files.ts";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: WrittenCommand;
  readonly args?: WrittenCommand;
  /** Commands of probes and hooks. */
  readonly handlers: readonly (WrittenCommand & { readonly what: string })[];
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];

/** All containers, init containers among them, of all documents of a file. */
export function containersOf(text: string): readonly Container[] {
  const containers: Container[] = [];
  for (const document of parseAllDocuments(text, { logLevel: "silent" })) {
    if (!("contents" in document) || document.errors.length > 0) continue;
    visit(document, {
      Pair(_, { key, value }) {
        if (!/^(?:initContainers|containers)$/.test(textOf(key) ?? "") || !isSeq(value)) return;
        containers.push(...value.items.flatMap((item) => containerOf(item) ?? []));
      },
    });
  }
  return containers;
}

function containerOf(node: unknown): Container | undefined {
  const image = textOf(fieldOf(node, "image"));
  if (!isMap(node) || image === undefined) return undefined;
  const command = listOf(fieldOf(node, "command"));
  const args = listOf(fieldOf(node, "args"));
  const probes = PROBES.map((what) => ({ what, node: fieldOf(node, what) }));
  const hooks = ["postStart", "preStop"].map((what) => ({ what, node: fieldOf(fieldOf(node, "lifecycle"), what) }));
  return {
    name: textOf(fieldOf(node, "name")) ?? "",
    image,
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    handlers: [...probes, ...hooks].flatMap(({ what, node: handler }) => {
      const exec = listOf(fieldOf(fieldOf(handler, "exec"), "command"));
      return exec === undefined ? [] : [{ ...exec, what }];
    }),
  };
}

/** Words in exec form; `$(NAME)` is a variable of the container. */
function listOf(node: unknown): WrittenCommand | undefined {
  const range = rangeOf(node);
  const words = wordsOf(node);
  if (range === undefined || words === undefined || words.length === 0) return undefined;
  return { form: { form: "exec", words }, range };
}
