/**
 * Travis CI: one entry for the build, and one for each job that says its own commands.
 *
 *     env: { global: [IMAGE=app] }
 *     install: docker build -t build -f Dockerfile.build .        all phases in one shell, in the order of a build
 *     script:
 *       - docker build -t $IMAGE .
 *     deploy: { provider: script, script: docker push $IMAGE }
 *
 * Format: https://docs.travis-ci.com/user/job-lifecycle/. Left alone: build matrices, whose values are not known here.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader } from "../driver.ts";
import { unreadFile } from "../unread.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandList, type Dialect, oneShell } from "./command-list.ts";
import { assignmentLines, assignments } from "./variables.ts";

export const travis: DriverReader = {
  name: "travis",
  accepts: (path) => /(?:^|\/)\.travis\.ya?ml$/.test(path),
  read: readBuild,
  settle: settleYaml,
};

const BEFORE = ["before_install", "install", "before_script", "script", "after_success", "before_deploy"];
const AFTER = ["after_deploy", "after_script"];

function readBuild(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const jobs = file.items(file.at(file.at(file.root, "jobs", "matrix"), "include"));
  const own = jobs.filter((job) => BEFORE.some((phase) => file.at(job, phase) !== undefined));
  const base = own.length > 0 && own.length === jobs.length ? [] : [undefined];
  const entries = [...base, ...own].flatMap((job) => jobEntry(file, job));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function jobEntry(file: YamlFile, job: YamlNode | undefined): readonly DriverEntry[] {
  const dialect: Dialect = { file, roots: ["TRAVIS_BUILD_DIR"] };
  const phase = (name: string): YamlNode | undefined => file.at(job, name) ?? file.at(file.root, name);
  const deploys = file.items(phase("deploy")).map((deploy) => file.at(deploy, "script"));
  const lists = [...BEFORE.map(phase), ...deploys, ...AFTER.map(phase)].map((node) => commandList(node, dialect));
  if (lists.every((list) => list === undefined)) return [];
  const units = oneShell([...environment(file, file.root, dialect), ...environment(file, job, dialect), ...lists]);
  return [{ name: file.text(file.at(job, "name", "stage")) ?? "", units, cwd: ROOT }];
}

/** `env.global`, and an `env` of one line, which makes one job. */
function environment(file: YamlFile, node: YamlNode | undefined, dialect: Dialect) {
  const env = file.at(node, "env");
  if (file.isMap(env)) {
    const global = file.at(env, "global");
    if (global === undefined)
      return [file.at(env, "matrix", "jobs") === undefined ? assignments(env, dialect) : undefined];
    return [file.isMap(global) ? assignments(global, dialect) : assignmentLines(global, dialect)];
  }
  return file.items(env).length === 1 ? [assignmentLines(env, dialect)] : [];
}
