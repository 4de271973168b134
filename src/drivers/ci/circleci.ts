/**
 * CircleCI, the steps of today and the phases of 2015: one entry for each job.
 *
 *     jobs:                                              dependencies:
 *       image:                                             override:
 *         steps:                                             - docker build -t app .
 *           - checkout                                   deployment:
 *           - run: docker build -t app .                   hub:
 *           - run: { name: push, command: docker push }      commands: [docker push app]
 *
 * Formats: https://circleci.com/docs/configuration-reference/, https://circleci.com/docs/1.0/configuration/ (archived). Each
 * command has a shell of its own. Left alone: orbs, and what jobs hand to each other through a workspace.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { Placeholders } from "../placeholders.ts";
import { unreadFile, unreadUnit } from "../unread.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandBlock, commandList, type Dialect } from "./command-list.ts";
import { literals } from "./variables.ts";

export const circleci: DriverReader = {
  name: "circleci",
  accepts: (path) => /(?:^|\/)(?:\.circleci\/[^/]+|circle)\.ya?ml$/.test(path),
  read: readConfig,
  settle: settleYaml,
};

const PARAMETER = /<<\s*[\w.]+\s*>>/g;
const ROOTS = ["CIRCLE_WORKING_DIRECTORY"];
/** Commands that use commands. */
const DEEPEST = 8;

function readConfig(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const jobs = file.members(file.at(file.root, "jobs")).flatMap(([name, job]) => jobEntry(file, name, job));
  const entries = jobs.length > 0 ? jobs : phases(file);
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function jobEntry(file: YamlFile, name: string, job: YamlNode): readonly DriverEntry[] {
  const units = stepUnits(file, file.at(job, "steps"), job, 0);
  return units.length === 0 ? [] : [{ name, units, cwd: ROOT }];
}

function stepUnits(file: YamlFile, steps: YamlNode | undefined, job: YamlNode, depth: number): readonly ScriptText[] {
  if (depth > DEEPEST) return [];
  const items = file.items(steps);
  const onlyRuns = items.every((step) => file.at(step, "run") !== undefined);
  return items.flatMap((step) => {
    const run = file.at(step, "run");
    if (run !== undefined) return runUnit(file, step, run, job, onlyRuns);
    const [name = file.text(step), body] = file.members(step)[0] ?? [];
    if (name === "when" || name === "unless") return stepUnits(file, file.at(body, "steps"), job, depth + 1);
    const command = name === undefined ? undefined : file.at(file.at(file.root, "commands"), name);
    if (command === undefined && name !== undefined && BUILDING_ORB.test(name)) return [orbUnit(file, step, name)];
    return stepUnits(file, file.at(command, "steps"), job, depth + 1);
  });
}

/** Commands of orbs that build images: `docker/build`, `aws-ecr/build-and-push-image`, `gcp-gcr/build-image`. */
const BUILDING_ORB =
  /^[\w-]*(?:docker|ecr|gcr|acr|kaniko|buildah|image)[\w-]*\/.*(?:build|publish|image)|\/(?:build[\w-]*image|docker-build)/;

function orbUnit(file: YamlFile, step: YamlNode, name: string): ScriptText {
  const [start = 0] = step.range ?? [];
  const unit = unreadUnit(file.source, { start, end: start + name.length }, "commands of orbs are not read");
  return { ...unit, cwd: text(ROOT) };
}

function runUnit(
  file: YamlFile,
  step: YamlNode,
  run: YamlNode,
  job: YamlNode,
  onlyRuns: boolean,
): readonly ScriptText[] {
  const command = file.isScalar(run) ? run : file.at(run, "command");
  if (!file.isScalar(command)) return [];
  const placeholders = new Placeholders(PARAMETER);
  const dialect: Dialect = { file, roots: ROOTS, fill: (mapped) => placeholders.replaced(mapped) };
  const home = file.text(file.at(job, "working_directory"));
  const directory = file.text(file.at(run, "working_directory"));
  const cwd =
    directory === undefined || directory === home
      ? text(ROOT)
      : placeholders.value(inside(directory, home), () => undefined);
  const unit = commandBlock(command, dialect, { whole: onlyRuns ? undefined : file.item(step), cwd });
  if (unit === undefined) return [];
  const values = [job, run].flatMap((node) => [...literals(file, file.at(node, "environment"))]);
  return [{ ...unit, variables: new Map([...values, ...placeholders.variables(() => undefined)]) }];
}

/** A directory of a step from the job's own, which is where the checkout lies. */
function inside(directory: string, home = "~/project"): string {
  return directory.startsWith(`${home}/`) ? directory.slice(home.length + 1) : directory;
}

// ---- version 1

const PHASES = ["machine", "checkout", "dependencies", "database", "compile", "test"];

function phases(file: YamlFile): readonly DriverEntry[] {
  const dialect: Dialect = { file, roots: ROOTS };
  const variables = literals(file, file.at(file.at(file.root, "machine"), "environment"));
  const lists = PHASES.flatMap((phase) =>
    ["pre", "override", "post"].map((part) => file.at(file.at(file.root, phase), part)),
  );
  const deployments = file.members(file.at(file.root, "deployment")).map(([, one]) => file.at(one, "commands"));
  const units = [...lists, ...deployments].flatMap((node) => commandList(node, dialect, "subshell") ?? []);
  return units.length === 0 ? [] : [{ name: "", units: units.map((unit) => ({ ...unit, variables })), cwd: ROOT }];
}
