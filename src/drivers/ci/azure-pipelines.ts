/**
 * Azure Pipelines: one entry for each job.
 *
 *     variables: { image: app }
 *     steps:
 *       - script: docker build -t $(image):$(Build.BuildId) .      $(…) is filled in before a shell sees it, where it is set
 *         workingDirectory: api
 *       - bash: docker push $(image)
 *
 * Format: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/. Left alone: templates and tasks other than inline
 * Bash; steps for PowerShell.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { Placeholders } from "../placeholders.ts";
import { readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandBlock, type Dialect } from "./command-list.ts";
import { literals } from "./variables.ts";

export const azurePipelines: DriverReader = {
  name: "azure-pipelines",
  accepts: (path) => /(?:^|\/)(?:\.?azure-pipelines?[^/]*|\.azure(?:-pipelines|-devops)?\/.*[^/])\.ya?ml$/.test(path),
  read: readPipeline,
  settle: settleYaml,
};

/** Variables that Azure sets have dots in their names; programs print to `$(…)` under none of those. */
const MACRO = /\$\([A-Za-z_][\w]*(?:\.[\w.]+)?\)|\$\{\{.*?\}\}/g;
const ROOTS = ["BUILD_SOURCESDIRECTORY", "BUILD_REPOSITORY_LOCALPATH", "SYSTEM_DEFAULTWORKINGDIRECTORY"];
/** Programs that people run in `$(…)` without an argument. */
const PROGRAM = /^\$\((?:arch|cat|date|dirname|env|git|hostname|id|ls|nproc|pwd|tty|uname|whoami)\)$/;

function readPipeline(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return undefined;
  const values = variablesOf(file, file.root);
  const entries = jobsIn(file, file.root).flatMap((job) => jobEntry(file, job, values));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

function jobsIn(file: YamlFile, node: YamlNode | undefined): readonly YamlNode[] {
  const stages = file.items(file.at(node, "stages"));
  const jobs = [node, ...stages].flatMap((stage) => file.items(file.at(stage, "jobs")));
  return node === undefined || jobs.length > 0 ? jobs : [node];
}

type Values = ReadonlyMap<string, SymbolicValue>;

/** `variables` as a map, or as a list of `name` and `value`. */
function variablesOf(file: YamlFile, node: YamlNode | undefined): Values {
  const variables = file.at(node, "variables");
  if (!file.isList(variables)) return literals(file, variables);
  return new Map(
    file.items(variables).flatMap((item) => {
      const [name, value] = [file.text(file.at(item, "name")), file.text(file.at(item, "value"))];
      return name === undefined || value === undefined ? [] : [[name, text(value)] as const];
    }),
  );
}

function jobEntry(file: YamlFile, job: YamlNode, outer: Values): readonly DriverEntry[] {
  const values = new Map([...outer, ...variablesOf(file, job)]);
  const strategy = file.members(file.at(job, "strategy")).map(([, way]) => file.at(file.at(way, "deploy"), "steps"));
  const steps = [file.at(job, "steps"), ...strategy].flatMap((list) => file.items(list));
  const units = steps.flatMap((step) => stepUnit(file, step, values, steps.length === 1));
  const name = file.text(file.at(job, "job", "deployment")) ?? "";
  return units.length === 0 ? [] : [{ name, units, cwd: ROOT }];
}

function stepUnit(file: YamlFile, step: YamlNode, values: Values, only: boolean): readonly ScriptText[] {
  const inputs = /^Bash@/.test(file.text(file.at(step, "task")) ?? "") ? file.at(step, "inputs") : undefined;
  const command = file.at(step, "script", "bash") ?? file.at(inputs, "script");
  if (!file.isScalar(command)) return [];
  const placeholders = new Placeholders(
    MACRO,
    (macro) => ownVariable(macro, values),
    (macro) => PROGRAM.test(macro),
  );
  const dialect: Dialect = { file, roots: ROOTS, fill: (mapped) => placeholders.replaced(mapped) };
  const directory = file.text(file.at(step, "workingDirectory") ?? file.at(inputs, "workingDirectory"));
  const cwd = directory === undefined ? text(ROOT) : placeholders.value(directory, (macro) => valueOf(macro, values));
  const unit = commandBlock(command, dialect, { whole: only ? undefined : file.item(step), cwd });
  if (unit === undefined) return [];
  const set = [...values].map(([name, value]) => [name.toUpperCase().replaceAll(".", "_"), value] as const);
  const own = literals(file, file.at(step, "env"));
  return [
    { ...unit, variables: new Map([...set, ...own, ...placeholders.variables((macro) => valueOf(macro, values))]) },
  ];
}

function nameIn(macro: string): string {
  return macro.slice(2, -1);
}

function valueOf(macro: string, values: Values): SymbolicValue | undefined {
  if (/^\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)$/i.test(macro)) return text(ROOT);
  return macro.startsWith("$(") ? values.get(nameIn(macro)) : undefined;
}

/** The shell variable that holds the same. */
function ownVariable(macro: string, values: Values): string | undefined {
  if (/^\$\((?:Build\.SourcesDirectory|Build\.Repository\.LocalPath)\)$/i.test(macro)) return "BUILD_SOURCESDIRECTORY";
  if (/^\$\(System\.DefaultWorkingDirectory\)$/i.test(macro)) return "SYSTEM_DEFAULTWORKINGDIRECTORY";
  return values.has(nameIn(macro)) ? nameIn(macro).toUpperCase().replaceAll(".", "_") : undefined;
}
