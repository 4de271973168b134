/**
 * Files that a service or a package manager runs, and scripts of Windows.
 *
 *     - run: |
 *         docker build -t part0 .
 */
import type { Script, Step } from "../script.ts";
import { indented, type SplitDriver, type Tree, withVariables } from "./driver.ts";

/** A block scalar's lines; strings of more lines stay as they are. */
const block = (step: Step, { joined }: Script): string =>
  joined ? step.lines.join(" && \\\n  ") : step.lines.join("\n");

const yamlVariables = (key: string, { variables }: Script, by: string): readonly string[] =>
  variables.length === 0 ? [] : [`${by}${key}:`, ...variables.map(({ name, value }) => `${by}  ${name}: "${value}"`)];

function githubActions(script: Script): Tree {
  const steps = script.steps.map(
    (step) => `      - name: ${step.title}\n        run: |\n${indented(block(step, script), "          ")}`,
  );
  return {
    ".github/workflows/image.yml": `${[
      "name: image",
      "on: push",
      ...yamlVariables("env", script, ""),
      "jobs:",
      "  image:",
      "    runs-on: ubuntu-latest",
      "    steps:",
      "      - uses: actions/checkout@v4",
      ...steps,
    ].join("\n")}\n`,
  };
}

/** A plain YAML scalar, or one in quotes where it has to be. */
const scalar = (text: string): string => (/^[\w./]/.test(text) && !/: | #|:$/.test(text) ? text : JSON.stringify(text));

function gitlab(script: Script): Tree {
  const lines = script.steps.flatMap((step) => (script.joined ? [step.lines.join(" && ")] : step.lines));
  const items = lines.map((line) =>
    line.includes("\n") ? `    - |\n${indented(line, "      ")}` : `    - ${scalar(line)}`,
  );
  return {
    ".gitlab-ci.yml": `${[
      ...yamlVariables("variables", script, ""),
      "build-image:",
      "  stage: build",
      "  script:",
      ...items,
    ].join("\n")}\n`,
  };
}

function jenkins(script: Script): Tree {
  const environment =
    script.variables.length === 0
      ? []
      : ["  environment {", ...script.variables.map(({ name, value }) => `    ${name} = '${value}'`), "  }"];
  const stages = script.steps.map((step) => {
    const text = step.lines.join("\n").replaceAll("\\", "\\\\");
    return [
      `    stage('${step.title}') {`,
      "      steps {",
      `        sh '''\n${indented(text, "          ")}\n        '''`,
      "      }",
      "    }",
    ].join("\n");
  });
  return {
    Jenkinsfile: `${["pipeline {", "  agent any", ...environment, "  stages {", ...stages, "  }", "}"].join("\n")}\n`,
  };
}

function packageScripts(script: Script): Tree {
  const plain = (line: string) =>
    withVariables(
      line,
      script.variables,
      (name) => script.variables.find((one) => one.name === name)?.value ?? "",
      (text) => text,
    );
  const steps = script.steps.map((step, index): readonly [string, string] => [
    `image:step${index}`,
    step.lines.map(plain).join(" && "),
  ]);
  const all: readonly [string, string] = ["image", steps.map(([name]) => `npm run ${name}`).join(" && ")];
  const manifest = { name: "app", private: true, scripts: Object.fromEntries([...steps, all]) };
  return { "package.json": `${JSON.stringify(manifest, undefined, 2)}\n` };
}

function batch(script: Script): Tree {
  const settings = script.variables.map(({ name, value }) => `set ${name}=${value}`);
  const lines = script.steps
    .flatMap((step) => step.lines)
    .map((line) =>
      withVariables(
        line.replace(/^mkdir -p (\S+)$/, (_, path: string) => `mkdir ${path.replaceAll("/", "\\")}`),
        script.variables,
        (name) => `%${name}%`,
        (text) => text,
      ),
    );
  return { "build.bat": `${["@echo off", ...settings, ...lines].join("\n")}\n` };
}

function powershell(script: Script): Tree {
  const settings = script.variables.map(({ name, value }) => `$${name} = "${value}"`);
  const lines = script.steps
    .flatMap((step) => step.lines)
    .map((line) =>
      line.replace(/^mkdir -p (\S+)$/, (_, path: string) => `New-Item -ItemType Directory -Force -Path ${path}`),
    );
  return { "build.ps1": `${["$ErrorActionPreference = 'Stop'", ...settings, ...lines].join("\n")}\n` };
}

export const SERVICE_DRIVERS: readonly SplitDriver[] = [
  { name: "github-actions", can: ["shell", "bash"], wrap: githubActions },
  { name: "gitlab-ci", can: ["shell"], wrap: gitlab },
  { name: "jenkinsfile", can: ["shell"], wrap: jenkins },
  { name: "package-scripts", can: ["shell"], wrap: packageScripts, start: ["npm", "run", "image"] },
  { name: "batch", can: [], wrap: batch },
  { name: "powershell", can: [], wrap: powershell },
];
