/**
 * Drone and Woodpecker pipelines: one entry for each pipeline.
 *
 *     kind: pipeline                      pipeline:                       steps share the checkout, each has its own shell
 *     steps:                                build:
 *       - name: build                         image: docker
 *         commands:                           commands:
 *           - docker build .                    - docker build .
 *
 * Formats: https://docs.drone.io/pipeline/docker/syntax/steps/, https://woodpecker-ci.org/docs/usage/workflow-syntax. Steps that
 * are plugins are for drone-plugins.ts.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { unreadFile, unreadUnit } from "../unread.ts";
import { NO_YAML, readYamlDocuments, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandList, type Dialect } from "./command-list.ts";
import { describedUnit } from "./described-builds.ts";
import { pluginStep } from "./drone-plugins.ts";
import { literals } from "./variables.ts";

export const drone: DriverReader = {
  name: "drone",
  accepts: (path) => /(?:^|\/)(?:\.drone|\.woodpecker|\.woodpecker\/[^/]+)\.ya?ml$/.test(path),
  read: readPipelines,
  settle: settleYaml,
};

function readPipelines(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const documents = readYamlDocuments(source);
  if (documents.length === 0) return unreadFile(source, NO_YAML);
  const entries = documents.flatMap((file) => pipelineEntry(file));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function pipelineEntry(file: YamlFile): readonly DriverEntry[] {
  const steps = file.at(file.root, "steps", "pipeline");
  const build = file.at(file.root, "build");
  const listed = file.isMap(steps) ? file.members(steps).map(([, step]) => step) : file.items(steps);
  const units = [...(build === undefined ? [] : [build]), ...listed].flatMap((step) => stepUnit(file, step));
  return units.length === 0 ? [] : [{ name: file.text(file.at(file.root, "name")) ?? "", units, cwd: ROOT }];
}

function stepUnit(file: YamlFile, step: YamlNode): readonly ScriptText[] {
  const dialect: Dialect = { file, roots: ["DRONE_WORKSPACE", "CI_WORKSPACE"] };
  const unit = commandList(file.at(step, "commands"), dialect);
  if (unit !== undefined) return [{ ...unit, variables: literals(file, file.at(step, "environment")) }];
  const plugin = pluginStep(file, step, file.item(step));
  if (plugin === undefined) return [];
  const cwd = text(ROOT);
  if (plugin.kind === "unread") return [{ ...unreadUnit(file.source, plugin.range, plugin.reason), cwd }];
  return [describedUnit(plugin.build, dialect, FILLED_IN, { variables: () => new Map(), cwd })];
}

/** Drone's own variables, which are the shell's as well (https://docs.drone.io/pipeline/environment/substitution/). */
const FILLED_IN = /\$\{[^}]*\}/g;
