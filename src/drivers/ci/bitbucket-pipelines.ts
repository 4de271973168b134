/**
 * Bitbucket Pipelines: one entry for each pipeline.
 *
 *     pipelines:
 *       default:
 *         - step:
 *             script:                      each step has a shell of its own
 *               - docker build -t app .
 *
 * Format: https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/. Left alone: pipes.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { unreadFile, unreadUnit } from "../unread.ts";
import { scalarRange } from "../yaml/scalar-text.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandList, type Dialect } from "./command-list.ts";

export const bitbucketPipelines: DriverReader = {
  name: "bitbucket-pipelines",
  accepts: (path) => /(?:^|\/)bitbucket-pipelines\.ya?ml$/.test(path),
  read: readPipelines,
  settle: settleYaml,
};

function readPipelines(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const entries = file.members(file.at(file.root, "pipelines")).flatMap(([kind, pipeline]): readonly DriverEntry[] => {
    // `default` is a list of steps; `branches`, `tags`, `custom` and `pull-requests` hold lists by name.
    const lists = file.isList(pipeline) ? [[kind, pipeline] as const] : file.members(pipeline);
    return lists.flatMap(([name, list]) => pipelineEntry(file, name, list));
  });
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function pipelineEntry(file: YamlFile, name: string, list: YamlNode): readonly DriverEntry[] {
  const units = file.items(list).flatMap((item) => stepUnits(file, item));
  return units.length === 0 ? [] : [{ name, units, cwd: ROOT }];
}

/** `- step: …`, `- parallel: [steps]`, `- parallel: { steps: … }`, `- stage: { steps: … }`. */
function stepUnits(file: YamlFile, item: YamlNode): readonly ScriptText[] {
  const dialect: Dialect = { file, roots: ["BITBUCKET_CLONE_DIR"] };
  const step = file.at(item, "step");
  if (step !== undefined) {
    return ["script", "after-script"].flatMap((key) => {
      const list = commandList(file.at(step, key), dialect);
      return [...(list === undefined ? [] : [list]), ...pipeUnits(file, file.at(step, key))];
    });
  }
  const block = file.at(item, "parallel", "stage");
  return file
    .items(file.at(block, "steps") ?? block)
    .flatMap((inner) => (file.at(inner, "step") ? stepUnits(file, inner) : []));
}

/** Pipes that build images; they stand behind the commands of their list, none of which may need what they do. */
function pipeUnits(file: YamlFile, list: YamlNode | undefined): readonly ScriptText[] {
  return file.items(list).flatMap((item) => {
    const pipe = file.at(item, "pipe");
    const range = file.isScalar(pipe) ? scalarRange(file.source.text, pipe) : undefined;
    if (range === undefined || !/docker|kaniko|image|ecr/i.test(file.text(pipe) ?? "")) return [];
    return [{ ...unreadUnit(file.source, range, "pipes are not read"), cwd: text(ROOT) }];
  });
}
