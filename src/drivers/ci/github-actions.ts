/**
 * GitHub Actions workflows and composite actions: one entry for each job.
 *
 *     env: { IMAGE: app }                          set for all jobs, unless the job or step says otherwise
 *     jobs:
 *       image:
 *         steps:
 *           - run: docker build -t $IMAGE:${{ github.sha }} .        its own shell; the expression is not known
 *             working-directory: api
 *
 * Formats: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions,
 * https://docs.github.com/actions/creating-actions/metadata-syntax-for-github-actions. Left alone: steps that use an action other
 * than docker/build-push-action, reusable workflows, and steps for a shell that is neither POSIX, PowerShell nor cmd.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { Placeholders } from "../placeholders.ts";
import { readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { commandBlock, type Dialect } from "./command-list.ts";

export const githubActions: DriverReader = {
  name: "github-actions",
  accepts: (path) => /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$|(?:^|\/)action\.ya?ml$/.test(path),
  read: readWorkflow,
  settle: settleYaml,
};

const EXPRESSION = /\$\{\{.*?\}\}/gs;
const ROOTS = ["GITHUB_WORKSPACE"];

function readWorkflow(_files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return undefined;
  const workflow = { file, values: valuesOf(file, file.at(file.root, "env"), new Map()) };
  const composite = file.at(file.at(file.root, "runs"), "steps");
  const entries = file.members(file.at(file.root, "jobs")).flatMap(([name, job]) => {
    const values = valuesOf(file, file.at(job, "env"), workflow.values);
    return entryOf(name, file.at(job, "steps"), {
      file,
      values,
      defaults: [defaultsOf(file, file.root), defaultsOf(file, job)],
    });
  });
  const all =
    composite === undefined ? entries : [...entries, ...entryOf("", composite, { ...workflow, defaults: [] })];
  return all.length === 0 ? undefined : { source, entries: all, runs: true };
}

/** What holds for the steps of a job. */
interface Job {
  readonly file: YamlFile;
  readonly values: Values;
  /** `defaults.run` of the workflow and the job. */
  readonly defaults: readonly (YamlNode | undefined)[];
}

type Values = ReadonlyMap<string, SymbolicValue>;

function defaultsOf(file: YamlFile, node: YamlNode | undefined): YamlNode | undefined {
  return file.at(file.at(node, "defaults"), "run");
}

/** Environment variables with those of an `env` on top; a value may name others as `${{ env.NAME }}`. */
function valuesOf(file: YamlFile, env: YamlNode | undefined, outer: Values): Values {
  const values = new Map(outer);
  for (const [name, node] of file.members(env)) {
    const written = file.text(node);
    if (written !== undefined) values.set(name, new Placeholders(EXPRESSION).value(written, environmentIn(outer)));
  }
  return values;
}

/** The value of `${{ env.NAME }}`. */
function environmentIn(values: Values): (expression: string) => SymbolicValue | undefined {
  return (expression) => {
    const [, name] = /^\$\{\{\s*env\.([\w-]+)\s*\}\}$/.exec(expression) ?? [];
    return name === undefined ? undefined : values.get(name);
  };
}

/** The same for a directory, which counts from the checkout. */
function directoryIn(values: Values): (expression: string) => SymbolicValue | undefined {
  return (expression) => (variableFor(expression) === undefined ? environmentIn(values)(expression) : text(ROOT));
}

function variableFor(expression: string): string | undefined {
  return /^\$\{\{\s*github\.workspace\s*\}\}$/.test(expression) ? "GITHUB_WORKSPACE" : undefined;
}

function entryOf(name: string, steps: YamlNode | undefined, job: Job): readonly DriverEntry[] {
  const { file } = job;
  const items = file.items(steps);
  const onlyRuns = items.every((step) => file.at(step, "run") !== undefined);
  const units = items.flatMap((step) => stepUnit(step, job, onlyRuns));
  return units.length === 0 ? [] : [{ name, units, cwd: ROOT }];
}

function stepUnit(step: YamlNode, { file, values, defaults }: Job, onlyRuns: boolean): readonly ScriptText[] {
  const run = file.pair(step, "run")?.value;
  const shell =
    file.text(file.at(step, "shell")) ?? defaults.map((one) => file.text(file.at(one, "shell"))).findLast(Boolean);
  if (!file.isScalar(run) || /^(?:python|pwsh|powershell|cmd)\b/.test(shell ?? "")) return [];
  const own = valuesOf(file, file.at(step, "env"), values);
  const placeholders = new Placeholders(EXPRESSION, variableFor);
  const dialect: Dialect = { file, roots: ROOTS, fill: (mapped) => placeholders.replaced(mapped) };
  const directory =
    file.text(file.at(step, "working-directory")) ??
    defaults.map((one) => file.text(file.at(one, "working-directory"))).findLast(Boolean);
  const cwd = directory === undefined ? text(ROOT) : placeholders.value(directory, directoryIn(own));
  const whole = onlyRuns ? undefined : removableStep(file, step);
  const unit = commandBlock(run, dialect, { whole, cwd });
  if (unit === undefined) return [];
  return [{ ...unit, variables: new Map([...own, ...placeholders.variables(environmentIn(own))]) }];
}

/** A step with the comments right above it, unless something else asks for what it did. */
function removableStep(file: YamlFile, step: YamlNode): Range | undefined {
  const item = file.item(step);
  const id = file.text(file.at(step, "id"));
  const asked =
    id !== undefined && new RegExp(`\\bsteps(?:\\.|\\[['"])${id.replace(/[^\w-]/g, "")}\\b`).test(file.source.text);
  return item === undefined || asked ? undefined : withComments(file.source.text, item);
}

/** A list item with the comment lines that stand right above it, as deep as it does. */
function withComments(source: string, item: Range): Range {
  let start = item.start;
  const indent = start - (source.lastIndexOf("\n", start - 1) + 1);
  for (let line = lineBefore(source, start); line !== undefined; line = lineBefore(source, start)) {
    const [, blanks] = /^( *)#/.exec(line.text) ?? [];
    if (blanks?.length !== indent) break;
    start = line.start + indent;
  }
  return { start, end: item.end };
}

function lineBefore(source: string, at: number): { readonly text: string; readonly start: number } | undefined {
  const end = source.lastIndexOf("\n", at - 1);
  if (end < 0) return undefined;
  const start = source.lastIndexOf("\n", end - 1) + 1;
  return { text: source.slice(start, end), start };
}
