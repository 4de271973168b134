// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { parseShell } from "../../src/shell/parse.ts";
import { runPureCommand } from "../../src/shell/pure-commands.ts";
import { knownText, type SymbolicValue, text } from "../../src/shell/symbolic.ts";
import { evaluateWords, type Scope } from "../../src/shell/values.ts";

const scope: Scope = { lookup: (name) => (name === "PWD" ? text("/w") : undefined), substitute: () => undefined };

function run(script: string): SymbolicValue | undefined {
  const [node] = parseShell(script).statements;
  return node?.kind === "command" ? runPureCommand(evaluateWords(node.words, scope), scope) : undefined;
}

describe("commands whose output their arguments give", () => {
  test.each([
    "basename a/b.tar.gz",
    "basename a/b.tar .tar",
    "basename .tar .tar",
    "basename a/b/",
    "basename /",
    "basename ''",
    "basename a //",
    "dirname a/b",
    "dirname a//b//",
    "dirname a",
    "dirname /a",
    "dirname /",
    "dirname ''",
    "dirname .",
    "echo",
    "echo a  b 'c  d'",
    "echo -n a b",
    "printf a",
    "printf '%s\\n' a 'b c'",
    "printf '%s=%s;' a b c",
    "printf '100%%\\t%s' x",
    "true",
  ])("%s prints what it prints in a real sh", (script) => {
    const printed = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
    expect(knownText(run(script) ?? [{ kind: "unknown", source: "?" }])).toBe(printed);
  });

  test.each([
    "echo -e a",
    "echo 'a\\nb'",
    "echo *",
    "echo $X",
    "printf '%5d' 3",
    "printf $X",
    'basename "$X"',
    'basename "$X"-a',
    'dirname "$X/a"',
    "basename a b c",
    "basename -a b",
    "cat f",
  ])("%s is left alone", (script) => {
    expect(run(script)).toBeUndefined();
  });

  test("a known end is enough for basename", () => {
    expect(run('basename "$X/app.jar" .jar')).toEqual(text("app\n"));
  });

  test("echo keeps unknown parts", () => {
    expect(run('echo "a$X"')).toEqual([
      { kind: "text", text: "a" },
      { kind: "unknown", source: "$X", name: "X" },
      { kind: "text", text: "\n" },
    ]);
  });

  test("pwd gives the working directory of the scope", () => {
    expect(run("pwd")).toEqual(text("/w\n"));
  });
});
