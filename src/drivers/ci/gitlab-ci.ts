/**
 * GitLab CI: one entry for each job.
 *
 *     variables: { IMAGE: $CI_REGISTRY_IMAGE:latest }
 *     default: { before_script: [docker login …] }
 *     image:
 *       extends: .docker                     what it does not say itself
 *       script:                              one shell for before_script and script, another for after_script
 *         - docker build -t $IMAGE .
 *
 * Format: https://docs.gitlab.com/ci/yaml/. Left alone: included files, rules, and what jobs hand to each other as artifacts.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader } from "../driver.ts";
import { unreadFile } from "../unread.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandList, type Dialect, oneShell } from "./command-list.ts";
import { assignments } from "./variables.ts";

export const gitlabCi: DriverReader = {
  name: "gitlab-ci",
  accepts: (path) => /(?:^|\/)[^/]*\.gitlab-ci\.ya?ml$|(?:^|\/)\.gitlab\/.*\.ya?ml$/.test(path),
  read: readPipeline,
  settle: settleYaml,
};

/** Keys of the file that are no jobs. */
const NO_JOB =
  /^(?:\.|(?:after_script|before_script|cache|default|image|include|services|spec|stages|variables|workflow)$)/;
/** Templates that extend templates; GitLab stops at eleven. */
const DEEPEST = 11;

function readPipeline(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const entries = file
    .members(file.root)
    .flatMap(([name, job]) => (NO_JOB.test(name) ? [] : jobEntry(file, name, job)));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function jobEntry(file: YamlFile, name: string, job: YamlNode): readonly DriverEntry[] {
  const dialect: Dialect = { file, roots: ["CI_PROJECT_DIR"] };
  const bases = basesOf(file, job, 0);
  const own = (key: string): YamlNode | undefined => firstOf(bases, (node) => file.at(node, key));
  const shared = (key: string): YamlNode | undefined =>
    own(key) ?? file.at(file.at(file.root, "default"), key) ?? file.at(file.root, key);
  const variables = [file.root, ...[...bases].reverse()].map((node) =>
    assignments(file.at(node, "variables"), dialect),
  );
  const script = commandList(own("script"), dialect);
  if (script === undefined) return [];
  const main = oneShell([...variables, commandList(shared("before_script"), dialect), script]);
  const after = commandList(shared("after_script"), dialect);
  return [{ name, units: after === undefined ? main : [...main, after], cwd: ROOT }];
}

/** A job and what it extends, the nearest first; of several templates the last counts most. */
function basesOf(file: YamlFile, job: YamlNode | undefined, depth: number): readonly YamlNode[] {
  if (job === undefined || depth > DEEPEST) return [];
  const names = file.items(file.at(job, "extends")).flatMap((item) => file.text(item) ?? []);
  return [job, ...[...names].reverse().flatMap((name) => basesOf(file, file.at(file.root, name), depth + 1))];
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
