/**
 * Shell scripts, with what people put around the commands.
 *
 *     main() { … }; main "$@"          case "${1:-all}" in all) … ;; esac          . ./build.env
 */
import type { Script, Step, Variable } from "../script.ts";
import { indented, type SplitDriver, type Tree } from "./driver.ts";

const declared = ({ name, value, defaulted }: Variable): string =>
  `${name}=${defaulted ? `\${${name}:-${value}}` : value}`;

const declarations = ({ variables }: Script): readonly string[] => variables.map(declared);

/** Joins commands by `&&` and continuations where that changes nothing. */
function stepText(step: Step, { joined, comments }: Script): string {
  const text = joined ? step.lines.join(" && \\\n  ") : step.lines.join("\n");
  return comments ? `\n# ${step.title}\n${text}` : text;
}

const body = (script: Script): string => script.steps.map((step) => stepText(step, script)).join("\n");

const cleaning = ({ leftovers }: Script): readonly string[] =>
  leftovers.length === 0 ? [] : [`rm -rf ${leftovers.join(" ")}`, 'echo "done"'];

const lines = (...parts: readonly (string | readonly string[])[]): string => `${parts.flat().join("\n")}\n`;

const BASH = "#!/usr/bin/env bash\nset -euo pipefail";

/** A script whose own lines stand in something. */
const around =
  (before: readonly string[], after: readonly string[], by = "  ") =>
  (script: Script): Tree => ({
    "build.sh": lines(
      script.header,
      declarations(script),
      script.functions,
      before,
      indented(body(script), by),
      after,
      cleaning(script),
    ),
  });

const shell = (name: string, wrap: (script: Script) => Tree): SplitDriver => ({
  name,
  can: ["shell", "functions"],
  wrap,
  start: ["sh", "-c", "./build.sh"],
});

const bash = (name: string, wrap: (script: Script) => Tree, file = "build.sh"): SplitDriver => ({
  name,
  can: ["shell", "functions", "bash"],
  wrap: (script) => wrap({ ...script, header: BASH }),
  start: ["bash", file],
});

/** Each step is a function with a local for what it works on. */
function asFunctions(script: Script): Tree {
  const functions = script.steps.map((step, index) => {
    const text = indented(stepText({ ...step, title: step.title }, script), "  ");
    return `step${index}() {\n  local title="$1"\n  echo "$title"\n${text}\n}`;
  });
  const calls = script.steps.map(({ title }, index) => `step${index} "${title}"`);
  return { "build.sh": lines(BASH, declarations(script), script.functions, functions, calls, cleaning(script)) };
}

/** The functions that a step calls. */
const functionsOf = ({ lines: calls }: Step, { functions }: Script): readonly string[] =>
  functions.filter((text) => calls.some((line) => line.includes(`${/^\w+/.exec(text)?.[0]} `)));

function asScripts(script: Script): Tree {
  const exported = declarations(script).map((line) => `export ${line}`);
  const parts = script.steps.map((step, index): readonly [string, string] => [
    `scripts/step${index}.sh`,
    lines("#!/bin/sh\nset -e", functionsOf(step, script), stepText(step, script)),
  ]);
  const calls = parts.map(([path]) => `sh ./${path}`);
  return { "build.sh": lines(script.header, exported, calls, cleaning(script)), ...Object.fromEntries(parts) };
}

function withSourcedSettings(script: Script): Tree {
  const settings = script.variables.length === 0 ? ["UNUSED=1"] : declarations(script);
  return {
    "build.sh": lines(script.header, ". ./build.env", script.functions, body(script), cleaning(script)),
    "build.env": lines(settings),
  };
}

const GETOPTS = [
  "VERBOSE=0",
  'while getopts "vo:" option; do',
  '  case "$option" in',
  "    v) VERBOSE=1 ;;",
  '    o) OUTPUT="$OPTARG" ;;',
  '    *) echo "usage: build.sh [-v]" >&2; exit 2 ;;',
  "  esac",
  "done",
  "shift $((OPTIND - 1))",
];

export const SHELL_DRIVERS: readonly SplitDriver[] = [
  shell("sh", around([], [], "")),
  bash("sh-bash", around([], [], "")),
  bash("sh-main", around(["main() {"], ["}", 'main "$@"'])),
  bash("sh-functions", asFunctions),
  shell(
    "sh-if",
    around(["if command -v docker > /dev/null; then"], ["else", '  echo "docker is missing" >&2', "  exit 1", "fi"]),
  ),
  shell("sh-case", around([`case "\${1:-all}" in`, "  all)"], ["    ;;", "  *) exit 2 ;;", "esac"], "    ")),
  shell("sh-loop", around(["for round in once; do"], ["done"])),
  shell("sh-sourced-settings", withSourcedSettings),
  shell("sh-calls-scripts", asScripts),
  bash(
    "sh-pushd",
    (script) => ({
      "ci/build.sh": lines(
        script.header,
        declarations(script),
        script.functions,
        'pushd "$(dirname "$0")/.." > /dev/null',
        body(script),
        "popd > /dev/null",
      ),
    }),
    "ci/build.sh",
  ),
  bash(
    "sh-script-directory",
    (script) => ({
      "scripts/image.sh": lines(
        script.header,
        `ROOT="$(cd "$(dirname "\${BASH_SOURCE[0]}")/.." && pwd)"`,
        'cd "$ROOT"',
        declarations(script),
        script.functions,
        body(script),
        cleaning(script),
      ),
    }),
    "scripts/image.sh",
  ),
  bash("sh-getopts", around(GETOPTS, [], "")),
  shell("sh-trap", (script) => ({
    "build.sh": lines(
      script.header,
      declarations(script),
      "cleanup() {",
      `  rm -rf ${["leftover", ...script.leftovers].join(" ")}`,
      "}",
      "trap cleanup EXIT",
      script.functions,
      body(script),
    ),
  })),
];
