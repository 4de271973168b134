/**
 * Steps of Azure Pipelines that hold commands or build images.
 *
 *     - script: docker build .                      the shell of the agent's system: cmd on Windows
 *     - pwsh: docker build .                        PowerShell
 *     - task: Bash@3, with inputs.script            as the task says
 *     - task: Docker@2, with command: build         a build by its inputs
 *     - task: DockerCompose@1                       not read, which is said
 *
 * Sources: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-script and the pages of the tasks below
 * https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/.
 */
import type { Scalar } from "yaml";
import type { Range } from "../../text/source.ts";
import { scalarRange } from "../yaml/scalar-text.ts";
import type { YamlFile, YamlNode } from "../yaml/yaml-file.ts";
import { type DescribedBuild, type DescribedWord, inputWord, inputWords, option } from "./described-builds.ts";
import type { ShellKind } from "./shells.ts";

export type AzureStep =
  | {
      readonly kind: "commands";
      readonly command: Scalar;
      readonly shell: ShellKind;
      readonly directory: string | undefined;
    }
  | { readonly kind: "build"; readonly build: DescribedBuild }
  | { readonly kind: "unread"; readonly range: Range; readonly reason: string };

/** What a step does; `undefined` where it has nothing to do with commands or images. `system`: the shell of `script`. */
export function azureStep(
  file: YamlFile,
  step: YamlNode,
  system: ShellKind,
  whole: Range | undefined,
): AzureStep | undefined {
  const directory = (node: YamlNode | undefined) => file.text(file.at(node, "workingDirectory"));
  const keys: readonly (readonly [string, ShellKind])[] = [
    ["script", system],
    ["bash", "posix"],
    ["pwsh", "powershell"],
    ["powershell", "powershell"],
  ];
  for (const [key, shell] of keys) {
    const command = file.at(step, key);
    if (file.isScalar(command)) return { kind: "commands", command, shell, directory: directory(step) };
  }
  const task = file.at(step, "task");
  const name = file.text(task) ?? "";
  const inputs = file.at(step, "inputs");
  const range = file.isScalar(task) ? scalarRange(file.source.text, task) : undefined;
  if (range === undefined) return undefined;
  const shell = TASK_SHELLS.find(([pattern]) => pattern.test(name))?.[1];
  const script = file.at(inputs, "script", "inlineScript");
  if (shell !== undefined) {
    const kind = shell === "system" ? system : shell;
    return file.isScalar(script)
      ? { kind: "commands", command: script, shell: kind, directory: directory(inputs) }
      : undefined;
  }
  if (/^Docker@2$/.test(name)) return dockerTask(file, inputs, range, whole);
  return /^(?:Docker@|DockerCompose@|ACRTask|AzureCLI@)/i.test(name) &&
    (!name.startsWith("AzureCLI") || isAcr(file, script))
    ? { kind: "unread", range, reason: "the task is not one that is read" }
    : undefined;
}

const TASK_SHELLS: readonly (readonly [RegExp, ShellKind | "system"])[] = [
  [/^Bash@/i, "posix"],
  [/^CmdLine@/i, "system"],
  [/^PowerShell@/i, "powershell"],
];

/** `az acr build` in a task of the Azure command line. */
function isAcr(file: YamlFile, script: YamlNode | undefined): boolean {
  return /\bacr\s+(?:build|run)\b|\bdocker\b/.test(file.text(script) ?? "");
}

/** https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/docker-v2: buildAndPush is what it does unless told. */
function dockerTask(
  file: YamlFile,
  inputs: YamlNode | undefined,
  range: Range,
  whole: Range | undefined,
): AzureStep | undefined {
  const command = file.text(file.at(inputs, "command")) ?? "buildAndPush";
  if (!/^(?:build|buildAndPush)$/i.test(command))
    return /^(?:login|logout|push)$/i.test(command)
      ? undefined
      : { kind: "unread", range, reason: `its command "${command}" is not read` };
  const dockerfile = inputWord(file, file.at(inputs, "Dockerfile", "dockerfile"));
  const context = inputWord(file, file.at(inputs, "buildContext"));
  const [named] = dockerfile;
  if (inputs === undefined || !inputs.range || named === undefined || isPattern(named))
    return { kind: "unread", range, reason: "which Dockerfile it builds is decided by a pattern" };
  const given = file.text(file.at(inputs, "arguments")) ?? "";
  if (given.trim() !== "") return { kind: "unread", range, reason: "its arguments are not read" };
  const repository = inputWord(file, file.at(inputs, "repository"));
  const tags = inputWords(file, file.at(inputs, "tags"), /[\n,]/g);
  const names = repository.flatMap((name) => (tags.length === 0 ? [name] : tags.map((tag) => joined(name, tag))));
  const [start, end] = inputs.range;
  const build: DescribedBuild = {
    inputs: { start, end: start + file.source.text.slice(start, end).trimEnd().length },
    whole,
    words: [
      ...option("file", dockerfile),
      ...option("tag", names),
      ...(context[0] === undefined || isPattern(context[0]) ? [{ text: folderOf(named) }] : context),
    ],
    wanted: /push$/i.test(command) ? names : [],
  };
  return { kind: "build", build };
}

function textOf(word: DescribedWord): string {
  return "text" in word ? word.text : word.mapped.text;
}

function isPattern(word: DescribedWord): boolean {
  return textOf(word).includes("*");
}

/** Without a context of its own it is the Dockerfile's directory. */
function folderOf(word: DescribedWord): string {
  const [folder] = /^.*(?=\/)/.exec(textOf(word)) ?? [];
  return folder ?? ".";
}

function joined(name: DescribedWord, tag: DescribedWord): DescribedWord {
  return { text: `${textOf(name)}:${textOf(tag)}` };
}
