/**
 * Containers that only try the project out.
 *
 *     docker run -v "$PWD:/src" -w /src golang go test ./...     leaves nothing that an image is built of
 *     docker run -v "$PWD:/src" -w /src golang make test build   may: `build` is more than a test
 *
 * What they write into the project by the way, such as reports, is not what a COPY of a program means.
 */
import { listCommands } from "../../shell/commands.ts";
import { parseShell } from "../../shell/parse.ts";
import type { ShellScript, SimpleCommand } from "../../shell/syntax.ts";

/** Programs that only test or judge sources, and the verbs and goals with which others do. */
const TESTERS =
  /^(?:bats|ctest|eslint|flake8|ginkgo|golangci-lint|golint|gometalinter|hadolint|jest|mocha|mypy|nosetests|phpunit|py\.test|pylint|pytest|rspec|shellcheck|tox|tslint|vet|yamllint)$/;
const VERBS: ReadonlyMap<string, RegExp> = new Map([
  ["cargo", /^(?:clippy|test)$/],
  ["go", /^(?:fmt|test|vet)$/],
  ["make", /^(?:[\w.-]*-)?(?:check|lint|test|tests|ut|vet)(?:-[\w.-]*)?$/],
  ["npm", /^(?:t|test|lint)$/],
  ["yarn", /^(?:test|lint)$/],
]);

/** Commands beside the tests that make nothing. */
const BESIDE = /^(?:cd|echo|env|exit|export|ls|printf|pwd|set|test|true|:|)$/;

/** Whether all that a line does is to run tests. */
export function onlyTests(line: string): boolean {
  const script: ShellScript = parseShell(line);
  const commands = listCommands(script).map(({ command }) => wordsOf(command));
  const known = script.problems.length === 0 && script.statements.every(({ kind }) => kind !== "opaque");
  return known && commands.some(isTest) && commands.every((words) => isTest(words) || BESIDE.test(words[0] ?? ""));
}

function wordsOf({ words, redirections }: SimpleCommand): readonly string[] {
  const written = redirections.some(
    ({ operator, target }) => operator.startsWith(">") && !/^\/dev\/|^&?\d$/.test(target?.text ?? ""),
  );
  return written ? ["‹writes›"] : words.map(({ text }) => text);
}

function isTest([name = "", ...rest]: readonly string[]): boolean {
  if (TESTERS.test(name)) return true;
  const operands = rest.filter((word) => !word.startsWith("-") && !word.includes("="));
  const verb = VERBS.get(name);
  const told = operands[0] === "run" && name !== "go" ? operands.slice(1) : operands;
  if (verb === undefined || told[0] === undefined || !verb.test(told[0])) return false;
  return name !== "make" || told.every((goal) => verb.test(goal));
}
