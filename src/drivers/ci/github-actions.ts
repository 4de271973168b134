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
 * https://docs.github.com/actions/creating-actions/metadata-syntax-for-github-actions. Left alone: reusable workflows, and steps that
 * use an action (build-actions.ts reads those that build images). Steps for a shell that is neither POSIX, PowerShell nor cmd are
 * said where they call an engine.
 */
import type { ProjectFiles } from "../../model/project-files.ts";
import { type SymbolicValue, text } from "../../shell/symbolic.ts";
import { ROOT } from "../../text/paths.ts";
import type { Range, SourceFile } from "../../text/source.ts";
import type { Driver, DriverEntry, DriverReader, ScriptText } from "../driver.ts";
import { Placeholders } from "../placeholders.ts";
import { unreadCommands, unreadFile, unreadUnit } from "../unread.ts";
import { NO_YAML, readYaml, settleYaml, type YamlFile, type YamlNode } from "../yaml/yaml-file.ts";
import { actionStep } from "./build-actions.ts";
import { commandBlock, type Dialect } from "./command-list.ts";
import { describedUnit } from "./described-builds.ts";
import { foreignShell, shellKind } from "./shells.ts";

export const githubActions: DriverReader = {
  name: "github-actions",
  accepts: (path) => /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$|(?:^|\/)action\.ya?ml$/.test(path),
  read: readWorkflow,
  settle: settleYaml,
};

const EXPRESSION = /\$\{\{.*?\}\}/gs;
const ROOTS = ["GITHUB_WORKSPACE"];

function readWorkflow(files: ProjectFiles, source: SourceFile): Driver | undefined {
  const file = readYaml(source);
  if (file === undefined) return unreadFile(source, NO_YAML);
  const workflow = { files, file, values: valuesOf(file, file.at(file.root, "env"), new Map()) };
  const composite = file.at(file.at(file.root, "runs"), "steps");
  const entries = file.members(file.at(file.root, "jobs")).flatMap(([name, job]) => {
    const values = valuesOf(file, file.at(job, "env"), workflow.values);
    return entryOf(name, file.at(job, "steps"), {
      files,
      file,
      values,
      defaults: [defaultsOf(file, file.root), defaultsOf(file, job)],
      shell: onWindows(file, job) ? "pwsh" : "bash",
    });
  });
  const all =
    composite === undefined
      ? entries
      : [...entries, ...entryOf("", composite, { ...workflow, defaults: [], shell: "bash" })];
  return all.length === 0 ? undefined : { source, entries: all, runs: true };
}

/** PowerShell is the shell of Windows runners (the workflow syntax, "jobs.<job_id>.steps[*].shell"). */
function onWindows(file: YamlFile, job: YamlNode): boolean {
  return file.items(file.at(job, "runs-on")).some((item) => /^windows\b/.test(file.text(item) ?? ""));
}

/** What holds for the steps of a job. */
interface Job {
  readonly files: ProjectFiles;
  readonly file: YamlFile;
  readonly values: Values;
  /** `defaults.run` of the workflow and the job. */
  readonly defaults: readonly (YamlNode | undefined)[];
  /** The shell of steps that name none. */
  readonly shell: string;
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

function stepUnit(step: YamlNode, job: Job, onlyRuns: boolean): readonly ScriptText[] {
  const { file, values, defaults } = job;
  const own = valuesOf(file, file.at(step, "env"), values);
  const run = file.pair(step, "run")?.value;
  if (!file.isScalar(run)) return actionUnit(step, job, own);
  const shell =
    file.text(file.at(step, "shell")) ??
    defaults.map((one) => file.text(file.at(one, "shell"))).findLast(Boolean) ??
    job.shell;
  const kind = shellKind(shell);
  if (kind === "unread") {
    const [start, end] = run.range ?? [0, 0];
    const unread = unreadCommands(file.source, { start, end }, shell);
    return unread === undefined ? [] : [{ ...unread, cwd: text(ROOT) }];
  }
  const placeholders = new Placeholders(EXPRESSION, kind === "posix" ? variableFor : undefined);
  const dialect: Dialect = {
    file,
    roots: ROOTS,
    fill: (mapped) => placeholders.replaced(mapped),
    shell: foreignShell(kind),
  };
  const directory =
    file.text(file.at(step, "working-directory")) ??
    defaults.map((one) => file.text(file.at(one, "working-directory"))).findLast(Boolean);
  const cwd = directory === undefined ? text(ROOT) : placeholders.value(directory, directoryIn(own));
  const { whole, asked } = removableStep(file, step);
  const unit = commandBlock(run, dialect, { whole: onlyRuns || asked ? undefined : whole, cwd });
  if (unit === undefined) return [];
  return [{ ...unit, variables: new Map([...own, ...placeholders.variables(environmentIn(own))]) }];
}

/** A step that uses an action which builds images. */
function actionUnit(step: YamlNode, { files, file }: Job, own: Values): readonly ScriptText[] {
  const found = actionStep(files, file, step, removableStep(file, step));
  if (found === undefined) return [];
  const cwd = text(ROOT);
  if (found.kind === "unread") return [{ ...unreadUnit(file.source, found.range, found.reason), cwd }];
  const placeholders = new Placeholders(EXPRESSION, variableFor);
  const dialect: Dialect = { file, roots: ROOTS, fill: (mapped) => placeholders.replaced(mapped) };
  const variables = (): Values => new Map([...own, ...placeholders.variables(environmentIn(own))]);
  return [describedUnit(found.build, dialect, EXPRESSION, { variables, cwd })];
}

/** A step with the comments right above it, and whether something else asks for what it did. */
function removableStep(file: YamlFile, step: YamlNode): { readonly whole: Range | undefined; readonly asked: boolean } {
  const item = file.item(step);
  const id = file.text(file.at(step, "id"));
  const asked =
    id !== undefined && new RegExp(`\\bsteps(?:\\.|\\[['"])${id.replace(/[^\w-]/g, "")}\\b`).test(file.source.text);
  return { whole: item === undefined ? undefined : withComments(file.source.text, item), asked };
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
