/**
 * Azure Pipelines: one entry for each job.
 *
 *     variables: { image: app }
 *     steps:
 *       - script: docker build -t $(image):$(Build.BuildId) .      $(…) is filled in before a shell sees it, where it is set
 *         workingDirectory: api
 *       - bash: docker push $(image)
 *
 * Format: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/. Templates of the checkout are read without their
 * parameters. What a step is, is for azure-steps.ts to say.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { hostDirectory, joinHost, ROOT } from "../../text/paths.ts";
import { type SourceFile, sourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { Placeholders } from "../placeholders.ts";
import { unreadFile, unreadUnit } from "../unread.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { azureStep } from "./azure-steps.ts";
import { commandBlock, type Dialect } from "./command-list.ts";
import { describedUnit } from "./described-builds.ts";
import { foreignShell, type ShellKind } from "./shells.ts";
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

function readPipeline(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const values = variablesOf(file, file.root);
  const system = systemShell(file, file.root) ?? "posix";
  const entries = jobsIn(file, file.root).flatMap((job) => jobEntry({ files, file, system }, job, values));
  return entries.length === 0 ? undefined : { source, entries, runs: true };
}

/** What holds for the jobs of a file. */
interface Pipeline {
  readonly files: ProjectFiles;
  readonly file: YamlFile;
  /** The shell of `script` steps. */
  readonly system: ShellKind;
}

/** The shell that an agent's image has for `script`; `undefined` where no image is named. */
function systemShell(file: YamlFile, node: YamlNode | undefined): ShellKind | undefined {
  const pool = file.at(node, "pool");
  const image = file.text(file.at(pool, "vmImage")) ?? file.text(pool);
  return image === undefined ? undefined : /windows|^vs20/i.test(image) ? "cmd" : "posix";
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

function jobEntry(pipeline: Pipeline, job: YamlNode, outer: Values): readonly DriverEntry[] {
  const { file } = pipeline;
  const values = new Map([...outer, ...variablesOf(file, job)]);
  const strategy = file.members(file.at(job, "strategy")).map(([, way]) => file.at(file.at(way, "deploy"), "steps"));
  const steps = [file.at(job, "steps"), ...strategy].flatMap((list) => file.items(list));
  const own = { ...pipeline, system: systemShell(file, job) ?? pipeline.system };
  const units = steps.flatMap((step) => stepUnits(own, step, values, { only: steps.length === 1, depth: 0 }));
  const name = file.text(file.at(job, "job", "deployment")) ?? "";
  return units.length === 0 ? [] : [{ name, units, cwd: ROOT }];
}

/** Templates that use templates. */
const DEEPEST = 8;

function stepUnits(
  pipeline: Pipeline,
  step: YamlNode,
  values: Values,
  { only, depth }: { readonly only: boolean; readonly depth: number },
): readonly ScriptText[] {
  const { file, system } = pipeline;
  const template = file.at(step, "template");
  if (template !== undefined) return depth > DEEPEST ? [] : templateUnits(pipeline, template, values, depth);
  const found = azureStep(file, step, system, only ? undefined : file.item(step));
  if (found === undefined) return [];
  if (found.kind === "unread") return [{ ...unreadUnit(file.source, found.range, found.reason), cwd: text(ROOT) }];
  const placeholders = new Placeholders(
    MACRO,
    (macro) => ownVariable(macro, values),
    (macro) => PROGRAM.test(macro),
  );
  const foreign = found.kind === "commands" ? foreignShell(found.shell) : undefined;
  const dialect: Dialect = { file, roots: ROOTS, fill: (mapped) => placeholders.replaced(mapped), shell: foreign };
  const valueIn = (macro: string): SymbolicValue | undefined => valueOf(macro, values);
  const set = [...values].map(([name, value]) => [name.toUpperCase().replaceAll(".", "_"), value] as const);
  const own = literals(file, file.at(step, "env"));
  const variables = (): Values => new Map([...set, ...own, ...placeholders.variables(valueIn)]);
  if (found.kind === "build") {
    return [describedUnit(found.build, dialect, MACRO, { variables, cwd: text(ROOT) })];
  }
  const cwd = found.directory === undefined ? text(ROOT) : placeholders.value(found.directory, valueIn);
  const unit = commandBlock(found.command, dialect, { whole: only ? undefined : file.item(step), cwd });
  return unit === undefined ? [] : [{ ...unit, variables: variables() }];
}

/** The steps of a template of the checkout, whose path counts from the file that names it. */
function templateUnits(
  { files, system, file }: Pipeline,
  node: YamlNode,
  values: Values,
  depth: number,
): readonly ScriptText[] {
  const name = file.text(node) ?? "";
  const path = name.includes("@")
    ? undefined
    : joinHost(name.startsWith("/") ? ROOT : hostDirectory(file.source.path), name.replace(/^\/+/, ""));
  const read = path === undefined ? undefined : files.read(path);
  if (path === undefined || read?.ok !== true) return [];
  const source = sourceFile(path, read.text);
  const template = readYaml(source);
  const steps = template?.items(template.at(template.root, "steps")) ?? [];
  if (template === undefined) return [];
  const own = { files, system, file: template };
  return steps.flatMap((step) => stepUnits(own, step, values, { only: steps.length === 1, depth: depth + 1 }));
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
