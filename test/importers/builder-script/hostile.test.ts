// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
/**
 * Scripts that are out to hurt, or that grow without end: each is read to an end, in few steps, with values of bounded size, and none
 * is run. What is counted is work (statements walked, commands recorded, characters kept), not time.
 */
import { describe, expect, test } from "vitest";
import { cleanCheckout } from "../../../src/importers/builder-script/host-tree.ts";
import { Interpreter } from "../../../src/importers/builder-script/interpreter.ts";
import { migrate } from "../../../src/migrate.ts";
import { memoryProject } from "../../../src/project/memory.ts";
import { parseShell } from "../../../src/shell/parse.ts";
import { hostPath } from "../../../src/text/paths.ts";
import { sourceFile } from "../../../src/text/source.ts";

const SETUP = `docker build -f Dockerfile.build -t b .
id=$(docker create b)
docker cp $id:/out/app app
docker rm $id
docker build -t app .
`;

const FILES = {
  "Dockerfile.build": "FROM golang:1.22\\nWORKDIR /src\\nCOPY . .\\nRUN go build -o /out/app .\\n".replaceAll(
    "\\n",
    "\n",
  ),
  Dockerfile: "FROM alpine:3.19\nCOPY app /usr/local/bin/app\n",
  "main.go": "package main\n",
};

interface Work {
  readonly steps: number;
  readonly visits: number;
  readonly exhausted: boolean;
  /** Characters in all variables and arrays. */
  readonly kept: number;
}

function walk(script: string, files: Readonly<Record<string, string>> = {}): Work {
  const project = memoryProject({ ...FILES, ...files, "build.sh": script });
  const interpreter = new Interpreter(project, {
    host: cleanCheckout(project),
    containers: new Map(),
    images: new Map(),
    builds: new Map(),
  });
  const path = hostPath("build.sh");
  if (path === undefined) throw new Error("no path");
  const { statements, problems } = parseShell(script);
  interpreter.run({ source: sourceFile(path, script), statements, problems }, "/⌂");
  const kept = JSON.stringify([...interpreter.shell.variables, ...interpreter.shell.lists]).length;
  return { steps: interpreter.steps, visits: interpreter.visits.length, exhausted: interpreter.exhausted, kept };
}

const MOST_STEPS = 40_000;
const MOST_VISITS = 4_000;

const BOUNDED: readonly (readonly [name: string, script: string, exhausts: boolean])[] = [
  ["a fork bomb", ":(){ :|:& };:\n", true],
  ["rm -rf /", "rm -rf / --no-preserve-root\nrm -rf /*\nrm -rf ~ $HOME\n", false],
  ["a loop without an end", "while true; do docker build .; done\n", false],
  ["a loop whose state changes without an end", "i=0\nwhile true; do i=$((i + 1)); done\n", true],
  ["a counter without an end", "for ((;;)); do echo; done\nfor ((i = 0; ; i++)); do echo; done\n", true],
  ["a function that calls itself", "f() { f; }\nf\n", false],
  ["a function that calls itself twice", "f() { f; f; }\nf\n", false],
  ["functions that call each other twice", "f() { g; g; }\ng() { f; f; }\nf\n", false],
  ["a function that calls itself in a substitution", 'f() { x="$(f)$(f)"; }\nf\n', true],
  ["branches that call the function on both sides", 'f() { if [ "$X" ]; then f; else f; fi; }\nf\n', true],
  ["nested loops over globs", `${"for a in *; do ".repeat(12)}echo${"; done".repeat(12)}\n`, true],
  ["nested loops over numbers", `${"for a in $(seq 500); do ".repeat(6)}:${"; done".repeat(6)}\n`, true],
  ["a value that doubles", `a=xxxxxxxx\n${"a=$a$a\n".repeat(200)}`, false],
  ["a value that doubles in a loop", "a=xxxxxxxx\nfor i in $(seq 100); do a=$a$a; a+=$a; done\n", false],
  ["an array that doubles", `a=(x y)\n${'a=("${a[@]}" "${a[@]}")\n'.repeat(60)}`, false],
  ["eval that calls itself", 'e=\'eval "$e"\'\neval "$e"\n', false],
  ["eval that doubles", 'e=\'eval "$e"; eval "$e"\'\neval "$e"\n', true],
  ["braces that multiply", `echo ${"{1..100}".repeat(20)}\n`, false],
  ["uncertain branches in a row", 'if [ "$X" ]; then A=1; fi\n'.repeat(400), false],
  ["uncertain branches within each other", `${'if [ "$X" ]; then '.repeat(40)}echo${"; fi".repeat(40)}\n`, false],
];

describe("work is bounded", () => {
  test.each(BOUNDED)("%s", (_, script, exhausts) => {
    const work = walk(script);
    expect(work.exhausted).toBe(exhausts);
    expect(work.steps).toBeLessThanOrEqual(MOST_STEPS + 2_000);
    expect(work.visits).toBeLessThanOrEqual(MOST_VISITS + 100);
    expect(work.kept).toBeLessThan(400_000);
  });

  test("two scripts that call each other, twice each", () => {
    const files = { "a.sh": "./b.sh\n./b.sh\n", "b.sh": "./a.sh\n./a.sh\n" };
    expect(walk("./a.sh\n", files)).toMatchObject({ exhausted: true });
  });

  test("a generated script of a megabyte", () => {
    const script = "docker tag a b\n".repeat(70_000);
    const work = walk(script);
    expect(work).toMatchObject({ exhausted: true, visits: MOST_VISITS });
  });

  test("5,000 substitutions within each other", () => {
    const script = `x=${"$(".repeat(5_000)}echo${")".repeat(5_000)}\n`;
    expect(parseShell(script).problems.length).toBeGreaterThan(0);
    expect(walk(script).steps).toBeLessThan(500);
  });
});

describe("results", () => {
  const codes = (script: string, files: Readonly<Record<string, string>> = {}): readonly string[] => {
    const { migrations } = migrate(memoryProject({ ...FILES, ...files, "build.sh": script }));
    const found = migrations.find(({ id }) => id === "builder-script:build.sh");
    return found === undefined ? ["none"] : [found.verdict, ...found.diagnostics.map(({ code }) => code)];
  };

  test.each<readonly [string, string, readonly string[]]>([
    [
      "a fork bomb behind the builds ends the reading, so nothing is offered",
      `${SETUP}:(){ :|:& };:\n`,
      ["refused", "script-not-followed"],
    ],
    ["a loop that waits does not", `${SETUP}while true; do sleep 60; done\n`, ["migrated"]],
    ["rm -rf / is no step of the builds", `rm -rf /tmp/x\n${SETUP}`, ["migrated"]],
    [
      "a file outside is not read",
      `. ../../etc/profile\n. /etc/profile\n${SETUP}`,
      ["migrated", "source-outside", "source-outside"],
    ],
    [
      "eval of known text is followed",
      `eval "docker build -f Dockerfile.build -t b ."\n${SETUP.slice(SETUP.indexOf("\n") + 1)}`,
      ["migrated"],
    ],
    ["eval of unknown text is said", `eval "$COMMAND"\n${SETUP}`, ["migrated", "engine-call-unknown"]],
  ])("%s", (_, script, expected) => {
    expect(codes(script)).toEqual(expected);
  });
});
