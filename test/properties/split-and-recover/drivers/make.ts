/**
 * Makefiles: a goal for each step, one goal for all, files as goals, one shell for a recipe, make that calls make.
 *
 *     final: part0
 *     	@docker build -t $(FINAL_IMAGE) .
 */
import type { Script, Step } from "../script.ts";
import { type SplitDriver, type Tree, withVariables } from "./driver.ts";

/** A shell line as a recipe has it. */
const recipeLine = (line: string, { variables }: Script): string =>
  withVariables(
    line,
    variables,
    (name) => `$(${name})`,
    (text) => text.replaceAll("$", "$$$$"),
  );

const definitions = ({ variables }: Script): readonly string[] =>
  variables.map(
    ({ name, value, defaulted }, index) => `${name} ${defaulted ? "?=" : index % 2 === 0 ? ":=" : "="} ${value}`,
  );

/** Whether a later line needs what an earlier one left in the shell. */
const sharesShell = ({ lines }: Step): boolean => lines.some((line) => /^(?:\w+=|cd )/.test(line));

function recipe(step: Step, script: Script, prefix = ""): string {
  const lines = step.lines.flatMap((line) => line.split("\n")).map((line) => recipeLine(line, script));
  const recipes = sharesShell(step) || script.joined ? [lines.join(" && \\\n\t  ")] : lines;
  return recipes.map((line) => `\t${prefix}${line}`).join("\n");
}

const makefile = (parts: readonly string[]): Tree => ({ Makefile: `${parts.join("\n")}\n` });

/** `step0`, `step1` …; the last is `image`. */
const goalOf = (script: Script, index: number): string =>
  index === script.steps.length - 1 ? "image" : `step${index}`;

function withPrerequisites(script: Script): Tree {
  const goals = script.steps.map((step, index) => {
    const before = index === 0 ? "" : ` ${goalOf(script, index - 1)}`;
    return `${goalOf(script, index)}:${before}\n${recipe(step, script, "@")}\n`;
  });
  const names = script.steps.map((_, index) => goalOf(script, index)).join(" ");
  return makefile([...definitions(script), "", `.PHONY: all ${names}`, "all: image\n", ...goals]);
}

function inOneGoal(script: Script, head: readonly string[] = []): Tree {
  const goal = `image:\n${script.steps.map((step) => recipe(step, script)).join("\n")}`;
  const clean = script.leftovers.length === 0 ? [] : [`\nclean:\n\trm -rf ${script.leftovers.join(" ")}`];
  return makefile([...head, ...definitions(script), "", ".PHONY: image clean", goal, ...clean]);
}

function inOneShell(script: Script): Tree {
  const lines = script.steps.flatMap((step) => step.lines.flatMap((line) => line.split("\n")));
  const goal = `image:\n${lines.map((line) => `\t${recipeLine(line, script)}`).join("\n")}`;
  return makefile([".ONESHELL:", ".SHELLFLAGS = -ec", ...definitions(script), "", ".PHONY: image", goal]);
}

/** The step before the last one is known by the file that it makes. */
function withFiles(script: Script): Tree {
  const goals = script.steps.map((step, index) => {
    const [made] = step.makes;
    const before = script.steps.slice(0, index).map((earlier, at) => earlier.makes[0] ?? goalOf(script, at));
    const target = made ?? goalOf(script, index);
    const needs = before.length === 0 ? "" : ` ${before.join(" ")}`;
    return `${target}:${needs}\n${recipe(step, script)}\n`;
  });
  const phony = script.steps.flatMap((step, index) => (step.makes.length === 0 ? [goalOf(script, index)] : []));
  return makefile([...definitions(script), "", "all: image\n", ...goals, `.PHONY: all ${phony.join(" ")}`]);
}

function recursive(script: Script): Tree {
  const goals = script.steps.map((step, index) => `step${index}:\n${recipe(step, script)}\n`);
  const calls = script.steps.map((_, index) => `\t$(MAKE) step${index}`);
  return makefile([...definitions(script), "", ".PHONY: image", `image:\n${calls.join("\n")}\n`, ...goals]);
}

const make = (name: string, wrap: (script: Script) => Tree): SplitDriver => ({
  name,
  can: ["shell"],
  wrap,
  start: ["make", "image"],
});

export const MAKE_DRIVERS: readonly SplitDriver[] = [
  make("make", inOneGoal),
  make("make-prerequisites", withPrerequisites),
  make("make-files", withFiles),
  make("make-one-shell", inOneShell),
  make("make-recursive", recursive),
];
