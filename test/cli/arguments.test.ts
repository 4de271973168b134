import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { helpText } from "../../src/cli/help.ts";

const MIGRATE = {
  ...{ name: "migrate", directory: ".", write: false, force: false, check: false, json: false },
  ...{ observe: false, yes: false, networks: {} },
};

describe("a command line is understood:", () => {
  test.each([
    ["migrate", MIGRATE],
    ["migrate shop --write --force", { ...MIGRATE, directory: "shop", write: true, force: true }],
    ["migrate --json shop", { ...MIGRATE, directory: "shop", json: true }],
    ["migrate --json --json", { ...MIGRATE, json: true }],
    ["migrate --patch -", { ...MIGRATE, patch: "-" }],
    ["migrate --patch=a.patch --check", { ...MIGRATE, patch: "a.patch", check: true }],
    [
      "migrate --dockerfile a/Dockerfile --script b.sh --answers c.yml",
      { ...MIGRATE, dockerfile: "a/Dockerfile", script: "b.sh", answers: "c.yml" },
    ],
    [
      "migrate --observe --yes --run-network none",
      { ...MIGRATE, observe: true, yes: true, networks: { "run-network": "none" } },
    ],
    ["migrate 007", { ...MIGRATE, directory: "007" }],
    ["migrate -- -x", { ...MIGRATE, directory: "-x" }],
    ["scan", { name: "scan", directories: ["."], json: false }],
    ["scan a 1e3 --json", { name: "scan", directories: ["a", "1e3"], json: true }],
    ["scan a -- -b", { name: "scan", directories: ["a", "-b"], json: false }],
    ["explain shop --script b.sh", { name: "explain", directory: "shop", script: "b.sh", markdown: false }],
    ["undo shop", { name: "undo", directory: "shop" }],
  ])("%s", (line, command) => {
    expect(parseArguments(line.split(" "))).toEqual({ kind: "command", command });
  });
});

describe("a command line is wrong:", () => {
  test.each([
    ["bogus", 'the command "bogus" is unknown', ""],
    ["migrat", 'the command "migrat" is unknown; did you mean "migrate"?', ""],
    ["--json migrate", '"--json" stands before the command', ""],
    ["migrate --jsno", 'the option "--jsno" is unknown', "migrate"],
    ["migrate -w", 'the option "-w" is unknown', "migrate"],
    ["migrate --json=false", 'the option "--json" takes no value', "migrate"],
    ["mirgate", 'the command "mirgate" is unknown; did you mean "migrate"?', ""],
    ["--version migrate", '"--version" stands before the command', ""],
    ["migrate --dockerfile --json", 'the option "--dockerfile" needs a value', "migrate"],
    ["undo a b", '"b" is one operand too many', "undo"],
    ["completion zsh", '"zsh" is one operand too many', "completion"],
    ["migrate --no-json", 'the option "--no-json" is unknown', "migrate"],
    ["migrate --write=maybe", 'the option "--write" takes no value', "migrate"],
    ["migrate a b", '"b" is one operand too many', "migrate"],
    ["migrate a -- b", '"b" is one operand too many', "migrate"],
    ["migrate --dockerfile", 'the option "--dockerfile" needs a value', "migrate"],
    ["migrate --dockerfile=", 'the option "--dockerfile" needs a value', "migrate"],
    ["migrate --dockerfile a --dockerfile b", 'the option "--dockerfile" is given twice', "migrate"],
    ["migrate --dockerfile a --dockerfile a", 'the option "--dockerfile" is given twice', "migrate"],
    ["migrate --patch a --patch b", 'the option "--patch" is given twice', "migrate"],
    ["explain --json", 'the option "--json" is unknown', "explain"],
  ])("%s", (line, problem, command) => {
    expect(parseArguments(line.split(" "))).toEqual({ kind: "usage", problem, command });
  });
});

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("by %s lists every command", async (word) => {
    const parsed = parseArguments([word]);
    const text = parsed.kind === "help" ? await helpText(parsed.argv, 80) : "";
    for (const { name } of COMMANDS) expect(text).toContain(`restage ${name}`);
    expect(text).toContain("Exit codes: 0 done");
  });

  test.each(COMMANDS)("of $name has its options and an example", async ({ name, options, examples }) => {
    const parsed = parseArguments([name, "--help"]);
    const text = parsed.kind === "help" ? await helpText(parsed.argv, 80) : "";
    for (const option of options) expect(text).toContain(`--${option.name}`);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) expect(text).toContain(`restage ${line}`);
  });

  test("asked for later, or before a command, is given", () => {
    expect(parseArguments(["migrate", "shop", "-h"])).toEqual({ kind: "help", argv: ["migrate", "--help"] });
    expect(parseArguments(["--help", "scan"])).toEqual({ kind: "help", argv: ["scan", "--help"] });
  });
});

describe("completion", () => {
  test("has a script that asks restage", async () => {
    const parsed = parseArguments(["completion"]);
    expect(parsed.kind === "help" && (await helpText(parsed.argv, 80))).toContain("restage --get-yargs-completions");
  });

  test.each([
    [["--get-yargs-completions", "restage", "mi"], "migrate\n"],
    [["--get-yargs-completions", "restage", "migrate", "--"], "--dockerfile\n"],
  ])("answers %j", async (argv, expected) => {
    const parsed = parseArguments(argv);
    expect(parsed.kind === "help" && (await helpText(parsed.argv, 80))).toContain(expected);
  });
});

test("any command line is understood or named wrong, never both", () => {
  const word = fc.constantFrom(
    "migrate",
    "scan",
    "--json",
    "--patch",
    "-",
    "--",
    "x",
    "--dockerfile=a",
    "-h",
    "",
    "--=",
    "-",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      const parsed = parseArguments(argv);
      if (parsed.kind === "usage") expect(parsed.problem).not.toBe("");
      if (parsed.kind === "command") expect(["migrate", "scan"]).toContain(parsed.command.name);
    }),
  );
});
